"""Let go what may go: the bytes are deleted, in the archive and in the output, and a tombstone stays."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from typing import TYPE_CHECKING

from pipeline.archive import rows
from pipeline.archive.adding import clear_up
from pipeline.archive.index import Archive, checkpoint
from pipeline.archive.model import Outcome
from pipeline.errors import Problem, RecordError
from pipeline.publication import journal
from pipeline.publication.disposed import Disposed, put_in_place_of, read_disposed
from pipeline.publication.lock import holding
from pipeline.publication.manifest import NAME, digest
from pipeline.publication.papers import remove_papers
from pipeline.publication.place import Place, recover

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from pipeline.archive.model import Entry
    from pipeline.archive.standing import Standing


def confirmation(standings: Iterable[Standing]) -> str:
    """Return the word that confirms a dry run: eight signs that change with everything that would go.

    Whoever gives it has seen this very list, and not one of yesterday.
    """
    said = [f"{entry.ref} {entry.version} {entry.manifest}" for standing in standings for entry in standing.newest]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:8]


def dispose(archive: Archive, standings: Sequence[Standing], outputs: Sequence[Path], *, on: date) -> Iterator[Outcome]:
    """Dispose of these agreements, one after the other, in the archive and in these output folders.

    An output that holds a version or a state of one which the archive does not have stops that agreement: it may be
    alive. Raises SetupError, also when another run holds an output, and what the disk and SQLite say; whatever was
    begun, the same command completes.
    """
    with ExitStack() as held:
        for out in outputs:
            if out.is_dir():
                held.enter_context(holding(out))
        clear_up(archive)
        for standing in standings:
            try:
                yield from _disposed(archive, standing, outputs, on)
            except RecordError as error:
                yield Outcome(standing.ref, None, "failed", error.problems, done=False)


def _disposed(archive: Archive, standing: Standing, outputs: Sequence[Path], on: date) -> Iterator[Outcome]:
    if not standing.may_go:
        raise RecordError([Problem("It may not go yet.", "agreements archive due says why.", where=standing.ref)])
    places = [place for out in outputs for place in _places(out, standing)]
    entry_of = {entry.version: entry for entry in standing.newest}
    for out in outputs:
        remove_papers(out, standing.ref)
    for place in places:
        entry = entry_of[place.version]
        put_in_place_of(place, Disposed(place.ref, place.version, on, entry.manifest))
    unused = _bury(archive, standing.newest, on)
    archive.store.delete(unused)
    checkpoint(archive)
    for out in dict.fromkeys(place.out for place in places):
        said = [entry.version for entry in standing.newest]
        journal.append(out, [journal.entry("disposed", ref=standing.ref, version=version) for version in said])
    for entry in standing.newest:
        yield Outcome(entry.ref, entry.version, "disposed of")


def _places(out: Path, standing: Standing) -> tuple[Place, ...]:
    """Return where the agreement lies in an output. Raises RecordError when something there is not in the archive."""
    found: list[Place] = []
    known = {entry.version: entry.manifest for entry in standing.newest}
    for retired in sorted(out.glob(f".{standing.ref}-v*.old")):  # moved aside by a run that was cut off
        number = retired.name.rpartition("-v")[2].removesuffix(".old")
        if number.isdigit():
            recover(Place(out, standing.ref, int(number)))
    for folder in sorted((out / standing.ref).glob("v*")):
        number = folder.name.removeprefix("v")
        if not number.isdigit() or not folder.is_dir():
            continue
        place = Place(out, standing.ref, int(number))
        if read_disposed(folder) is None and known.get(place.version) != _manifest_in(folder):
            raise RecordError([_unknown_there(place)])
        if place.version in known:
            found.append(place)
    return tuple(found)


def _manifest_in(folder: Path) -> str:
    try:
        return digest((folder / NAME).read_bytes())
    except OSError:
        return ""


def _unknown_there(place: Place) -> Problem:
    return Problem(
        "The output holds a version, or a later state of one, that the archive does not have. It may be in use.",
        "Run agreements archive add first, or delete it from the output yourself if it was never signed.",
        where=f"{place.ref}/v{place.version}",
    )


def _bury(archive: Archive, newest: Sequence[Entry], on: date) -> tuple[str, ...]:
    """Put tombstones in the place of the rows, in one transaction; return the digests nobody refers to any more."""
    index, ref = archive.index, newest[0].ref
    with archive.writing():
        entries = tuple(rows.entries(index, ref=ref))
        held = {file.sha256 for entry in entries for file in rows.files_of(index, entry)}
        index.executemany(
            "INSERT INTO tombstone VALUES (?, ?, ?, ?)",
            [(ref, entry.version, on.isoformat(), entry.manifest) for entry in newest],
        )
        index.executemany("DELETE FROM held_file WHERE entry = ?", [(entry.id,) for entry in entries])
        for table in ("facts", "entry", "event"):  # events go last: their trigger asks whether an entry is left
            index.execute(f"DELETE FROM {table} WHERE ref = ?", (ref,))  # noqa: S608 - names of ours
        used = "SELECT 1 FROM held_file WHERE sha256 = ?"
        unused = tuple(sha256 for sha256 in sorted(held) if index.execute(used, (sha256,)).fetchone() is None)
        index.executemany("DELETE FROM object WHERE sha256 = ?", [(sha256,) for sha256 in unused])
    return unused
