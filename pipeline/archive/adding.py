"""Take signed versions in: their exact bytes first, then one transaction that makes them known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.archive import rows
from pipeline.archive.facts import facts_of, undecided_promise
from pipeline.archive.index import Archive, checkpoint, now
from pipeline.archive.model import Entry, Facts, HeldFile, Kind, Outcome
from pipeline.archive.store import is_object
from pipeline.errors import Problem, RecordError
from pipeline.publication import journal
from pipeline.publication.manifest import NAME, Manifest, ManifestFile, digest, listed
from pipeline.publication.place import Place, look_at
from pipeline.signing.versions import manifest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pipeline.archive.records import Records
    from pipeline.copies.model import Copy

_NOT_SETTLED = "Not everyone's signature is settled yet. When it is, add the version again."
_NOT_SEALED = "It has no seal of the service."
_AGE = "It is kept until somebody reaches an age: record the year (agreements archive event REF reaches-age --on DATE)."


@dataclass(frozen=True, slots=True)
class _Ready:
    """A version that may be taken in: its entry (not yet numbered), its files with their bytes, and its facts."""

    entry: Entry
    files: tuple[HeldFile, ...]
    data: Mapping[str, bytes]
    facts: Facts


def add(archive: Archive, places: Iterable[Place], records: Records) -> Iterator[Outcome]:
    """Take these versions in, one after the other; what is wrong with one is its outcome, and the others go on.

    A version nobody has signed is passed over. One that is kept already is left alone; one that was signed or sealed
    further is kept as a further entry. Raises SetupError and what the disk and SQLite say.
    """
    clear_up(archive)
    for place in places:
        try:
            yield _added(archive, place, records)
        except RecordError as error:
            yield Outcome(place.ref, place.version, "failed", error.problems, done=False)


_KIND_OF = {"docx": Kind.DOCX, "pdf": Kind.PDF, "txt": Kind.TEXT, "html": Kind.HTML}


def clear_up(archive: Archive) -> None:
    """Delete the bytes that no row knows: what a run left that was cut off while adding or disposing."""
    with archive.writing():
        archive.store.sweep()
        known = "SELECT 1 FROM object WHERE sha256 = ?"
        names = (name.partition("/")[2] for name in archive.store.names() if is_object(name))
        archive.store.delete(name for name in names if archive.index.execute(known, (name,)).fetchone() is None)
    checkpoint(archive)


def held_files(manifest: Manifest) -> tuple[HeldFile, ...]:
    """Return the files of a version as the archive keeps them, without the manifest itself."""
    found: list[HeldFile] = []
    for copy in manifest.copies:
        kinds = [(file, _KIND_OF[file.name.rpartition(".")[2]]) for file in copy.files]
        later = [(copy.signed, Kind.SIGNED), (copy.sealed, Kind.SEALED)]
        found += [_held(file, kind, copy.reader) for file, kind in (*kinds, *later) if file is not None]
    if manifest.scan is not None:
        found.append(_held(manifest.scan, Kind.SCAN, "service"))
    return tuple(found)


def _held(file: ManifestFile, kind: Kind, reader: str) -> HeldFile:
    return HeldFile(file.name, kind, reader, file.sha256, file.bytes)


def _added(archive: Archive, place: Place, records: Records) -> Outcome:
    manifest = manifest_of(place)
    if all(copy.signed is copy.sealed is None for copy in manifest.copies):
        return Outcome(place.ref, place.version, "not signed yet")
    agreement = records.agreement_for(place.ref, place.version)
    copies = records.copies_for(agreement, manifest)
    if (question := undecided_promise(agreement)) is not None:
        return Outcome(place.ref, place.version, "asked about", (question,), done=False)
    settled = _is_settled(copies, manifest)
    ready = _ready(place, manifest, facts_of(agreement), met_on=max(agreement.meeting_dates), settled=settled)
    state = _kept(archive, ready)
    if state != "kept already":
        journal.append(place.out, [journal.entry("archived", ref=place.ref, version=place.version)])
    return Outcome(place.ref, place.version, state, notes=_notes(archive, ready))


def _is_settled(copies: Iterable[Copy], manifest: Manifest) -> bool:
    """Say whether something is on record of every signatory, once for each sheet that somebody signs."""
    due = Counter(who for who, _ in {(place.participant, copy.code) for copy in copies for place in copy.places})
    return not due - Counter(signature.participant for signature in manifest.signatures)


def _ready(place: Place, manifest: Manifest, facts: Facts, *, met_on: date, settled: bool) -> _Ready:
    """Read every file of the version. Raises RecordError unless each is the one that the manifest speaks of."""
    if set(look_at(place).files) != set(listed(manifest)):
        raise RecordError([_other_files(place)])
    files = held_files(manifest)
    data = {file.name: _bytes_of(place, file.name) for file in files}
    changed = [file for file in files if digest(data[file.name]) != file.sha256]
    if changed:
        raise RecordError([_changed(place, file) for file in changed])
    data[NAME] = _bytes_of(place, NAME)
    own = HeldFile(NAME, Kind.MANIFEST, None, digest(data[NAME]), len(data[NAME]))
    sealed = all(copy.sealed is not None for copy in manifest.copies if copy.extra is None)
    entry = Entry(
        0, place.ref, place.version, met_on, sealed=sealed, settled=settled, added_at=now(), manifest=own.sha256
    )
    return _Ready(entry, (own, *files), data, facts)


def _kept(archive: Archive, ready: _Ready) -> str:
    entry = ready.entry
    with archive.writing():
        if rows.tombstone_of(archive.index, entry.ref, entry.version) is not None:
            do = "What was disposed of stays so. Delete it from the output, or agree anew under another reference."
            raise RecordError([Problem("This version was disposed of and may not come back.", do, where=entry.ref)])
        known = {each.manifest for each in rows.entries(archive.index, ref=entry.ref) if each.version == entry.version}
        for file in ready.files:
            archive.store.put(ready.data[file.name])
        if entry.manifest not in known:
            rows.insert_entry(archive.index, entry, ready.files)
        if rows.facts_of_version(archive.index, entry.ref, entry.version) == ready.facts:
            return "kept already" if entry.manifest in known else "kept"
        rows.insert_facts(archive.index, entry.ref, entry.version, ready.facts)
    return "kept, time of keeping changed" if entry.manifest in known else "kept"


def _notes(archive: Archive, ready: _Ready) -> tuple[str, ...]:
    aged = any(event.what == "reaches-age" for event in rows.events_of(archive.index, ready.entry.ref))
    said = (
        (_NOT_SETTLED, not ready.entry.settled),
        (_NOT_SEALED, not ready.entry.sealed),
        (_AGE, ready.facts.start == "age" and not aged),
    )
    return tuple(note for note, applies in said if applies)


def _bytes_of(place: Place, name: str) -> bytes:
    try:
        return place.folder.joinpath(*name.split("/")).read_bytes()
    except OSError as error:
        do = "Look whether it is there and may be read; bring it back from your backup."
        raise RecordError([Problem("A file of this version cannot be read.", do, where=name)]) from error


def _other_files(place: Place) -> Problem:
    return Problem(
        "The folder of this version does not hold exactly what its manifest says.",
        "Move what is not part of it elsewhere; bring back what is missing.",
        where=f"{place.ref}/v{place.version}",
    )


def _changed(place: Place, file: HeldFile) -> Problem:
    return Problem(
        "A file is not the one that was made.",
        "Somebody changed it after it was made. Bring it back from your backup; never archive a changed file.",
        where=f"{place.ref}/v{place.version}/{file.name}",
    )
