"""What is to be done, seen on one day: open, due, overdue, waiting, not called on, paused; and money to the penny."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.follow_up.model import Action, Hold, Status, What
from pipeline.follow_up.steps import days_after, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from pipeline.follow_up.rows import Listed, Row


class State(StrEnum):
    """How an action stands on a day."""

    OVERDUE = "overdue"
    DUE = "due"
    OPEN = "open"
    WAITING = "waiting_for_event"
    NOT_CALLED_ON = "not_called_on"
    PAUSED = "paused"
    LAPSED = "lapsed"
    ENDED = "ended"


_OF_HOLD = {Hold.EVENT: State.WAITING, Hold.CONDITION: State.NOT_CALLED_ON, Hold.PAUSE: State.PAUSED}
_RELEASED = frozenset({Status.WITHDRAWN, Status.CHANGED, Status.NOT_DONE_EXCUSED})


@dataclass(frozen=True, slots=True)
class Look:
    """From when one looks: the moment, the service's time zone, and how many days ahead count as due soon."""

    now: datetime
    zone: ZoneInfo
    within: timedelta = timedelta(days=14)

    @property
    def today(self) -> date:
        """Return the day it is where the service is."""
        return self.now.astimezone(self.zone).date()

    @property
    def until(self) -> date:
        """Return the last day that counts as due soon."""
        return days_after(self.today, self.within.days)


@dataclass(frozen=True, slots=True)
class Seen:
    """A row as it stands on the day: its state, and the status of its item (None: the whole agreement)."""

    row: Row
    state: State
    status: Status | None

    @property
    def without_checker(self) -> bool:
        """Say whether nobody is there to check something that is still to be done."""
        return self.row.item is not None and self.row.checker is None and self.state is not State.ENDED


@dataclass(frozen=True, slots=True)
class Sums:
    """The money of one currency: expected by a day, received, outstanding of what was expected, and agreed in all."""

    currency: str
    expected: Decimal
    received: Decimal
    outstanding: Decimal
    total: Decimal


def see(rows: Sequence[Row], look: Look) -> Iterator[Seen]:
    """Yield the rows of one agreement as they stand.

    Of the reviews of an item whose day has come only the newest is asked for, and of those to come the next.
    """
    today = look.today
    left_out = _other_reviews(rows, today)
    for row in rows:
        if left_out and (row.item, row.action.what, row.action.nth) in left_out:
            continue
        state, status = state_of(row.action, look), row.status
        if row.lapses_after is not None and row.lapses_after < today:
            state = State.LAPSED if state is State.NOT_CALLED_ON else state
            status = Status.LAPSED if status is Status.NOT_CALLED_ON else status
        yield Seen(row, state, status)


def state_of(action: Action, look: Look) -> State:
    """Say how an action stands: in time until the end of its day, or until its hour, where the service is."""
    if action.done:
        return State.ENDED
    if action.hold is Hold.PAUSE:
        return State.PAUSED
    if action.due is not None and moment(action.due, action.at, look.zone) <= look.now:
        return State.OVERDUE
    if action.hold is not None:
        return _OF_HOLD[action.hold]
    if action.due is not None and action.due <= look.until:
        return State.DUE
    return State.OPEN


def sums(agreements: Iterable[Listed], look: Look) -> tuple[Sums, ...]:
    """Return the money of each currency up to today: what was expected, what arrived, what is outstanding of it."""
    found: defaultdict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    for agreement in agreements:
        for row in agreement.rows:
            if row.currency is not None and row.action.what is What.PAYMENT and _is_expected(row.action, look):
                expected, paid = row.action.expected or Decimal(0), row.action.paid or Decimal(0)
                _add(
                    found[row.currency],
                    expected,
                    Decimal(0),
                    Decimal(0) if row.status in _RELEASED else expected - paid,
                )
        for money in agreement.money:
            _add(found[money.currency], Decimal(0), money.received, Decimal(0), money.total)
    return tuple(Sums(currency, *values) for currency, values in sorted(found.items()))


def _add(to: list[Decimal], *values: Decimal) -> None:
    for place, value in enumerate(values):
        to[place] += value


def _other_reviews(rows: Sequence[Row], today: date) -> frozenset[tuple[str | None, What, int]]:
    """Return the reviews before the newest whose day has come, and those after the next one."""
    passed: defaultdict[str | None, list[int]] = defaultdict(list)
    coming: defaultdict[str | None, list[int]] = defaultdict(list)
    for row in rows:
        action = row.action
        if action.what is What.REVIEW and not action.done:
            has_come = action.due is not None and action.due <= today
            (passed if has_come else coming)[row.item].append(action.nth)
    others = [(item, nth) for item, each in passed.items() for nth in each[:-1]]
    others += [(item, nth) for item, each in coming.items() for nth in each[1:]]
    return frozenset((item, What.REVIEW, nth) for item, nth in others)


def _is_expected(action: Action, look: Look) -> bool:
    return action.due is not None and action.due <= look.today and action.hold is None
