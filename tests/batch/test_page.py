from __future__ import annotations

import html
import json
import re
import subprocess

import pytest

from pipeline.batch.model import DUPLICATE, CopyMade, Finding, Result, State, Tally
from pipeline.batch.page import write_page
from pipeline.batch.spool import Spool
from pipeline.errors import Problem

FILES = ("NR-0412/v1/harmed-1/NR-0412-v1-harmed-1.docx", "NR-0412/v1/harmed-1/NR-0412-v1-harmed-1.pdf")
COPY = CopyMade("harmed-1", "harmed", "en", FILES, ("harmed-1: asked for cy; made in en, as agreed",))


def finding(rule, severity, *, accepted=False):
    return Finding(rule, severity, "/items/0/what", 12, 5, "a", "Who does <this>?", "Write it & name them.", accepted)


MADE = Result("a.json", State.MADE, "NR-0412", 1, (COPY,), advice=(finding("who-acts", "warning"),))
REFUSED = Result(
    "b.json",
    State.REFUSED,
    "NR-0420",
    2,
    advice=(
        finding("who-acts", "warning"),
        finding("contact-against-flag", "stop"),
        finding("no", "stop", accepted=True),
    ),
)
UNREADABLE = Result("records/Ruth Haddad.json", State.FAILED, problems=(Problem("Not JSON.", "Look at it.", line=3),))
ALL = (MADE, REFUSED, UNREADABLE, Result("d.json", State.UP_TO_DATE, "NR-0430", 1))


@pytest.fixture
def page_of(tmp_path):
    """A function that writes the page of these results and gives its text."""

    def write(*results, expected=None):
        spool = Spool()
        for result in results:
            spool.add(result)
        expected = len(results) if expected is None else expected
        write_page(tmp_path / "report.html", spool, Tally.of(results), expected=expected)
        spool.close()
        return (tmp_path / "report.html").read_text(encoding="utf-8")

    return write


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_every_record_stands_there_by_its_reference_with_its_reasons(page_of):
    text = words(page_of(*ALL))
    for part in ("NR-0412, version 1", "NR-0420, version 2", "Who does <this>? Write it & name them.", "Failed: 1"):
        assert part in text


def test_what_needs_somebody_comes_first(page_of):
    titles = re.findall(r"<h2 id=\"(\w+)\"", page_of(*ALL))
    assert titles == ["rules", "failed", "refused", "made", "up_to_date"]


def test_rules_are_counted_by_records_and_what_was_accepted_is_not_asked_again(page_of):
    rows = re.findall(r'<th scope="row">([^<]+)</th><td>(\w+)</td><td class="number">(\d+)<', page_of(*ALL))
    assert rows == [("contact-against-flag", "stop", "1"), ("who-acts", "warning", "2")]


def test_a_file_that_could_be_named_after_a_person_is_not_named(page_of):
    text = page_of(*ALL, Result("in/NR-7.json", State.FAILED))
    assert "Ruth" not in text
    assert "Record 3 in the order of file names" in text
    assert "NR-7.json" in text


def test_a_duplicate_is_told_without_the_names_of_files(page_of):
    problem = Problem(f"{DUPLICATE}: in/Ruth Haddad.json.", "Keep one of them.", "/ref")
    text = page_of(Result("in/x.json", State.REFUSED, problems=(problem,)))
    assert "Ruth" not in text
    assert DUPLICATE in text


def test_what_a_reader_asked_for_is_not_told(page_of):
    assert "asked for" not in page_of(*ALL)


def test_a_run_that_was_broken_off_says_so(page_of):
    assert "broken off after 1 of 40 records" in words(page_of(MADE, expected=40))


def test_nothing_is_loaded_and_every_link_stays_inside_the_output(page_of):
    page = page_of(*ALL)
    assert re.findall(r"<(script|img|link|iframe)|\ssrc=|url\(", page) == []
    assert set(re.findall(r'href="([^"#]+)', page)) == set(FILES)


def test_the_page_is_replaced_whole_and_is_for_its_owner_only(page_of, tmp_path):
    page_of(MADE)
    page_of(REFUSED)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").stat().st_mode & 0o077 == 0


PROBE = """
<script>
addEventListener("load", async () => {
  const sheet = document.querySelector("iframe").contentDocument;
  const told = {wide: [], violations: []};
  for (const width of [320, 640, 1280]) {
    document.querySelector("iframe").style.width = width + "px";
    const page = sheet.documentElement;
    if (page.scrollWidth > width) told.wide.push([width, page.scrollWidth]);
  }
  const result = await sheet.defaultView.axe.run(sheet);
  told.violations = result.violations.map(each => each.id);
  told.passes = result.passes.length;
  const into = document.createElement("pre");
  into.id = "told"; into.textContent = JSON.stringify(told);
  document.body.append(into);
});
</script>
"""


def chromium(program, page, *more):
    words = [program, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom", *more]
    return subprocess.run([*words, page.as_uri()], capture_output=True, text=True, check=True, timeout=120)


class TestInABrowser:
    def test_the_console_stays_empty(self, page_of, tmp_path, outside_program):
        page_of(*ALL)
        told = chromium(outside_program("chromium"), tmp_path / "report.html")
        assert "NR-0412, version 1" in told.stdout
        assert "CONSOLE" not in told.stderr

    def test_axe_finds_nothing_and_it_is_readable_at_320_pixels_and_at_200_percent(
        self, page_of, tmp_path, outside_program, axe_core
    ):
        text = page_of(*ALL)
        policy = re.search(r"<meta http-equiv=[^>]*>", text)[0]
        inside = text.replace(policy, f"<script>{axe_core}</script>")
        frame = f'<html lang="en"><title>t</title><body><iframe title="r" srcdoc="{html.escape(inside)}"></iframe>'
        (tmp_path / "probe.html").write_text(frame + PROBE, encoding="utf-8")
        told = chromium(outside_program("chromium"), tmp_path / "probe.html", "--virtual-time-budget=20000")
        found = json.loads(html.unescape(re.search(r'<pre id="told">(.*?)</pre>', told.stdout)[1]))
        assert (found["wide"], found["violations"]) == ([], [])
        assert found["passes"] > 15
