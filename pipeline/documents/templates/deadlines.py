"""The seven forms of a deadline in plain English words, for a cell under "By when".

The words begin in lower case where they can stand inside a sentence; a template writes `| capitalize` where
they begin one. What the record says in words of its own (an event, a condition) is printed as it stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from jinja2.exceptions import TemplateRuntimeError

YES: Final = "yes"
NO: Final = "no"

_EVERY: Final = {
    "week": "every week",
    "month": "every month",
    "three_months": "every three months",
    "six_months": "every six months",
    "year": "every year",
}
_NUMBERS: Final = {1: "once", 2: "twice"}

Day = Callable[[str], str]


def words(when: Mapping[str, Any], *, day: Day) -> str:
    """Word one `when`; `day` words an ISO date. Which form it is shows in the one key that has a value."""
    for key, form in _FORMS.items():
        if when.get(key) is not None:
            return form(when, day)
    raise TemplateRuntimeError("'date' wants a day, or the when of an item")


def _by_date(when: Mapping[str, Any], day: Day) -> str:
    at = when.get("time")
    return day(when["date"]) + (f" at {_clock(at)}" if at else "")


def _by_event(when: Mapping[str, Any], day: Day) -> str:
    within, earliest, latest = when.get("within"), when.get("earliest"), when.get("latest")
    text = f"within {within} of {when['event']}" if within else f"by {when['event']}"
    bounds = [f"not before {day(earliest)}"] if earliest else []
    bounds += [f"at the latest {day(latest)}"] if latest else []
    return ", ".join([text, " and ".join(bounds)]) if bounds else text


def _recurring(when: Mapping[str, Any], day: Day) -> str:
    rule = when["recurring"]
    at, first, until, count = (rule.get(key) for key in ("time", "from", "until", "count"))
    text = _step(rule) + (f" at {_clock(at)}" if at else "")
    text += f" from {day(first)}" if first else ""
    text += f" to {day(until)}" if until else ""
    return f"{text}, {_NUMBERS.get(count, f'{count} times')}" if count else text


def _step(rule: Mapping[str, Any]) -> str:
    every, interval = rule["every"], rule.get("interval") or 1
    weekday = rule.get("weekday")
    if every == "week" and not weekday and rule.get("from"):
        weekday = _WEEKDAYS[dt.date.fromisoformat(rule["from"]).weekday()]
    unit = weekday if every == "week" and weekday else every
    if interval == 1:
        return f"every {unit}"
    if interval == 2:
        return f"every second {unit}"
    return f"every {interval} weeks on {weekday}" if every == "week" and weekday else f"every {interval} {every}s"


def _ongoing(when: Mapping[str, Any], day: Day) -> str:
    on, every = when.get("review_on"), when.get("review_every")
    times = [f"on {day(on)}"] if on else []
    times += [_EVERY[every]] if every else []
    return f"from now on; we ask {' and then '.join(times)}" if times else "from now on"


def _conditional(when: Mapping[str, Any], day: Day) -> str:
    through, days = when.get("through"), when.get("answer_within_days")
    every, ends = when.get("review_every"), when.get("ends")
    parts = [f"if {when['if']}" + (f", through {through}" if through else "")]
    parts += [f"an answer within {days} day{'' if days == 1 else 's'}"] if days else []
    parts += [f"asked again {_EVERY[every]}"] if every else []
    parts += [f"until {day(ends)}"] if ends else []
    return "; ".join(parts)


def _done(when: Mapping[str, Any], day: Day) -> str:
    return f"done at the meeting on {day(when['done_at_meeting'])}"


def _none(_when: Mapping[str, Any], _day: Day) -> str:
    return "no date was set"


def _clock(text: str) -> str:
    """Word "18:00" as "6pm" and "12:30" as "12.30pm": nobody has to count, and a line never breaks inside it."""
    hour, minute = int(text[:2]), text[3:5]
    if minute == "00" and hour in {0, 12}:
        return "midnight" if hour == 0 else "midday"
    return f"{hour % 12 or 12}{'' if minute == '00' else '.' + minute}{'am' if hour < 12 else 'pm'}"


_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FORMS: Final[Mapping[str, Callable[[Mapping[str, Any], Day], str]]] = {
    "date": _by_date,
    "event": _by_event,
    "recurring": _recurring,
    "ongoing": _ongoing,
    "if": _conditional,
    "done_at_meeting": _done,
    "none": _none,
}
