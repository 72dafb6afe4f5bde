"""Dates in order, and weekdays that agree."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline.records.rules.places import found_at, text_at
from pipeline.records.rules.recurring import last_day
from pipeline.validation.fault import Fault, Path

if TYPE_CHECKING:
    from collections.abc import Iterator

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_WRITTEN_DATE = re.compile(
    rf"\b({'|'.join(WEEKDAYS)}),?\s+([0-9]{{1,2}})(?:st|nd|rd|th)?\s+({'|'.join(MONTHS)}),?\s+([0-9]{{4}})\b",
    re.IGNORECASE,
)

READS = ("meeting_dates", "read_back", "review_date", "period_ends", "items", "payments", "retention")

_NOT_BEFORE: tuple[Path, ...] = (
    ("read_back", "on"),
    ("review_date",),
    ("period_ends",),
    ("items", "*", "when", "date"),
    ("items", "*", "when", "earliest"),
    ("items", "*", "when", "latest"),
    ("items", "*", "when", "recurring", "from"),
    ("items", "*", "when", "recurring", "until"),
    ("items", "*", "when", "review_on"),
    ("items", "*", "when", "ends"),
    ("items", "*", "first_step", "date"),
    ("payments", "*", "schedule", "*", "due"),
    ("retention", "delete_after"),
)

_NOT_AFTER: tuple[Path, ...] = (
    ("items", "*", "when", "date"),
    ("items", "*", "when", "earliest"),
    ("items", "*", "when", "latest"),
    ("items", "*", "when", "recurring", "from"),
    ("items", "*", "when", "recurring", "until"),
    ("items", "*", "when", "ends"),
    ("items", "*", "first_step", "date"),
    ("payments", "*", "schedule", "*", "due"),
)

_WEEKDAYS_OF: tuple[tuple[Path, str], ...] = (
    (("items", "*", "when", "weekday"), "date"),
    (("items", "*", "when", "recurring", "weekday"), "from"),
    (("payments", "*", "schedule", "*", "weekday"), "due"),
)


def meetings_are_in_order(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that the days of the meeting stand in order."""
    for nth, (before, day) in enumerate(pairwise(record["meeting_dates"]), 1):
        if day < before:
            yield Fault(("meeting_dates", nth), "This day is earlier than the one above it.", "Put the days in order.")


def nothing_is_before_the_meeting(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that nothing that was agreed lies before the (first) meeting."""
    first = min(record["meeting_dates"])
    for place in _NOT_BEFORE:
        for path, day in found_at(record, place):
            if day < first:
                what = "This day is before the first day of the meeting."
                yield Fault(path, what, "Correct the day, often the year, or the day of the meeting.")


def done_on_a_meeting_day(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that what was done at the meeting was done on a day of the meeting."""
    for path, day in found_at(record, ("items", "*", "when", "done_at_meeting")):
        if day not in record["meeting_dates"]:
            yield Fault(path, "There was no meeting on this day.", "Write one of the days under meeting_dates.")


def earliest_comes_before_latest(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that the fallback of an event does not lie before the earliest day."""
    for nth, item in enumerate(record.get("items", [])):
        when = item.get("when", {})
        if {"earliest", "latest"} <= when.keys() and when["latest"] < when["earliest"]:
            path = ("items", nth, "when", "latest")
            yield Fault(path, 'This day is before "earliest".', "Correct the one that is wrong.")


def weekdays_agree(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that a weekday, where the meeting named it, is the weekday of the date."""
    for place, beside in _WEEKDAYS_OF:
        for path, weekday in found_at(record, place):
            day = text_at(record, (*path[:-1], beside))
            if WEEKDAYS[date.fromisoformat(day).weekday()] != weekday:
                what = f'Weekday and date ("{beside}") do not agree.'
                yield Fault(path, what, "Look in a calendar, ask which was meant, and correct the other.")


def written_weekdays_agree(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that a date written out in the words of a row, such as "Friday 27 November 2026", exists and is that day.

    The agreed words are what people keep: a wrong weekday there sends somebody on the wrong day.
    """
    for path, text in _written(record.get("items", []), ("items",)):
        for weekday, day, month, year in _WRITTEN_DATE.findall(text):
            try:
                meant = date(int(year), MONTHS.index(month.capitalize()) + 1, int(day))
            except ValueError:
                what = "A date in these words is in no calendar."
            else:
                if WEEKDAYS[meant.weekday()] == weekday.capitalize():
                    continue
                what = "A weekday and a date in these words do not agree."
            yield Fault(path, what, "Look in a calendar, ask which was meant, and correct the other.")


def _written(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _written(each, (*path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _written(each, (*path, index))


def nothing_is_after_the_period(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that no promise lasts longer than the period for completing the plan."""
    if "period_ends" not in record:
        return
    what = "This is later than the end of the period (period_ends)."
    do = "Correct the day, or the end of the period if the law allows a longer one."
    for place in _NOT_AFTER:
        for path, day in found_at(record, place):
            if day > record["period_ends"]:
                yield Fault(path, what, do)
    for nth, item in enumerate(record.get("items", [])):
        times = item.get("when", {}).get("recurring", {})
        if "count" in times and "until" not in times and last_day(times) > date.fromisoformat(record["period_ends"]):
            yield Fault(("items", nth, "when", "recurring", "count"), what, do)
