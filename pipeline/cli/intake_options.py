"""What `agreements import` and `agreements export` share: options, writing a workbook, and their report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.printing import print_problems
from pipeline.errors import ExitCode, RecordError
from pipeline.intake.record_files import write_new, write_over
from pipeline.intake.report import report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.errors import Problem
    from pipeline.intake.importing import Imported

FIELDS = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The agreements.toml that declares the service's own fields. Without it: beside the records, in the folder "
    "above them, then in the working folder.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document (schemas/intake.schema.json).")


def write_workbook(path: Path, data: bytes, *, replace: bool) -> ExitCode:
    """Write a workbook, over one that is there already only when asked; say what is wrong where it cannot be."""
    try:
        (write_over if replace else write_new)(path, data)
    except RecordError as error:
        print_problems(str(path), error.problems)
        return ExitCode.SETUP
    return ExitCode.OK


def print_document(
    command: str, results: Sequence[Imported], *, exit_code: ExitCode, problems: Iterable[Problem] = ()
) -> None:
    """Print the report of a whole run as one JSON document."""
    document = report(command, results, exit_code=exit_code, problems=problems)
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
