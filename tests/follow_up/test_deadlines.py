"""Every form of a deadline, with fixed days: what is due when, after what has happened."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from pipeline.follow_up.expanding import Known, expand, paused, pauses_of, reviews
from pipeline.follow_up.model import Action, Answered, Asked, Happened, Hold, Paused, Progress, Resumed, Status, What
from pipeline.follow_up.steps import later, moment
from pipeline.follow_up.views import Look, State, state_of
from pipeline.records.model import (
    ByDate,
    ByEvent,
    Conditional,
    DoneAtMeeting,
    NoDeadline,
    Ongoing,
    Recurring,
)

D = date.fromisoformat
MET = D("2026-11-10")
LONDON = ZoneInfo("Europe/London")


def happened(day):
    return Happened(D(day), "a", "outside-1")


def asked(day):
    return Asked(D(day), "a", "absent-1")


def done(day, *, of_day=None, status=Status.DONE_CHECKED, **more):
    return Progress(status, "a", D(day), "outside-1", of_day=D(of_day) if of_day else None, **more)


def open_days(when, *entries, ends=None):
    """Give the days, as text, of what is open of this deadline."""
    known = Known(MET, D(ends) if ends else None, entries, ended=False)
    return [None if each.due is None else each.due.isoformat() for each in expand(when, known) if not each.done]


every = Recurring
ONE_DAY = [
    # a fixed day
    ("a day", ByDate(D("2026-11-27")), (), ["2026-11-27"]),
    ("a leap day", ByDate(D("2028-02-29")), (), ["2028-02-29"]),
    ("the last day of a year", ByDate(D("2026-12-31")), (), ["2026-12-31"]),
    ("a day with an hour", ByDate(D("2026-12-04"), time(12, 30)), (), ["2026-12-04"]),
    # an event
    ("an event with no day", ByEvent("his release"), (), [None]),
    ("an event with a fallback", ByEvent("his release", latest=D("2027-04-30")), (), ["2027-04-30"]),
    ("an event that has happened", ByEvent("his release"), (happened("2027-02-01"),), ["2027-02-01"]),
    ("months after an event", ByEvent("the ban ending", "3 months"), (happened("2027-01-31"),), ["2027-04-30"]),
    ("a month after an event in January", ByEvent("e", "1 month"), (happened("2027-01-30"),), ["2027-02-28"]),
    ("a month after an event, leap year", ByEvent("e", "one month"), (happened("2028-01-31"),), ["2028-02-29"]),
    ("a year after a leap day", ByEvent("e", "a year"), (happened("2028-02-29"),), ["2029-02-28"]),
    ("14 days over a month's end", ByEvent("e", "14 days"), (happened("2027-02-20"),), ["2027-03-06"]),
    ("2 weeks over a leap day", ByEvent("e", "2 weeks"), (happened("2028-02-20"),), ["2028-03-05"]),
    ("a fortnight", ByEvent("e", "a fortnight"), (happened("2027-03-20"),), ["2027-04-03"]),
    ("words nobody can count", ByEvent("e", "a good while"), (happened("2027-03-20"),), [None]),
    (
        "words nobody can count, with a fallback",
        ByEvent("e", "soon after", latest=D("2027-06-30")),
        (happened("2027-03-20"),),
        ["2027-06-30"],
    ),
    (
        "an event before the earliest day",
        ByEvent("e", earliest=D("2027-03-01")),
        (happened("2027-01-05"),),
        ["2027-03-01"],
    ),
    (
        "an event that happened late",
        ByEvent("e", latest=D("2027-04-30")),
        (happened("2027-06-02"),),
        ["2027-04-30"],
    ),
    (
        "time after an event, cut by the latest day",
        ByEvent("e", "3 months", latest=D("2027-04-30")),
        (happened("2027-03-15"),),
        ["2027-04-30"],
    ),
    (
        "an event recorded wrongly and put right",
        ByEvent("e", "1 week"),
        (happened("2027-01-05"), happened("2027-01-12")),
        ["2027-01-19"],
    ),
    # again and again
    ("daily", every("day", D("2026-12-30"), count=4), (), ["2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02"]),
    ("weekly", every("week", D("2026-11-26"), count=3), (), ["2026-11-26", "2026-12-03", "2026-12-10"]),
    ("weekly until", every("week", D("2026-11-26"), until=D("2026-12-09")), (), ["2026-11-26", "2026-12-03"]),
    ("every second week", every("week", D("2026-12-25"), 2, count=2), (), ["2026-12-25", "2027-01-08"]),
    (
        "monthly from the 31st",
        every("month", D("2026-12-31"), count=5),
        (),
        ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"],
    ),
    ("monthly from the 31st, leap year", every("month", D("2028-01-31"), count=2), (), ["2028-01-31", "2028-02-29"]),
    ("every third month", every("month", D("2026-11-30"), 3, count=2), (), ["2026-11-30", "2027-02-28"]),
    ("yearly from a leap day", every("year", D("2028-02-29"), count=2), (), ["2028-02-29", "2029-02-28"]),
    (
        "yearly from a leap day to a leap day",
        every("year", D("2028-02-29"), 4, count=2),
        (),
        ["2028-02-29", "2032-02-29"],
    ),
    (
        "weekly, one time done",
        every("week", D("2026-11-26"), count=3),
        (done("2026-12-03", of_day="2026-12-03"),),
        ["2026-11-26", "2026-12-10"],
    ),
    (
        "weekly, two of three times done",
        every("week", D("2026-11-26"), count=3),
        (done("2026-12-04", status=Status.PARTLY_DONE, so_far=2, out_of=3, unit="times"),),
        ["2026-12-10"],
    ),
    ("weekly over the end of summer time", every("week", D("2027-10-24"), count=2), (), ["2027-10-24", "2027-10-31"]),
    # from now on
    ("from now on, no review", Ongoing(), (), [None]),
    ("from now on, one review", Ongoing(None, D("2026-12-18")), (), ["2026-12-18"]),
    ("no time agreed", NoDeadline(), (), [None]),
    ("done at the meeting", DoneAtMeeting(MET), (), []),
    # a condition
    ("a condition nobody asked for", Conditional("she asks"), (), [None]),
    (
        "a condition asked for",
        Conditional("she asks", answer_within_days=14),
        (asked("2027-02-20"),),
        ["2027-03-06"],
    ),
    (
        "a condition asked for before a leap day",
        Conditional("she asks", answer_within_days=14),
        (asked("2028-02-20"),),
        ["2028-03-05"],
    ),
    (
        "a condition asked for and answered",
        Conditional("she asks", answer_within_days=14),
        (asked("2027-02-20"), Answered("yes", "a", D("2027-02-25"), "responsible-1")),
        [None],
    ),
    (
        "a condition answered once and asked for again",
        Conditional("she asks", answer_within_days=14),
        (asked("2027-02-20"), Answered("no", "a", D("2027-02-25"), "responsible-1"), asked("2027-06-01")),
        ["2027-06-15"],
    ),
]


@pytest.mark.parametrize(("when", "entries", "days"), [row[1:] for row in ONE_DAY], ids=[row[0] for row in ONE_DAY])
def test_a_deadline_is_open_on_these_days(when, entries, days):
    assert open_days(when, *entries) == days


def test_the_table_holds_at_least_forty_deadlines():
    assert len(ONE_DAY) >= 40


REVIEWS = [
    (
        "weekly from the meeting",
        (None, "week", None),
        "2026-12-08",
        ["2026-11-17", "2026-11-24", "2026-12-01", "2026-12-08"],
    ),
    ("monthly from the meeting", (None, "month", None), "2027-01-10", ["2026-12-10", "2027-01-10"]),
    ("every three months", (None, "three_months", None), "2027-06-01", ["2027-02-10", "2027-05-10"]),
    ("every six months", (None, "six_months", None), "2027-11-10", ["2027-05-10", "2027-11-10"]),
    ("each November", (None, "year", None), "2028-12-01", ["2027-11-10", "2028-11-10"]),
    (
        "first on a day, then monthly",
        ("2027-01-31", "month", None),
        "2027-03-31",
        ["2027-01-31", "2027-02-28", "2027-03-31"],
    ),
    ("until it ends", (None, "year", "2028-11-09"), None, ["2027-11-10"]),
]


@pytest.mark.parametrize(("given", "period", "days"), [row[1:] for row in REVIEWS], ids=[row[0] for row in REVIEWS])
def test_reviews_come_on_these_days(given, period, days):
    first, step, ends = given
    known = Known(MET, D(period) if period else None, (), ended=False)
    found = reviews(D(first) if first else None, step, known, ends=D(ends) if ends else None)
    assert [each.due.isoformat() for each in found] == days


def test_a_review_was_held_when_something_was_recorded_on_its_day_or_later():
    known = Known(MET, D("2027-02-10"), (done("2026-12-15", status=Status.UNDER_WAY),), ended=False)
    assert [each.done for each in reviews(None, "month", known, ends=None)] == [True, False, False]


PAUSES = [
    ("before it", Action(What.ITEM, 1, D("2026-12-14")), ("2026-12-15", "2027-01-14"), "2026-12-14", None),
    ("on its first day", Action(What.ITEM, 1, D("2026-12-15")), ("2026-12-15", "2027-01-14"), "2027-01-15", None),
    ("on its last day", Action(What.PAYMENT, 1, D("2027-01-14")), ("2026-12-15", "2027-01-14"), "2027-01-15", None),
    ("after it", Action(What.ITEM, 1, D("2027-01-15")), ("2026-12-15", "2027-01-14"), "2027-01-15", None),
    ("over a leap day", Action(What.ITEM, 1, D("2028-02-20")), ("2028-02-01", "2028-02-28"), "2028-02-29", None),
    ("with no end yet", Action(What.ITEM, 1, D("2027-03-01")), ("2026-12-15", None), "2027-03-01", Hold.PAUSE),
    (
        "one of many times",
        Action(What.TIME, 3, D("2027-01-02")),
        ("2026-12-15", "2027-01-14"),
        "2027-01-02",
        Hold.PAUSE,
    ),
    (
        "done already",
        Action(What.ITEM, 1, D("2026-12-20"), done=True),
        ("2026-12-15", "2027-01-14"),
        "2026-12-20",
        None,
    ),
]


@pytest.mark.parametrize(
    ("action", "pause", "due", "hold"), [row[1:] for row in PAUSES], ids=[row[0] for row in PAUSES]
)
def test_what_falls_into_a_pause(action, pause, due, hold):
    after = paused(action, [(D(pause[0]), D(pause[1]) if pause[1] else None)])
    assert (after.due.isoformat(), after.hold) == (due, hold)


def test_a_moved_day_still_tells_the_day_that_was_agreed():
    after = paused(Action(What.ITEM, 1, D("2026-12-20")), [(D("2026-12-15"), D("2027-01-14"))])
    assert (after.due, after.agreed) == (D("2027-01-15"), D("2026-12-20"))


def test_a_pause_of_one_item_leaves_the_others_alone():
    pause = Paused(D("2026-12-15"), "facilitator-1", items=("b",))
    assert (pauses_of([pause], "a"), pauses_of([pause], "b")) == ([], [(D("2026-12-15"), None)])


def test_a_pause_ends_on_the_day_before_it_is_over():
    entries = [Paused(D("2026-12-15"), "facilitator-1"), Resumed(D("2027-01-15"), "facilitator-1")]
    assert pauses_of(entries, None) == [(D("2026-12-15"), D("2027-01-14"))]


def look(text, zone=LONDON):
    return Look(datetime.fromisoformat(text), zone)


MOMENTS = [
    # the clocks: summer time begins on 28 March 2027 at 01:00 UTC, and ends on 31 October 2027 at 01:00 UTC
    ("in winter until midnight", ByDate(D("2026-11-27")), "2026-11-27T23:59:59+00:00", State.DUE),
    ("in winter after midnight", ByDate(D("2026-11-27")), "2026-11-28T00:00:00+00:00", State.OVERDUE),
    ("in summer midnight is 23:00 UTC", ByDate(D("2027-06-18")), "2027-06-18T22:59:59+00:00", State.DUE),
    ("in summer after midnight", ByDate(D("2027-06-18")), "2027-06-18T23:00:00+00:00", State.OVERDUE),
    ("the day of 23 hours", ByDate(D("2027-03-28")), "2027-03-28T22:59:59+00:00", State.DUE),
    ("after the day of 23 hours", ByDate(D("2027-03-28")), "2027-03-28T23:00:00+00:00", State.OVERDUE),
    ("the day of 25 hours", ByDate(D("2027-10-31")), "2027-10-31T23:59:59+00:00", State.DUE),
    ("an hour that is left out", ByDate(D("2027-03-28"), time(1, 30)), "2027-03-28T01:29:00+00:00", State.DUE),
    (
        "after an hour that is left out",
        ByDate(D("2027-03-28"), time(1, 30)),
        "2027-03-28T01:30:00+00:00",
        State.OVERDUE,
    ),
    ("an hour that comes twice", ByDate(D("2027-10-31"), time(1, 30)), "2027-10-31T00:29:00+00:00", State.DUE),
    ("after the first of two", ByDate(D("2027-10-31"), time(1, 30)), "2027-10-31T00:30:00+00:00", State.OVERDUE),
    ("an hour in summer", ByDate(D("2027-06-18"), time(12, 30)), "2027-06-18T11:29:00+00:00", State.DUE),
    ("after an hour in summer", ByDate(D("2027-06-18"), time(12, 30)), "2027-06-18T11:30:00+00:00", State.OVERDUE),
    (
        "a fallback day that has passed",
        ByEvent("e", latest=D("2027-04-30")),
        "2027-05-01T12:00:00+00:00",
        State.OVERDUE,
    ),
    ("an event still waited for", ByEvent("e", latest=D("2027-04-30")), "2027-04-01T12:00:00+00:00", State.WAITING),
    ("15 days before", ByDate(D("2026-12-16")), "2026-12-01T12:00:00+00:00", State.OPEN),
    ("14 days before", ByDate(D("2026-12-15")), "2026-12-01T12:00:00+00:00", State.DUE),
]


@pytest.mark.parametrize(("when", "now", "state"), [row[1:] for row in MOMENTS], ids=[row[0] for row in MOMENTS])
def test_a_day_is_over_when_it_is_over_where_the_service_is(when, now, state):
    [action] = expand(when, Known(MET, None, (), ended=False))
    assert state_of(action, look(now)) is state


@pytest.mark.parametrize(
    ("zone", "state"),
    [("Europe/London", State.DUE), ("Asia/Kolkata", State.OVERDUE), ("America/Vancouver", State.DUE)],
)
def test_one_moment_is_another_day_elsewhere(zone, state):
    seen = look("2026-11-27T20:00:00+00:00", ZoneInfo(zone))
    assert state_of(Action(What.ITEM, 1, D("2026-11-27")), seen) is state


def test_nothing_is_overdue_while_it_is_paused():
    action = Action(What.ITEM, 1, D("2026-11-27"), hold=Hold.PAUSE)
    assert state_of(action, look("2027-05-01T12:00:00+00:00")) is State.PAUSED


def test_an_event_after_the_latest_day_asks_for_a_new_day():
    known = Known(MET, None, (happened("2027-06-02"),), ended=False)
    [action] = expand(ByEvent("e", latest=D("2027-04-30")), known)
    assert "agree on a new day" in action.note


@pytest.mark.parametrize("words", ["3 Months", "three months", "92 days", " 3 months "])
def test_a_length_of_time_is_understood_in_figures_and_in_words(words):
    assert later(D("2027-01-01"), words) in {D("2027-04-01"), D("2027-04-03")}


def test_the_moment_of_a_day_without_an_hour_is_its_end():
    assert moment(D("2027-03-28"), None, LONDON) == datetime.fromisoformat("2027-03-28T23:00:00+00:00")
