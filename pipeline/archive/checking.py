"""Read every kept file again, and say what is no longer as it was taken in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.archive import rows
from pipeline.archive.model import Kind
from pipeline.archive.store import is_object
from pipeline.errors import Problem
from pipeline.publication.manifest import NAME as MANIFEST
from pipeline.signing.reading_seal import read_seal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.archive.index import Archive
    from pipeline.archive.model import Entry, HeldFile

_RESTORE = "Bring it back from a backup of the archive, or add the version again from the output."
_SWEPT = "Nothing is lost by it: the next agreements archive add or dispose deletes what a run left behind."


@dataclass(frozen=True, slots=True)
class Checked:
    """One step of the check: how much was read, and what is wrong with it."""

    files: int = 0
    bytes: int = 0
    seals: int = 0
    problems: tuple[Problem, ...] = ()


def verify(archive: Archive) -> Iterator[Checked]:
    """Yield a step for the index, for each kept file, for each version and for what lies there besides.

    Each file is read a piece at a time and compared with its digest; each version's manifest with the index; each
    sealed copy with its seal, and with the copy it must begin with. Nothing is changed. Memory does not grow
    with the archive.
    """
    yield Checked(problems=tuple(_index_faults(archive)))
    for sha256, size in archive.index.execute("SELECT sha256, bytes FROM object ORDER BY sha256"):
        yield _file_checked(archive, sha256, size)
    for entry in rows.entries(archive.index):
        yield _version_checked(archive, entry)
    for name in archive.store.names():
        yield Checked(problems=tuple(_stranger(archive, name)))


def _index_faults(archive: Archive) -> Iterator[Problem]:
    whole = [row[0] for row in archive.index.execute("PRAGMA integrity_check(1)")] == ["ok"]
    bound = archive.index.execute("PRAGMA foreign_key_check").fetchone() is None
    if not (whole and bound):
        yield Problem("The index of the archive is damaged.", "Bring the archive back from a backup.")


def _file_checked(archive: Archive, sha256: str, size: int) -> Checked:
    try:
        found = archive.store.digest_of(sha256)
    except OSError:
        found = ""
    if found == sha256:
        return Checked(files=1, bytes=size)
    what = "A kept file is missing." if found is None else "A kept file was changed, or cannot be read."
    order = "SELECT ref, version, name FROM held_file JOIN entry ON entry.id = entry WHERE sha256 = ? ORDER BY 1, 2, 3"
    places = [f"{ref}/v{version}/{name}" for ref, version, name in archive.index.execute(order, (sha256,))]
    return Checked(problems=tuple(Problem(what, _RESTORE, where=place) for place in places or [f"objects/{sha256}"]))


def _version_checked(archive: Archive, entry: Entry) -> Checked:
    files = rows.files_of(archive.index, entry)
    where = f"{entry.ref}/v{entry.version}"
    try:
        speaks_of = _manifest_files(json.loads(archive.store.read(entry.manifest)))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return Checked(problems=(Problem("The manifest of this version cannot be read.", _RESTORE, where=where),))
    problems: list[Problem] = []
    if speaks_of | {MANIFEST: entry.manifest} != {file.name: file.sha256 for file in files}:
        what = "The index and the manifest of this version do not speak of the same files."
        problems.append(Problem(what, "Bring the archive back from a backup.", where=where))
    sealed = [file for file in files if file.kind is Kind.SEALED]
    # A copy on which nobody signs is sealed as it was made.
    unsealed = {_sheet(file): file.sha256 for kind in (Kind.PDF, Kind.SIGNED) for file in files if file.kind is kind}
    for file in sealed:
        problems += _seal_faults(archive, file, unsealed, where)
    return Checked(seals=len(sealed), problems=tuple(problems))


def _manifest_files(document: Any) -> dict[str, str]:
    files = [each for copy in document["copies"] for each in (*copy["files"], copy.get("signed"), copy.get("sealed"))]
    return {file["name"]: file["sha256"] for file in (*files, document.get("scan")) if file is not None}


def _seal_faults(archive: Archive, file: HeldFile, unsealed: dict[str, str], where: str) -> Iterator[Problem]:
    place = f"{where}/{file.name}"
    try:
        data, begins_with = archive.store.read(file.sha256), archive.store.read(unsealed[_sheet(file)])
    except (OSError, LookupError):
        return  # said already: where every file is read, or where the index is compared with the manifest
    reading = read_seal(data)
    yield from (Problem(fault.what, fault.do, where=place) for fault in reading.problems)
    if reading.seal is None and not reading.problems:
        yield Problem("The copy is kept as sealed and has no seal.", _RESTORE, where=place)
    if not data.startswith(begins_with):
        yield Problem("The sealed copy does not begin with the copy that was sealed.", _RESTORE, where=place)


def _sheet(file: HeldFile) -> str:
    """Return what the signed and the sealed file of a copy have in common: the name without its folders."""
    return file.name.rpartition("/")[2]


def _stranger(archive: Archive, name: str) -> Iterator[Problem]:
    """Say what lies among the kept files and is none of them."""
    sha256 = name.partition("/")[2]
    if not is_object(name):
        yield Problem("Something lies among the kept files that is none.", "Move it elsewhere.", where="objects")
    elif archive.index.execute("SELECT 1 FROM object WHERE sha256 = ?", (sha256,)).fetchone() is None:
        yield Problem("A file lies among the kept ones that no version speaks of.", _SWEPT, where=f"objects/{name[:2]}")
    elif archive.store.path(sha256).is_symlink():
        yield Problem("A link stands in the place of a kept file.", _RESTORE, where=f"objects/{name[:2]}")
