"""Items: what was agreed, by whom, and that a time was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.validation.fault import Fault, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_WORDS = 60

_NEEDS_OWNER = frozenset({"action", "payment", "letter", "no_contact", "meeting_offer"})


def outcome_fits_items(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that an agreement has items, a statement-only outcome only statements, every other outcome none."""
    items = record.get("items", [])
    if record["outcome"] not in {"agreement", "statement_only"}:
        if items:
            what = "This outcome has no items."
            yield Fault(("items",), what, "Leave the items out, or correct the outcome.")
        return
    if not items:
        path = ("items",) if "items" in record else ()
        yield Fault(path, "This outcome needs at least one item.", 'Add it under "items", or correct the outcome.')
    if record["outcome"] == "statement_only":
        for nth, item in enumerate(items):
            if item["kind"] != "statement":
                what = "Where the outcome is statement_only, every item is a statement."
                do = "Make this item a statement, or the outcome an agreement."
                yield Fault(("items", nth, "kind"), what, do)


def ids_are_unique(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that each item has an id of its own."""
    yield from repeated_ids(record, "items")


def repeated_ids(record: dict[str, Any], name: str) -> Iterator[Fault]:
    """Yield a fault for each entry of a list whose id an earlier entry has."""
    seen: dict[str, int] = {}
    for nth, entry in enumerate(record.get(name, [])):
        first = seen.setdefault(entry["id"], nth)
        if first != nth:
            what = f"This id belongs to another entry ({pointer((name, first))})."
            yield Fault((name, nth, "id"), what, "Give each entry an id of its own.")


def somebody_does_it(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that a promise has an owner, a statement has a speaker."""
    for nth, item in enumerate(record.get("items", [])):
        if item["kind"] in _NEEDS_OWNER and "owners" not in item:
            what = "It is not said who does this."
            do = 'Add "owners" with the id of the person responsible for it.'
            yield Fault(("items", nth), what, do, missing="owners")
        if item["kind"] == "statement" and "speaker" not in item:
            what, do = "It is not said who says this.", 'Add "speaker" with the id of that person.'
            yield Fault(("items", nth), what, do, missing="speaker")


def time_is_said(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that only a statement may say nothing about time."""
    for nth, item in enumerate(record.get("items", [])):
        if item["kind"] != "statement" and "when" not in item:
            what = "It is not said by when, or that no time was agreed."
            do = 'Add "when", for example {"date": "2026-11-27"}, or {"none": true} if no time was agreed.'
            yield Fault(("items", nth), what, do, missing="when")


def text_is_short(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that the agreed wording has at most 60 words: it is read aloud and remembered (docs/field.md)."""
    for nth, item in enumerate(record.get("items", [])):
        if len(item["text"].split()) > MOST_WORDS:
            what = f"The agreed wording has more than {MOST_WORDS} words."
            yield Fault(("items", nth, "text"), what, "Shorten it, or make two items of it.")


def accepted_items_exist(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that advice is accepted for an item that is there."""
    known = {item["id"] for item in record.get("items", [])}
    for nth, entry in enumerate(record.get("accepted", [])):
        if "item" in entry and entry["item"] not in known:
            yield Fault(("accepted", nth, "item"), "No item has this id.", "Write the id of an item of this record.")


def changed_rows_exist(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that a version after the first says of rows that it has, once each, what they said before."""
    changes = record.get("changes", [])
    if changes and record["version"] == 1:
        what = "Version 1 has no version before it, so none of its rows changed."
        yield Fault(("changes",), what, "Leave this field out, or correct the version.")
        return
    known = {item["id"] for item in record.get("items", [])}
    seen: set[str] = set()
    for nth, change in enumerate(changes):
        if change["item"] not in known:
            what = "This version has no item with this id, so nobody would read of the change."
            do = "Write the id of an item of this record. Of an item that is gone, tell in change_reason."
            yield Fault(("changes", nth, "item"), what, do)
        elif change["item"] in seen:
            what = "What this item said before stands here already."
            yield Fault(("changes", nth, "item"), what, "Keep the words of the version right before this one.")
        seen.add(change["item"])


def closing_note_fits_outcome(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that a closing note is asked for only where no agreement was wanted, or none was reached."""
    if record.get("closing_note", False) and record["outcome"] not in {"none_wanted", "none_reached"}:
        what = "A closing note goes with the outcome none_wanted or none_reached only, so none would be made."
        yield Fault(("closing_note",), what, "Leave it out, or correct the outcome.")
