"""The seven forms of a deadline in the words of a language, for a cell under "By when".

The words begin in lower case where they can stand inside a sentence; a template writes `| capitalize` where
they begin one. What the record says in words of its own (an event, a condition) is printed as it stands. Each phrase
is whole, so that a language may order its parts as it likes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2.exceptions import TemplateRuntimeError

from pipeline.languages import wording
from pipeline.languages.catalogue import Phrases, phrases

_EVERY: Final = {
    "day": "every day",
    "week": "every week",
    "month": "every month",
    "three_months": "every three months",
    "six_months": "every six months",
    "year": "every year",
}
_EVERY_SECOND: Final = {
    "day": "every second day",
    "week": "every second week",
    "month": "every second month",
    "year": "every second year",
}
_EVERY_NTH: Final = {
    "day": ("every day", "every {number} days"),
    "week": ("every week", "every {number} weeks"),
    "month": ("every month", "every {number} months"),
    "year": ("every year", "every {number} years"),
}
_TIMES: Final = {1: "once", 2: "twice"}


@dataclass(frozen=True, slots=True)
class _In:
    """A language: its phrases, and how it words a day and a time."""

    phrases: Phrases
    language: str
    day: Callable[[str], str]

    def time(self, text: str) -> str:
        return wording.time_words(dt.time.fromisoformat(text), self.language)

    def say(self, phrase: str, **values: object) -> str:
        return self.phrases.say(phrase, **values)


def words(when: Mapping[str, Any], *, day: Callable[[str], str], language: str) -> str:
    """Word one `when`; `day` words an ISO date. Which form it is shows in the one key that has a value."""
    for key, form in _FORMS.items():
        if when.get(key) is not None:
            return form(when, _In(phrases(language), language, day))
    raise TemplateRuntimeError("'date' wants a day, or the when of an item")


def _by_date(when: Mapping[str, Any], said: _In) -> str:
    day, at = said.day(when["date"]), when.get("time")
    return said.say("{day} at {time}", day=day, time=said.time(at)) if at else day


def _by_event(when: Mapping[str, Any], said: _In) -> str:
    within, earliest, latest = when.get("within"), when.get("earliest"), when.get("latest")
    if within:
        text = said.say("within {time} of {event}", time=within, event=when["event"])
    else:
        text = said.say("by {event}", event=when["event"])
    bounds = [said.say("not before {day}", day=said.day(earliest))] if earliest else []
    bounds += [said.say("at the latest {day}", day=said.day(latest))] if latest else []
    if not bounds:
        return text
    both = said.say("{first} and {second}", first=bounds[0], second=bounds[1]) if len(bounds) > 1 else bounds[0]
    return said.say("{first}, {second}", first=text, second=both)


def _recurring(when: Mapping[str, Any], said: _In) -> str:
    rule = when["recurring"]
    at, first, until, count = (rule.get(key) for key in ("time", "from", "until", "count"))
    text = _step(rule, said)
    text = said.say("{day} at {time}", day=text, time=said.time(at)) if at else text
    text = said.say("{what} from {day}", what=text, day=said.day(first)) if first else text
    text = said.say("{what} to {day}", what=text, day=said.day(until)) if until else text
    if not count:
        return text
    times = said.say(_TIMES[count]) if count in _TIMES else said.phrases.count("once", "{number} times", count)
    return said.say("{first}, {second}", first=text, second=times)


def _step(rule: Mapping[str, Any], said: _In) -> str:
    every, interval, weekday = rule["every"], rule.get("interval") or 1, _weekday(rule, said)
    if interval == 1:
        return said.say("every {weekday}", weekday=weekday) if weekday else said.say(_EVERY[every])
    if interval == 2:
        return said.say("every second {weekday}", weekday=weekday) if weekday else said.say(_EVERY_SECOND[every])
    step = said.phrases.count(*_EVERY_NTH[every], interval)
    return said.say("{every} on {weekday}", every=step, weekday=weekday) if weekday else step


def _weekday(rule: Mapping[str, Any], said: _In) -> str | None:
    if rule["every"] != "week":
        return None
    if rule.get("weekday"):
        return wording.weekday_words(_WEEKDAYS.index(rule["weekday"]), said.language)
    if rule.get("from"):
        return wording.weekday_words(dt.date.fromisoformat(rule["from"]).weekday(), said.language)
    return None


def _ongoing(when: Mapping[str, Any], said: _In) -> str:
    on, every = when.get("review_on"), when.get("review_every")
    if on and every:
        return said.say(
            "from now on; we ask on {day} and then {every}", day=said.day(on), every=said.say(_EVERY[every])
        )
    if on:
        return said.say("from now on; we ask on {day}", day=said.day(on))
    if every:
        return said.say("from now on; we ask {every}", every=said.say(_EVERY[every]))
    return said.say("from now on")


def _conditional(when: Mapping[str, Any], said: _In) -> str:
    through, days = when.get("through"), when.get("answer_within_days")
    every, ends = when.get("review_every"), when.get("ends")
    text = said.say("if {condition}", condition=when["if"])
    text = said.say("{what}, through {whom}", what=text, whom=through) if through else text
    more = [said.phrases.count("an answer within {number} day", "an answer within {number} days", days)] if days else []
    more += [said.say("asked again {every}", every=said.say(_EVERY[every]))] if every else []
    more += [said.say("until {day}", day=said.day(ends))] if ends else []
    for part in more:
        text = said.say("{first}; {second}", first=text, second=part)
    return text


def _done(when: Mapping[str, Any], said: _In) -> str:
    return said.say("done at the meeting on {day}", day=said.day(when["done_at_meeting"]))


def _none(_when: Mapping[str, Any], said: _In) -> str:
    return said.say("no date was set")


_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FORMS: Final[Mapping[str, Callable[[Mapping[str, Any], _In], str]]] = {
    "date": _by_date,
    "event": _by_event,
    "recurring": _recurring,
    "ongoing": _ongoing,
    "if": _conditional,
    "done_at_meeting": _done,
    "none": _none,
}
