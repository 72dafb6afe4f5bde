"""The calendar's own arithmetic: steps in time, lengths of time in words, and the moment at which a day is over.

A step of months keeps the day of the month, or takes the last day of a month that is shorter: monthly from 31 January
is 28 or 29 February, and 31 March again (dateutil counts so; the record's own check of a last day does, too).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from dateutil.relativedelta import relativedelta

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

_STEPS: Final[Mapping[str, relativedelta]] = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "three_months": relativedelta(months=3),
    "six_months": relativedelta(months=6),
    "year": relativedelta(years=1),
}
_LAST: Final = date.max - timedelta(days=2)  # after it there is midnight in every time zone
_LENGTH: Final = re.compile(r"(\d{1,4}|[a-z]+) (calendar )?(day|week|fortnight|month|year)s?", re.IGNORECASE)
_IN_WORDS: Final = (
    *("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def days_after(day: date, days: int) -> date:
    """Return the day so many days later, earlier if negative; the calendar's last or first where there is none."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def nth(first: date, every: str, steps: int) -> date | None:
    """Return the day so many steps after the first, always counted from the first; None beyond any calendar."""
    try:
        return first + _STEPS[every] * steps
    except (ValueError, OverflowError):
        return None


def stepped(first: date, every: str, *, interval: int = 1, until: date | None, most: int) -> Iterator[date]:
    """Yield the first day and those that follow, at most so many, none after `until`."""
    for number in range(most):
        day = nth(first, every, number * interval)
        if day is None or (until is not None and day > until):
            return
        yield day


def later(day: date, length: str) -> date | None:
    """Return the day that lies a length of time in words after a day ("3 months"); None for other words."""
    found = _LENGTH.fullmatch(length.strip())
    if found is None:
        return None
    word, unit = found[1].casefold(), found[3].casefold()
    number = int(word) if word.isdigit() else _IN_WORDS.index(word) if word in _IN_WORDS else None
    if number is None:
        return None
    number = max(number, 1) if word in {"a", "one"} else number
    every, steps = ("week", 2 * number) if unit == "fortnight" else (unit, number)
    return nth(day, every, steps)


@lru_cache(maxsize=4096)
def moment(day: date, at: time | None, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, until which something of this day is in time: its hour, or the end of the day.

    An hour that the clocks leave out in spring counts as the one after it; of an hour that comes twice in autumn the
    first is meant. The last two days of the calendar have the moment of the day before them.
    """
    day = min(day, _LAST)
    local = datetime.combine(day + timedelta(days=1), time.min) if at is None else datetime.combine(day, at)
    return local.replace(tzinfo=zone).astimezone(UTC)
