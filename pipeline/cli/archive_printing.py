"""What the commands over an archive print: lines as they come, or one JSON document at the end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.cli.printing import print_problems
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.archive.finding import Found
    from pipeline.archive.model import Outcome
    from pipeline.archive.reconciling import Line
    from pipeline.archive.standing import Standing
    from pipeline.errors import Problem

_FORMAT = 1


class Report:
    """The report of one command: give it what comes, in order, then end it."""

    def __init__(self, command: str, form: str) -> None:
        """Begin a report in the form "text" or "json"."""
        self._command, self._as_json = command, form == "json"
        self._results: list[Mapping[str, Any]] = []
        self._problems: list[Problem] = []
        self._done = self._failed = self._findings = 0
        self._read = {"files": 0, "bytes": 0, "seals": 0}
        self._more: dict[str, Any] = {}

    def outcome(self, outcome: Outcome) -> None:
        """Show what became of one version."""
        self._done += outcome.done
        self._failed += not outcome.done
        self._result(
            {"ref": outcome.ref, "version": outcome.version, "state": outcome.state, "notes": list(outcome.notes)},
            outcome.state,
            outcome.problems,
        )
        for note in outcome.notes:
            click.echo(f"{_name(outcome.ref, outcome.version)}  {note}", err=True)

    def found(self, found: Found) -> None:
        """Show one version that was found."""
        status = [each.value for each in found.status]
        settled = "" if found.settled else "  not everyone has signed"
        words = f"{found.on.isoformat()}  {', '.join(status)}{settled}  {' '.join(found.readers)}"
        self._result(
            {
                "ref": found.ref,
                "version": found.version,
                "on": found.on.isoformat(),
                "status": status,
                "readers": list(found.readers),
                "settled": found.settled,
            },
            words.rstrip(),
        )

    def standing(self, standing: Standing, *, finding: bool) -> None:
        """Show where an agreement stands, and why it stays."""
        self._findings += finding
        verdict, versions = standing.verdict, [entry.version for entry in standing.newest]
        until = None if verdict.keep_until is None else verdict.keep_until.isoformat()
        self._result(
            {
                "ref": standing.ref,
                "versions": versions,
                "state": verdict.stage.value,
                "keep_until": until,
                "reasons": list(verdict.reasons),
            },
            "  ".join([verdict.stage.value, *([f"time ended {until}"] if until and finding else [])]),
        )
        for reason in verdict.reasons:
            self._say(f"  {reason}")

    def line(self, line: Line) -> None:
        """Show one reader of one version, and what does not fit."""
        self._findings += bool(line.differs)
        self._result(
            {
                "ref": line.ref,
                "version": line.version,
                "reader": line.reader,
                "state": list(line.state),
                "handed": list(line.handed),
                "differs": list(line.differs),
            },
            "  ".join(part for part in (line.reader, ", ".join((*line.state, *line.handed)), *line.differs) if part),
        )

    def checked(self, step: Any) -> None:
        """Count one step of a check, and show what is wrong."""
        for name in self._read:
            self._read[name] += getattr(step, name)
        self._more["read"] = self._read
        self.problems(step.problems)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Show problems that belong to no version of the list."""
        found = list(problems)
        self._findings += len(found)
        self._problems += found
        print_problems("", found)

    def dry_run(self, word: str, number: int) -> None:
        """Say what the dry run found, and the word that confirms it."""
        if not number:
            click.echo("Nothing may go.", err=True)
            return
        self._more["confirm"] = word
        click.echo("Nothing was deleted. To delete it for good, run this again with:", err=True)
        self._say(f"--confirm {word}")

    def refused(self, why: str) -> None:
        """Say why nothing was done."""
        self._findings += 1
        click.echo(why, err=True)

    def code_of_doing(self) -> ExitCode:
        """Choose the exit code of a command that does something with each version."""
        if not self._failed:
            return ExitCode.OK
        return ExitCode.SOME_FAILED if self._done else ExitCode.ALL_FAILED

    def code_of_finding(self) -> ExitCode:
        """Choose the exit code of a command that looks for something."""
        return ExitCode.SOME_FAILED if self._findings or self._failed else ExitCode.OK

    def end(self, code: ExitCode) -> ExitCode:
        """Close the report and return the exit code."""
        if self._as_json:
            document = {
                "archive": _FORMAT,
                "program": __version__,
                "command": self._command,
                "exit_code": int(code),
                "results": self._results,
                "problems": [_problem(each) for each in self._problems],
            }
            click.echo(json.dumps(document | self._more, indent=2, ensure_ascii=False))
        elif "read" in self._more:
            files, seals = self._read["files"], self._read["seals"]
            click.echo(f"{files} files read, {seals} seals, {len(self._problems)} problems")
        return code

    def _result(self, document: Mapping[str, Any], words: str, problems: Iterable[Problem] = ()) -> None:
        found = list(problems)
        if self._as_json:
            self._results.append({**document, "problems": [_problem(each) for each in found]} if found else document)
        versions = document.get("versions") or [document["version"]]
        self._say(f"{_name(document['ref'], *versions)}  {words}")
        print_problems(str(document["ref"]), found)

    def _say(self, words: str) -> None:
        if not self._as_json:
            click.echo(words)


def _name(ref: str, *versions: int | None) -> str:
    numbers = ", ".join(f"v{version}" for version in versions if version is not None)
    return f"{ref}  {numbers}" if numbers else ref


def _problem(problem: Problem) -> Mapping[str, Any]:
    told = {"what": problem.what, "do": problem.do, "where": problem.where}
    return told if problem.line is None else told | {"line": problem.line, "column": problem.column}
