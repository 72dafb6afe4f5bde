"""`agreements check`: what is wrong with records, and what a practitioner would question."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from pipeline.batch.checking import check as check_records
from pipeline.batch.model import Batch, exit_code_of_checking
from pipeline.cli.running import declared_fields, first_path, record_options, show_run, sources_of
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path


@click.command(epilog="Example: agreements check records/NR-0412.json")
@record_options
def check(records: tuple[str, ...], config: Path | None, form: str | None, *, recursive: bool, debug: bool) -> ExitCode:
    """Read records and say what is wrong, and what a practitioner would question.

    RECORD is a file, a folder (the .json files directly in it), or - for standard input. Nothing is written. Each
    finding has its place (file, line, column, JSON pointer), its rule, and a better wording where one can be
    given. agreements.toml is not needed; without one the service's own fields are not checked.

    Exit code 0: nothing found, or notes only. 1: a warning, a stop that nobody accepted, or a record with
    problems. 3: every record has problems.
    """

    def start() -> AbstractContextManager[Batch]:
        sources = sources_of(records, recursive=recursive)
        results = check_records(sources, declared_fields(config, first_path(records)))
        return nullcontext(Batch(len(sources), len(sources), results))

    return show_run("check", start, exit_code_of_checking, form=form, debug=debug)
