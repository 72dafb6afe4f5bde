from __future__ import annotations

from datetime import date

import pytest

from pipeline.archive.finding import Status, Wanted, find
from pipeline.archive.model import Event, What
from pipeline.archive.reconciling import reconcile
from pipeline.archive.recording import hand_over, record
from pipeline.archive.records import find_records
from pipeline.archive.rows import events_of
from pipeline.errors import RecordError
from pipeline.signing.versions import find_places

COMPLETED = Event(What.COMPLETED, date(2027, 6, 1))
POSTED = Event(What.HANDED, date(2026, 11, 20), None, "responsible-1", "post")


def test_the_same_end_recorded_twice_stands_once(kept):
    with kept.opened() as archive:
        states = [record(archive, "NR-0440", COMPLETED).state for _ in range(2)]
        assert (states, len(events_of(archive.index, "NR-0440"))) == (["recorded", "recorded already"], 1)


def test_an_end_before_the_meeting_is_refused(kept):
    with kept.opened() as archive, pytest.raises(RecordError, match="before the meeting"):
        record(archive, "NR-0440", Event(What.COMPLETED, date(2020, 1, 1)))


def test_of_an_age_only_the_year_is_kept(kept):
    with kept.opened() as archive:
        record(archive, "NR-0440", Event(What.REACHES_AGE, date(2037, 3, 4)))
        assert events_of(archive.index, "NR-0440")[0].on == date(2037, 12, 31)


def test_nothing_is_recorded_of_what_is_not_held(kept):
    with kept.opened() as archive, pytest.raises(RecordError, match="Nothing is held"):
        record(archive, "XX-0001", COMPLETED)


def test_a_copy_given_out_is_recorded_with_its_version(kept):
    with kept.opened() as archive:
        assert hand_over(archive, "NR-0440", POSTED).version == 1
        assert hand_over(archive, "NR-0440", POSTED).state == "recorded already"


def test_a_copy_of_somebody_who_has_none_is_refused(kept):
    with kept.opened() as archive, pytest.raises(RecordError) as refused:
        hand_over(archive, "NR-0440", Event(What.HANDED, date(2026, 11, 20), None, "harmed-9", "post"))
    assert "responsible-1" in refused.value.problems[0].do


@pytest.fixture
def filled(kept):
    """A desk with NR-0420 (met 12 November 2026), NR-0440 (5 November, completed) and YC-0205 v1 (17 September)."""
    for ref in ("NR-0420", "YC-0205"):
        kept.sign(ref)
    kept.add(kept.out / "NR-0420", kept.out / "YC-0205" / "v1")
    with kept.opened() as archive:
        record(archive, "NR-0440", COMPLETED)
    return kept


@pytest.mark.parametrize(
    ("wanted", "refs"),
    [
        (Wanted(), ["NR-0420", "NR-0440", "YC-0205"]),
        (Wanted(ref="NR-0440"), ["NR-0440"]),
        (Wanted(first=date(2026, 11, 5)), ["NR-0420", "NR-0440"]),
        (Wanted(last=date(2026, 11, 5)), ["NR-0440", "YC-0205"]),
        (Wanted(first=date(2026, 11, 6), last=date(2026, 11, 30)), ["NR-0420"]),
        (Wanted(reader="organisation-1"), ["NR-0440"]),
        (Wanted(reader="nobody-1"), []),
        (Wanted(status=Status.COMPLETED), ["NR-0440"]),
        (Wanted(status=Status.SIGNED), ["NR-0420", "NR-0440", "YC-0205"]),
        (Wanted(status=Status.SEALED), []),
        (Wanted(status=Status.DISPOSED), []),
    ],
    ids=str,
)
def test_what_is_asked_for_is_found(filled, wanted, refs):
    with filled.opened() as archive:
        assert [found.ref for found in find(archive, wanted)] == refs


def test_a_reopened_agreement_is_completed_no_more(filled):
    with filled.opened() as archive:
        record(archive, "NR-0440", Event(What.REOPENED, date(2027, 7, 1)))
        assert list(find(archive, Wanted(status=Status.COMPLETED))) == []


def lines_of(desk, ref):
    with desk.opened() as archive:
        lines = list(reconcile(archive, desk.out, find_places([desk.out]), find_records([desk.folder], desk.service)))
    return [line for line in lines if line.ref == ref]


def test_how_far_each_reader_is_stands_in_one_line(kept):
    with kept.opened() as archive:
        hand_over(archive, "NR-0440", POSTED)
    lines = {line.reader: line for line in lines_of(kept, "NR-0440")}
    assert lines["responsible-1"].state == ("generated", "signed", "archived", "handed over")
    assert lines["responsible-1"].handed == ("2026-11-20 post",)
    assert lines["service"].state == ("generated", "signed", "archived")


def test_what_is_signed_and_not_archived_is_said(kept):
    kept.sign("NR-0420")
    assert {line.differs for line in lines_of(kept, "NR-0420")} == {("signed and not archived",)}


def test_a_later_state_than_the_archive_has_is_said(kept):
    kept.sign("NR-0440", mark=b"% one more\n")
    assert lines_of(kept, "NR-0440")[0].differs == ("the archive has an earlier state: add it again",)


def test_a_record_that_changed_since_is_out_of_date(kept):
    kept.change("NR-0440", lambda record: record.update(review_date="2027-09-09"))
    assert "out of date" in lines_of(kept, "NR-0440")[0].differs[0]


def test_a_record_nothing_was_made_of_is_said(kept):
    kept.change("NR-0420", lambda record: record.update(ref="NR-0499"))
    [line] = lines_of(kept, "NR-0499")
    assert line.differs == ("not generated",)
