"""From bytes to an Agreement, or to every problem at once."""

from __future__ import annotations

import json
import socket
import unicodedata
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import RecordError
from pipeline.records.load import load_record, load_record_bytes
from pipeline.records.model import (
    Agreement,
    ByDate,
    ByEvent,
    Conditional,
    DoneAtMeeting,
    Instalment,
    NoDeadline,
    Ongoing,
    Payer,
    Recurring,
)
from pipeline.records.ordering import MOST_PROBLEMS
from pipeline.service.model import ExtraField

GOOD = Path(__file__).parents[1] / "cases" / "good"
FILES = sorted(GOOD.glob("*.json"))


def _load(name):
    return load_record(GOOD / f"{name}.json", extra_fields=None)


def _record(name="one-date"):
    return json.loads((GOOD / f"{name}.json").read_text(encoding="utf-8"))


def _problems(record, extra_fields=None):
    with pytest.raises(RecordError) as refused:
        load_record_bytes(json.dumps(record, indent=1).encode(), extra_fields=extra_fields)
    return refused.value.problems


def test_the_seven_forms_of_when_become_seven_types():
    when = {item.id: item.when for item in _load("seven-forms-of-when").items}
    assert when == {
        "date": ByDate(date(2026, 11, 27), time(18)),
        "event": ByEvent("his driving ban ending", "3 months", date(2027, 1, 15), date(2027, 4, 30)),
        "recurring": Recurring(
            "week",
            date(2026, 11, 19),
            weekday="Thursday",
            at=time(18),
            until=date(2026, 12, 17),
            count=5,
        ),
        "ongoing": Ongoing("month", date(2026, 12, 18)),
        "if": Conditional(
            "Ruth's mother asks for a meeting", "absent-1", "the service", 14, "year", date(2033, 11, 10)
        ),
        "done": DoneAtMeeting(date(2026, 11, 10)),
        "none": NoDeadline(),
    }


def test_a_statement_needs_no_time():
    assert [item.when for item in _load("statement-only").items] == [None, None]


@pytest.mark.parametrize("name", ["none-wanted", "none-reached", "adjourned"])
def test_an_outcome_without_an_agreement_has_no_items(name):
    assert _load(name).items == ()


def test_amounts_are_exact():
    (payment,) = _load("two-payers").payments
    assert payment.schedule[-1] == Instalment(date(2027, 6, 1), Decimal("72.00"))
    assert payment.payers[1] == Payer("responsible-2", Decimal("180.00"), "supporter-1")
    assert sum(each.amount for each in payment.schedule) == payment.total


def test_without_sheets_everybody_stands_on_one():
    assert _load("one-date").sheets == (("harmed-1", "responsible-1", "facilitator-1"),)


def test_sheets_list_people_in_the_order_of_the_record():
    record = _record("two-sheets")
    record["sheets"][0]["people"].reverse()
    agreement = load_record_bytes(json.dumps(record).encode(), extra_fields=None)
    assert agreement.sheets == (("harmed-1", "responsible-1", "supporter-1"), ("harmed-2", "responsible-1"))


def test_parties_supporters_and_facilitators_sign_and_interpreters_do_not():
    signs = {person.role: person.signs for person in _load("many-scripts").participants}
    assert signs == {"harmed": True, "responsible": True, "interpreter": False, "facilitator": True}


def test_interpreters_absent_people_and_facilitators_get_no_copy():
    copies = {person.role: person.receives_copy for person in _load("many-scripts").participants}
    assert copies == {"harmed": True, "responsible": True, "interpreter": False, "facilitator": False}
    assert not _load("seven-forms-of-when").participant("absent-1").receives_copy


def test_a_recorded_choice_wins_over_the_default():
    record = _record()
    record["participants"][0].update(signs=False, receives_copy=False)
    person = load_record_bytes(json.dumps(record).encode(), extra_fields=None).participants[0]
    assert (person.signs, person.receives_copy) == (False, False)


def test_a_name_in_two_forms_of_unicode_is_one_name():
    agreement = _load("letters-in-two-forms")
    assert unicodedata.is_normalized("NFC", agreement.participants[0].display_name)
    assert agreement.items[0].text.startswith(agreement.participants[0].display_name)


def test_hard_text_comes_through_unchanged():
    agreement = _load("many-scripts")
    assert agreement.participants[1].display_name == 'O\'Brien & Søn <Ltd> "x" ]]>'
    assert "{{ 7*7 }} and {% raw %}" in agreement.items[0].text


def test_a_byte_order_mark_changes_nothing():
    assert _load("byte-order-mark").items == _load("one-date").items


def test_the_agreement_keeps_record_and_positions():
    agreement = _load("one-date")
    assert agreement.record["ref"] == "NR-0501"
    assert agreement.positions["/ref"] == (3, 10)


def test_problems_come_sorted_by_line():
    record = _record()
    record["retention"] = {}
    record["ref"] = "x"
    del record["participants"][1]["no_contact"]
    lines = [problem.line for problem in _problems(record)]
    assert len(lines) == 4
    assert lines == sorted(lines)


def test_thousands_of_problems_are_cut_short():
    found = _problems(_record() | {f"k{nth}": 1 for nth in range(1000)})
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1].what == "There are more problems than these."


FIELDS = {
    "district": ExtraField("district", "District", "text", frozenset()),
    "visited": ExtraField("visited", "Visited", "yes_no", frozenset()),
    "hours": ExtraField("hours", "Hours", "number", frozenset()),
    "opened": ExtraField("opened", "Opened", "date", frozenset()),
}


