"""What became of each record: values for the report, the screen and the exit code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.errors import ExitCode, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class State(StrEnum):
    """How one record ended; the words stand in the report and on the screen."""

    MADE = "made"
    UP_TO_DATE = "up_to_date"
    NEW = "new"
    CHANGED = "changed"
    NO_AGREEMENT = "no_agreement"
    SIGNED = "signed"
    CHECKED = "checked"
    REFUSED = "refused"
    FAILED = "failed"


_NOT_DONE = frozenset({State.REFUSED, State.FAILED})
DUPLICATE = "Another record of this run has the same reference and version"
"""How the problem of two such records begins; the names of their files follow."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of advice on a record, with the line and column (from 1) of the place it speaks of."""

    rule: str
    severity: str
    where: str
    line: int | None
    column: int | None
    item: str | None
    what: str
    better: str | None
    accepted: bool


@dataclass(frozen=True, slots=True)
class CopyMade:
    """One copy in the output: `files` are paths below OUT, written with "/"; `notes` are for the service."""

    reader: str
    kind: str
    language: str
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one record. `source` is the file as it was given; `trace` is for `--debug` alone.

    `manifest` is the SHA-256 of the manifest of a version that was made or is up to date.
    """

    source: str
    state: State
    ref: str | None = None
    version: int | None = None
    copies: tuple[CopyMade, ...] = ()
    problems: tuple[Problem, ...] = ()
    advice: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    trace: str = field(default="", repr=False)
    manifest: str = ""

    @property
    def done(self) -> bool:
        """Say whether nothing is left to do for this record."""
        return self.state not in _NOT_DONE

    @property
    def stopped(self) -> bool:
        """Say whether advice stands against making copies, and nobody has accepted it."""
        return any(finding.severity == "stop" and not finding.accepted for finding in self.advice)

    @property
    def questioned(self) -> bool:
        """Say whether there is a warning, or a stop nobody has accepted. A note alone is no finding."""
        return any(finding.severity != "note" and not finding.accepted for finding in self.advice)


@dataclass(frozen=True, slots=True)
class Batch:
    """A run that is ready to go: how many records it has, how many of them need work, and their results as they come.

    The results are in the order of the records' names, whoever makes them.
    """

    total: int
    at_work: int
    results: Iterator[Result]


@dataclass(slots=True)
class Tally:
    """What a run came to so far, without holding its results: states, and how many had something to consider."""

    states: Counter[State] = field(default_factory=Counter)
    advised: int = 0
    questioned: int = 0
    done: int = 0

    @classmethod
    def of(cls, results: Iterable[Result]) -> Tally:
        """Return the tally of results that are all there."""
        tally = cls()
        for result in results:
            tally.add(result)
        return tally

    def add(self, result: Result) -> None:
        """Count one more result."""
        self.states[result.state] += 1
        self.advised += bool(result.advice)
        self.questioned += result.done and result.questioned
        self.done += result.done

    @property
    def total(self) -> int:
        """How many results there were."""
        return self.states.total()

    @property
    def counts(self) -> Mapping[str, int]:
        """The records in each state; states nobody is in are left out."""
        return {state.value: self.states[state] for state in State if self.states[state]}


def exit_code_of_making(tally: Tally) -> ExitCode:
    """Choose the exit code of `generate`: advice that stopped nothing does not count."""
    if tally.done == tally.total:
        return ExitCode.OK
    return ExitCode.SOME_FAILED if tally.done else ExitCode.ALL_FAILED


def exit_code_of_checking(tally: Tally) -> ExitCode:
    """Choose the exit code of `check`: a warning, an open stop or an unusable record is a finding."""
    if tally.done == tally.total and not tally.questioned:
        return ExitCode.OK
    return ExitCode.SOME_FAILED if tally.done else ExitCode.ALL_FAILED
