"""One version in the output: is it up to date, is it frozen, what of it can stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.batch.model import CopyMade
from pipeline.errors import Problem, RecordError
from pipeline.publication.disposed import read_disposed
from pipeline.publication.manifest import (
    NAME,
    BuiltCopy,
    CopyEntry,
    MadeFrom,
    Manifest,
    describes,
    digest,
    file_names,
    from_bytes,
    listed,
    unchanged,
)
from pipeline.publication.place import Place, look_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.copies.model import Copy


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it stands in the output; `manifest` is None where nothing is published yet.

    `digest` is the SHA-256 of the manifest's bytes, empty where there is none.
    """

    place: Place
    frozen: bool
    manifest: Manifest | None
    digest: str


def find_version(place: Place) -> Version:
    """Return what stands at this place.

    Raises RecordError when files lie there that this program did not make: publishing would delete them.
    """
    if read_disposed(place.folder) is not None:
        what = "This version was disposed of, so it is not made again."
        raise RecordError([Problem(what, "Take its record out of the folder, or make a new version.", "/version")])
    standing = look_at(place)
    try:
        said = (place.folder / NAME).read_bytes()
    except OSError:
        said = b""
    manifest = from_bytes(said)
    if not standing.frozen and set(standing.files) - set(listed(manifest)):
        problem = Problem(
            "The folder of this version holds files that are not part of it.",
            "Move them elsewhere, then run it again. To change a copy, change the record or the template.",
            where=f"{place.ref}/v{place.version}",
        )
        raise RecordError([problem])
    return Version(place, standing.frozen, manifest, digest(said) if said else "")


def refuse_other_terms(version: Version, copies: Sequence[Copy]) -> None:
    """Raise RecordError when a signed version says something else than these copies would.

    The agreement code stands for the terms of a sheet: equal codes, equal terms.
    """
    if version.manifest is None:
        what = "This version is signed, but its manifest is missing or damaged."
        raise RecordError([Problem(what, "Bring manifest.json back from your backup.", where="/version")])
    signed = {(entry.reader, entry.code) for entry in version.manifest.copies if entry.extra is None}
    if signed != {(copy.reader_id, copy.code) for copy in copies if copy.extra is None}:
        problem = Problem(
            "This version is signed, and the record now says something else.",
            f"Signed words stay as they are: make version {version.place.version + 1}, with supersedes, "
            "change_reason and change_consents.",
            where="/version",
        )
        raise RecordError([problem])


def is_up_to_date(version: Version, copies: Sequence[Copy], made_from: MadeFrom, *, alone: bool) -> bool:
    """Say whether these copies would come out as they stand, and stand untouched.

    With `alone` other copies of the version do not matter.
    """
    manifest = version.manifest
    if manifest is None or manifest.made_from != made_from:
        return False
    entries = standing_entries(version, copies)
    complete = len(entries) == len(copies) and (alone or len(manifest.copies) == len(copies))
    return complete and unchanged(entries, version.place.folder)


def standing_entries(version: Version, copies: Sequence[Copy]) -> tuple[CopyEntry, ...]:
    """Return the entries of those copies that are published already, in the order of the copies."""
    published = () if version.manifest is None else version.manifest.copies
    return tuple(entry for copy in copies for entry in published if describes(entry, copy))


def carry_over(version: Version, copies: Sequence[Copy], made_from: MadeFrom) -> tuple[BuiltCopy, ...]:
    """Return the copies that stay as they are when only `copies` are made again, with the bytes of their files.

    Raises RecordError when they come from another record, template or set-up, or were changed: one version
    never mixes two.
    """
    if version.manifest is None:
        return ()
    again = {file_names(copy) for copy in copies}
    stay = [entry for entry in version.manifest.copies if entry.key not in again]
    folder = version.place.folder
    if stay and (version.manifest.made_from != made_from or not unchanged(stay, folder)):
        problem = Problem(
            "The other copies of this version were made from something else, or changed since.",
            "Make all of them again: leave --only out.",
        )
        raise RecordError([problem])
    return tuple(
        BuiltCopy(entry, {file.name: (folder / file.name).read_bytes() for file in entry.files}) for entry in stay
    )


def copies_in(place: Place, entries: Sequence[CopyEntry], copies: Sequence[Copy]) -> tuple[CopyMade, ...]:
    """Return the report of these copies; paths are below OUT.

    Notes come from the copies as planned: a manifest lies beside the readers' folders and says nothing of their needs.
    """
    notes: dict[tuple[str, ...], tuple[str, ...]] = {file_names(copy): copy.notes for copy in copies}
    root = f"{place.ref}/v{place.version}"
    return tuple(
        CopyMade(
            entry.reader,
            entry.kind,
            entry.language,
            tuple(f"{root}/{file.name}" for file in entry.files),
            notes[entry.key],
        )
        for entry in entries
    )
