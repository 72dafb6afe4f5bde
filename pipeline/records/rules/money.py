"""Payments: every sum adds up to the penny."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline.records.rules.places import found_at
from pipeline.validation.fault import Fault, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator


def payments_match_items(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that each payment item has one schedule, and each schedule belongs to a payment item."""
    kinds = {item["id"]: item["kind"] for item in record.get("items", [])}
    seen: dict[str, int] = {}
    for nth, payment in enumerate(record.get("payments", [])):
        path = ("payments", nth, "item")
        first = seen.setdefault(payment["item"], nth)
        if payment["item"] not in kinds:
            yield Fault(path, "No item has this id.", "Write the id of a payment item of this record.")
        elif kinds[payment["item"]] != "payment":
            yield Fault(path, "The item of this schedule is not a payment.", "Write payment as the kind of the item.")
        elif first != nth:
            what = f"This item has another schedule ({pointer(('payments', first))})."
            yield Fault(path, what, "Put all payments of one item into one schedule.")
    for nth, item in enumerate(record.get("items", [])):
        if item["kind"] == "payment" and item["id"] not in seen:
            yield Fault(("items", nth), "This payment has no schedule.", 'Add its schedule under "payments".')


def payers_are_told_apart(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that each payer is listed once, and whoever pays for a payer is somebody else."""
    for nth, payment in enumerate(record.get("payments", [])):
        seen: set[str] = set()
        for place, payer in enumerate(payment["payers"]):
            path = ("payments", nth, "payers", place)
            if payer["person"] in seen:
                yield Fault((*path, "person"), "This payer is listed twice.", "Put both shares together.")
            if payer.get("paid_by") == payer["person"]:
                yield Fault((*path, "paid_by"), "This is the payer himself or herself.", "Leave this field out.")
            seen.add(payer["person"])


def amounts_are_more_than_nothing(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that no amount is zero."""
    places = (("total",), ("payers", "*", "share"), ("schedule", "*", "amount"))
    for place in places:
        for path, amount in found_at(record, ("payments", "*", *place)):
            if not Decimal(amount):
                yield Fault(path, "This amount is nothing.", "Write the amount, or leave the entry out.")


def sums_agree(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that instalments and shares both add up to the total."""
    for nth, payment in enumerate(record.get("payments", [])):
        total = Decimal(payment["total"])
        amounts = [Decimal(each["amount"]) for each in payment["schedule"]]
        shares = sum((Decimal(each["share"]) for each in payment["payers"]), Decimal(0))
        if sum(amounts) != total:
            path = ("payments", nth, "schedule", len(amounts) - 1, "amount")
            yield Fault(path, f"The payments come to {_more_or_less(sum(amounts), total)}.", _proposal(amounts, total))
        if shares != total:
            what = f"The shares of those who pay come to {_more_or_less(shares, total)}."
            yield Fault(("payments", nth, "payers"), what, "Correct a share, or the total.")


def _more_or_less(found: Decimal | int, total: Decimal) -> str:
    return "more than the total" if found > total else "less than the total"


def _proposal(amounts: list[Decimal], total: Decimal) -> str:
    """Return the one figure a message may show: it is worked out, not typed, and saves the clerk the sum."""
    last = total - sum(amounts[:-1])
    if last <= 0:
        return "Correct the payments: all but the last already come to the total or more."
    return f"If the others are right, the last payment is {last:.2f}."


def instalments_are_in_order(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that each payment falls on a later day than the one before."""
    for nth, payment in enumerate(record.get("payments", [])):
        days = [each["due"] for each in payment["schedule"]]
        for place, (before, day) in enumerate(pairwise(days), 1):
            if day <= before:
                path = ("payments", nth, "schedule", place, "due")
                yield Fault(path, "This payment is not later than the one above it.", "Put the payments in order.")
