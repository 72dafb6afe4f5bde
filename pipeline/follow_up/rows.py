"""From how an agreement stands to the rows of a view, as they are on whatever day somebody looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.follow_up.model import ENDED, Action, Followed, FollowUp, Money, Status, What

if TYPE_CHECKING:
    from collections.abc import Iterator

    from holidays import HolidayBase


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a view: an action, and the item it belongs to (None: the whole agreement).

    `lapses_after` is the day after which nobody can ask for the item any more, `currency` that of its payments,
    `bank_holiday` the name of the one on which something that is open falls.
    """

    ref: str
    version: int
    item: str | None
    numbers: tuple[int, ...]
    kind: str | None
    owners: tuple[str, ...]
    checker: str | None
    status: Status | None
    lapses_after: date | None
    currency: str | None
    bank_holiday: str | None
    action: Action


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of one agreement, and the money of each item that has some."""

    ref: str
    version: int
    rows: tuple[Row, ...]
    money: tuple[Money, ...]


def listed(followed: FollowUp, region: str) -> Listed:
    """Return a row for each action and, where an item has none, for the item.

    `region` is the country, or its part, whose bank holidays are noted: "GB" or "GB-SCT".
    """
    money = tuple(item.money for item in followed.items if item.money is not None)
    return Listed(followed.ref, followed.version, tuple(_rows(followed, region)), money)


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


def _rows(followed: FollowUp, region: str) -> Iterator[Row]:
    for item in followed.items:
        for action in item.actions or (Action(What.ITEM, 1, None, done=item.status in ENDED),):
            yield _row(followed, item, action, region)
    for action in followed.whole:
        yield _row(followed, None, action, region)


def _row(followed: FollowUp, item: Followed | None, action: Action, region: str) -> Row:
    return Row(
        ref=followed.ref,
        version=followed.version,
        item=None if item is None else item.id,
        numbers=() if item is None else item.numbers,
        kind=None if item is None else item.kind,
        owners=() if item is None else item.owners,
        checker=None if item is None else item.checker,
        status=None if item is None else item.status,
        lapses_after=None if item is None else item.lapses_after,
        currency=None if item is None or item.money is None else item.money.currency,
        bank_holiday=None if action.due is None or action.done else bank_holiday(action.due, region),
        action=action,
    )
