from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RecordError
from pipeline.follow_up.journal import append, journal_path, read_journal
from pipeline.follow_up.lines import from_bytes, to_bytes
from pipeline.follow_up.model import RECORDED, Line, Paused, Progress, Received, Status, Told
from pipeline.validation.schemas import load_schema

DONE = Progress(Status.DONE_CHECKED, "a", date(2026, 12, 4), "outside-1")
TOLD = Told("harmed-1", "a", date(2026, 12, 5), "facilitator-1")


@pytest.fixture
def path(tmp_path):
    return journal_path(tmp_path / "NR-0412.json", "NR-0412")


def write(path, *entries):
    for entry in entries:
        assert append(path, "NR-0412", entry, version=1, check=lambda _: True)


def test_what_was_written_is_read_in_its_order(path):
    write(path, DONE, TOLD)
    assert read_journal(path, "NR-0412").entries == (DONE, TOLD)


def test_a_record_without_a_journal_has_an_empty_one(path):
    assert read_journal(path, "NR-0412").entries == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_journal_is_for_its_owner_alone(path):
    write(path, DONE)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("cut", [1, 20, -1])
def test_a_torn_last_line_is_not_read_as_true(path, cut):
    write(path, DONE, TOLD)
    whole = path.read_bytes()
    second = whole.index(b"\n") + 1
    path.write_bytes(whole[: second + cut] if cut > 0 else whole[:cut])
    journal = read_journal(path, "NR-0412")
    assert (journal.entries, bool(journal.torn)) == ((DONE,), True)


def test_a_last_line_of_zeros_is_torn_although_its_line_break_is_there(path):
    write(path, DONE)
    path.write_bytes(path.read_bytes() + b"\0" * 40 + b"\n")
    assert read_journal(path, "NR-0412").torn == b"\0" * 40 + b"\n"


def test_the_next_to_write_sets_a_torn_line_aside_and_loses_nothing(path):
    write(path, DONE)
    path.write_bytes(path.read_bytes() + b'{"schema_version": 1, "re')
    write(path, TOLD)
    assert read_journal(path, "NR-0412").entries == (DONE, TOLD)
    assert path.with_name("NR-0412.progress.torn").read_bytes() == b'{"schema_version": 1, "re\n'


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
@pytest.mark.timeout(20)
def test_a_pipe_in_the_place_of_a_journal_is_refused_and_never_waited_for(path):
    os.mkfifo(path)
    for use in (lambda: read_journal(path, "NR-0412"), lambda: write(path, DONE)):
        with pytest.raises(RecordError):
            use()


def test_a_damaged_line_before_the_last_is_refused_with_its_number(path):
    write(path, DONE, TOLD, DONE)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], b'{"changed": "by hand"}\n', lines[2]]))
    with pytest.raises(RecordError) as caught:
        read_journal(path, "NR-0412")
    assert {problem.line for problem in caught.value.problems} == {2}


def test_a_line_of_another_agreement_is_refused(path):
    write(path, DONE)
    with pytest.raises(RecordError):
        from_bytes(path.read_bytes(), "NR-0440")


def test_a_link_is_never_written_through(path, tmp_path):
    target = tmp_path / "elsewhere"
    target.write_bytes(b"")
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("this system makes no links")
    with pytest.raises(RecordError):
        write(path, DONE)
    assert target.read_bytes() == b""


def test_an_entry_that_does_not_fit_leaves_no_byte(path):
    def refuse(_journal):
        raise RecordError([])

    write(path, DONE)
    before = path.read_bytes()
    with pytest.raises(RecordError):
        append(path, "NR-0412", TOLD, version=1, check=refuse)
    assert path.read_bytes() == before


def test_two_writers_at_once_lose_nothing(path):
    program = f"""
from datetime import date
from pathlib import Path
from pipeline.follow_up.journal import append
from pipeline.follow_up.model import Told
import sys
for number in range(30):
    entry = Told("harmed-1", "a", date(2026, 12, 5), f"outside-{{sys.argv[1]}}")
    append(Path({str(path)!r}), "NR-0412", entry, version=1, check=lambda _: True)
"""
    writers = [subprocess.Popen([sys.executable, "-c", program, str(number)]) for number in (1, 2)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    journal = read_journal(path, "NR-0412")
    assert (len(journal.entries), journal.torn) == (60, b"")


days = st.dates(date(2026, 1, 1), date(2036, 12, 31))
words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40)
entries = st.one_of(
    st.builds(Progress, st.sampled_from(RECORDED), st.just("a"), days, st.just("outside-1"), wording=words),
    st.builds(Received, st.decimals(0, 99999, places=2), st.just("a"), days, st.just("outside-1")),
    st.builds(Paused, days, st.just("facilitator-1"), st.none() | days, st.just(()) | st.just(("a", "b"))),
)


@given(entries)
def test_every_entry_is_read_as_it_was_written(entry):
    try:
        line = from_bytes(to_bytes("NR-0412", Line(1, "2026-11-25T12:00:00Z", entry)), "NR-0412")
    except RecordError:  # a text that no record may hold is refused before it is written
        return
    if isinstance(entry, Progress):
        assert line.entry.status == entry.status
    elif isinstance(entry, Received):
        assert line.entry.received == Decimal(entry.received)
    else:
        assert line.entry == entry


def test_the_examples_of_the_schema_make_lines_that_are_read():
    for name, form in load_schema("progress")["$defs"].items():
        value = {key: about["examples"][0] for key, about in form["properties"].items()}
        assert from_bytes(json.dumps(value).encode(), "NR-0412"), name
