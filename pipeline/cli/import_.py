"""`agreements import`: records from the rows of a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.intake_options import AS_JSON, FIELDS, print_document, write_workbook
from pipeline.cli.printing import print_problems
from pipeline.cli.running import declared_fields
from pipeline.errors import ExitCode, SetupError
from pipeline.intake.exporting import blank_workbook
from pipeline.intake.importing import exit_code_of, first_folder, import_records, read_tables
from pipeline.publication.disk import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.errors import Problem
    from pipeline.intake.importing import Imported


@click.command("import", epilog="Example: agreements import --blank agreements.xlsx")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--blank", is_flag=True, help="Write a workbook to fill in, instead of reading one.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder for the records. Without it: the folder the workbook lies in.",
)
@click.option("--replace", is_flag=True, help="Write over what is there already.")
@FIELDS
@AS_JSON
def import_(  # noqa: PLR0913 - one parameter an option; click gives them by name
    workbook: Path, out: Path | None, config: Path | None, *, blank: bool, replace: bool, as_json: bool
) -> ExitCode:
    """Make records of the rows of a workbook.

    WORKBOOK is an .xlsx file; or a CSV file, with those of the other sheets beside it; or a folder or .zip of CSV
    files. Each CSV file is named after its sheet, such as People.csv. Each mistake is told with sheet, row and
    column. Agreements that are right are written, the others are not. Formulas are never carried out.

    Exit code 0: every record is written, or lies there already as the workbook has it. 1: some are not. 2: there is
    no agreement in the workbook. 3: none is written. 4: the set-up, or the file to write, cannot be used.
    """
    folder = out or first_folder(workbook)
    fields = declared_fields(config, folder)
    if blank:
        return _write_blank(workbook, blank_workbook(extra_fields=fields), replace=replace)
    results: list[Imported] = []
    problems: Sequence[Problem] = ()
    try:
        tables = read_tables(workbook)
        make_private_folder(folder)
        results.extend(import_records(tables, folder, extra_fields=fields, replace=replace))
        code = exit_code_of(results)
    except SetupError as error:
        problems, code = error.problems, ExitCode.ALL_FAILED
    if as_json:
        print_document("import", results, exit_code=code, problems=problems)
    else:
        _print(workbook, results, problems)
    return code


def _write_blank(path: Path, data: bytes, *, replace: bool) -> ExitCode:
    if path.suffix.lower() != ".xlsx":
        raise click.BadParameter("the name of a blank workbook ends with .xlsx", param_hint="WORKBOOK")
    code = write_workbook(path, data, replace=replace)
    if code is ExitCode.OK:
        click.echo(str(path))
    return code


def _print(workbook: Path, results: Sequence[Imported], problems: Sequence[Problem]) -> None:
    """Print what became of each agreement; with nothing written, why."""
    print_problems(workbook.name, problems)
    for result in results:
        print_problems("", result.problems)
        version = f"v{result.version}" if result.version else "no version"
        click.echo("  ".join([result.ref, version, result.state.value, *([result.file] if result.file else [])]))
    if problems:
        click.echo("Nothing was written.", err=True)
    elif not results:
        click.echo("There is no agreement in this workbook.", err=True)
    elif len(results) > 1:
        done = sum(result.done for result in results)
        click.echo(f"{len(results)} agreements: {done} done, {len(results) - done} not", err=True)
