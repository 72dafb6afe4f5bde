"""How an agreement stands, as one line of text and back: what the index of due actions holds."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

from pipeline.follow_up.lines import entry_from
from pipeline.follow_up.lines import plain as plain_entry
from pipeline.follow_up.model import Action, Followed, FollowUp, Hold, Money, Progress, Status, What

NEVER: Final = "9999-12-31"
_DUE, _DONE = 2, 4  # where they stand in the list of an action


def next_day(followed: FollowUp) -> str:
    """Return the first day on which something is open, as an ISO day; NEVER where there is none."""
    actions = [*followed.whole, *(action for item in followed.items for action in item.actions)]
    days = (each.due for each in actions if each.due is not None and not each.done and each.hold is not Hold.PAUSE)
    first = min(days, default=None)
    return NEVER if first is None else first.isoformat()


def to_text(followed: FollowUp) -> str:
    """Return it as JSON on one line, lists in place of objects."""
    items = [_item(item) for item in followed.items]
    whole = [_action(action) for action in followed.whole]
    return json.dumps([followed.ref, followed.version, items, whole], separators=(",", ":"))


def from_text(text: str, until: str = NEVER) -> FollowUp:
    """Return what to_text was given; before NEVER only what is open and has a day by `until`, an ISO day."""
    ref, version, items, whole = json.loads(text)
    if until < NEVER:
        whole = _open(whole, until)
        items = [[*item[:-1], actions] for item in items if (actions := _open(item[-1], until))]
    return FollowUp(ref, version, tuple(map(_to_item, items)), tuple(map(_to_action, whole)))


def _open(actions: list[list[Any]], until: str) -> list[list[Any]]:
    return [each for each in actions if not each[_DONE] and each[_DUE] is not None and each[_DUE] <= until]


def _action(action: Action) -> list[Any]:
    money = (None if each is None else str(each) for each in (action.expected, action.paid))
    due, at, agreed = (None if each is None else each.isoformat() for each in (action.due, action.at, action.agreed))
    return [action.what, action.nth, due, at, action.done, action.hold, agreed, *money, action.note]


def _to_action(values: list[Any]) -> Action:
    what, nth, due, at, done, hold, agreed, expected, paid, note = values
    return Action(
        what=What(what),
        nth=nth,
        due=_day(due),
        at=None if at is None else time.fromisoformat(at),
        done=done,
        hold=None if hold is None else Hold(hold),
        agreed=_day(agreed),
        expected=None if expected is None else Decimal(expected),
        paid=None if paid is None else Decimal(paid),
        note=note,
    )


def _item(item: Followed) -> list[Any]:
    money = item.money
    return [
        *(item.id, item.numbers, item.kind, item.category, item.form, item.owners, item.checker, item.status),
        None if item.last is None else plain_entry(item.last),
        None if item.told_on is None else item.told_on.isoformat(),
        None if money is None else [str(money.total), str(money.received), money.currency],
        None if item.lapses_after is None else item.lapses_after.isoformat(),
        [_action(action) for action in item.actions],
    ]


def _to_item(values: list[Any]) -> Followed:
    item, numbers, kind, category, form, owners, checker, status, last, told, money, lapses, actions = values
    entry = None if last is None else entry_from(last)
    return Followed(
        id=item,
        numbers=tuple(numbers),
        kind=kind,
        category=category,
        form=form,
        owners=tuple(owners),
        checker=checker,
        status=Status(status),
        last=entry if isinstance(entry, Progress) else None,
        told_on=_day(told),
        money=None if money is None else Money(Decimal(money[0]), Decimal(money[1]), money[2]),
        lapses_after=_day(lapses),
        actions=tuple(map(_to_action, actions)),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
