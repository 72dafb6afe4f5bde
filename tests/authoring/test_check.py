from __future__ import annotations

import io
import json
import subprocess
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from lxml import etree

from pipeline.authoring.checking import check_template
from pipeline.authoring.clauses import clause_faults
from pipeline.authoring.commented import commented
from pipeline.authoring.finding import RULES
from pipeline.authoring.report import report_of
from pipeline.authoring.sources import source_of
from pipeline.authoring.stories import stories_of
from pipeline.cli.main import main
from pipeline.documents.engines.engine import engine
from pipeline.documents.templates.settings import CLAUSES, clauses
from pipeline.documents.templates.template import templates_in
from pipeline.documents.word.parts import read_parts
from pipeline.errors import SetupError
from pipeline.languages.catalogue import catalogues
from pipeline.shipped import shipped
from pipeline.validation.schemas import validator_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.authoring.checking import Report
    from pipeline.authoring.stories import Story

CASES = Path(__file__).resolve().parents[1] / "cases" / "templates"
PUBLIC = sorted((CASES.parent / "public_templates").glob("*.docx"))
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
EXTRA = ("district", "first_call", "room_without_steps")


def check(path: Path | str) -> Report:
    return check_template(source_of(str(path), service_folder=None), extra_fields=EXTRA, engine=engine("embedded"))


def kept(folder: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    document.add_heading("Outcome agreement", level=1)
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(folder / "own.en.docx"))
    return folder / "own.en.docx"


@pytest.mark.usefixtures("uncounted")
@pytest.mark.parametrize("name", [name for name, _ in templates_in(shipped("templates"))])
def test_nothing_is_found_in_a_shipped_template(name: str):
    assert [(finding.rule, finding.text, finding.what) for finding in check(name).findings] == []


@cache
def words_of(name: str, language: str) -> tuple[tuple[Story, ...], Mapping[str, str]]:
    """Return the stories of a shipped Word file, and the words of its protected clauses."""
    file = shipped("templates") / name / f"{name}.{language}.docx"
    settings = tomllib.loads((file.parent / "template.toml").read_text(encoding="utf-8"))
    return stories_of(read_parts(file.read_bytes())), clauses(settings, language=language)


def without(stories: Sequence[Story], words: str, instead: str = "") -> list[Story]:
    """Return the stories with other words in the place of some; tags in the words are in braces with single spaces."""
    return [
        replace(
            story,
            paragraphs=tuple(replace(each, text=each.text.replace(words, instead)) for each in story.paragraphs),
        )
        for story in stories
    ]


SIGNED = ["standard", "large-print", "easy-read", "youth", "school", "slip", "counterpart"]


@pytest.mark.parametrize("name", SIGNED)
def test_all_four_clauses_are_protected_on_every_page_that_is_signed(name: str):
    protected = [set(words_of(name, language)[1]) for language in ("en", *catalogues())]
    assert protected == [set(CLAUSES)] * 5


@pytest.mark.parametrize("language", ["en", *catalogues()])
@pytest.mark.parametrize("name", SIGNED)
def test_a_clause_that_is_taken_out_of_a_shipped_template_is_missed(name: str, language: str):
    stories, protected = words_of(name, language)
    for clause, words in protected.items():
        same = [other for other, text in protected.items() if text == words]
        found = list(clause_faults(without(stories, words), protected))
        # Where a condition still names the sentence of the service, its paragraph is told.
        assert {each.rule for each in found} <= {"clause-missing", "clause-reworded"}, clause
        assert [each.what.split("'")[1] for each in found] == same, clause


@pytest.mark.parametrize("language", ["en", *catalogues()])
@pytest.mark.parametrize("name", SIGNED)
def test_a_clause_that_says_something_else_is_told_at_its_paragraph(name: str, language: str):
    stories, protected = words_of(name, language)
    words = protected["voluntary"]
    changed = without(stories, words, words.rpartition(" ")[0])
    [found] = clause_faults(changed, protected)
    assert found.rule == "clause-reworded"
    assert found.place.heading is not None


@pytest.mark.parametrize("file", PUBLIC, ids=lambda file: file.stem)
def test_a_public_template_has_no_structural_finding(file: Path):
    found = [(each.rule, each.text) for each in check(file).findings]
    assert found != []  # its names are not ours: it was read
    assert [each for each in found if RULES[each[0]].structural] == []


@pytest.mark.parametrize("case", ["name-in-a-cell", "split-in-two-runs", "clause-missing", "refused-macro"])
def test_the_report_follows_its_schema(case: str):
    report = report_of(check(CASES / f"{case}.docx"))
    assert list(validator_for("template-check").iter_errors(report)) == []


def test_the_schema_lists_every_rule():
    schema = json.loads((shipped("schemas") / "template-check.schema.json").read_text(encoding="utf-8"))
    assert schema["$defs"]["finding"]["properties"]["rule"]["enum"] == list(RULES)


def test_python_docx_reads_each_comment_at_its_paragraph(tmp_path: Path):
    file = kept(tmp_path, "{{ ref }}", "Why: {{ incident_lin }}", "{{ versio }}")
    marked = docx.Document(io.BytesIO(commented(file.read_bytes(), check(file).findings)))
    read = {comment.comment_id: comment.text for comment in marked.comments}
    found = [
        (paragraph.text, read[int(start.get(start.nsmap["w"].join("{}") + "id"))].split("\n")[1])
        for paragraph in marked.paragraphs
        for start in paragraph._element.iter("{*}commentRangeStart")  # noqa: SLF001
    ]
    assert found == [
        ("Why: {{ incident_lin }}", "Did you mean incident_line?"),
        ("{{ versio }}", "Did you mean version?"),
    ]


