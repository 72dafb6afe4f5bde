"""Records as files: written whole or not at all, for their owner alone, and over another only when asked."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem, RecordError
from pipeline.publication.disk import sync_folder

if TYPE_CHECKING:
    from collections.abc import Mapping


def record_name(ref: str, version: int) -> str:
    """Return the name of a record's file: NR-0412.json, NR-0412-v2.json."""
    return f"{ref}.json" if version == 1 else f"{ref}-v{version}.json"


def as_bytes(record: Mapping[str, Any]) -> bytes:
    """Return a record as JSON that people can read."""
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet (0600). Raises RecordError, having written nothing, if it is."""
    _write(path, data, over=False)


def write_over(path: Path, data: bytes) -> None:
    """Write a file (0600), over the one of this name if there is one. Raises RecordError."""
    _write(path, data, over=True)


def _write(path: Path, data: bytes, *, over: bool) -> None:
    try:
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=".new", dir=path.parent)  # mkstemp makes it 0600
        built = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if over:
                built.replace(path)
            else:
                _publish(built, path)
        finally:
            built.unlink(missing_ok=True)
        sync_folder(path.parent)
    except FileExistsError as error:
        what = "There is a file of this name already, and it is left as it is."
        raise RecordError([Problem(what, "Move it away, or say --replace if it is to be written over.")]) from error
    except OSError as error:
        what = f"The file cannot be written: {error.strerror or 'no reason given'}."
        raise RecordError([Problem(what, "Choose another folder, or ask for the right to write there.")]) from error


def _publish(built: Path, path: Path) -> None:
    """Give a file its name unless another has it: unlike a link, a renaming would take the other's place."""
    try:
        os.link(built, path)
    except FileExistsError:
        raise
    except OSError:  # a memory stick knows no links: take the name first, then put the file in its place
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        built.replace(path)
