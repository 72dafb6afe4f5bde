"""What became of each record: values for the report, the screen and the exit code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.errors import ExitCode, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class State(StrEnum):
    """How one record ended; the words stand in the report and on the screen."""

    MADE = "made"
    UP_TO_DATE = "up_to_date"
    WOULD_MAKE = "would_make"
    NO_AGREEMENT = "no_agreement"
    SIGNED = "signed"
    CHECKED = "checked"
    REFUSED = "refused"
    FAILED = "failed"


_NOT_DONE = frozenset({State.REFUSED, State.FAILED})


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
    """What became of one record. `source` is the file as it was given; `trace` is for `--debug` alone."""

    source: str
    state: State
    ref: str | None = None
    version: int | None = None
    copies: tuple[CopyMade, ...] = ()
    problems: tuple[Problem, ...] = ()
    advice: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    trace: str = field(default="", repr=False)

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


def counts(results: Iterable[Result]) -> Mapping[str, int]:
    """Count the records in each state; states nobody is in are left out."""
    found = Counter(result.state for result in results)
    return {state.value: found[state] for state in State if found[state]}


def exit_code_of_making(results: Iterable[Result]) -> ExitCode:
    """Choose the exit code of `generate`: advice that stopped nothing does not count."""
    done = [result.done for result in results]
    if all(done):
        return ExitCode.OK
    return ExitCode.SOME_FAILED if any(done) else ExitCode.ALL_FAILED


def exit_code_of_checking(results: Iterable[Result]) -> ExitCode:
    """Choose the exit code of `check`: a warning, an open stop or an unusable record is a finding."""
    seen = list(results)
    if all(result.done and not result.questioned for result in seen):
        return ExitCode.OK
    return ExitCode.SOME_FAILED if any(result.done for result in seen) else ExitCode.ALL_FAILED
