"""Out of the archive into a plain folder that needs no program of ours."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from pipeline.archive import rows
from pipeline.archive.model import Entry, Outcome
from pipeline.archive.store import private_folder
from pipeline.errors import Problem, RecordError, SetupError
from pipeline.publication.disk import sync_folder
from pipeline.publication.manifest import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.archive.index import Archive

CHECKSUMS = "SHA256SUMS"


def export(archive: Archive, refs: Iterable[str] | None, folder: Path) -> Iterator[Outcome]:
    """Write the newest state of every version of these agreements, or of all, into a new folder.

    They lie as in the output (NR-0412/v1/harmed-1/...), with a list of checksums that `sha256sum --check SHA256SUMS`
    or any tool of the kind reads. The folder appears whole at the end; a damaged file stops its version, and the
    others go on. Raises SetupError when the folder is there already, and what the disk says.
    """
    if folder.exists() or folder.is_symlink():
        do = "Name a folder that is not there yet."
        raise SetupError([Problem("The folder to export to is there already.", do, where=str(folder))])
    building = folder.with_name(f".{folder.name}.new")
    if building.exists():
        shutil.rmtree(building)
    try:
        private_folder(building)
        sums: list[str] = []
        for ref in rows.references(archive.index) if refs is None else sorted(set(refs)):
            newest = {entry.version: entry for entry in rows.entries(archive.index, ref=ref)}
            if not newest:
                yield Outcome(ref, None, "failed", (_not_held(ref),), done=False)
            for entry in newest.values():
                try:
                    sums += _written(archive, entry, building)
                    yield Outcome(ref, entry.version, "exported")
                except RecordError as error:
                    yield Outcome(ref, entry.version, "failed", error.problems, done=False)
        _write(building / CHECKSUMS, "".join(sums).encode())
        sync_folder(building)
        building.rename(folder)
        sync_folder(folder.parent)
    finally:
        with suppress(FileNotFoundError):
            shutil.rmtree(building)


def _written(archive: Archive, entry: Entry, building: Path) -> list[str]:
    files = [(file, _whole(archive, file.sha256, file.name)) for file in rows.files_of(archive.index, entry)]
    sums = []
    for file, data in files:
        name = f"{entry.ref}/v{entry.version}/{file.name}"
        target = building.joinpath(*name.split("/"))
        private_folder(target.parent)
        _write(target, data)
        sums.append(f"{file.sha256}  {name}\n")
    return sums


def _whole(archive: Archive, sha256: str, name: str) -> bytes:
    try:
        data = archive.store.read(sha256)
    except OSError as error:
        problem = Problem("A kept file cannot be read.", "Bring the archive back from a backup.", where=name)
        raise RecordError([problem]) from error
    if digest(data) != sha256:
        raise RecordError([Problem("A kept file is damaged.", "Bring the archive back from a backup.", where=name)])
    return data


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _not_held(ref: str) -> Problem:
    return Problem("Nothing is held under this reference.", "Check the reference with agreements archive find.", ref)
