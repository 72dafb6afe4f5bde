"""The terms of a sheet: what people agreed, without anything of one reader's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.copies import rows
from pipeline.copies.fields import Eyes, pick
from pipeline.copies.model import Reader

if TYPE_CHECKING:
    from pipeline.records.model import Agreement

_TERMS = (
    "ref",
    "version",
    "supersedes",
    "change_reason",
    "outcome",
    "agreed_language",
    "process",
    "meeting_dates",
    "place_kind",
    "incident_line",
    "agreed_background",
    "admission",
    "review_date",
    "period_ends",
    "closing_words",
)


def terms_of(agreement: Agreement, sheet: tuple[str, ...]) -> dict[str, Any]:
    """Return the terms: what a person harmed reads on this sheet, people by the names they chose.

    The agreement code is made from them, and a signed version is frozen as long as they stay as they are.
    Letters, consents and the time of keeping are not terms: they may change without a new version.
    """
    view = rows.View(agreement, sheet, Reader.HARMED, "")
    eyes = Eyes(agreement, Reader.HARMED)
    names = {person.id: person.display_name for person in agreement.participants}
    raw_items = {item["id"]: item for item in agreement.record.get("items", ())}
    raw_payments = {payment["item"]: payment for payment in agreement.record.get("payments", ())}
    whole = pick(eyes, agreement.record)
    terms: dict[str, Any] = {name: whole[name] for name in _TERMS}
    terms["participants"] = [[person.display_name, person.role, person.side] for person in rows.participants_for(view)]
    terms["items"] = [pick(eyes, raw_items[item.id], "item") for item in rows.items_for(view)]
    terms["payments"] = [pick(eyes, raw_payments[payment.item], "payment") for payment in rows.payments_for(view)]
    return {name: _named(value, names) for name, value in terms.items()}


def _named(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _named(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_named(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value
