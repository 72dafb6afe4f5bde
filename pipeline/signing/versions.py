"""Find the published versions to work on, and the records they were made from."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from pipeline.errors import Problem, RecordError, SetupError
from pipeline.publication import journal
from pipeline.publication.lock import holding
from pipeline.publication.manifest import NAME, Manifest, read_manifest
from pipeline.publication.place import Place, restore_all, sweep
from pipeline.records.load import load_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.records.model import Agreement
    from pipeline.service.model import ExtraField

_VERSION = re.compile(r"v([1-9][0-9]{0,2})")
_REF = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")


def find_places(folders: Iterable[Path]) -> tuple[Place, ...]:
    """Return every published version in these folders, each an output folder, OUT/NR-0412 or OUT/NR-0412/v1.

    A version that a run moved aside and then was cut off is brought back first. Raises SetupError where a folder
    holds none.
    """
    found: dict[Path, Place] = {}
    for folder in folders:
        _restore(folder.resolve())
        places = list(_places(folder.resolve()))
        if not places:
            problem = Problem(
                "There is no published version here.",
                "Name the output folder, or in it the folder of a reference or of a version.",
                where=folder.name,
            )
            raise SetupError([problem])
        found |= {place.folder: place for place in places}
    return tuple(found.values())


@contextmanager
def held_places(folders: Sequence[Path]) -> Iterator[tuple[Place, ...]]:
    """Hold the outputs of these folders for this run alone, and give their published versions.

    What a run that was cut off left half-way is completed or rolled back first. Raises SetupError where a folder holds
    no version, or when another run holds the output; it names the process.
    """
    with ExitStack() as stack:
        for out in sorted({place.out for place in find_places(folders)}):
            stack.enter_context(holding(out))
            sweep(out)
        yield find_places(folders)


def manifest_of(place: Place) -> Manifest:
    """Return the manifest of a version. Raises RecordError if it is missing or damaged."""
    manifest = read_manifest(place.folder)
    if manifest is None or (manifest.ref, manifest.version) != (place.ref, place.version):
        problem = Problem(
            "The manifest of this version is missing or damaged.", "Bring it back from your backup.", where=NAME
        )
        raise RecordError([problem])
    return manifest


def find_record(
    folders: Iterable[Path], ref: str, version: int, *, extra_fields: Mapping[str, ExtraField]
) -> Agreement:
    """Return the record of a version from the .json files directly in these folders.

    Raises RecordError if there is none, or more than one, or if a record of this reference cannot be used.
    """
    found = [agreement for folder in folders for agreement in _candidates(folder, ref, version, extra_fields)]
    if len(found) == 1:
        return found[0]
    what = "The record of this version was not found." if not found else "More than one record has this version."
    raise RecordError([Problem(what, "Name the folder that holds its record with --records.")])


def _restore(folder: Path) -> None:
    for out in (folder, *folder.parents[:2]):
        if (out / journal.NAME).is_file():  # only an output folder has a journal
            restore_all(out)


def _places(folder: Path) -> Iterator[Place]:
    if _is_version(folder):
        yield Place(folder.parent.parent, folder.parent.name, int(folder.name[1:]))
        return
    versions = [each for each in _folders(folder) if _is_version(each)]
    for each in versions or [below for ref in _folders(folder) for below in _folders(ref) if _is_version(below)]:
        yield Place(each.parent.parent, each.parent.name, int(each.name[1:]))


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink())


def _is_version(folder: Path) -> bool:
    named = _VERSION.fullmatch(folder.name) and _REF.fullmatch(folder.parent.name)
    return bool(named) and folder.is_dir() and (folder / NAME).is_file()


def _candidates(folder: Path, ref: str, version: int, extra_fields: Mapping[str, ExtraField]) -> Iterator[Agreement]:
    for path in sorted(folder.glob("*.json")):
        if path.is_symlink() or not path.is_file() or not _is_of(path.read_bytes(), ref, version):
            continue
        try:
            yield load_record(path, extra_fields=extra_fields)
        except RecordError as error:
            problem = Problem("The record of this version has problems.", "See agreements check, and correct them.")
            raise RecordError([problem]) from error


def _is_of(data: bytes, ref: str, version: int) -> bool:
    """Say whether this is a record of the version, or so damaged that it may be one."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return f'"{ref}"'.encode() in data
    return isinstance(value, dict) and (value.get("ref"), value.get("version")) == (ref, version)
