"""What every command over records shares: its options, and showing results as they come."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.batch.model import Tally
from pipeline.batch.sources import find_sources
from pipeline.cli.printing import output_for, print_trace
from pipeline.cli.progress import progress
from pipeline.errors import ExitCode, SetupError
from pipeline.service.load import find_config, load_service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from pipeline.batch.model import Batch, Result
    from pipeline.batch.sources import Source
    from pipeline.service.model import ExtraField

_T = TypeVar("_T")
_SHARED: tuple[Callable[[Any], Any], ...] = (
    click.argument(
        "records",
        nargs=-1,
        required=True,
        metavar="RECORD...",
        type=click.Path(exists=True, readable=False, allow_dash=True),
    ),
    click.option("--recursive", is_flag=True, help="Look for records in the folders below a folder, too."),
    click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The agreements.toml to use. Without it: beside the first RECORD, then in the folder above it, then in "
        "the working folder.",
    ),
    click.option(
        "--json", "form", flag_value="json", help="Print one JSON document (schemas/report.schema.json) at the end."
    ),
    click.option(
        "--json-lines", "form", flag_value="json-lines", help="Print a line of JSON for each record as it comes."
    ),
    click.option(
        "--debug", is_flag=True, help="Show the whole trace of a mistake of the program. It may hold personal data."
    ),
)


def record_options(function: Callable[..., ExitCode]) -> Callable[..., ExitCode]:
    """Give a command the argument and the options that every command over records has."""
    return with_options(_SHARED)(function)


def with_options(
    options: Sequence[Callable[[Any], Any]],
) -> Callable[[Callable[..., _T]], Callable[..., _T]]:
    """Return what gives a command these options, in their order."""

    def decorated(function: Callable[..., _T]) -> Callable[..., _T]:
        for decorate in options[::-1]:
            function = decorate(function)
        return function

    return decorated


def sources_of(records: Sequence[str], *, recursive: bool, outside: Path | None = None) -> tuple[Source, ...]:
    """Return the records that the arguments name; ending with a usage error when there are none."""
    found = find_sources(records, recursive=recursive, standard_input=sys.stdin.buffer, outside=outside)
    if not found:
        raise click.UsageError("No record was found: a folder is searched for .json files directly in it.")
    return found


def first_path(records: Sequence[str]) -> Path | None:
    """Return the first RECORD as a path; None for standard input."""
    return None if records[0] == "-" else Path(records[0])


def show_run(
    command: str,
    start: Callable[[], AbstractContextManager[Batch]],
    exit_code_of: Callable[[Tally], ExitCode],
    *,
    form: str | None,
    debug: bool,
) -> ExitCode:
    """Start a run, show each result as it comes, and return the exit code.

    What `start` gives is open while its results are taken; what is wrong with the set-up is shown too.
    """
    output = output_for(form or "text", command)
    tally = Tally()

    def shown(result: Result) -> None:
        tally.add(result)
        output.each(result)
        if debug:
            print_trace(result)

    try:
        with start() as batch, progress(batch) as step:
            for result in batch.results:
                step(result, partial(shown, result))
    except SetupError as error:
        output.end(tally, ExitCode.SETUP, error.problems)
        return ExitCode.SETUP
    code = exit_code_of(tally)
    output.end(tally, code, ())
    return code


def declared_fields(config: Path | None, records: Path | None) -> Mapping[str, ExtraField] | None:
    """Return the fields the service declares; None where there is no agreements.toml to be found."""
    if config is None:
        try:
            config = find_config(None, records)
        except SetupError:
            return None
    return load_service(find_config(config, records)).extra_fields
