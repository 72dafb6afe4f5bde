"""The rows of an agreement as text on one line, and back: what the index of due actions holds."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, time
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from pipeline.follow_up.model import Action, Hold, Money, Status, What
from pipeline.follow_up.rows import Listed, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

NEVER: Final = "9999-12-31"
_Text = str | None
_Item = tuple[_Text, tuple[int, ...], _Text, tuple[str, ...], _Text, Status | None, date | None, _Text]
_DAY: Final = slice(len(NEVER))
_REST: Final = slice(len(NEVER), None)
_NAMES: Final = tuple(each.name for each in fields(Action))
_WHATS: Final = {what.value: what for what in What}
_HOLDS: Final = {None: None} | {hold.value: hold for hold in Hold}
_STATUSES: Final = {None: None} | {status.value: status for status in Status}


def next_day(agreement: Listed) -> str:
    """Return the first day on which something is open, as an ISO day; NEVER where there is none."""
    return min((_open_day(row.action) for row in agreement.rows), default=NEVER)


def to_text(agreement: Listed) -> str:
    """Return its money, its items and each action, as JSON with tabs between.

    Before an action stands the day on which it is open, NEVER where it has none; they come in the order of these days.
    """
    items = {row.item: row for row in agreement.rows}
    places = {item: place for place, item in enumerate(items)}
    actions = sorted(
        ((_open_day(row.action), [places[row.item], row.bank_holiday, *_plain(row.action)]) for row in agreement.rows),
        key=lambda each: each[0],
    )
    money = [[str(each.total), str(each.received), each.currency] for each in agreement.money]
    pieces = [_json(money), _json([_plain_item(row) for row in items.values()])]
    return "\t".join([*pieces, *(day + _json(values) for day, values in actions)])


def from_text(text: str, ref: str, version: int, until: str = NEVER) -> Listed:
    """Return what to_text was given, by its days; before NEVER only what is open by `until`, an ISO day."""
    of_money, of_items, *pieces = text.split("\t")
    wanted = ",".join(each[_REST] for each in takewhile(lambda each: each[_DAY] <= until, pieces))
    money, items, actions = json.loads(f"[{of_money},{of_items},[{wanted}]]")
    agreed = tuple(Money(Decimal(total), Decimal(received), currency) for total, received, currency in money)
    return Listed(ref, version, tuple(_rows(ref, version, [_item(*each) for each in items], actions)), agreed)


def _rows(ref: str, version: int, items: Sequence[_Item], actions: Iterable[list[Any]]) -> Iterator[Row]:
    for place, holiday, *values in actions:
        item: _Item = items[place]
        # by position: with names a row takes half as long again, and there may be tens of thousands
        yield Row(ref, version, *item, holiday, _action(*values))


def _open_day(action: Action) -> str:
    return NEVER if action.done or action.due is None or action.hold is Hold.PAUSE else action.due.isoformat()


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _plain_item(row: Row) -> list[Any]:
    lapses = None if row.lapses_after is None else row.lapses_after.isoformat()
    return [row.item, row.numbers, row.kind, row.owners, row.checker, row.status, lapses, row.currency]


def _item(item: str | None, numbers: list[int], kind: str | None, owners: list[str], *more: Any) -> _Item:
    checker, status, lapses, currency = more
    return item, tuple(numbers), kind, tuple(owners), checker, _STATUSES[status], _day(lapses), currency


def _plain(action: Action) -> Iterator[Any]:
    for value in (getattr(action, name) for name in _NAMES):
        match value:
            case date() | time():
                yield value.isoformat()
            case Decimal():
                yield str(value)
            case _:
                yield value


def _action(what: str, nth: int, due: str | None, at: str | None, *more: Any) -> Action:
    done, hold, agreed, expected, paid, note = more
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
