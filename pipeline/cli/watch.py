"""`agreements watch`: records are put into a folder, and their copies are made."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.batch.workshop import Order
from pipeline.cli.batch_options import MAKING
from pipeline.cli.printing import output_for, print_problems, print_trace
from pipeline.cli.running import with_options
from pipeline.errors import Problem, SetupError
from pipeline.service.load import find_config, load_service


@click.command(epilog="Example: agreements watch inbox --out output")
@click.argument("folder", metavar="IN", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="OUT", help="Where the copies go; not below IN."
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The agreements.toml to use. Without it: in IN, then in the folder above it, then in the working folder.",
)
@with_options(MAKING)
@click.option(
    "--settle",
    type=click.FloatRange(min=0, max=3600),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a file must lie unchanged before it is read.",
)
@click.option("--poll", is_flag=True, help="Look again and again instead of being told: for network shares.")
@click.option("--json-lines", "form", flag_value="json-lines", help="Print a line of JSON for each record as it comes.")
@click.option("--debug", is_flag=True, help="Show the whole trace of a mistake. It may hold personal data.")
def watch(  # noqa: PLR0913, PLR0917 - one parameter an option; click gives them by name
    folder: Path,
    out: Path,
    config: Path | None,
    template: str | None,
    engine: str,
    jobs: int,
    settle: float,
    form: str | None,
    *,
    poll: bool,
    debug: bool,
) -> None:
    """Make copies of each record that is put into a folder, until it is stopped.

    A record whose copies are made moves to IN/done, one that failed or was refused to IN/failed, each with its report
    beside it (NAME.report.json). A file is read when it has lain unchanged for a while; temporary files, hidden files
    and links are left alone. Whatever is wrong with one record, the others go on. agreements.toml and templates are
    read again for each round, so they may be changed meanwhile.

    Exit code 130: stopped. 4: the set-up cannot be used.
    """
    try:
        from pipeline.batch.watching import Watch  # noqa: PLC0415 - what it needs is an extra
    except ImportError as error:
        raise SetupError([_missing()]) from error
    output = output_for(form or "text", "generate")

    def order() -> Order:
        return Order(load_service(find_config(config, folder)), out, template, engine)

    for result in Watch(folder, out, order, jobs=jobs, settle=settle, polling=poll).results(_told):
        output.each(result)
        if debug:
            print_trace(result)


def _told(trouble: SetupError) -> None:
    print_problems("", trouble.problems)
    click.echo("The records stay where they are and are tried again.", err=True)


def _missing() -> Problem:
    return Problem(
        "Watching a folder needs the library watchfiles, which is not installed.",
        "Install it: pip install 'outcome-agreements[watch]'.",
    )
