"""Exact bytes, each under its own SHA-256.

A file is written beside the others under a passing name, forced to the disk and renamed: under its digest it is
whole, or it is not there. Nothing under a digest is ever written to again.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Problem, SetupError
from pipeline.publication.disk import make_private_folder, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Store:
    """The bytes of an archive, below its folder."""

    folder: Path

    @property
    def objects(self) -> Path:
        """Where the kept files lie, in folders by the first two signs of their digest."""
        return self.folder / "objects"

    @property
    def incoming(self) -> Path:
        """Where a file is written before it gets its name. A leftover comes from a run that was cut off."""
        return self.folder / "incoming"

    def path(self, sha256: str) -> Path:
        """Return where the bytes with this digest lie."""
        return self.objects / sha256[:2] / sha256

    def prepare(self) -> None:
        """Make the folders, readable by their owner only. Raises SetupError when a link is in the way, and OSError."""
        for folder in (self.folder, self.objects, self.incoming):
            refuse_link(folder)
            private_folder(folder)

    def put(self, data: bytes) -> str:
        """Keep these bytes and return their digest; what is there and whole is left alone. Raises OSError."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(sha256)
        if self.digest_of(sha256) == sha256:
            return sha256
        private_folder(target.parent)
        passing = self.incoming / sha256
        passing.unlink(missing_ok=True)
        with passing.open("xb") as file:
            passing.chmod(0o600)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(target)  # in the place of a damaged one, too
        sync_folder(target.parent)
        sync_folder(self.objects)
        return sha256

    def read(self, sha256: str) -> bytes:
        """Return the bytes kept under a digest, whatever has become of them. Raises OSError."""
        return self.path(sha256).read_bytes()

    def digest_of(self, sha256: str) -> str | None:
        """Return the digest that the file of this name has now; None where no plain file is there.

        Reads a piece at a time, so that a large scan costs no memory. Raises OSError.
        """
        path = self.path(sha256)
        if path.is_symlink() or not path.is_file():
            return None
        found = hashlib.sha256()
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                found.update(piece)
        return found.hexdigest()

    def names(self) -> Iterator[str]:
        """Yield the path below the objects' folder of everything in it, folders aside, in order. Raises OSError."""
        for folder in sorted(self.objects.iterdir()) if self.objects.is_dir() else ():
            if folder.is_dir() and not folder.is_symlink():
                yield from (f"{folder.name}/{name}" for name in sorted(os.listdir(folder)))  # noqa: PTH208 - names only
            else:
                yield folder.name

    def delete(self, digests: Iterable[str]) -> None:
        """Delete the bytes under these digests and force it to the disk; what is gone already is passed over."""
        folders = set()
        for sha256 in digests:
            self.path(sha256).unlink(missing_ok=True)
            folders.add(self.path(sha256).parent)
        for folder in sorted(folders):
            if folder.is_dir():
                sync_folder(folder)

    def sweep(self) -> None:
        """Delete what a run that was cut off left under a passing name. Only for who holds the index's lock."""
        for leftover in self.incoming.iterdir() if self.incoming.is_dir() else ():
            leftover.unlink()


def is_object(name: str) -> bool:
    """Say whether a path below the objects' folder is one that the archive gives."""
    folder, _, sha256 = name.partition("/")
    return _DIGEST.fullmatch(sha256) is not None and sha256.startswith(folder) and len(folder) == 2


def refuse_link(path: Path) -> None:
    """Raise SetupError where a link stands in the place of something of the archive."""
    if path.is_symlink():
        problem = Problem(
            "A link stands in the archive where a file or folder of its own belongs.",
            "Remove the link and bring the archive back from a backup.",
            where=path.name,
        )
        raise SetupError([problem])


def private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, readable by their owner only, for good. Raises OSError."""
    for new in make_private_folder(folder):
        sync_folder(new.parent)
