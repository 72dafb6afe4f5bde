"""`agreements generate`: a Word and a PDF copy for every reader of every record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.batch.model import exit_code_of_making
from pipeline.batch.run import Spread, batch
from pipeline.batch.workshop import Order
from pipeline.cli.batch_options import MAKING, ShardType
from pipeline.cli.running import first_path, record_options, show_run, sources_of, with_options
from pipeline.service.load import find_config, load_service

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pipeline.batch.model import Batch
    from pipeline.errors import ExitCode
    from pipeline.publication.lock import Part


@click.command(epilog="Example: agreements generate records --out output")
@record_options
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the copies go. Without it: the output folder of agreements.toml, else output.",
)
@with_options(MAKING)
@click.option("--only", metavar="ID", help="Make the copy of this reader alone, such as harmed-1 or service.")
@click.option("--force", is_flag=True, help="Make copies again that are up to date. A signed version is never touched.")
@click.option(
    "--dry-run", is_flag=True, help="Read and question every record and print the plan; make and write nothing."
)
@click.option("--cluster", metavar="ADDRESS", help="Let a Dask cluster do the work, such as tcp://scheduler:8786.")
@click.option(
    "--shard",
    type=ShardType(),
    metavar="3/10",
    help="Take only this part of the records: always the same ones, by their reference. For several machines.",
)
def generate(  # noqa: PLR0913, PLR0917 - one parameter an option; click gives them by name
    records: tuple[str, ...],
    out: Path | None,
    template: str | None,
    engine: str,
    only: str | None,
    config: Path | None,
    form: str | None,
    jobs: int,
    cluster: str | None,
    shard: Part | None,
    *,
    recursive: bool,
    force: bool,
    dry_run: bool,
    debug: bool,
) -> ExitCode:
    """Make a Word and a PDF copy for every reader of every record.

    RECORD is a file, a folder (the .json files directly in it), or - for standard input. Each copy shows only
    what its reader may see, and is proven before it is published. A version that is signed stays as it is. Run it
    again at any time, also after it was broken off: what is up to date is left alone. OUT/report.html says what became
    of every record.

    With --dry-run the plan is printed: which records are new, changed, up to date, signed or refused. What only shows
    on a finished page, such as a letter that no font has, shows when the copy is made.

    Exit code 0: every record is done. 1: some records failed or were refused. 3: all of them. 4: the set-up
    (agreements.toml, template, engine, output) cannot be used.
    """

    def start() -> AbstractContextManager[Batch]:
        service = load_service(find_config(config, first_path(records)))
        folder = out or service.output or Path("output")
        sources = sources_of(records, recursive=recursive, outside=folder)
        if engine != "embedded":
            from pipeline.doctor.examine import cautions  # noqa: PLC0415 - the usual run does without it

            for caution in cautions(engine):
                click.echo(caution, err=True)
        order = Order(service, folder, template, engine, only, again=force, plan_only=dry_run)
        return batch(sources, order, Spread(jobs=jobs, cluster=cluster, part=shard))

    return show_run("generate", start, exit_code_of_making, form=form, debug=debug)
