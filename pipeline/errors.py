"""Every failure we can explain, and the exit codes of the command."""

from __future__ import annotations

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
    place in words for a document ("PDF, page 2"). `line` and `column` count from 1.
    """

    what: str
    do: str
    where: str = ""
    line: int | None = None
    column: int | None = None


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
