"""What `import` and `export` did, as a JSON document for other programs (schemas/intake.schema.json)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.errors import ExitCode, Problem
    from pipeline.intake.importing import Imported

FORMAT = 1


def report(
    command: str, results: Sequence[Imported], *, exit_code: ExitCode, problems: Iterable[Problem] = ()
) -> Mapping[str, Any]:
    """Return the report of a whole run; `problems` are those of the workbook, which belong to no record."""
    return {
        "intake": FORMAT,
        "program": __version__,
        "command": command,
        "exit_code": int(exit_code),
        "problems": [_problem(problem) for problem in problems],
        "records": [_record(result) for result in results],
    }


def _record(result: Imported) -> Mapping[str, Any]:
    return {
        "ref": result.ref,
        "version": result.version,
        "row": result.row,
        "state": result.state.value,
        "file": result.file,
        "problems": [_problem(problem) for problem in result.problems],
    }


def _problem(problem: Problem) -> Mapping[str, Any]:
    return {"where": problem.where, "what": problem.what, "do": problem.do}
