"""Papers that tell how an agreement goes, as they lie in the output: whole, or not at all.

They lie in OUT/NR-0412/notes, a folder a day and reader, beside the versions and in none of them: nobody signs them,
and they can always be made again. They go when the agreement is disposed of.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pipeline.errors import Problem, RecordError
from pipeline.publication.disk import make_private_folder, new_file, sync_folder
from pipeline.publication.place import check_output

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

NOTES: Final = "notes"


def put_papers(out: Path, ref: str, reader: str, on: date, files: Mapping[str, bytes]) -> Path:
    """Put these files into the folder of this day and reader, in the place of what is there; return the folder.

    Raises SetupError for an output that cannot be used, RecordError when the disk refuses: then nothing has changed.
    """
    check_output(out)
    target = out / ref / NOTES / f"{on.isoformat()}-{reader}"
    building, aside = (out / f".{ref}-note.{what}" for what in ("new", "old"))
    try:
        make_private_folder(target.parent)
        for leftover in (building, aside):
            shutil.rmtree(leftover, ignore_errors=True)
        make_private_folder(building)
        for name, data in files.items():
            new_file(building / name, data)
        sync_folder(building)
        if target.exists():
            target.rename(aside)
        building.rename(target)
        sync_folder(target.parent)
        shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        problem = Problem("The note cannot be written.", "Look whether the disk is full, then make it again.", "--out")
        raise RecordError([problem]) from error
    return target


def remove_papers(out: Path, ref: str) -> None:
    """Delete every note of an agreement from an output. Raises OSError."""
    with suppress(FileNotFoundError):
        shutil.rmtree(out / ref / NOTES)
