"""Every failure we can explain, and the exit codes of the command."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What `agreements` tells the shell; documented in docs/command-line.md."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 2
    ALL_FAILED = 3
    SETUP = 4
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, and what to do about it.

    `what` and `do` are plain sentences and never repeat a value of the record, because a message may be
    logged or sent to somebody for help. `where` is a JSON pointer for a record ("/items/2/when/date"), or a
    place in words for a document ("PDF, page 2"). `line` and `column` count from 1. `missing` is the name of the
    field that `where` lacks, where that is what is wrong.
    """

    what: str
    do: str
    where: str = ""
    line: int | None = None
    column: int | None = None
    missing: str | None = None


_SYSTEM = {
    errno.ENOSPC: ("The disk is full.", "Make room on it, then run it again. What stood there before still stands."),
    errno.EDQUOT: ("Your share of the disk is full.", "Make room, then run it again. What stood there still stands."),
    errno.EROFS: ("The output folder is read-only.", "Choose another folder with --out."),
    errno.EACCES: (
        "The output folder may not be changed, or one of the copies is open in another program.",
        "Close that program, or ask for the right to write there; then run it again.",
    ),
    errno.EMFILE: ("Too many files are open.", "Raise the limit (ulimit -n), or make fewer at once with --jobs."),
}


def refused_by_the_system(error: OSError) -> Problem:
    """Return what the system said when a file was read or written: its reason, never a path or a name."""
    what, do = _SYSTEM.get(
        errno.EACCES if isinstance(error, PermissionError) else error.errno or 0,
        (
            f"A file could not be read or written ({errno.errorcode.get(error.errno or 0, type(error).__name__)}).",
            "Run it again: the next run completes or restores the version. If it comes back, look at the disk.",
        ),
    )
    return Problem(what, do)


class RecordError(Exception):
    """One record cannot be used; every other record of the run goes on."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep every problem; the exception's own text joins what is wrong."""
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(problem.what for problem in self.problems))


class SetupError(Exception):
    """The configuration, a template or an engine is not usable; nothing starts."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep every problem; the exception's own text joins what is wrong."""
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(problem.what for problem in self.problems))
