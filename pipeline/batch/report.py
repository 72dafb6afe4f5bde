"""What a run did, as a JSON document for other programs (schemas/report.schema.json)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.batch.model import CopyMade, Finding, Result, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.errors import ExitCode, Problem

FORMAT = 1


def report(
    command: str,
    tally: Tally,
    *,
    exit_code: ExitCode,
    problems: Iterable[Problem] = (),
    records: Iterable[Mapping[str, Any]] = (),
) -> Mapping[str, Any]:
    """Return the report of a whole run; `problems` are those of the set-up, which belong to no record."""
    return {
        "report": FORMAT,
        "program": __version__,
        "command": command,
        "exit_code": int(exit_code),
        "counts": tally.counts,
        "problems": [_problem(problem) for problem in problems],
        "records": list(records),
    }


def record_report(result: Result) -> Mapping[str, Any]:
    """Return the report of one record; the lines of `--json-lines` have this form."""
    return {
        "source": result.source,
        "ref": result.ref,
        "version": result.version,
        "state": result.state.value,
        "copies": [_copy(copy) for copy in result.copies],
        "problems": [_problem(problem) for problem in result.problems],
        "advice": [_finding(finding) for finding in result.advice],
        "notes": list(result.notes),
    }


def _copy(copy: CopyMade) -> Mapping[str, Any]:
    return {
        "reader": copy.reader,
        "kind": copy.kind,
        "language": copy.language,
        "files": list(copy.files),
        "notes": list(copy.notes),
    }


def _problem(problem: Problem) -> Mapping[str, Any]:
    return {
        "what": problem.what,
        "do": problem.do,
        "where": problem.where,
        "line": problem.line,
        "column": problem.column,
    }


def _finding(finding: Finding) -> Mapping[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "where": finding.where,
        "line": finding.line,
        "column": finding.column,
        "item": finding.item,
        "what": finding.what,
        "better": finding.better,
        "accepted": finding.accepted,
    }