def test_declared_fields_of_the_service_are_read():
    record = _record() | {"extra": {"district": "North", "visited": False, "hours": 2.5, "opened": "2026-11-10"}}
    assert load_record_bytes(json.dumps(record).encode(), extra_fields=FIELDS).record["extra"]["hours"] == 2.5


def test_a_field_of_the_service_that_nobody_declared_is_refused():
    (problem,) = _problems(_record() | {"extra": {"distric": "North"}}, FIELDS)
    assert problem.where == "/extra/distric"
    assert problem.do == 'Take it out, or declare it in agreements.toml. Did you mean "district"?'


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("district", 1),
        ("district", ""),
        ("district", "x" * 401),
        ("visited", "yes"),
        ("visited", 1),
        ("hours", "2"),
        ("hours", True),
        ("opened", "2026-02-30"),
        ("opened", "20261110"),
        ("opened", "10 Nov 26"),
        ("opened", 20261110),
    ],
)
def test_a_field_of_the_service_with_another_kind_of_value_is_refused(name, value):
    (problem,) = _problems(_record() | {"extra": {name: value}}, FIELDS)
    assert problem.where == f"/extra/{name}"


def test_a_two_letter_name_in_a_script_without_capitals_can_be_withheld():
    assert "陈伟" in _load("many-scripts").participants[0].withheld


def test_recurring_promises_may_give_both_ends_when_they_agree():
    record = _record()
    for every, until, count in (
        ("day", "2026-11-29", 3),
        ("week", "2026-12-11", 3),
        ("month", "2027-01-27", 3),
        ("year", "2028-11-27", 3),
    ):
        times = {"every": every, "from": "2026-11-27", "until": until, "count": count}
        record["items"][0]["when"] = {"recurring": times}
        assert load_record_bytes(json.dumps(record).encode(), extra_fields=None)


def test_a_monthly_promise_from_the_31st_falls_on_the_last_day_of_shorter_months():
    record = _record()
    times = {"every": "month", "from": "2027-01-31", "until": "2027-02-28", "count": 2}
    record["items"][0]["when"] = {"recurring": times}
    assert load_record_bytes(json.dumps(record).encode(), extra_fields=None)


def test_a_promise_beyond_the_calendar_ends_after_every_period():
    record = _record()
    times = {"every": "year", "from": "2027-01-31", "interval": 52, "count": 1000}
    record["items"][0]["when"] = {"recurring": times}
    record["period_ends"] = "9999-12-31"
    assert load_record_bytes(json.dumps(record).encode(), extra_fields=None)
    record["period_ends"] = "2030-12-31"
    assert [problem.where for problem in _problems(record)] == ["/items/0/when/recurring/count"]


def test_a_string_of_a_mebibyte_is_refused_by_length():
    record = _record()
    record["items"][0]["text"] = "x" * 1_000_000
    assert [problem.what for problem in _problems(record)] == ['"Agreed words" is too long.']


def test_two_mebibytes_are_refused_by_size():
    with pytest.raises(RecordError, match="larger than 1 MiB"):
        load_record_bytes(b'["' + b"x" * 2_000_000 + b'"]', extra_fields=None)


def test_a_schema_named_in_the_record_is_never_fetched(monkeypatch):
    def refuse(*_args, **_kwargs):
        pytest.fail("a connection was tried")

    monkeypatch.setattr(socket, "socket", refuse)
    record = _record() | {"$schema": "http://example.org/agreement.schema.json"}
    assert load_record_bytes(json.dumps(record).encode(), extra_fields=None)


def test_no_message_repeats_a_value_of_a_record_full_of_faults():
    def spoil(value):
        match value:
            case dict():
                return {key: spoil(part) for key, part in value.items()}
            case list():
                return [spoil(part) for part in value]
            case str():
                return f"Zephyrine {value}"
            case _:
                return value

    for path in FILES:
        record = json.loads(path.read_text(encoding="utf-8-sig"))
        assert not [problem for problem in _problems(spoil(record)) if "Zephyrine" in repr(problem)]


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    _read_or_refuse(data)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(FILES), st.data())
def test_a_record_with_changed_bytes_is_read_or_refused(path, data):
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    _read_or_refuse(bytes(raw))


_leaves = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**16)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["harmed-1", "harmed-9", "a", "2026-11-10", "9999-12-31", "0001-01-01", "0.00", "all", "payment"])
)
_anything = _leaves | st.lists(_leaves, max_size=3) | st.dictionaries(st.text(max_size=5), _leaves, max_size=3)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FILES), st.data())
def test_a_record_with_changed_values_is_read_or_refused(path, data):
    record = json.loads(path.read_text(encoding="utf-8-sig"))
    for _ in range(data.draw(st.integers(1, 4))):
        _change_one(record, data)
    _read_or_refuse(json.dumps(record).encode())


def _change_one(record, data):
    """Walk to some place in the record and put there anything, take it out, or put it there twice."""
    at = record
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if isinstance(at[key], dict | list) and data.draw(st.booleans()):
            at = at[key]
            continue
        match data.draw(st.sampled_from(["change", "remove", "repeat"])):
            case "change":
                at[key] = data.draw(_anything)
            case "remove":
                del at[key]
            case _ if isinstance(at, list):
                at.append(at[key])
        return


def _read_or_refuse(data):
    problems = ()
    try:
        found = load_record_bytes(data, extra_fields=None)
    except RecordError as refusal:
        found, problems = None, refusal.problems
    assert isinstance(found, Agreement) or problems
    assert all(problem.what and problem.do for problem in problems)
