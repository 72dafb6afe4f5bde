"""Private folders and what it takes for a change to outlive a power cut."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def make_private_folder(folder: Path) -> tuple[Path, ...]:
    """Make a folder and those above it that are missing, readable by their owner only; return the new ones.

    Raises OSError.
    """
    new = tuple(reversed([each for each in (folder, *folder.parents) if not each.exists()]))
    for missing in new:
        missing.mkdir(mode=0o700)
        missing.chmod(0o700)  # mkdir's mode is cut by the umask
    return new


def sync_folder(folder: Path) -> None:
    """Force a folder's list of names to the disk, where the system can. Raises OSError."""
    if os.name == "nt":
        return  # Windows cannot open a folder; NTFS keeps its own journal of renames
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_file(path: Path, data: bytes) -> None:
    """Put a file, readable by its owner only, in the place of whatever has its name: the old one or the new one stands.

    Raises OSError.
    """
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new_file(passing, data)
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
    sync_folder(path.parent)


def new_file(path: Path, data: bytes) -> None:
    """Write a file, readable by its owner only, for good. Raises FileExistsError where one is there, OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
