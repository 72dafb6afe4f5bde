"""What may go, what stays, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.archive import rows
from pipeline.archive.model import Entry
from pipeline.archive.retention import Stage, Verdict, decide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from pipeline.archive.index import Archive
    from pipeline.service.model import KeepingTime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agreement stands: all its versions go together, by what the newest of them says.

    `newest` holds the newest entry of each version, in order.
    """

    ref: str
    newest: tuple[Entry, ...]
    verdict: Verdict

    @property
    def may_go(self) -> bool:
        """Say whether nothing keeps it any more."""
        return self.verdict.stage is Stage.MAY_GO


def standings(
    archive: Archive,
    keeping: KeepingTime,
    *,
    on: date,
    only: Iterable[str] | None = None,
    promises_open: Callable[[str], bool | None] = lambda _: None,
) -> Iterator[Standing]:
    """Yield where each agreement stands on a day, by reference; `only` names references, those not held left out.

    `promises_open` says of a reference whether anything is still to be done; it is asked of those alone whose time has
    passed.
    """
    for ref in rows.references(archive.index) if only is None else sorted(set(only)):
        facts = rows.facts_of_ref(archive.index, ref)
        newest = {entry.version: entry for entry in rows.entries(archive.index, ref=ref)}
        if facts is not None and newest:
            events = rows.events_of(archive.index, ref)
            verdict = decide(facts, events, keeping, on=on)
            if verdict.stage in {Stage.MAY_GO, Stage.HELD}:
                verdict = decide(facts, events, keeping, on=on, promises_open=promises_open(ref))
            yield Standing(ref, tuple(newest.values()), verdict)
