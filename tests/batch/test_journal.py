from __future__ import annotations

import json
import os
import stat

import pytest

from pipeline.batch.journal import Journal
from pipeline.batch.model import Finding, Result, State
from pipeline.errors import Problem, SetupError

MADE = Result("a.json", State.MADE, ref="NR-0412", version=1)
STOP = Finding("contact-against-flag", "stop", "/items/0", 3, 5, "a", "secret words", None, accepted=False)
REFUSED = Result("b.json", State.REFUSED, ref="NR-0420", version=2, advice=(STOP,), problems=(Problem("x", "y"),))


@pytest.fixture
def out(tmp_path):
    return tmp_path


def lines(out):
    return [json.loads(line) for line in (out / "journal.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_line_says_who_published_what_and_when(out):
    Journal(out).note(MADE)
    [line] = lines(out)
    assert list(line) == ["at", "by", "program", "event", "ref", "version"]
    assert (line["event"], line["ref"], line["version"]) == ("published", "NR-0412", 1)


def test_the_time_is_utc(out):
    Journal(out).note(MADE)
    assert lines(out)[0]["at"].endswith("+00:00")


def test_a_refusal_names_rules_and_repeats_no_message(out):
    journal = Journal(out)
    journal.note(MADE)
    journal.note(REFUSED)
    journal.close()
    assert lines(out)[1]["rules"] == ["contact-against-flag"]
    assert "secret words" not in (out / "journal.jsonl").read_text(encoding="utf-8")


def test_a_run_in_which_nothing_could_be_made_leaves_no_journal(out):
    journal = Journal(out)
    journal.note(REFUSED)
    journal.close()
    assert list(out.iterdir()) == []


def test_what_went_before_the_first_publication_is_written_with_it(out):
    journal = Journal(out)
    journal.note(REFUSED)
    journal.note(MADE)
    assert [line["event"] for line in lines(out)] == ["refused", "published"]


def test_lines_are_only_ever_added(out):
    Journal(out).note(MADE)
    before = (out / "journal.jsonl").read_bytes()
    Journal(out).note(MADE)
    assert (out / "journal.jsonl").read_bytes().startswith(before)


def test_a_line_that_was_cut_off_does_not_spoil_the_next(out):
    (out / "journal.jsonl").write_bytes(b'{"at": "20')
    Journal(out).note(MADE)
    assert (out / "journal.jsonl").read_text(encoding="utf-8").splitlines()[0] == '{"at": "20'


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way: docs/safety.md")
def test_the_journal_is_for_its_owner_only(out):
    Journal(out).note(MADE)
    assert stat.S_IMODE((out / "journal.jsonl").stat().st_mode) == 0o600


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="this system cannot refuse a link while opening")
def test_a_journal_that_is_a_link_is_not_followed(out):
    elsewhere = out / "elsewhere"
    (out / "journal.jsonl").symlink_to(elsewhere)
    with pytest.raises(SetupError, match="journal"):
        Journal(out).note(MADE)
    assert not elsewhere.exists()