def test_libreoffice_reads_each_comment_at_its_paragraph(tmp_path: Path, outside_program):
    file = kept(tmp_path, "{{ ref }}", "Why: {{ incident_lin }}", "{{ versio }}")
    (tmp_path / "marked.docx").write_bytes(commented(file.read_bytes(), check(file).findings))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    folder, marked = str(tmp_path), str(tmp_path / "marked.docx")
    subprocess.run(
        [outside_program("soffice"), profile, "--headless", "--convert-to", "fodt", "--outdir", folder, marked],
        check=True,
        capture_output=True,
        timeout=120,
    )
    page = etree.parse(tmp_path / "marked.fodt")
    found = []
    for note in page.iter(f"{{{OFFICE}}}annotation"):
        paragraph = note.getparent()
        own = [text for text in paragraph.itertext() if not any(text in part for part in note.itertext())]
        found.append(("".join(own), "Did you mean" in "".join(note.itertext())))
    assert found == [("Why: {{ incident_lin }}", True), ("{{ versio }}", True)]


def test_a_fault_in_a_header_is_told_at_the_first_paragraph(tmp_path: Path):
    document = docx.Document()
    document.add_heading("Outcome agreement", level=1)
    document.sections[0].header.paragraphs[0].text = "{{ cod }}"
    document.save(str(tmp_path / "own.en.docx"))
    found = check(tmp_path / "own.en.docx").findings
    marked = docx.Document(io.BytesIO(commented((tmp_path / "own.en.docx").read_bytes(), found)))
    assert [comment.text.split("\n")[0] for comment in marked.comments] == [
        "header of section 1, paragraph 1: The template cannot be filled: 'cod' does not exist."
    ]


def test_the_command_writes_a_commented_copy_and_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = kept(tmp_path, "{{ incident_lin }}")
    before = file.read_bytes()
    code = main(["template", "check", str(file), "--comments", str(tmp_path / "marked.docx")])
    assert (code, len(list(docx.Document(str(tmp_path / "marked.docx")).comments))) == (1, 1)
    assert file.read_bytes() == before
    assert capsys.readouterr().out.splitlines() == [
        'own.en.docx, body, under "Outcome agreement", paragraph 2  fault: unknown-name',
        "  {{ incident_lin }}",
        "  The template cannot be filled: 'incident_lin' does not exist.",
        "  -> Did you mean incident_line?",
        "own.en.docx  1 fault; no trial copies while faults stand against it",
    ]


def test_the_template_itself_is_never_overwritten_with_comments(tmp_path: Path):
    file = kept(tmp_path, "{{ ref }}")
    assert main(["template", "check", str(file), "--comments", str(file)]) == 4


def test_a_template_that_is_not_there_ends_with_four():
    assert main(["template", "check", "nowhere"]) == 4


def test_a_folder_without_its_word_file_is_told(tmp_path: Path):
    with pytest.raises(SetupError, match="no Word file of its own name"):
        source_of(str(tmp_path), service_folder=None)


def test_a_language_that_lacks_a_field_of_another_is_told(tmp_path: Path):
    folder = tmp_path / "own"
    folder.mkdir()
    kept(folder, "{{ ref }}", "{{ code }}")
    (folder / "own.cy.docx").write_bytes(kept(folder, "{{ ref }}").read_bytes())
    kept(folder, "{{ ref }}", "{{ code }}")
    settings = (
        'name = "own"\ncarries = "nothing"\n[titles]\nagreement = "Own"\n[signature]\nwidth_mm = 70\nheight_mm = 13\n'
    )
    (folder / "template.toml").write_text(settings, encoding="utf-8")
    found = {file.language: [each.what for each in file.findings] for file in check(folder).files}
    assert found == {"cy": ["The field 'code' is used in en and not here."], "en": []}


def test_a_table_inside_a_loop_over_the_same_entries_has_rows(tmp_path: Path):
    document = docx.Document()
    document.add_heading("Outcome agreement", level=1)
    document.add_paragraph("{%p for one in signatories if one.role == 'supporter' %}")
    document.add_paragraph("{%p if loop.first %}")
    table = document.add_table(rows=3, cols=1)
    table._tblPr.find("{*}tblLook").set(f"{{{table._tblPr.nsmap['w']}}}firstRow", "0")  # noqa: SLF001
    rows = ("{%tr for person in signatories if person.role == 'supporter' %}", "{{ person | names }}", "{%tr endfor %}")
    for row, text in zip(table.rows, rows, strict=True):
        row.cells[0].text = text
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    document.save(str(tmp_path / "own.en.docx"))
    assert [each.rule for each in check(tmp_path / "own.en.docx").findings if each.rule == "table-without-rows"] == []


def test_a_font_that_cannot_be_embedded_is_refused(tmp_path: Path):
    folder = tmp_path / "own"
    (folder / "fonts").mkdir(parents=True)
    (folder / "fonts" / "wonder.ttf").write_bytes(b"no font")
    report = check(kept(folder, "{{ ref }}"))
    assert [finding.rule for finding in report.findings] == ["font-refused"]
