"""From a record to what the archive keeps of it: when it ends and what holds it back, without a name or a word."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.archive.model import Facts
from pipeline.errors import Problem
from pipeline.records.lasting import last_days, never_ends
from pipeline.wording.keeping import OPEN_PROMISE, promises_are_outlived
from pipeline.wording.model import PROMISES

if TYPE_CHECKING:
    from pipeline.records.model import Agreement

_ARE_DAYS = frozenset({"delete_after", "keep_longer_until", "promises_until", "last_promise_on"})


def facts_of(agreement: Agreement) -> Facts:
    """Return what this record says about its keeping."""
    raw = agreement.record["retention"]
    return Facts(
        start=agreement.retention.start,
        years=agreement.retention.years,
        delete_after=agreement.retention.delete_after,
        keep_longer_until=_day(raw.get("keep_longer", {}).get("until")),
        legal_hold="legal_hold" in raw,
        promises=agreement.retention.open_promises,
        promises_until=_day(raw.get("open_promises", {}).get("until")),
        last_promise_on=max(last_days(agreement, PROMISES), default=None),
        open_ended=any(never_ends(item.when) for item in agreement.items if item.kind in PROMISES),
        child=any(person.is_child for person in agreement.participants),
    )


def undecided_promise(agreement: Agreement) -> Problem | None:
    """Return what must be asked before this record is archived: a promise without an end and without a decision.

    Nobody may find out years later that a promise was thrown away with its paper (docs/field.md, rule 9).
    """
    if all(advice.rule != OPEN_PROMISE.name for advice in promises_are_outlived(agreement)):
        return None
    line, column = agreement.positions.get("/retention", (None, None))
    return Problem(
        "A promise has no end, and nobody has decided what becomes of it when the record is deleted.",
        'Ask everyone, and write the answer under retention: "open_promises" with "extend", "set_end" or "hand_over". '
        "The agreed words stay as they are. Then add it again.",
        where="/retention",
        line=line,
        column=column,
    )


def to_text(facts: Facts) -> str:
    """Return the facts as the index holds them."""
    document = {name: value for name, value in asdict(facts).items() if value is not None and value is not False}
    return json.dumps(document, default=date.isoformat, sort_keys=True)


def from_text(text: str) -> Facts:
    """Return the facts the index holds; names that a later program may add are passed over."""
    known = {each.name for each in fields(Facts)}
    document: dict[str, Any] = {
        name: _day(value) if name in _ARE_DAYS else value for name, value in json.loads(text).items() if name in known
    }
    return Facts(**document)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
