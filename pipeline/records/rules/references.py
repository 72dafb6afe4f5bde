"""Every id of a person that stands anywhere belongs to a participant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.records.rules.places import found_at
from pipeline.validation.fault import Fault, Path

if TYPE_CHECKING:
    from collections.abc import Iterator

READS = (
    "participants", "read_back", "consent_to_outcome", "change_consents", "sheets", "items", "payments",
    "attachments", "sharing", "retention",
)  # fmt: skip

# Where ids of people stand: "*" is every entry of a list.
_PLACES: tuple[Path, ...] = (
    ("read_back", "by"),
    ("consent_to_outcome", "*", "person"),
    ("change_consents", "*", "person"),
    ("sheets", "*", "people", "*"),
    ("participants", "*", "supports"),
    ("items", "*", "owners", "*"),
    ("items", "*", "speaker"),
    ("items", "*", "beneficiary"),
    ("items", "*", "checker"),
    ("items", "*", "when", "asked_by"),
    ("items", "*", "help", "who"),
    ("items", "*", "scope", "*"),
    ("items", "*", "origin"),
    ("items", "*", "conflict_checked", "by"),
    ("items", "*", "consents", "*", "person"),
    ("payments", "*", "payers", "*", "person"),
    ("payments", "*", "payers", "*", "paid_by"),
    ("payments", "*", "payee"),
    ("attachments", "*", "author"),
    ("attachments", "*", "intended_for"),
    ("attachments", "*", "reviewed_by"),
    ("sharing", "*", "agreed_by", "*"),
    ("retention", "keep_longer", "who"),
)


def people_exist(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that no id points at nobody."""
    known = {person["id"] for person in record["participants"]}
    for place in _PLACES:
        for path, value in found_at(record, place):
            if value not in known:
                do = "Write the id of somebody listed under participants, or list this person there."
                yield Fault(path, "No participant has this id.", do)


def each_answers_once(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that in one list of consents nobody answers twice."""
    lists: list[tuple[Path, list[dict[str, Any]]]] = [
        ((name,), record.get(name, [])) for name in ("consent_to_outcome", "change_consents")
    ]
    lists += [
        (("items", nth, "consents"), item.get("consents", [])) for nth, item in enumerate(record.get("items", []))
    ]
    for path, consents in lists:
        seen: set[str] = set()
        for nth, consent in enumerate(consents):
            if consent["person"] in seen:
                what = "This person has answered already in this list."
                yield Fault((*path, nth, "person"), what, "Keep the answer that counts.")
            seen.add(consent["person"])
