"""Sheets: who must not know of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.records.roles import FACILITATING
from pipeline.records.rules.places import found_at
from pipeline.validation.fault import Fault, Path

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMED_IN_ITEM: tuple[Path, ...] = (
    ("owners", "*"),
    ("speaker",),
    ("beneficiary",),
    ("checker",),
    ("help", "who"),
    ("when", "asked_by"),
)
_NAMED_IN_PAYMENT: tuple[Path, ...] = (("payers", "*", "person"), ("payers", "*", "paid_by"))


def people_stand_on_sheets(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that everybody is on a sheet (facilitators are on all), and each sheet brings both sides together."""
    if "sheets" not in record:
        return
    sides = {person["id"]: person["side"] for person in record["participants"]}
    placed: set[str] = set()
    seen: list[set[str]] = []
    for nth, sheet in enumerate(record["sheets"]):
        people = set(sheet["people"])
        placed |= people
        if people in seen:
            yield Fault(("sheets", nth), "The same people stand on another sheet.", "Leave one of the two out.")
        for side in ("harmed", "responsible"):
            if side not in {sides.get(one) for one in people}:
                what = f"Nobody on this sheet is on the {side} side."
                yield Fault(("sheets", nth), what, "Add the id of the person this sheet is for.")
        seen.append(people)
    for nth, person in enumerate(record["participants"]):
        if person["id"] not in placed and person["role"] not in FACILITATING:
            yield Fault(("participants", nth), "This person stands on no sheet.", "Add the id to a sheet.")


def scopes_fit_sheets(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that a row for some people only fits on at least one sheet, and each sheet has at least one row."""
    sheets = [set(sheet["people"]) for sheet in record.get("sheets", [])]
    everywhere = _facilitators(record)
    items = record.get("items", [])
    for nth, item in enumerate(items):
        scope = item.get("scope", "all")
        if scope == "all":
            continue
        path = ("items", nth, "scope")
        if not sheets:
            what = "This row is for some people only, and there are no sheets."
            yield Fault(path, what, 'Add "sheets", or write "all".')
        elif not any(set(scope) <= sheet | everywhere for sheet in sheets):
            what = "These people do not stand on one sheet together, so this row would be printed nowhere."
            yield Fault(path, what, "Name only people of one sheet, or put them on one.")
    for nth, sheet in enumerate(sheets):
        if items and not any(_on(item, sheet, everywhere) for item in items):
            yield Fault(("sheets", nth), "This sheet has no row.", "Give it an item, or leave the sheet out.")


def those_named_stand_on_the_sheet(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that whoever a row names stands on every sheet on which the row is printed."""
    sheets = [set(sheet["people"]) for sheet in record.get("sheets", [])]
    everywhere = _facilitators(record)
    nth_of = {item["id"]: nth for nth, item in enumerate(record.get("items", []))}
    rows: list[tuple[Path, dict[str, Any], int, tuple[Path, ...]]] = [
        (("items", nth), item, nth, _NAMED_IN_ITEM) for nth, item in enumerate(record.get("items", []))
    ]
    rows += [
        (("payments", nth), payment, nth_of[payment["item"]], _NAMED_IN_PAYMENT)
        for nth, payment in enumerate(record.get("payments", []))
        if payment["item"] in nth_of
    ]
    for path, row, item_nth, places in rows:
        printed_on = [sheet for sheet in sheets if _on(record["items"][item_nth], sheet, everywhere)]
        for place in places:
            for where, person in found_at(row, place):
                if any(person not in sheet | everywhere for sheet in printed_on):
                    what = "This person is named in a row that is printed on a sheet where the person does not stand."
                    do = "Limit the row's scope to the sheets of this person, or add the person to the sheet."
                    yield Fault((*path, *where), what, do)


def _facilitators(record: dict[str, Any]) -> set[str]:
    return {person["id"] for person in record["participants"] if person["role"] in FACILITATING}


def _on(item: dict[str, Any], sheet: set[str], everywhere: set[str]) -> bool:
    scope = item.get("scope", "all")
    return scope == "all" or set(scope) <= sheet | everywhere
