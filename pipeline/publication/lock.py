"""One run at a time in an output folder: a lock that the system takes back when its holder dies, however it dies."""

from __future__ import annotations

import errno
import json
import os
import platform
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.errors import Problem, SetupError
from pipeline.publication.disk import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = ".lock"
_TAKEN = frozenset({errno.EAGAIN, errno.EACCES, errno.EDEADLK})


@dataclass(frozen=True, slots=True)
class Part:
    """One of several runs that share an output folder, each with records of its own: part `number` (from 1) of `of`."""

    number: int
    of: int


@contextmanager
def holding(out: Path, *, part: Part | None = None) -> Iterator[None]:
    """Hold the output folder for this run alone, or for this part of a run; it is made if it is missing.

    Parts of the same division work side by side. Raises SetupError, naming the process that holds the folder, when
    it is taken. The lock ends with the process. What this leaves in a folder in which nothing was made is nothing.
    """
    missing = not out.exists()
    try:
        make_private_folder(out)
        held = _taken(out, part)
    except OSError as error:
        raise SetupError([_unusable(error)]) from error
    try:
        yield
    finally:
        for path, descriptor in held:
            if descriptor.alone:
                with suppress(OSError):
                    path.unlink()  # while it is held: whoever waits for it sees that it is no longer the file there
            os.close(descriptor.number)
        if missing:
            with suppress(OSError):
                out.rmdir()  # succeeds only where nothing was published


@dataclass(frozen=True, slots=True)
class _Held:
    number: int
    alone: bool


def _taken(out: Path, part: Part | None) -> list[tuple[Path, _Held]]:
    """Take the folder as a whole; or, for a part, its division together with the other parts, and the part alone."""
    if part is None:
        wanted = [(out / _NAME, True)]
    else:
        wanted = [(out / _NAME, False), (out / f"{_NAME}-{part.number}-of-{part.of}", True)]
    held: list[tuple[Path, _Held]] = []
    try:
        for path, alone in wanted:
            held.append((path, _Held(_open_locked(path, alone=alone), alone)))
        if part is not None:
            _refuse_other_division(out, part)
    except BaseException:
        for _, each in held:
            os.close(each.number)
        raise
    return held


def _open_locked(path: Path, *, alone: bool) -> int:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    while True:
        descriptor = os.open(path, flags, 0o600)
        try:
            _lock_or_refuse(descriptor, path, alone=alone)
            if _is_still_there(descriptor, path):
                if alone:
                    _write_holder(descriptor)
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # its holder took the file away as it ended: the next one is a new file


def _lock_or_refuse(descriptor: int, path: Path, *, alone: bool) -> None:
    if not _lock(descriptor, alone=alone):
        raise SetupError([_busy(path)])


def _is_still_there(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _write_holder(descriptor: int) -> None:
    holder = {
        "process": os.getpid(),
        "machine": platform.node(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    os.ftruncate(descriptor, 0)
    os.write(descriptor, json.dumps(holder).encode() + b"\n")


def _refuse_other_division(out: Path, part: Part) -> None:
    """Raise SetupError while a part of another division is at work: a record might be in both."""
    for path in out.glob(f"{_NAME}-*-of-*"):
        if path.name.endswith(f"-of-{part.of}"):
            continue
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            _lock_or_refuse(descriptor, path, alone=True)
        finally:
            os.close(descriptor)


def _busy(path: Path) -> Problem:
    return Problem(
        f"Another run is working in this output folder{_holder(path)}.",
        "Wait until it ends, or end it; then run it again. Nothing was changed.",
        where="--out",
    )


def _holder(path: Path) -> str:
    """Return in words who holds the lock; several parts, or a holder that is just beginning, have no name."""
    try:
        holder = json.loads(path.read_bytes())
        return f": process {int(holder['process'])} on {holder['machine']!s}, since {holder['since']!s}"
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _unusable(error: OSError) -> Problem:
    reason = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return Problem(
        f"The output folder cannot be made or locked ({reason}).",
        "Look whether the disk is full or read-only and whether you may write there; or choose another with --out.",
        where="--out",
    )


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, alone: bool) -> bool:
        """Lock one byte far behind the end, so that others can read who holds the file; parts share nothing here."""
        if not alone:
            return True
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in _TAKEN:
                return False
            raise
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(descriptor: int, *, alone: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _TAKEN:
                return False
            raise
        return True
