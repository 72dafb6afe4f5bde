"""From what was agreed about the time, and what has happened since, to the days on which something is to be done.

One small function for each of the seven forms of a deadline (docs/field.md). Agreed days are never moved, except by a
pause; what happened late is said beside the agreed day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pipeline.follow_up.model import Action, Answered, Asked, Entry, Happened, Hold, Paused, Progress, Resumed, What
from pipeline.follow_up.steps import days_after, later, stepped
from pipeline.records.model import (
    ByDate,
    ByEvent,
    Conditional,
    Deadline,
    DoneAtMeeting,
    NoDeadline,
    Ongoing,
    Recurring,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.records.model import Payment

MOST_TIMES: Final = 1000
_REVIEWED_FOR: Final = 10 * 366  # days: after that somebody must have decided what becomes of it
_COUNTED_TIMES: Final = frozenset({"times", "sessions"})


@dataclass(frozen=True, slots=True)
class Known:
    """What the journal says of one item, and the first day of the meeting, from which reviews are counted."""

    met: date
    period_ends: date | None
    entries: tuple[Entry, ...]
    ended: bool

    @property
    def progress(self) -> tuple[Progress, ...]:
        """Return the entries on how it stands."""
        return tuple(entry for entry in self.entries if isinstance(entry, Progress))

    def _of(self, kind: type[Happened | Asked]) -> Iterator[Happened | Asked]:
        return (entry for entry in self.entries if isinstance(entry, (Happened, Asked)) and isinstance(entry, kind))

    def last_day(self, kind: type[Happened | Asked]) -> date | None:
        """Return the day recorded last of an event or an asking, so that a mistake can be put right."""
        days = [entry.happened if isinstance(entry, Happened) else entry.asked for entry in self._of(kind)]
        return days[-1] if days else None


def expand(when: Deadline | None, known: Known) -> Iterator[Action]:
    """Yield the actions of one deadline, in the order of their days."""
    match when:
        case ByDate():
            yield Action(What.ITEM, 1, when.day, when.at, done=known.ended)
        case ByEvent():
            yield _by_event(when, known)
        case Recurring():
            yield from _recurring(when, known)
        case Ongoing():
            yield from _ongoing(when, known)
        case Conditional():
            yield from _conditional(when, known)
        case NoDeadline():
            yield Action(What.ITEM, 1, None, done=known.ended)
        case DoneAtMeeting() | None:
            return


def expand_times(when: Recurring) -> Iterator[date]:
    """Yield the days of something recurring."""
    most = min(when.count or MOST_TIMES, MOST_TIMES)
    return stepped(when.first, when.every, interval=when.interval, until=when.until, most=most)


def first_step(day: date | None, known: Known) -> Iterator[Action]:
    """Yield the first step of an item; anything recorded of the item but "not started" says that it was taken."""
    if day is not None:
        taken = known.ended or any(entry.status != "not_started" for entry in known.progress)
        yield Action(What.FIRST_STEP, 1, day, done=taken)


def instalments(payment: Payment, received: Decimal, *, ended: bool) -> Iterator[Action]:
    """Yield the payments of a schedule; money that arrived pays them in the order of their days."""
    left = received
    for nth, part in enumerate(payment.schedule, start=1):
        paid = min(left, part.amount)
        left -= paid
        done = ended or paid == part.amount
        yield Action(What.PAYMENT, nth, part.due, done=done, expected=part.amount, paid=paid)


def reviews(first: date | None, every: str | None, known: Known, *, ends: date | None) -> Iterator[Action]:
    """Yield the reviews of an item. One was held if something was recorded of the item on its day or later."""
    begun = first or (next(iter(list(stepped(known.met, every, until=None, most=2))[1:]), None) if every else None)
    if begun is None:
        return
    last = min(day for day in (ends, known.period_ends, days_after(begun, _REVIEWED_FOR)) if day is not None)
    days = stepped(begun, every, until=last, most=MOST_TIMES) if every else iter((begun,))
    held = max((entry.on for entry in known.progress), default=date.min)
    for nth, day in enumerate(days, start=1):
        yield Action(What.REVIEW, nth, day, done=known.ended or day <= held)


def paused(action: Action, pauses: Sequence[tuple[date, date | None]]) -> Action:
    """Return the action with what a pause does to it.

    What falls into a pause is due on the day after it, or held while its end is not known. A time of something
    recurring is not caught up: it is left out.
    """
    for first, last in pauses:
        if action.done or action.due is None or action.due < first or (last is not None and action.due > last):
            continue
        if last is None or action.what is What.TIME:
            return replace(action, hold=Hold.PAUSE)
        agreed = action.agreed or action.due
        note = "The agreed day fell into a pause."
        action = replace(action, due=days_after(last, 1), at=None, agreed=agreed, note=note)
    return action


def pauses_of(entries: Iterable[Entry], item: str | None) -> list[tuple[date, date | None]]:
    """Return the pauses that an item is in (None: the whole agreement), each with its last day if it is known."""
    pauses: list[tuple[Paused, date | None]] = []
    for entry in entries:
        if isinstance(entry, Paused):
            pauses.append((entry, entry.until))
        elif isinstance(entry, Resumed):
            over = days_after(entry.resumed, -1)
            pauses = [(pause, over if last is None or last > over else last) for pause, last in pauses]
    meant = [(pause.pause_from, last) for pause, last in pauses if not pause.items or item in pause.items]
    return sorted(meant, key=lambda each: each[0])


def _by_event(when: ByEvent, known: Known) -> Action:
    happened = known.last_day(Happened)
    if happened is None:
        hold = None if known.ended else Hold.EVENT
        return Action(What.ITEM, 1, when.latest, done=known.ended, hold=hold)
    due = later(happened, when.within) if when.within else happened
    note = None
    if due is None:
        note = "The time after the event is in words that the program does not know: work out the day yourself."
    elif when.earliest is not None and due < when.earliest:
        due = when.earliest
    if when.latest is not None and (due is None or due > when.latest):
        due = when.latest
        if happened > when.latest:
            note = "The event came after the latest day that was agreed: agree on a new day (agreements amend)."
    return Action(What.ITEM, 1, due, done=known.ended, note=note)


def _recurring(when: Recurring, known: Known) -> Iterator[Action]:
    ended_days = {entry.of_day for entry in known.progress if entry.of_day and entry.status not in _STILL_OPEN}
    counted = [entry.so_far or 0 for entry in known.progress if entry.unit in _COUNTED_TIMES]
    done_times = max(counted, default=0)
    for nth, day in enumerate(expand_times(when), start=1):
        yield Action(What.TIME, nth, day, when.at, done=known.ended or day in ended_days or nth <= done_times)


_STILL_OPEN: Final = frozenset({"not_started", "under_way", "partly_done"})


def _ongoing(when: Ongoing, known: Known) -> Iterator[Action]:
    found = list(reviews(when.review_on, when.review_every, known, ends=None))
    yield from found or [Action(What.ITEM, 1, None, done=known.ended)]


def _conditional(when: Conditional, known: Known) -> Iterator[Action]:
    asked = known.last_day(Asked)
    if asked is None:
        yield Action(What.ITEM, 1, None, done=known.ended, hold=None if known.ended else Hold.CONDITION)
    else:
        answered = any(isinstance(entry, Answered) and entry.on >= asked for entry in known.entries)
        if when.answer_within_days is not None:
            due = days_after(asked, when.answer_within_days)
            yield Action(What.ANSWER, 1, due, done=known.ended or answered)
        if answered or when.answer_within_days is None:
            yield Action(What.ITEM, 1, None, done=known.ended)
    yield from reviews(None, when.review_every, known, ends=when.ends)
