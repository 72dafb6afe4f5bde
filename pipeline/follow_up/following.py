"""An agreement and its journal become one value: how each item stands, and what is to be done on which day."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.copies.rows import sheet_items
from pipeline.follow_up.expanding import Known, expand, first_step, instalments, paused, pauses_of
from pipeline.follow_up.model import (
    ENDED,
    Action,
    Answered,
    Asked,
    Followed,
    FollowUp,
    Happened,
    Money,
    Progress,
    Received,
    Standing,
    Status,
    Told,
    What,
)
from pipeline.records.model import ByEvent, Conditional, DoneAtMeeting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.follow_up.model import Entry, Journal
    from pipeline.records.model import Agreement, Item, Payment


def follow(agreement: Agreement, journal: Journal) -> FollowUp:
    """Return how this version stands after everything in the journal.

    Entries on an item of an earlier version hold for the item of the same id in this one.
    """
    payments = {payment.item: payment for payment in agreement.payments}
    items = tuple(_followed(agreement, item, payments.get(item.id), journal) for item in agreement.items)
    whole = tuple(_whole(agreement, items, journal))
    return FollowUp(agreement.ref, agreement.version, standing(agreement), items, whole)


def standing(agreement: Agreement) -> Standing:
    """Return how this version stands among those of its reference."""
    return Standing(agreement.read_back_on is not None, agreement.version)


def numbers_of(agreement: Agreement, item: str) -> tuple[int, ...]:
    """Return the printed numbers of an item: its place on each sheet that has it, each number once."""
    found = (
        number
        for sheet in agreement.sheets
        for number, each in enumerate(sheet_items(agreement, sheet), start=1)
        if each.id == item
    )
    return tuple(dict.fromkeys(found))


def received_of(entries: Sequence[Entry], item: str) -> Decimal:
    """Return the money that arrived for a payment."""
    return sum((each.received for each in entries if isinstance(each, Received) and each.item == item), Decimal(0))


def _followed(agreement: Agreement, item: Item, payment: Payment | None, journal: Journal) -> Followed:
    entries = tuple(entry for entry in journal.entries if getattr(entry, "item", None) == item.id)
    progress = [entry for entry in entries if isinstance(entry, Progress) and entry.of_day is None]
    received = received_of(entries, item.id)
    money = None if payment is None else Money(payment.total, received, payment.currency)
    status = _status(item, entries, progress, money)
    ended = status in ENDED
    known = Known(agreement.meeting_dates[0], agreement.period_ends, entries, ended)
    actions = [*first_step(item.first_step_on, known), *expand(item.when, known)]
    if payment is not None:
        # the days of the schedule are the deadline of a payment
        actions = [each for each in actions if each.what is What.FIRST_STEP]
        actions += instalments(payment, received, ended=ended)
    pauses = pauses_of(journal.entries, item.id)
    days = [entry.told_on for entry in progress if entry.told_on]
    days += [entry.on for entry in entries if isinstance(entry, Told)]
    return Followed(
        id=item.id,
        numbers=numbers_of(agreement, item.id),
        kind=item.kind,
        category=_category(agreement, item.id),
        form=type(item.when).__name__ if item.when is not None else "",
        owners=item.owners,
        checker=item.checker,
        status=status,
        last=progress[-1] if progress else None,
        told_on=max(days, default=None),
        money=money,
        lapses_after=item.when.ends if isinstance(item.when, Conditional) and not _asked(entries) else None,
        actions=tuple(paused(action, pauses) for action in actions),
    )


def _status(item: Item, entries: Sequence[Entry], progress: Sequence[Progress], money: Money | None) -> Status:
    if item.kind == "statement":
        return Status.STATEMENT
    if progress:
        return progress[-1].status
    if money is not None and money.received:
        return Status.UNDER_WAY if money.outstanding else Status.DONE_CHECKED
    return _status_of_time(item, entries)


def _status_of_time(item: Item, entries: Sequence[Entry]) -> Status:
    """Return how an item stands of which nobody has said anything yet: that follows from its time."""
    if isinstance(item.when, DoneAtMeeting):
        return Status.DONE_AT_MEETING
    if isinstance(item.when, ByEvent) and not any(isinstance(entry, Happened) for entry in entries):
        return Status.WAITING_FOR_EVENT
    if isinstance(item.when, Conditional) and not _asked(entries):
        return Status.NOT_CALLED_ON
    begun = any(isinstance(entry, (Progress, Answered)) for entry in entries)
    return Status.UNDER_WAY if begun else Status.NOT_STARTED


def _asked(entries: Sequence[Entry]) -> bool:
    return any(isinstance(entry, Asked) for entry in entries)


def _category(agreement: Agreement, item: str) -> str | None:
    found: str | None = next(each.get("category") for each in agreement.record["items"] if each["id"] == item)
    return found


def _whole(agreement: Agreement, items: Sequence[Followed], journal: Journal) -> Iterator[Action]:
    ended = all(item.status in ENDED for item in items)
    pauses = pauses_of(journal.entries, None)
    if agreement.review_date is not None:
        later = any(isinstance(entry, Progress) and entry.on >= agreement.review_date for entry in journal.entries)
        yield paused(Action(What.REVIEW, 1, agreement.review_date, done=ended or later), pauses)
    if agreement.period_ends is not None:
        yield Action(What.PERIOD, 1, agreement.period_ends, done=ended)
