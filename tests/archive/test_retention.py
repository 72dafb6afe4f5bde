"""When an agreement may go: fixed days, one row a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.archive.model import Event, Facts, What
from pipeline.archive.retention import Stage, decide, end_of, years_after
from pipeline.service.model import KeepingTime

SEVEN, CHILDREN = KeepingTime(7, None), KeepingTime(7, 25)
COMPLETED = Event(What.COMPLETED, date(2026, 11, 20))
BASE = Facts("completed", years=7)


def day(text):
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Case:
    """One row: what the record says, what happened, the policy, the day, and what must come out."""

    name: str
    facts: Facts
    events: tuple[Event, ...]
    on: str
    stage: Stage
    keep_until: str | None
    keeping: KeepingTime = SEVEN


CASES = [
    Case("nobody recorded an end", BASE, (), "2099-01-01", Stage.RUNNING, None),
    Case("the day of the end", BASE, (COMPLETED,), "2026-11-20", Stage.KEPT, "2033-11-20"),
    Case("the last day of the time", BASE, (COMPLETED,), "2033-11-20", Stage.KEPT, "2033-11-20"),
    Case("the day after the last day", BASE, (COMPLETED,), "2033-11-21", Stage.MAY_GO, "2033-11-20"),
    Case(
        "the years of agreements.toml where the record has none",
        Facts("completed"),
        (COMPLETED,),
        "2033-11-21",
        Stage.MAY_GO,
        "2033-11-20",
    ),
    Case(
        "the record's own years go first",
        Facts("completed", years=3),
        (COMPLETED,),
        "2029-11-21",
        Stage.MAY_GO,
        "2029-11-20",
    ),
    Case(
        "no years at all: from the day after the end",
        Facts("completed", years=0),
        (COMPLETED,),
        "2026-11-21",
        Stage.MAY_GO,
        "2026-11-20",
    ),
    Case(
        "29 February has no anniversary in seven years",
        BASE,
        (Event(What.COMPLETED, date(2028, 2, 29)),),
        "2035-03-01",
        Stage.KEPT,
        "2035-03-01",
    ),
    Case(
        "it was withdrawn where the record expected completion",
        BASE,
        (Event(What.WITHDRAWN, date(2027, 1, 15)),),
        "2034-01-16",
        Stage.MAY_GO,
        "2034-01-15",
    ),
    Case(
        "completed where the record names the closing of the file",
        Facts("closed", years=7),
        (COMPLETED,),
        "2099-01-01",
        Stage.RUNNING,
        None,
    ),
    Case(
        "completed, and the file closed later",
        Facts("closed", years=7),
        (COMPLETED, Event(What.CLOSED, date(2027, 6, 1))),
        "2034-06-02",
        Stage.MAY_GO,
        "2034-06-01",
    ),
    Case(
        "an end recorded again, with the right day",
        BASE,
        (COMPLETED, Event(What.COMPLETED, date(2027, 11, 20))),
        "2034-11-20",
        Stage.KEPT,
        "2034-11-20",
    ),
    Case(
        "reopened after its end",
        BASE,
        (COMPLETED, Event(What.REOPENED, date(2026, 12, 1))),
        "2099-01-01",
        Stage.RUNNING,
        None,
    ),
    Case(
        "reopened and completed again",
        BASE,
        (COMPLETED, Event(What.REOPENED, date(2026, 12, 1)), Event(What.COMPLETED, date(2027, 3, 1))),
        "2034-03-02",
        Stage.MAY_GO,
        "2034-03-01",
    ),
    Case(
        "a day of deletion alone needs no end",
        Facts("completed", delete_after=date(2030, 1, 31)),
        (),
        "2030-02-01",
        Stage.MAY_GO,
        "2030-01-31",
    ),
    Case(
        "a day of deletion and years: the later",
        Facts("completed", years=7, delete_after=date(2030, 1, 31)),
        (COMPLETED,),
        "2030-02-01",
        Stage.KEPT,
        "2033-11-20",
    ),
    Case(
        "a promise has no end and nobody decided (domain 0.9)",
        Facts("completed", years=7, open_ended=True),
        (COMPLETED,),
        "2033-11-21",
        Stage.HELD,
        "2033-11-20",
    ),
    Case(
        "an open promise, kept longer: still within it",
        Facts("completed", years=7, open_ended=True, promises="extend", promises_until=date(2040, 1, 1)),
        (COMPLETED,),
        "2040-01-01",
        Stage.HELD,
        "2033-11-20",
    ),
    Case(
        "an open promise, kept longer: past it",
        Facts("completed", years=7, open_ended=True, promises="extend", promises_until=date(2040, 1, 1)),
        (COMPLETED,),
        "2040-01-02",
        Stage.MAY_GO,
        "2033-11-20",
    ),
    Case(
        "an open promise that was given an end",
        Facts("completed", years=1, open_ended=True, promises="set_end", promises_until=date(2028, 6, 30)),
        (COMPLETED,),
        "2028-06-30",
        Stage.HELD,
        "2027-11-20",
    ),
    Case(
        "an open promise handed over to somebody",
        Facts("completed", years=7, open_ended=True, promises="hand_over"),
        (COMPLETED,),
        "2033-11-21",
        Stage.MAY_GO,
        "2033-11-20",
    ),
    Case(
        "deleted before the last promise is due (V10)",
        Facts("completed", delete_after=date(2027, 1, 31), last_promise_on=date(2027, 6, 1)),
        (),
        "2027-02-01",
        Stage.HELD,
        "2027-01-31",
    ),
    Case(
        "the last promise is past",
        Facts("completed", delete_after=date(2027, 1, 31), last_promise_on=date(2027, 6, 1)),
        (),
        "2027-06-02",
        Stage.MAY_GO,
        "2027-01-31",
    ),
    Case(
        "somebody says that no promise is open any more",
        Facts("completed", years=1, open_ended=True),
        (COMPLETED, Event(What.PROMISES_SETTLED, date(2027, 1, 1))),
        "2027-11-21",
        Stage.MAY_GO,
        "2027-11-20",
    ),
    Case(
        "a legal hold in the record (domain 12)",
        Facts("completed", years=7, legal_hold=True),
        (COMPLETED,),
        "2033-11-21",
        Stage.HELD,
        "2033-11-20",
    ),
    Case(
        "a legal hold that was recorded",
        BASE,
        (COMPLETED, Event(What.HOLD, date(2030, 1, 1))),
        "2099-01-01",
        Stage.HELD,
        "2033-11-20",
    ),
    Case(
        "a legal hold that was lifted",
        BASE,
        (COMPLETED, Event(What.HOLD, date(2030, 1, 1)), Event(What.RELEASE, date(2031, 1, 1))),
        "2033-11-21",
        Stage.MAY_GO,
        "2033-11-20",
    ),
    Case(
        "lifting a recorded hold leaves that of the record",
        Facts("completed", years=7, legal_hold=True),
        (COMPLETED, Event(What.HOLD, date(2030, 1, 1)), Event(What.RELEASE, date(2031, 1, 1))),
        "2033-11-21",
        Stage.HELD,
        "2033-11-20",
    ),
    Case(
        "somebody wishes it kept longer",
        Facts("completed", years=7, keep_longer_until=date(2040, 1, 1)),
        (COMPLETED,),
        "2040-01-01",
        Stage.HELD,
        "2033-11-20",
    ),
    Case(
        "the wish has ended",
        Facts("completed", years=7, keep_longer_until=date(2040, 1, 1)),
        (COMPLETED,),
        "2040-01-02",
        Stage.MAY_GO,
        "2033-11-20",
    ),
    Case(
        "a wish that was recorded later",
        BASE,
        (COMPLETED, Event(What.KEEP_LONGER, date(2036, 5, 5))),
        "2036-05-05",
        Stage.HELD,
        "2033-11-20",
    ),
    Case(
        "an age, and nobody recorded the year", Facts("age"), (COMPLETED,), "2099-01-01", Stage.RUNNING, None, CHILDREN
    ),
    Case(
        "an age, without any end on record",
        Facts("age"),
        (Event(What.REACHES_AGE, date(2035, 12, 31)),),
        "2036-01-01",
        Stage.MAY_GO,
        "2035-12-31",
        CHILDREN,
    ),
    Case(
        "ten years from an age",
        Facts("age", years=10),
        (Event(What.REACHES_AGE, date(2028, 12, 31)),),
        "2038-12-31",
        Stage.KEPT,
        "2038-12-31",
    ),
    Case(
        "a child took part, and the service keeps until an age",
        Facts("completed", years=7, child=True),
        (COMPLETED, Event(What.REACHES_AGE, date(2037, 12, 31))),
        "2033-11-21",
        Stage.KEPT,
        "2037-12-31",
        CHILDREN,
    ),
    Case(
        "a child took part, and the year is not known",
        Facts("completed", years=7, child=True),
        (COMPLETED,),
        "2033-11-21",
        Stage.RUNNING,
        None,
        CHILDREN,
    ),
    Case(
        "a child took part, and the service has no rule for children",
        Facts("completed", years=7, child=True),
        (COMPLETED,),
        "2033-11-21",
        Stage.MAY_GO,
        "2033-11-20",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_table_of_keeping(case):
    verdict = decide(case.facts, case.events, case.keeping, on=day(case.on))
    assert (verdict.stage, verdict.keep_until) == (case.stage, case.keep_until and day(case.keep_until))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_stays_has_a_reason_and_what_may_go_has_none(case):
    verdict = decide(case.facts, case.events, case.keeping, on=day(case.on))
    assert bool(verdict.reasons) == (case.stage is not Stage.MAY_GO)


def test_a_hold_is_told_before_the_time_has_passed():
    verdict = decide(Facts("completed", years=7, legal_hold=True), (COMPLETED,), SEVEN, on=date(2027, 1, 1))
    assert verdict.reasons == ("It is kept until 2033-11-20.", "A legal hold stands in the record.")


def test_the_end_that_the_record_names_counts_before_a_later_one():
    events = (COMPLETED, Event(What.CLOSED, date(2027, 6, 1)))
    assert end_of(BASE, events) == COMPLETED


# A machine that is busy with something else is no fault of ours.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
days = st.dates(date(2026, 1, 1), date(2060, 12, 31))


@patiently
@given(days, st.integers(0, 100))
def test_an_anniversary_is_never_before_its_years_are_over(start, years):
    later = years_after(start, years)
    assert (later.year - start.year, later >= start) == (years, True)


@patiently
@given(st.lists(st.builds(Event, st.sampled_from([what for what in What if what is not What.HANDED]), days)), days)
def test_what_may_go_may_still_go_the_day_after(events, on):
    if decide(BASE, events, SEVEN, on=on).stage is Stage.MAY_GO:
        assert decide(BASE, events, SEVEN, on=date.fromordinal(on.toordinal() + 1)).stage is Stage.MAY_GO


@patiently
@given(st.lists(st.builds(Event, st.sampled_from([What.HOLD, *(What.COMPLETED, What.KEEP_LONGER)]), days)), days)
def test_nothing_with_a_standing_hold_may_go(events, on):
    held = (*events, Event(What.HOLD, on))
    assert decide(BASE, held, SEVEN, on=on).stage is not Stage.MAY_GO


def test_a_promise_that_the_journal_knows_to_be_open_holds_it_back():
    verdict = decide(BASE, (COMPLETED,), SEVEN, on=day("2033-11-21"), promises_open=True)
    assert (verdict.stage, verdict.reasons) == (
        Stage.HELD,
        ("A promise is still open: agreements actions list says which.",),
    )


def test_a_promise_without_an_end_that_has_ended_holds_nothing_back():
    facts = Facts("completed", years=7, open_ended=True)
    assert decide(facts, (COMPLETED,), SEVEN, on=day("2033-11-21"), promises_open=False).stage is Stage.MAY_GO
