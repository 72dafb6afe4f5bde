"""When an agreement may go, and what holds it back: pure rules over facts, events and a day.

Sources differ on how long (docs/field.md, "Keeping and sharing"), so every number comes from the record or from
agreements.toml. In doubt the rules keep: what was deleted too early cannot be brought back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.archive.model import ENDS, Event, Facts, What

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.service.model import KeepingTime


class Stage(StrEnum):
    """Where an agreement stands on a day."""

    RUNNING = "time has not begun"
    KEPT = "kept"
    HELD = "held back"
    MAY_GO = "may go"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where an agreement stands: the last day of its time of keeping, where it is known, and why it stays.

    `reasons` are sentences without anything of the record; empty where it may go.
    """

    stage: Stage
    keep_until: date | None
    reasons: tuple[str, ...]


def decide(
    facts: Facts, events: Sequence[Event], keeping: KeepingTime, *, on: date, promises_open: bool | None = None
) -> Verdict:
    """Say where an agreement stands on a day; `events` are in the order in which they were recorded.

    `promises_open` is what the progress journal says: whether anything is still to be done; None where nobody knows,
    and then the days of the promises decide.

    The time of keeping runs to the end of its last day: it may go from the day after. The record's own years go
    before those of agreements.toml.
    """
    unknown, days = _time(facts, events, keeping)
    holds = _holds(facts, events, on, promises_open=promises_open)
    if unknown:
        return Verdict(Stage.RUNNING, None, (*unknown, *holds))
    keep_until = max(days)
    if on <= keep_until:
        return Verdict(Stage.KEPT, keep_until, (f"It is kept until {keep_until.isoformat()}.", *holds))
    return Verdict(Stage.HELD if holds else Stage.MAY_GO, keep_until, holds)


def end_of(facts: Facts, events: Sequence[Event]) -> Event | None:
    """Return the end from which the time runs, None while there is none.

    The end that the record names counts before any other. Where it names the completion or a withdrawal, and the
    agreement ended in another way, the time runs from that. Where it names the closing of the file, only that counts.
    Of two of a kind the one recorded last stands; what was recorded before a reopening counts no more.
    """
    ended: dict[What, Event] = {}
    for event in events:
        if event.what is What.REOPENED:
            ended.clear()
        elif event.what in ENDS:
            ended[event.what] = event
    named = ended.get(What(facts.start)) if facts.start != "age" else None
    if named is not None or facts.start == What.CLOSED:
        return named
    return max(ended.values(), key=lambda event: event.on, default=None)


def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _time(facts: Facts, events: Sequence[Event], keeping: KeepingTime) -> tuple[tuple[str, ...], tuple[date, ...]]:
    """Return what is not known yet, and every day until which the rules keep it."""
    of_age = _latest(events, What.REACHES_AGE)
    unknown: list[str] = []
    days = [] if facts.delete_after is None else [facts.delete_after]
    if facts.start == "age":
        if of_age is not None:
            days.append(years_after(of_age, facts.years or 0))
    else:
        years = facts.years if facts.years is not None or days else keeping.years
        end = end_of(facts, events)
        if years is not None and end is None:
            unknown.append("Nobody has recorded its end (agreements archive event REF completed --on DATE).")
        elif years is not None and end is not None:
            days.append(years_after(end.on, years))
    by_age = facts.start == "age" or (facts.child and keeping.until_age is not None)
    if by_age and of_age is not None:
        days.append(of_age)
    elif by_age:
        unknown.append(
            "It is kept until the youngest reaches an age, and nobody has recorded the year "
            "(agreements archive event REF reaches-age --on DATE)."
        )
    return tuple(unknown), tuple(days)


def _holds(facts: Facts, events: Sequence[Event], on: date, *, promises_open: bool | None) -> tuple[str, ...]:
    promises = _promises(facts, events, on, promises_open=promises_open)
    return (*_legal_holds(facts, events), *_wishes(facts, events, on), *promises)


def _legal_holds(facts: Facts, events: Sequence[Event]) -> tuple[str, ...]:
    in_events = next((event.what for event in reversed(events) if event.what in {What.HOLD, What.RELEASE}), None)
    in_record = ("A legal hold stands in the record.",) if facts.legal_hold else ()
    return (*in_record, *(("A legal hold was recorded.",) if in_events is What.HOLD else ()))


def _wishes(facts: Facts, events: Sequence[Event], on: date) -> tuple[str, ...]:
    wishes = [day for day in (facts.keep_longer_until, _latest(events, What.KEEP_LONGER)) if day is not None]
    until = max(wishes, default=None)
    return () if until is None or on > until else (f"Somebody wishes it kept until {until.isoformat()}.",)


def _promises(facts: Facts, events: Sequence[Event], on: date, *, promises_open: bool | None) -> tuple[str, ...]:
    if facts.promises == "hand_over" or any(event.what is What.PROMISES_SETTLED for event in events):
        return ()
    if promises_open is not None:
        return ("A promise is still open: agreements actions list says which.",) if promises_open else ()
    if facts.open_ended and facts.promises is None:
        return ("A promise has no end, and nobody has decided what becomes of it.",)
    days = [day for day in (facts.promises_until, facts.last_promise_on) if day is not None]
    last = max(days, default=None)
    return () if last is None or on > last else (f"A promise is open until {last.isoformat()}.",)


def _latest(events: Sequence[Event], what: What) -> date | None:
    """Return the day recorded last, so that a mistake can be put right by recording it again."""
    return next((event.on for event in reversed(events) if event.what is what), None)
