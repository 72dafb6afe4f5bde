"""The rows of an agreement as text on one line, and back: what the index of due actions holds."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, time
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from pipeline.follow_up.model import Action, Hold, Money, Status, What
from pipeline.follow_up.rows import Listed, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NEVER: Final = "9999-12-31"
_WHATS: Final = {what.value: what for what in What}
_HOLDS: Final = {None: None} | {hold.value: hold for hold in Hold}
_STATUSES: Final = {None: None} | {status.value: status for status in Status}
_NAMES: Final = tuple(each.name for each in fields(Action))
_DUE, _DONE = _NAMES.index("due"), _NAMES.index("done")


def next_day(agreement: Listed) -> str:
    """Return the first day on which something is open, as an ISO day; NEVER where there is none."""
    actions = (row.action for row in agreement.rows)
    days = (each.due for each in actions if each.due is not None and not each.done and each.hold is not Hold.PAUSE)
    first = min(days, default=None)
    return NEVER if first is None else first.isoformat()


def to_text(agreement: Listed) -> str:
    """Return rows and money as JSON on one line: a list an item, its actions last."""
    items = [_plain_item(list(rows)) for _, rows in groupby(agreement.rows, key=lambda row: row.item)]
    money = [[str(each.total), str(each.received), each.currency] for each in agreement.money]
    return json.dumps([items, money], separators=(",", ":"))


def from_text(text: str, ref: str, version: int, until: str = NEVER) -> Listed:
    """Return what to_text was given; before NEVER only what is open and has a day by `until`, an ISO day."""
    items, money = json.loads(text)
    agreed = tuple(Money(Decimal(total), Decimal(received), currency) for total, received, currency in money)
    return Listed(ref, version, tuple(_rows(items, ref, version, until)), agreed)


def _plain_item(rows: Sequence[Row]) -> list[Any]:
    row = rows[0]
    lapses = None if row.lapses_after is None else row.lapses_after.isoformat()
    about = (row.item, row.numbers, row.kind, row.owners, row.checker, row.status, lapses, row.currency)
    return [*about, [[*_plain_action(each.action), each.bank_holiday] for each in rows]]


def _plain_action(action: Action) -> Iterator[Any]:
    for value in (getattr(action, name) for name in _NAMES):
        yield (
            value.isoformat()
            if isinstance(value, (date, time))
            else str(value)
            if isinstance(value, Decimal)
            else value
        )


def _rows(items: list[Any], ref: str, version: int, until: str) -> Iterator[Row]:
    for item, numbers, kind, owners, checker, status, lapses, currency, actions in items:
        stands, lapses_after = _STATUSES[status], _day(lapses)
        for values in actions if until == NEVER else _open(actions, until):
            # in their order: names would cost a third of the time that a row takes
            action, holiday = _action(values), values[-1]
            yield Row(
                ref,
                version,
                item,
                tuple(numbers),
                kind,
                tuple(owners),
                checker,
                stands,
                lapses_after,
                currency,
                holiday,
                action,
            )


def _open(actions: list[list[Any]], until: str) -> list[list[Any]]:
    return [each for each in actions if not each[_DONE] and each[_DUE] is not None and each[_DUE] <= until]


def _action(values: list[Any]) -> Action:
    what, nth, due, at, done, hold, agreed, expected, paid, note, _ = values
    return Action(
        _WHATS[what],
        nth,
        _day(due),
        None if at is None else time.fromisoformat(at),
        done,
        _HOLDS[hold],
        _day(agreed),
        None if expected is None else Decimal(expected),
        None if paid is None else Decimal(paid),
        note,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
