"""A new version of an agreement: begun from the one before, compared with it, and never without everybody's yes.

The version before stays as it is. What changed is told by the rows of the records, so that it can be shown side by side
and printed on the paper about the change.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline.copies.plan import MAKES_COPIES
from pipeline.copies.readers import PARTIES, reader_kind
from pipeline.errors import Problem, RecordError
from pipeline.follow_up.consents import with_live_consents
from pipeline.records.roles import FACILITATING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.follow_up.model import Journal
    from pipeline.records.model import Agreement

_OF_THE_VERSION: Final = frozenset(
    {"version", "supersedes", "change_reason", "change_consents", "changes", "read_back", "consent_to_outcome"}
    | {"accepted", "$schema", "schema_version", "sharing"}
)
_NOT_AGREED: Final = frozenset({"consents", "conflict_checked", "withheld", "nothing_to_withhold", "translations"})
_TABLES: Final = {"items": "id", "payments": "item", "attachments": "id", "participants": "id"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was: where ("items/a/text"), its value before and now; None where it is not there."""

    where: str
    was: Any
    now: Any


def new_version(agreement: Agreement, journal: Journal, *, reason: str) -> dict[str, Any]:
    """Return the record of the next version, to be changed by whoever talks with everybody.

    It is not read back, and nobody has said yes to it: everyone who acts, receives or checks is asked again. Consents
    to share that were withdrawn do not come along. Raises RecordError where there is nothing to change.
    """
    if agreement.outcome not in MAKES_COPIES:
        what = "This meeting ended without an agreement, so there is none to change."
        raise RecordError([Problem(what, "If people meet again, write a new record.", "/outcome")])
    if agreement.read_back_on is None:
        what = "This version has not been read back, so it can still be changed itself."
        raise RecordError([Problem(what, "Change it; copies of it are drafts.", "/read_back")])
    live, _ = with_live_consents(agreement, journal)
    about: dict[str, Any] = {
        "version": agreement.version + 1,
        "supersedes": agreement.version,
        "change_reason": reason,
        "change_consents": [{"person": person, "answer": "not_yet"} for person in to_be_asked(agreement)],
    }
    record: dict[str, Any] = {}
    for name, value in live.record.items():
        if name == "version":
            record |= about
        elif name == "consent_to_outcome":
            record[name] = [{"person": each["person"], "answer": "not_yet"} for each in value]
        elif name not in {*about, "changes", "read_back", "accepted"} and not (name == "sharing" and not value):
            record[name] = value
    return record


def to_be_asked(agreement: Agreement) -> tuple[str, ...]:
    """Return whose consent a change needs: the parties, and everyone who acts, receives, checks, helps or pays.

    Facilitators write the change down, so they are not asked.
    """
    named = {
        person
        for item in agreement.items
        for person in (*item.owners, item.beneficiary, item.checker, item.helper, item.speaker)
    }
    named |= {person for payment in agreement.payments for payer in payment.payers
              for person in (payer.person, payer.paid_by)}  # fmt: skip
    return tuple(
        person.id
        for person in agreement.participants
        if reader_kind(person) in PARTIES or (person.id in named and person.role not in FACILITATING)
    )


def not_yet_asked(agreement: Agreement) -> tuple[str, ...]:
    """Return who has not said yes to this version: a no counts, and so does silence."""
    yes = {consent.person for consent in agreement.change_consents if consent.answer == "yes"}
    return tuple(person for person in to_be_asked(agreement) if person not in yes)


def differences(before: Agreement, now: Agreement) -> tuple[Difference, ...]:
    """Return everything that was agreed otherwise before, in the order of the record."""
    return tuple(_differences(before.record, now.record))


def changed_rows(before: Agreement, now: Agreement) -> list[dict[str, str]]:
    """Return the rows whose agreed words changed, with the words before, as a record holds them under `changes`."""
    words = {item.id: item.text for item in before.items}
    return [
        {"item": item.id, "was": words[item.id]}
        for item in now.items
        if item.id in words and words[item.id] != item.text
    ]


def to_bytes(record: Mapping[str, Any]) -> bytes:
    """Return a record as a file."""
    return json.dumps(record, indent=2, ensure_ascii=False).encode() + b"\n"


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    names = dict.fromkeys((*before, *now))
    for name in names:
        if name in _TABLES:
            yield from _of_table(name, before.get(name, []), now.get(name, []))
        elif name not in _OF_THE_VERSION and before.get(name) != now.get(name):
            yield Difference(name, before.get(name), now.get(name))


def _of_table(table: str, before: list[Mapping[str, Any]], now: list[Mapping[str, Any]]) -> Iterator[Difference]:
    key = _TABLES[table]
    old, new = ({row[key]: row for row in rows} for rows in (before, now))
    for which in dict.fromkeys((*old, *new)):
        if which not in new or which not in old:
            yield Difference(f"{table}/{which}", _words(old.get(which)), _words(new.get(which)))
            continue
        for name in dict.fromkeys((*old[which], *new[which])):
            if name not in _NOT_AGREED and old[which].get(name) != new[which].get(name):
                yield Difference(f"{table}/{which}/{name}", old[which].get(name), new[which].get(name))


def _words(row: Mapping[str, Any] | None) -> Any:
    """Return what a row that came or went says, for people; withheld words are never shown."""
    return None if row is None else row.get("text") or row.get("title") or row.get("display_name") or row.get("total")
