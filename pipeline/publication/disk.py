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
