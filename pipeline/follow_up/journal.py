"""The progress journal of an agreement, `NR-0412.progress.jsonl` beside its record: read, and appended to.

A line counts when it is whole: a JSON object that keeps schemas/progress.schema.json, with its line break. What a crash
left after the last whole line is never read as true; the next to write moves it, byte for byte, into
`NR-0412.progress.torn` beside it. An entry is accepted when it is on the disk.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.errors import Problem, RecordError
from pipeline.follow_up.lines import from_bytes, to_bytes
from pipeline.follow_up.model import Entry, Journal, Line, journal_name
from pipeline.publication.disk import sync_folder

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# What only looks like a file is neither followed nor waited for.
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FLAGS = os.O_APPEND | os.O_CREAT | _PLAIN
_LARGEST = 16 * 1024 * 1024
_LOCKED_AT = 1 << 30


def journal_path(record: Path, ref: str) -> Path:
    """Return where the journal of a record lies: beside it, one for all versions."""
    return record.with_name(journal_name(ref))


def read_journal(path: Path, ref: str) -> Journal:
    """Return the journal; empty where there is none.

    Raises RecordError for a damaged line that is not the last: something was changed by hand, or the disk is bad, and
    what is true cannot be told any more.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _PLAIN)
        with os.fdopen(descriptor, "rb") as file:
            _refuse_other(descriptor)
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return Journal(ref)
    except OSError as error:
        do = "Look whether it is a plain file that you may read."
        raise RecordError([Problem("The progress journal cannot be read.", do, path.name)]) from error
    return _read(data, path, ref)


def append(path: Path, ref: str, entry: Entry, *, version: int, check: Callable[[Journal], bool]) -> bool:
    """Append one entry, and return when it is on the disk; say whether anything was written.

    `check` gets the journal as it stands and raises RecordError where the entry does not fit; it says no where the
    same stands already. Nobody else writes meanwhile. Raises RecordError when the disk refuses: then the entry is not
    accepted, and what was written of it is taken back or set aside.
    """
    line = Line(version, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), entry)
    data = to_bytes(ref, line)
    from_bytes(data, ref)
    try:
        with _open(path) as descriptor, _locked(descriptor):
            journal = read_journal(path, ref)
            if not check(journal):
                return False
            _set_aside(path, descriptor, journal.torn)
            _write(descriptor, data)
            sync_folder(path.parent)
    except OSError as error:
        what = "The progress journal cannot be written, so this was not recorded."
        do = "Look whether the disk is full, and whether the journal is a plain file that you may write to."
        raise RecordError([Problem(what, do, path.name)]) from error
    return True


def _read(data: bytes, path: Path, ref: str) -> Journal:
    if len(data) > _LARGEST:
        raise RecordError([Problem("The progress journal is larger than 16 MiB.", "Check the file.", path.name)])
    whole, _, rest = data.rpartition(b"\n")
    pieces = whole.split(b"\n") if whole or data[:1] == b"\n" else []
    lines: list[Line] = []
    for number, piece in enumerate(pieces, start=1):
        try:
            lines.append(from_bytes(piece, ref))
        except RecordError as error:
            if number == len(pieces):  # a disk may keep the end of a write and lose its beginning
                return Journal(ref, tuple(lines), piece + b"\n" + rest)
            raise RecordError(_placed(error, path, number)) from error
    return Journal(ref, tuple(lines), rest)


def _placed(error: RecordError, path: Path, number: int) -> Iterator[Problem]:
    do = "Bring the file back from your backup; lines are added by the program and never changed."
    for problem in error.problems:
        yield replace(problem, do=do, where=f"{path.name} {problem.where}".strip(), line=number, column=None)


def _refuse_other(descriptor: int) -> None:
    """Raise OSError for a pipe or a device."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(errno.EINVAL, "not a plain file")


@contextmanager
def _open(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | _FLAGS, 0o600)
    try:
        _refuse_other(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _locked(descriptor: int) -> Iterator[None]:
    """Hold the one right to write; whoever dies holding it gives it back."""
    if sys.platform == "win32":
        # A lock keeps others from reading there, too, so it lies far behind the end of every journal.
        os.lseek(descriptor, _LOCKED_AT, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(descriptor, _LOCKED_AT, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def _set_aside(path: Path, descriptor: int, torn: bytes) -> None:
    """Move what is torn into a file of its own. A crash in between leaves it in both, and loses nothing."""
    if not torn:
        return
    aside = os.open(path.with_name(path.name.removesuffix(".jsonl") + ".torn"), os.O_WRONLY | _FLAGS, 0o600)
    try:
        _write(aside, torn + b"\n")
    finally:
        os.close(aside)
    sync_folder(path.parent)
    os.ftruncate(descriptor, os.fstat(descriptor).st_size - len(torn))
    os.fsync(descriptor)


def _write(descriptor: int, data: bytes) -> None:
    """Write all of it through to the disk, or take back what was written."""
    size = os.fstat(descriptor).st_size
    try:
        with os.fdopen(os.dup(descriptor), "ab", buffering=0) as file:
            written = 0
            while written < len(data):
                written += file.write(data[written:])
        os.fsync(descriptor)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, size)
        raise
