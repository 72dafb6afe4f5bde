"""Find what is held, by reference, day, status and reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.archive.model import ENDS, What
from pipeline.archive.rows import tombstone_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.archive.index import Archive


class Status(StrEnum):
    """What may be asked for: how far the papers are, how the agreement ended, or that it is gone."""

    SIGNED = "signed"
    SEALED = "sealed"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    DISPOSED = "disposed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; None asks for nothing. The days are those of the last day of the meeting, both included."""

    ref: str | None = None
    first: date | None = None
    last: date | None = None
    status: Status | None = None
    reader: str | None = None


class Found(NamedTuple):
    """One version: what it is and where it stands. Of a disposed one only `on` is known, the day it went.

    A tuple, because a search may find every version there is, and a tuple is made in a third of the time.
    """

    ref: str
    version: int
    on: date
    status: tuple[Status, ...]
    readers: tuple[str, ...]
    settled: bool


_PAPERS = frozenset({Status.SIGNED, Status.SEALED})
_ENDS = ", ".join(f"'{what}'" for what in (*ENDS, What.REOPENED))
_HAS_READER = (
    "e.id IN (SELECT entry FROM held_file WHERE reader = ?)",
    "EXISTS (SELECT 1 FROM held_file WHERE entry = e.id AND reader = ?)",
)
_HAS_EVENT = (
    "e.ref IN (SELECT ref FROM event WHERE what = ?)",
    "EXISTS (SELECT 1 FROM event WHERE what = ? AND ref = e.ref)",
)
_HELD = f"""
SELECT e.ref, e.version, e.met_on, e.sealed, e.settled, e.readers,
  (SELECT group_concat(what, ' ') FROM (SELECT what FROM event WHERE ref = e.ref AND what IN ({_ENDS}) ORDER BY id))
FROM entry AS e
WHERE NOT EXISTS (SELECT 1 FROM entry AS n WHERE n.ref = e.ref AND n.version = e.version AND n.id > e.id)
"""  # noqa: S608 - words of ours


def find(archive: Archive, wanted: Wanted) -> Iterator[Found]:
    """Yield the newest state of every version that fits, by reference and version; then what was disposed of.

    Only a search by reference, by the status `disposed` or for everything finds tombstones: nothing else is known
    of them.
    """
    if wanted.status is not Status.DISPOSED:
        yield from _held(archive, wanted)
    if wanted.status in {None, Status.DISPOSED} and wanted.reader is None and wanted.first is wanted.last is None:
        yield from _disposed(archive, wanted)


def _held(archive: Archive, wanted: Wanted) -> Iterator[Found]:
    # Where the days or the reference leave few, look at those; else begin with the reader's or the event's own index.
    narrow = wanted.ref is not None or wanted.first is not None or wanted.last is not None
    conditions = {
        "e.ref = ?": wanted.ref,
        "e.met_on >= ?": wanted.first and wanted.first.isoformat(),
        "e.met_on <= ?": wanted.last and wanted.last.isoformat(),
        _HAS_READER[narrow]: wanted.reader,
        "e.sealed = ?": wanted.status is Status.SEALED if wanted.status in _PAPERS else None,
        _HAS_EVENT[narrow]: None if wanted.status in _PAPERS else wanted.status,
    }
    asked = {condition: value for condition, value in conditions.items() if value is not None}
    query = " AND ".join((_HELD, *asked)) + " ORDER BY e.ref, e.version"
    for row in archive.index.execute(query, tuple(asked.values())):
        found = _found(row)
        if wanted.status is None or wanted.status in found.status:
            yield found


def _disposed(archive: Archive, wanted: Wanted) -> Iterator[Found]:
    query = "SELECT ref, version, disposed_on, manifest FROM tombstone"
    where, values = (" WHERE ref = ?", (wanted.ref,)) if wanted.ref else ("", ())
    for row in archive.index.execute(f"{query}{where} ORDER BY ref, version", values):
        gone = tombstone_from(row)
        yield Found(gone.ref, gone.version, gone.disposed_on, (Status.DISPOSED,), (), settled=True)


def _found(row: tuple[str, int, str, int, int, str, str | None]) -> Found:
    ref, version, met_on, sealed, settled, readers, events = row
    papers = Status.SEALED if sealed else Status.SIGNED
    return Found(ref, version, date.fromisoformat(met_on), (papers, *_ends(events or "")), _ids(readers), settled == 1)


@lru_cache(maxsize=1024)
def _ends(events: str) -> tuple[Status, ...]:
    """Return how an agreement ended, from the words of its events in order: few ways, for many agreements."""
    ends: list[Status] = []
    for what in events.split():
        ends = [] if what == What.REOPENED else [*(each for each in ends if each != what), Status(what)]
    return tuple(ends)


@lru_cache(maxsize=1024)
def _ids(readers: str) -> tuple[str, ...]:
    return tuple(readers.split())
