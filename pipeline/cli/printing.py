"""What the screen shows of each record: as text, as one JSON document, or as a line of JSON each."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import Counter
from textwrap import indent
from typing import TYPE_CHECKING, Protocol

import click

from pipeline.batch.model import Result, State, Tally
from pipeline.batch.report import record_report, report
from pipeline.batch.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.batch.model import Finding
    from pipeline.errors import ExitCode, Problem

STATES = {
    State.MADE: "made",
    State.UP_TO_DATE: "up to date",
    State.NEW: "new, would be made",
    State.CHANGED: "changed, would be made again",
    State.NO_AGREEMENT: "no agreement, nothing to make",
    State.SIGNED: "signed, left alone",
    State.CHECKED: "checked",
    State.REFUSED: "refused",
    State.FAILED: "failed",
}
"""Each state in the words of the screen."""

# Categories of Unicode: control, format, surrogate, line separator, paragraph separator.
_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class Output(Protocol):
    """Where results go; `each` is called once a record, `end` once a run."""

    def each(self, result: Result) -> None:
        """Show one result."""

    def end(self, tally: Tally, exit_code: ExitCode, problems: Sequence[Problem]) -> None:
        """Close the report; `problems` are those of the set-up."""


def output_for(form: str, command: str) -> Output:
    """Return the output of this form: "text", "json" or "json-lines"."""
    if form == "json":
        return _JsonDocument(command)
    if form == "json-lines":
        return _JsonLines()
    return _CheckText() if command == "check" else _GenerateText()


class _JsonDocument:
    def __init__(self, command: str) -> None:
        self._command = command
        self._spool = Spool()

    def each(self, result: Result) -> None:
        """Wait for the end: it is one document."""
        self._spool.add(result)

    def end(self, tally: Tally, exit_code: ExitCode, problems: Sequence[Problem]) -> None:
        whole = report(self._command, tally, exit_code=exit_code, problems=problems)
        document = json.dumps(whole, indent=2, ensure_ascii=False)
        before, after = document.rsplit("[]", 1)  # where the records belong, which come one by one
        click.echo(before + "[", nl=False)
        for nth, record in enumerate(self._spool):
            text = json.dumps(record, indent=2, ensure_ascii=False)
            click.echo(("," if nth else "") + "\n" + indent(text, " " * 4), nl=False)
        click.echo(("\n  ]" if tally.total else "]") + after)
        self._spool.close()


class _JsonLines:
    def each(self, result: Result) -> None:
        click.echo(json.dumps(record_report(result), ensure_ascii=False))

    def end(self, tally: Tally, exit_code: ExitCode, problems: Sequence[Problem]) -> None:
        del tally, exit_code
        print_problems("", problems)


class _GenerateText:
    def each(self, result: Result) -> None:
        print_problems(result.source, result.problems)
        for finding in result.advice:
            if finding.severity == "stop" and not finding.accepted:
                click.echo(_finding(result.source, finding), err=True)
        for note in (*result.notes, *(note for copy in result.copies for note in copy.notes)):
            click.echo(f"{_on_one_line(result.source)}  {note}", err=True)
        copies = f"  {_number(len(result.copies), 'copy', 'copies')}" if result.copies else ""
        click.echo(f"{_name(result)}  {STATES[result.state]}{copies}")

    def end(self, tally: Tally, exit_code: ExitCode, problems: Sequence[Problem]) -> None:
        del exit_code
        print_problems("", problems)
        _print_summary(tally)
        if tally.advised:
            words = _number(tally.advised, "record has", "records have")
            click.echo(f"{words} something to consider: see agreements check.", err=True)


class _CheckText:
    def each(self, result: Result) -> None:
        for problem in result.problems:
            click.echo(_problem(result.source, problem))
        for finding in result.advice:
            click.echo(_finding(result.source, finding))
        found = Counter(finding.severity for finding in result.advice)
        words = [_number(found[kind], kind, f"{kind}s") for kind in ("stop", "warning", "note") if found[kind]]
        state = "nothing to question" if result.state is State.CHECKED and not words else STATES[result.state]
        click.echo("  ".join([_name(result), state, *([", ".join(words)] if words else [])]))

    def end(self, tally: Tally, exit_code: ExitCode, problems: Sequence[Problem]) -> None:
        del exit_code
        print_problems("", problems)
        _print_summary(tally)


def print_problems(source: str, problems: Iterable[Problem]) -> None:
    """Print problems to standard error: where, what, and what to do."""
    for problem in problems:
        click.echo(_problem(source, problem), err=True)


def print_trace(result: Result) -> None:
    """Print the whole trace of a mistake of the program, with a warning."""
    if result.trace:
        click.echo("What follows may hold personal data: do not send it on unread.", err=True)
        click.echo(result.trace, err=True)


def _problem(source: str, problem: Problem) -> str:
    place = _place(source, problem.line, problem.column, problem.where)
    return "\n".join([*([place] if place else []), f"  {_on_one_line(problem.what)}", f"  {_arrow()} {problem.do}"])


def _finding(source: str, finding: Finding) -> str:
    kind = f"{finding.severity}, accepted" if finding.accepted else finding.severity
    place = _place(source, finding.line, finding.column, finding.where)
    better = [f"  {_arrow()} {finding.better}"] if finding.better else []
    return "\n".join([f"{place}  {kind}: {finding.rule}", f"  {finding.what}", *better])


def _place(source: str, line: int | None, column: int | None, where: str) -> str:
    file = ":".join(str(part) for part in (source, line, column) if part)
    return "  ".join(_on_one_line(part) for part in (file, where) if part)


def _on_one_line(text: str) -> str:
    """Write signs that would steer the screen, such as a new line in the name of a file, as their escapes."""
    return "".join(ascii(sign)[1:-1] if unicodedata.category(sign) in _STEERING else sign for sign in text)


def _name(result: Result) -> str:
    return _on_one_line(result.source) if result.ref is None else f"{result.ref}  v{result.version}"


def _print_summary(tally: Tally) -> None:
    if tally.total > 1:
        words = ", ".join(f"{number} {STATES[State(state)]}" for state, number in tally.counts.items())
        click.echo(f"{tally.total} records: {words}", err=True)


def _number(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _arrow() -> str:
    """Return an arrow that the console can show."""
    try:
        "→".encode(sys.stderr.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return "->"
    return "→"
