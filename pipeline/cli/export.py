"""`agreements export`: records into a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.batch.sources import bytes_of
from pipeline.cli.intake_options import AS_JSON, FIELDS, print_document, write_workbook
from pipeline.cli.printing import print_problems
from pipeline.cli.running import declared_fields, first_path, sources_of
from pipeline.errors import ExitCode, RecordError
from pipeline.intake.exporting import can_be_written, refuse_same, workbook_of
from pipeline.intake.importing import Imported, State, exit_code_of
from pipeline.records.load import load_record_bytes

if TYPE_CHECKING:
    from pipeline.records.model import Agreement


@click.command(epilog="Example: agreements export records --xlsx agreements.xlsx")
@click.argument(
    "records",
    nargs=-1,
    required=True,
    metavar="RECORD...",
    type=click.Path(exists=True, readable=False, allow_dash=True),
)
@click.option("--xlsx", type=click.Path(path_type=Path), metavar="FILE", required=True, help="The workbook to write.")
@click.option("--recursive", is_flag=True, help="Look for records in the folders below a folder, too.")
@click.option("--replace", is_flag=True, help="Write over a workbook that is there already.")
@FIELDS
@AS_JSON
def export(  # noqa: PLR0913 - one parameter an option; click gives them by name
    records: tuple[str, ...], xlsx: Path, config: Path | None, *, recursive: bool, replace: bool, as_json: bool
) -> ExitCode:
    """Write records into a workbook.

    RECORD is a file, a folder (the .json files directly in it), or - for standard input. `agreements import` makes
    the same records of it again. The workbook holds every word of the records, those to withhold too: keep it where
    the records are.

    Exit code 0: every record is in the workbook. 1: some have problems and are not. 2: no record was found. 3: none
    is in it, and nothing was written. 4: the set-up, or the file to write, cannot be used.
    """
    sources = sources_of(records, recursive=recursive)
    fields = declared_fields(config, first_path(records))
    results: list[Imported] = []
    agreements: list[Agreement] = []
    for source in sources:
        try:
            agreement = load_record_bytes(bytes_of(source), extra_fields=fields)
            refuse_same(agreements, agreement)
            agreements.append(can_be_written(agreement))
            results.append(Imported(agreement.ref, agreement.version, None, State.WRITTEN, xlsx.name))
        except RecordError as error:
            results.append(Imported(source.name, None, None, State.FAILED, problems=error.problems))
    code = exit_code_of(results)
    if agreements:
        written = write_workbook(xlsx, workbook_of(agreements, extra_fields=fields), replace=replace)
        if written is not ExitCode.OK:
            return written
    if as_json:
        print_document("export", results, exit_code=code)
        return code
    for result in results:
        print_problems(result.ref, result.problems)
        click.echo(f"{result.ref}  {f'v{result.version}  ' if result.version else ''}{result.state.value}")
    return code
