"""Which records a command is about: files, folders and standard input."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipeline.errors import Problem, SetupError
from pipeline.records.reading import MOST_BYTES, read_record

if TYPE_CHECKING:
    from collections.abc import Sequence

# Files of other kinds that lie among records; a file named on the command line is always read as a record.
NOT_RECORDS = frozenset({"manifest.json", "signing.json"})
"""Names, in small letters, of files among records that are no records."""
_STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """Where one record comes from: a file, or the bytes that standard input gave.

    `name` is what messages call it. It is the path as it was given, so that an editor can open it. `data` holds the
    bytes where they were read already.
    """

    name: str
    path: Path | None
    data: bytes | None = None


def find_sources(
    given: Sequence[str], *, recursive: bool, standard_input: BinaryIO, outside: Path | None = None
) -> tuple[Source, ...]:
    """Return the records that the arguments name, sorted by name, each file once.

    A folder stands for the `.json` files directly in it; with `recursive` also for those deeper, except in
    hidden and linked folders and in the folder `outside` (the output). Raises SetupError for a folder that
    cannot be read.
    """
    found: dict[str | None, Source] = {}
    for argument in given:
        if argument == _STANDARD_INPUT:
            found[None] = Source("standard input", None, standard_input.read(MOST_BYTES + 1))
            continue
        path = Path(argument)
        for file in _records_in(path, recursive=recursive, outside=outside) if path.is_dir() else (path,):
            found.setdefault(os.path.abspath(file), Source(str(file), file))  # noqa: PTH100 - keeps links
    return tuple(sorted(found.values(), key=lambda source: source.name))


def bytes_of(source: Source) -> bytes:
    """Return the bytes of this source. Raises RecordError for what is not a plain file of at most 1 MiB."""
    if source.data is not None:
        return source.data
    return b"" if source.path is None else read_record(source.path)


def _records_in(folder: Path, *, recursive: bool, outside: Path | None) -> list[Path]:
    found: list[Path] = []
    for where, folders, names in os.walk(folder, onerror=_unreadable):
        found += [Path(where, name) for name in names if _is_record(name.lower())]
        folders[:] = [name for name in folders if recursive and _is_looked_into(Path(where, name), outside)]
    return found


def _is_record(name: str) -> bool:
    return name.endswith(".json") and not name.startswith(".") and name not in NOT_RECORDS


def _is_looked_into(folder: Path, outside: Path | None) -> bool:
    return not folder.name.startswith(".") and (outside is None or folder.resolve() != outside.resolve())


def _unreadable(error: OSError) -> None:
    problem = Problem("This folder cannot be read.", "Ask for the right to read it.", where=str(error.filename))
    raise SetupError([problem]) from error
