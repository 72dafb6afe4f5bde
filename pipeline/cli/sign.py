"""`agreements sign`: put the signatures of a meeting on every copy."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.printing import print_problems
from pipeline.errors import ExitCode
from pipeline.service.load import find_config, load_service
from pipeline.signing.record import NAME as SIGNING
from pipeline.signing.signing import Desk, Outcome
from pipeline.signing.signing import sign as sign_versions
from pipeline.signing.versions import find_places

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = {
    "signed": "signed",
    "partly_signed": "partly signed",
    "up_to_date": "up to date",
    "no_signatures": "no signatures yet",
    "failed": "failed",
}


@click.command(epilog="Example: agreements sign output --signatures signatures")
@click.argument("folders", nargs=-1, required=True, metavar="OUT...", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--signatures",
    required=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of signing records: DIR/NR-0412/signing.json with its images, or DIR/signing.json.",
)
@click.option(
    "--records",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the agreement records lie. Without it: beside agreements.toml, and in its folder records.",
)
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The agreements.toml to use. Without it: beside the signatures, above them, then in the working folder.",
)
@click.option(
    "--scan",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The signed paper of one version, as PDF. Its pages are matched, and the service's copy keeps it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document at the end.")
@click.option("--debug", is_flag=True, help="Show the whole trace of a mistake of the program.")
def sign(  # noqa: PLR0913 - one parameter an option; click gives them by name
    folders: tuple[Path, ...],
    signatures: Path,
    records: Path | None,
    config: Path | None,
    scan: Path | None,
    *,
    as_json: bool,
    debug: bool,
) -> ExitCode:
    """Put the signatures of a meeting on every copy.

    OUT is the output folder, or in it the folder of one reference or version. Every signed copy is made from the
    unsigned original with all signatures so far, and is proven again before it is published, in a folder `signed`
    beside it. Sign again when more signatures come; doing it twice changes nothing. From the first signature on the
    version stays as it is.

    Exit code 0: every version is done. 1: some failed. 3: all of them. 4: the set-up cannot be used.
    """
    del debug  # main looks for it
    service = load_service(find_config(config, signatures))
    where = (records,) if records is not None else (service.folder, service.folder / "records")
    places = find_places(folders)
    if scan is not None and len(places) > 1:
        raise click.UsageError("A scan is of one version: name its folder, such as output/NR-0412/v1.")
    outcomes = []
    for outcome in sign_versions(places, Desk(service, signatures, where, scan)):
        outcomes.append(outcome)
        if not as_json:
            _show(outcome)
    if as_json:
        click.echo(json.dumps({"command": "sign", "versions": [asdict(each) for each in outcomes]}, indent=2))
    return _exit_code(outcomes)


def _show(outcome: Outcome) -> None:
    for problem in outcome.problems:
        file = "" if problem.line is None else f" {SIGNING}"  # only the signing record has lines here
        print_problems(f"{outcome.ref} v{outcome.version}{file}", [problem])
    waiting = f"  waiting for {', '.join(outcome.waiting)}" if outcome.waiting else ""
    copies = f"  {outcome.copies} copies" if outcome.copies else ""
    click.echo(f"{outcome.ref}  v{outcome.version}  {_WORDS[outcome.state]}{copies}{waiting}")


def _exit_code(outcomes: Sequence[Outcome]) -> ExitCode:
    failed = [outcome.state == "failed" for outcome in outcomes]
    if not any(failed):
        return ExitCode.OK
    return ExitCode.ALL_FAILED if all(failed) else ExitCode.SOME_FAILED
