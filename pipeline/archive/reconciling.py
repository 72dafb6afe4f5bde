"""For every record and reader: how far the papers are, and what does not fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.archive import rows
from pipeline.archive.model import What
from pipeline.copies.plan import MAKES_COPIES
from pipeline.errors import RecordError
from pipeline.publication.disposed import read_disposed
from pipeline.publication.manifest import NAME, Manifest, digest, read_manifest
from pipeline.publication.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.archive.index import Archive
    from pipeline.archive.model import Entry, Event
    from pipeline.archive.records import Records


@dataclass(frozen=True, slots=True)
class Line:
    """One reader of one version. `state` tells how far it is, in order; `differs` says what does not fit.

    `handed` holds the days on which the copy was given out and how, as they were recorded.
    """

    ref: str
    version: int
    reader: str
    state: tuple[str, ...]
    handed: tuple[str, ...]
    differs: tuple[str, ...]


def reconcile(archive: Archive, out: Path, places: tuple[Place, ...], records: Records) -> Iterator[Line]:
    """Yield a line for every reader of every version of which there is a record, an output or an entry.

    `places` are the versions in the output. A version that exists in one place only has a line for the reader "-".
    """
    standing = {(place.ref, place.version): place for place in places}
    kept = {(entry.ref, entry.version): entry for entry in rows.entries(archive.index)}
    gone = set(archive.index.execute("SELECT ref, version FROM tombstone"))
    for ref, version in sorted({*standing, *kept, *records.paths}):
        place = standing.get((ref, version), Place(out, ref, version))
        if (ref, version) in gone or read_disposed(place.folder) is not None:
            left = () if read_manifest(place.folder) is None else ("it was disposed of, and the output still holds it",)
            yield Line(ref, version, "-", ("disposed of",), (), left)
            continue
        manifest = read_manifest(place.folder)
        if manifest is None:
            yield from _without_output(ref, version, kept.get((ref, version)), records)
        else:
            yield from _lines(archive, place, manifest, kept.get((ref, version)), records)


def _without_output(ref: str, version: int, entry: Entry | None, records: Records) -> Iterator[Line]:
    if entry is not None:
        yield Line(ref, version, "-", ("archived",), (), ("the output does not hold it",))
        return
    try:
        makes_copies = records.agreement_for(ref, version).outcome in MAKES_COPIES
    except RecordError:
        yield Line(ref, version, "-", (), (), ("the record has problems: agreements check says which",))
        return
    if makes_copies:
        yield Line(ref, version, "-", (), (), ("not generated",))
    else:
        yield Line(ref, version, "-", ("no agreement, nothing to make",), (), ())


def _lines(archive: Archive, place: Place, manifest: Manifest, entry: Entry | None, records: Records) -> Iterator[Line]:
    events = rows.events_of(archive.index, place.ref)
    differs = (*_of_record(place, manifest, records), *_of_entry(place, manifest, entry))
    readers: dict[str, list[str]] = {}
    for copy in manifest.copies:
        far = ["generated", *(["signed"] if copy.signed else []), *(["sealed"] if copy.sealed else [])]
        readers[copy.reader] = max(readers.get(copy.reader, []), far, key=len)
    for reader, far in readers.items():
        handed = _handed(events, place.version, reader)
        state = (*far, *(("archived",) if entry is not None else ()), *(("handed over",) if handed else ()))
        yield Line(place.ref, place.version, reader, state, handed, differs)


def _handed(events: tuple[Event, ...], version: int, reader: str) -> tuple[str, ...]:
    return tuple(
        f"{event.on.isoformat()} {event.how}"
        for event in events
        if event.what is What.HANDED and (event.version, event.reader) == (version, reader)
    )


def _of_record(place: Place, manifest: Manifest, records: Records) -> Iterator[str]:
    if (place.ref, place.version) not in records.paths:
        yield "there is no record of it"
        return
    try:
        records.copies_for(records.agreement_for(place.ref, place.version), manifest)
    except RecordError:
        yield "out of date: the record now says something else, or has problems"


def _of_entry(place: Place, manifest: Manifest, entry: Entry | None) -> Iterator[str]:
    signed = any(copy.signed is not None for copy in manifest.copies)
    if entry is None and signed:
        yield "signed and not archived"
    elif entry is not None and entry.manifest != digest((place.folder / NAME).read_bytes()):
        yield "the archive has an earlier state: add it again"
