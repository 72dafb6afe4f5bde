"""`agreements sign`: put the signatures of a meeting on every copy."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.printing import print_problems
from pipeline.cli.version_options import (
    AS_JSON,
    DEBUG,
    OUT,
    RECORDS,
    config_option,
    exit_code_of,
    record_folders,
    show_each,
)
from pipeline.errors import ExitCode
from pipeline.service.load import find_config, load_service
from pipeline.signing.record import NAME as SIGNING
from pipeline.signing.signing import Desk, Outcome
from pipeline.signing.signing import sign as sign_versions
from pipeline.signing.versions import held_places

_WORDS = {
    "signed": "signed",
    "partly_signed": "partly signed",
    "up_to_date": "up to date",
    "no_signatures": "no signatures yet",
    "failed": "failed",
}


@click.command(epilog="Example: agreements sign output --signatures signatures")
@OUT
@click.option(
    "--signatures",
    required=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of signing records: DIR/NR-0412/signing.json with its images, or DIR/signing.json.",
)
@RECORDS
@config_option("beside the signatures, above them")
@click.option(
    "--scan",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The signed paper of one version, as PDF. Its pages are matched, and the service's copy keeps it.",
)
@AS_JSON
@DEBUG
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
    where = record_folders(records, service)
    with held_places(folders) as places:
        if scan is not None and len(places) > 1:
            raise click.UsageError("A scan is of one version: name its folder, such as output/NR-0412/v1.")
        signing = sign_versions(places, Desk(service, signatures, where, scan))
        outcomes = show_each("sign", signing, _show, as_json=as_json)
    return exit_code_of([outcome.state == "failed" for outcome in outcomes])


def _show(outcome: Outcome) -> None:
    for problem in outcome.problems:
        file = "" if problem.line is None else f" {SIGNING}"  # only the signing record has lines here
        print_problems(f"{outcome.ref} v{outcome.version}{file}", [problem])
    waiting = f"  waiting for {', '.join(outcome.waiting)}" if outcome.waiting else ""
    copies = f"  {outcome.copies} copies" if outcome.copies else ""
    click.echo(f"{outcome.ref}  v{outcome.version}  {_WORDS[outcome.state]}{copies}{waiting}")
