"""What is to be done, seen on one day: open, due, overdue, waiting, not called on, paused; and money to the penny."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.follow_up.model import ENDED, Action, Followed, FollowUp, Hold, Status, What
from pipeline.follow_up.steps import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from holidays import HolidayBase


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


@dataclass(frozen=True, slots=True)
class Look:
    """From when one looks: the moment, the service's time zone, and the last day that counts as due soon.

    `region` is the country, or its part, whose bank holidays are noted: "GB" or "GB-SCT".
    """

    now: datetime
    zone: ZoneInfo
    region: str
    within: timedelta = timedelta(days=14)

    @property
    def today(self) -> date:
        """Return the day it is where the service is."""
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a view: an action, the item it belongs to (None: the whole agreement), and how it stands."""

    ref: str
    version: int
    item: str | None
    numbers: tuple[int, ...]
    kind: str | None
    owners: tuple[str, ...]
    checker: str | None
    status: Status | None
    action: Action
    state: State
    bank_holiday: str | None
    currency: str | None

    @property
    def without_checker(self) -> bool:
        """Say whether nobody is there to check something that is still to be done."""
        return self.item is not None and self.checker is None and self.state is not State.ENDED


@dataclass(frozen=True, slots=True)
class Sums:
    """The money of one currency: expected by a day, received, outstanding of what was expected, and agreed in all."""

    currency: str
    expected: Decimal
    received: Decimal
    outstanding: Decimal
    total: Decimal


def rows(followed: FollowUp, look: Look) -> Iterator[Row]:
    """Yield a row for each action and, where an item has none, for the item.

    Of the reviews whose day has come only the newest is asked for, and of those to come the next.
    """
    for item in followed.items:
        actions = _asked_reviews(item.actions, look) or (Action(What.ITEM, 1, None, done=item.status in ENDED),)
        for action in actions:
            yield _row(followed, item, action, look)
    for action in followed.whole:
        yield _row(followed, None, action, look)


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
    if action.due is not None and action.due <= look.today + look.within:
        return State.DUE
    return State.OPEN


def sums(followed: Iterable[FollowUp], look: Look) -> tuple[Sums, ...]:
    """Return the money of each currency up to today: what was expected, what arrived, what is outstanding of it."""
    found: dict[str, list[Decimal]] = {}
    for agreement in followed:
        for item in agreement.items:
            if item.money is None:
                continue
            due = [each for each in item.actions if each.what is What.PAYMENT and _is_expected(each, look)]
            expected = sum((each.expected or Decimal(0) for each in due), Decimal(0))
            paid = sum((each.paid or Decimal(0) for each in due), Decimal(0))
            released = item.status in {Status.WITHDRAWN, Status.CHANGED, Status.NOT_DONE_EXCUSED}
            owed = Decimal(0) if released else expected - paid
            values = (expected, item.money.received, owed, item.money.total)
            before = found.setdefault(item.money.currency, [Decimal(0)] * 4)
            found[item.money.currency] = [one + other for one, other in zip(before, values, strict=True)]
    return tuple(Sums(currency, *values) for currency, values in sorted(found.items()))


@lru_cache(maxsize=4096)
def bank_holiday(day: date, region: str) -> str | None:
    """Return the name of the bank holiday on this day, None where it is none or the region is not known."""
    country, _, part = region.partition("-")
    try:
        calendar = _calendar(country, part or None)
    except NotImplementedError:
        return None
    name: str | None = calendar.get(day)
    return name


@lru_cache(maxsize=8)
def _calendar(country: str, part: str | None) -> HolidayBase:
    import holidays  # noqa: PLC0415 - it takes a fifth of a second to load

    return holidays.country_holidays(country, subdiv=part)


def _row(followed: FollowUp, item: Followed | None, action: Action, look: Look) -> Row:
    state = state_of(action, look)
    lapsed = item is not None and item.lapses_after is not None and item.lapses_after < look.today
    status = None if item is None else Status.LAPSED if lapsed and item.status is Status.NOT_CALLED_ON else item.status
    return Row(
        ref=followed.ref,
        version=followed.version,
        item=None if item is None else item.id,
        numbers=() if item is None else item.numbers,
        kind=None if item is None else item.kind,
        owners=() if item is None else item.owners,
        checker=None if item is None else item.checker,
        status=status,
        action=action,
        state=State.LAPSED if lapsed and state is State.NOT_CALLED_ON else state,
        bank_holiday=None if action.due is None or action.done else bank_holiday(action.due, look.region),
        currency=None if item is None or item.money is None else item.money.currency,
    )


def _asked_reviews(actions: Sequence[Action], look: Look) -> tuple[Action, ...]:
    """Leave out the reviews before the newest whose day has come, and those after the next one."""
    reviews = [each for each in actions if each.what is What.REVIEW and not each.done]
    passed = [each for each in reviews if each.due is not None and each.due <= look.today]
    coming = [each for each in reviews if each not in passed]
    kept = {id(each) for each in (*passed[-1:], *coming[:1])}
    return tuple(each for each in actions if each.what is not What.REVIEW or each.done or id(each) in kept)


def _is_expected(action: Action, look: Look) -> bool:
    return action.due is not None and action.due <= look.today and action.hold is None
