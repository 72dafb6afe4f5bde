"""Seal published versions: every signed copy of a version, proven and published together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.copies.plan import plan_copies
from pipeline.errors import Problem, RecordError, refused_by_the_system
from pipeline.publication import journal
from pipeline.publication.manifest import NAME, ManifestFile, digest, file_names, says_the_same, to_bytes
from pipeline.publication.place import add_to
from pipeline.signing.sealing import prove_sealed, seal_pdf
from pipeline.signing.versions import find_record, manifest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.copies.model import Copy
    from pipeline.publication.manifest import CopyEntry, Manifest
    from pipeline.publication.place import Place
    from pipeline.service.model import Service
    from pipeline.signing.sealing import SealOrder


_SEALED = "sealed"


class SealState(StrEnum):
    """How one version ended; the words stand in the report."""

    SEALED = "sealed"
    UP_TO_DATE = "up_to_date"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sealing:
    """What became of one version; `copies` are the sealed files, paths below OUT written with "/"."""

    ref: str
    version: int
    state: SealState
    copies: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def seal_versions(
    places: Iterable[Place], order: SealOrder, *, service: Service, records: Sequence[Path]
) -> Iterator[Sealing]:
    """Seal these versions, yielding what became of each as soon as it is there.

    `records` are the folders in which the record of a version is looked for; the proof of a copy needs it. A version
    is sealed whole or not at all, and one that is sealed already stays as it is. Raises SetupError when the journal
    cannot be written.
    """
    for place in places:
        try:
            yield _sealed(place, order, service=service, records=records)
        except RecordError as error:
            yield Sealing(place.ref, place.version, SealState.REFUSED, problems=error.problems)
        except OSError as error:
            yield Sealing(place.ref, place.version, SealState.REFUSED, problems=(refused_by_the_system(error),))


def _sealed(place: Place, order: SealOrder, *, service: Service, records: Sequence[Path]) -> Sealing:
    manifest = manifest_of(place)
    _check_files(manifest, place.folder)
    if all(entry.sealed is not None for entry in manifest.copies if entry.extra is None):
        return Sealing(place.ref, place.version, SealState.UP_TO_DATE, _names(manifest))
    copies = _planned(manifest, service, records)
    _refuse_unsettled(manifest, copies)
    sealed = _all_sealed(manifest, copies, place.folder, order)
    entries = tuple(
        replace(entry, sealed=sealed[entry.key].file) if entry.key in sealed else entry for entry in manifest.copies
    )
    manifest = replace(manifest, copies=entries)
    add_to(place, {NAME: to_bytes(manifest)} | {each.file.name: each.data for each in sealed.values()})
    line = journal.entry("sealed", ref=place.ref, version=place.version, certificate=order.key.fingerprint)
    journal.append(place.out, [line])
    return Sealing(place.ref, place.version, SealState.SEALED, _names(manifest))


def _check_files(manifest: Manifest, folder: Path) -> None:
    """Raise RecordError naming every file of the version that is not as it was published."""
    files = [file for entry in manifest.copies for file in (*entry.files, entry.signed, entry.sealed)]
    problems = [
        Problem(
            "This file is not the one that was published: it is missing, or was changed.",
            "Bring it back from your backup, or sign the version again from its unsigned copies.",
            where=file.name,
        )
        for file in (*files, manifest.scan)
        if file is not None and not _is_as_published(folder / file.name, file)
    ]
    if problems:
        raise RecordError(problems)


def _is_as_published(path: Path, file: ManifestFile) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != file.bytes:
        return False
    return digest(path.read_bytes()) == file.sha256


def _planned(manifest: Manifest, service: Service, records: Sequence[Path]) -> Mapping[tuple[str, ...], Copy]:
    """Return the copies of the version as its record plans them. Raises RecordError where that says something else."""
    agreement = find_record(records, manifest.ref, manifest.version, extra_fields=service.extra_fields)
    copies: dict[tuple[str, ...], Copy] = {file_names(copy): copy for copy in plan_copies(agreement, service)}
    if not says_the_same(manifest, copies.values()):
        raise _refusal(
            "The record now says something else than the copies that were signed.",
            "Bring the record back as it was signed, or make a new version.",
        )
    return copies


def _refuse_unsettled(manifest: Manifest, copies: Mapping[tuple[str, ...], Copy]) -> None:
    """Raise RecordError, naming the ids, while something is missing of somebody who signs.

    Somebody who takes part in two sheets signs twice. That somebody declined, or was not asked, settles it too.
    """
    due = Counter(
        who for who, _ in {(place.participant, copy.code) for copy in copies.values() for place in copy.places}
    )
    there = Counter(signature.participant for signature in manifest.signatures)
    waiting = sorted((due - there).keys())
    unsigned = any(entry.signed is None and copies[entry.key].places for entry in _to_seal(manifest))
    if manifest.draft or waiting or unsigned:
        whose = f"Nothing is on record yet of {', '.join(waiting)}. " if waiting else ""
        raise _refusal(
            f"Not everyone's signature is settled, so this version is not sealed. {whose}".rstrip(),
            "Add what is missing to its signing record (a declined signature is an answer too), then sign it again.",
        )


@dataclass(frozen=True, slots=True)
class _SealedFile:
    file: ManifestFile
    data: bytes


def _all_sealed(
    manifest: Manifest, copies: Mapping[tuple[str, ...], Copy], folder: Path, order: SealOrder
) -> Mapping[tuple[str, ...], _SealedFile]:
    """Seal and prove every copy. Raises RecordError with the problems of all of them, each naming its copy."""
    sealed, problems = {}, []
    for entry in _to_seal(manifest):
        try:
            sealed[entry.key] = _one_sealed(entry, copies[entry.key], folder, order, manifest.made_from.profiles)
        except RecordError as error:
            problems += [replace(each, where=f"{entry.reader}, {each.where}") for each in error.problems]
    if problems:
        raise RecordError(problems)
    return sealed


def _one_sealed(entry: CopyEntry, copy: Copy, folder: Path, order: SealOrder, profiles: Sequence[str]) -> _SealedFile:
    original = entry.files[1]
    signed = entry.signed or original  # a copy on which nobody signs is sealed as it was made
    before = (folder / signed.name).read_bytes()
    data = seal_pdf(before, order)
    prove_sealed(data, signed=before, copy=copy, key=order.key, profiles=profiles)
    directory, _, name = original.name.rpartition("/")
    file = ManifestFile(f"{directory}/{_SEALED}/{name}", digest(data), len(data), original.pages, original.page_codes)
    return _SealedFile(file, data)


def _to_seal(manifest: Manifest) -> tuple[CopyEntry, ...]:
    """Return the copies that are signed; papers beside them are not sealed."""
    return tuple(entry for entry in manifest.copies if entry.extra is None)


def _names(manifest: Manifest) -> tuple[str, ...]:
    root = f"{manifest.ref}/v{manifest.version}"
    return tuple(f"{root}/{entry.sealed.name}" for entry in manifest.copies if entry.sealed is not None)


def _refusal(what: str, do: str) -> RecordError:
    return RecordError([Problem(what, do)])
