"""Bytes from a record's file, and from nothing that only looks like one."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 1024 * 1024

# Windows has neither: there a reading of a link is refused by the look beforehand alone.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def read_record(path: Path) -> bytes:
    """Return the bytes of an ordinary file of at most 1 MiB.

    Raises RecordError for a link, a folder, a pipe, a device, a file that is too large, and whatever the
    operating system refuses. Never waits for a pipe, never reads more than the limit and one byte.
    """
    try:
        _check_kind(path.lstat().st_mode)
        descriptor = os.open(path, os.O_RDONLY | _NO_LINK | _NO_WAIT | _BINARY)
        with os.fdopen(descriptor, "rb") as file:
            # once more on the open file: another may have been put in its place meanwhile
            _check_kind(os.fstat(descriptor).st_mode)
            data = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _refusal("There is no such file.", "Check the name of the file.") from error
    except PermissionError as error:
        raise _refusal("The file may not be read.", "Ask for the right to read it, or copy it.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _refusal("The file cannot be read.", "Copy it to a folder of this computer and try again.") from error
    check_size(data)
    return data


def check_size(data: bytes) -> None:
    """Raise RecordError if these are more bytes than a record may have."""
    if len(data) > MOST_BYTES:
        raise _refusal(
            "The file is larger than 1 MiB.", "A record holds words only: take out what is not part of the agreement."
        )


def _check_kind(mode: int) -> None:
    if stat.S_ISLNK(mode):
        raise _refusal("This is a link, not a file.", "Give the file itself, so that nothing is read by mistake.")
    if stat.S_ISDIR(mode):
        raise _refusal("This is a folder, not a file.", "Give the record in it, or the folder of records.")
    if not stat.S_ISREG(mode):
        raise _refusal("This is a pipe or a device, not a file.", "Save the record as a file first.")


def _refusal(what: str, do: str) -> RecordError:
    return RecordError([Problem(what, do)])
