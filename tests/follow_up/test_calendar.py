"""The calendar, read back by vobject, a parser that did not write it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest
import vobject

from pipeline.cli.main import main
from pipeline.copies.derived import withheld_words
from pipeline.copies.matcher import Matcher
from pipeline.copies.model import Withheld
from pipeline.follow_up.calendar import calendar_for
from pipeline.follow_up.following import follow
from pipeline.follow_up.model import Journal, Progress, Status
from pipeline.records.load import load_record
from pipeline.shipped import shipped

LONDON = ZoneInfo("Europe/London")
SAMPLES = sorted(path.stem for path in shipped("samples").glob("*.json"))


def events(data):
    """Give every entry, as an independent parser reads the file."""
    return list(vobject.readOne(data.decode()).contents.get("vevent", []))


def written(name, reader="facilitator-1", *entries, journal_of):
    agreement = load_record(shipped("samples") / f"{name}.json", extra_fields=None)
    return calendar_for(reader, [(agreement, journal_of(*entries, ref=agreement.ref))], zone=LONDON)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_deadline_of_a_sample_is_there_once(name, journal_of):
    agreement = load_record(shipped("samples") / f"{name}.json", extra_fields=None)
    followed = follow(agreement, Journal(agreement.ref))
    actions = [*followed.whole, *(action for item in followed.items for action in item.actions)]
    days = [each.due for each in actions if each.due] if agreement.outcome in {"agreement", "statement_only"} else []
    found = [event.dtstart.value for event in events(written(name, journal_of=journal_of))]
    as_days = [value if type(value) is date else value.astimezone(LONDON).date() for value in found]
    assert Counter(as_days) == Counter(days)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_entry_is_there_twice(name, journal_of):
    identities = [event.uid.value for event in events(written(name, journal_of=journal_of))]
    assert len(set(identities)) == len(identities)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_withheld_word_and_no_display_name_is_in_it(name):
    agreement = load_record(shipped("samples") / f"{name}.json", extra_fields=None)
    names = tuple(person.display_name for person in agreement.participants if person.role != "referrer")
    withheld = Withheld(words=withheld_words(agreement), names=names, own_details=())
    for person in agreement.participants:
        if person.role in {"interpreter", "signer_bsl", "observer"}:
            continue
        text = calendar_for(person.id, [(agreement, Journal(agreement.ref))], zone=LONDON).decode()
        unfolded = text.replace("\r\n ", "")
        assert Matcher(withheld).find(unfolded) == ()
        assert [item.id for item in agreement.items if item.text in unfolded] == []


def test_an_entry_says_reference_and_number_alone(journal_of):
    said = {event.summary.value for event in events(written("NR-0440", journal_of=journal_of))}
    assert {"NR-0440: payment 1 for number 1", "NR-0440: we ask how it is going"} <= said


def test_there_are_alarms_before_a_deadline(journal_of):
    [event, *_] = events(written("NR-0440", journal_of=journal_of))
    triggers = [alarm.trigger.value.total_seconds() / 3600 for alarm in event.contents["valarm"]]
    assert triggers == [-7 * 24 + 9, -24 + 9]


def test_an_hour_is_the_hour_where_the_service_is(journal_of):
    starts = [event.dtstart.value for event in events(written("SC-0097", journal_of=journal_of))]
    [start] = [each for each in starts if type(each) is not date]
    assert start.astimezone(LONDON).isoformat() == "2026-12-04T12:30:00+00:00"


def test_a_new_file_updates_what_an_old_one_brought(journal_of):
    done = Progress(Status.DONE_CHECKED, "a", date(2026, 12, 4), "facilitator-1")
    before, after = (
        events(written("NR-0455", journal_of=journal_of)),
        events(written("NR-0455", "facilitator-1", done, journal_of=journal_of)),
    )
    assert [event.uid.value for event in before] == [event.uid.value for event in after]
    assert int(after[0].sequence.value) > int(before[0].sequence.value)
    [letter] = [event for event in after if event.summary.value.endswith("(done)")]
    assert "valarm" not in letter.contents


def test_what_was_withdrawn_is_cancelled(journal_of):
    gone = Progress(Status.WITHDRAWN, "a", date(2026, 12, 4), "facilitator-1")
    found = events(written("NR-0455", "facilitator-1", gone, journal_of=journal_of))
    assert [event.status.value for event in found].count("CANCELLED") == 1


def test_the_same_state_gives_the_same_bytes(journal_of):
    assert written("YC-0205", journal_of=journal_of) == written("YC-0205", journal_of=journal_of)


def test_somebody_outside_has_the_days_of_their_own_rows_alone(journal_of):
    found = events(written("YC-0205", "outside-2", journal_of=journal_of))
    assert {event.summary.value.partition(":")[2] for event in found} == {
        " the first step of number 1",
        " the day for number 1",
        " we ask how it is going",
        " the last day",
    }


def test_every_line_is_as_long_as_the_standard_allows(journal_of):
    data = written("NR-0412", journal_of=journal_of)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert re.search(rb"(?<!\r)\n", data) is None


def test_the_command_writes_one_file_of_many_records(desk, tmp_path):
    out = tmp_path / "days.ics"
    assert main(["actions", "calendar", str(desk.folder), "--for", "facilitator-1", "--out", str(out)]) == 0
    refs = {event.summary.value.partition(":")[0] for event in events(out.read_bytes())}
    assert {"NR-0412", "NR-0440", "YC-0205"} <= refs


def test_nobody_of_this_id_is_told(desk, tmp_path):
    out = tmp_path / "days.ics"
    assert main(["actions", "calendar", str(desk.record("NR-0412")), "--for", "harmed-9", "--out", str(out)]) == 3
    assert not out.exists()
