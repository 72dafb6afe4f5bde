"""Promises kept again and again: when the last time is."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.validation.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator


def has_one_end(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that something recurring ends on a day or after a number of times; if both are given, they agree."""
    for nth, item in enumerate(record.get("items", [])):
        times = item.get("when", {}).get("recurring")
        if times is None:
            continue
        path = ("items", nth, "when", "recurring")
        if "until" not in times and "count" not in times:
            do = 'Add "until" or "count"; for something with no end write {"ongoing": true} with a review.'
            yield Fault(path, "It is not said when this ends.", do)
        elif times.get("until", times["from"]) < times["from"]:
            yield Fault((*path, "until"), "The last day is before the first.", "Correct the one that is wrong.")
        elif "until" in times and "count" in times and not _agree(times):
            what = "The last day and the number of times do not agree."
            yield Fault((*path, "count"), what, "Leave one of the two out, or correct the one that is wrong.")


def last_day(times: dict[str, Any]) -> date:
    """Return the day of the last time, for a recurring promise with a count; date.max if no calendar has it."""
    return _nth_day(times, times["count"] - 1)


def _agree(times: dict[str, Any]) -> bool:
    until = date.fromisoformat(times["until"])
    return last_day(times) <= until < _nth_day(times, times["count"])


def _nth_day(times: dict[str, Any], steps: int) -> date:
    first = date.fromisoformat(times["from"])
    steps *= times.get("interval", 1)
    try:
        match times["every"]:
            case "day":
                return first + timedelta(days=steps)
            case "week":
                return first + timedelta(weeks=steps)
            case "month":
                return _months_later(first, steps)
            case _:
                return _months_later(first, 12 * steps)
    except (OverflowError, ValueError):  # beyond the year 9999
        return date.max


def _months_later(first: date, months: int) -> date:
    """Return the same day of a later month, or its last day where the month is shorter."""
    years, month = divmod(first.month - 1 + months, 12)
    year = first.year + years
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
