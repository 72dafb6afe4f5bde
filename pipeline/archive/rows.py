"""Rows of the index, in and out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.archive.facts import from_text, to_text
from pipeline.archive.index import now
from pipeline.archive.model import Entry, Event, Facts, HeldFile, Kind, Tombstone, What

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

_ENTRY = "id, ref, version, met_on, sealed, settled, added_at, manifest"


def insert_entry(index: sqlite3.Connection, entry: Entry, files: Iterable[HeldFile]) -> None:
    """Add a state of a version with its files; `entry.id` is given anew by the index."""
    files = tuple(files)
    index.executemany(
        "INSERT INTO object VALUES (?, ?) ON CONFLICT DO NOTHING", [(file.sha256, file.bytes) for file in files]
    )
    readers = " ".join(sorted({file.reader for file in files if file.reader is not None}))
    row = (entry.ref, entry.version, entry.manifest, readers, entry.met_on.isoformat(), entry.sealed, entry.settled)
    cursor = index.execute(
        "INSERT INTO entry (ref, version, manifest, readers, met_on, sealed, settled, added_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*row, entry.added_at),
    )
    index.executemany(
        "INSERT INTO held_file VALUES (?, ?, ?, ?, ?)",
        [(cursor.lastrowid, file.name, file.kind, file.reader, file.sha256) for file in files],
    )


def insert_facts(index: sqlite3.Connection, ref: str, version: int, facts: Facts) -> None:
    """Add what a record says about its keeping; the facts added last are the ones that count."""
    index.execute(
        "INSERT INTO facts (ref, version, said, added_at) VALUES (?, ?, ?, ?)", (ref, version, to_text(facts), now())
    )


def insert_event(index: sqlite3.Connection, ref: str, event: Event) -> None:
    """Add something that happened."""
    index.execute(
        "INSERT INTO event (ref, what, day, version, reader, how, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (ref, event.what, event.on.isoformat(), event.version, event.reader, event.how, now()),
    )


def entries(index: sqlite3.Connection, *, ref: str | None = None) -> Iterator[Entry]:
    """Yield every entry, or those of one reference, by reference, version and age."""
    where, values = ("", ()) if ref is None else ("WHERE ref = ?", (ref,))
    for row in index.execute(f"SELECT {_ENTRY} FROM entry {where} ORDER BY ref, version, id", values):  # noqa: S608
        yield entry_from(row)


def newest_entry(index: sqlite3.Connection, ref: str, version: int | None = None) -> Entry | None:
    """Return the newest state of a version, or of the newest version."""
    where, values = ("", (ref,)) if version is None else ("AND version = ?", (ref, version))
    order = f"SELECT {_ENTRY} FROM entry WHERE ref = ? {where} ORDER BY version DESC, id DESC LIMIT 1"  # noqa: S608
    row = index.execute(order, values).fetchone()
    return None if row is None else entry_from(row)


def files_of(index: sqlite3.Connection, entry: Entry) -> tuple[HeldFile, ...]:
    """Return the files of an entry, by name."""
    rows = index.execute(
        "SELECT name, kind, reader, sha256, bytes FROM held_file JOIN object USING (sha256) "
        "WHERE entry = ? ORDER BY name",
        (entry.id,),
    )
    return tuple(HeldFile(row[0], Kind(row[1]), row[2], row[3], row[4]) for row in rows)


def facts_of_ref(index: sqlite3.Connection, ref: str) -> Facts | None:
    """Return what the newest version says about its keeping, None where nothing is held under this reference."""
    row = index.execute(
        "SELECT said FROM facts WHERE ref = ? ORDER BY version DESC, id DESC LIMIT 1", (ref,)
    ).fetchone()
    return None if row is None else from_text(row[0])


def facts_of_version(index: sqlite3.Connection, ref: str, version: int) -> Facts | None:
    """Return what this version said last about its keeping."""
    order = "SELECT said FROM facts WHERE ref = ? AND version = ? ORDER BY id DESC LIMIT 1"
    row = index.execute(order, (ref, version)).fetchone()
    return None if row is None else from_text(row[0])


def events_of(index: sqlite3.Connection, ref: str) -> tuple[Event, ...]:
    """Return what happened to an agreement, in the order in which it was recorded."""
    rows = index.execute("SELECT what, day, version, reader, how FROM event WHERE ref = ? ORDER BY id", (ref,))
    return tuple(Event(What(row[0]), date.fromisoformat(row[1]), row[2], row[3], row[4]) for row in rows)


def references(index: sqlite3.Connection) -> Iterator[str]:
    """Yield every reference under which something is held, in order."""
    for row in index.execute("SELECT DISTINCT ref FROM entry ORDER BY ref"):
        yield row[0]


def tombstone_of(index: sqlite3.Connection, ref: str, version: int) -> Tombstone | None:
    """Return what stays of a disposed version, None where it was not disposed of."""
    order = "SELECT ref, version, disposed_on, manifest FROM tombstone WHERE ref = ? AND version = ?"
    row = index.execute(order, (ref, version)).fetchone()
    return None if row is None else tombstone_from(row)


def entry_from(row: Any) -> Entry:
    """Return the entry in a row of the columns that `entries` asks for."""
    return Entry(row[0], row[1], row[2], date.fromisoformat(row[3]), bool(row[4]), bool(row[5]), row[6], row[7])


def tombstone_from(row: Any) -> Tombstone:
    """Return the tombstone in a row of all its columns."""
    return Tombstone(row[0], row[1], date.fromisoformat(row[2]), row[3])
