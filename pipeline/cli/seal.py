"""`agreements seal`: the electronic seal of the service on every signed copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
from pipeline.errors import ExitCode, Problem, SetupError
from pipeline.service.load import find_config, load_service
from pipeline.signing.seal_key import LARGEST_KEY_FILE, load_seal_key
from pipeline.signing.seal_run import Sealing, SealState, seal_versions
from pipeline.signing.sealing import SealOrder
from pipeline.signing.versions import held_places

if TYPE_CHECKING:
    from pipeline.signing.seal_key import SealKey

_WORDS = {
    SealState.SEALED: "sealed",
    SealState.UP_TO_DATE: "sealed already, left alone",
    SealState.REFUSED: "refused",
}


@click.command(epilog="Example: agreements seal output/NR-0412 --pkcs12 seal.p12 --passphrase-file seal.txt")
@OUT
@click.option(
    "--pkcs12",
    required=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The service's key and certificate (.p12 or .pfx).",
)
@click.option(
    "--passphrase-file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the passphrase of the key as its first line. Without it you are asked.",
)
@click.option("--timestamp-url", metavar="URL", help="Have each seal time-stamped by this RFC 3161 authority.")
@click.option(
    "--long-term",
    is_flag=True,
    help="Keep in each file the issuers' answers whether the certificates were valid. Asks the issuers over the "
    "network.",
)
@RECORDS
@config_option("in OUT, beside it")
@AS_JSON
@DEBUG
def seal(  # noqa: PLR0913, PLR0917 - one parameter an option; click gives them by name
    folders: tuple[Path, ...],
    pkcs12: Path,
    passphrase_file: Path | None,
    timestamp_url: str | None,
    records: Path | None,
    config: Path | None,
    *,
    long_term: bool,
    as_json: bool,
    debug: bool,
) -> ExitCode:
    """Put the electronic seal of the service on every signed copy.

    OUT is the output folder, or in it the folder of one reference or version. A version is sealed when everyone's
    signature is settled: all its copies, or none. The sealed copies lie in a folder `sealed` beside the signed ones,
    which stay as they are; each is proven again before it is published. After that no signature can be added.

    Exit code 0: every version is sealed. 1: some were refused. 3: all of them. 4: key, passphrase or set-up cannot
    be used.
    """
    del debug  # main looks for it
    key = _key(pkcs12, passphrase_file)
    service = load_service(find_config(config, folders[0]))
    where = record_folders(records, service)
    order = SealOrder(key, timestamp_url, long_term=long_term)
    with held_places(folders) as places:
        sealing = seal_versions(places, order, service=service, records=where)
        results = show_each("seal", sealing, _show, as_json=as_json)
    return exit_code_of([result.state is SealState.REFUSED for result in results])


def _key(pkcs12: Path, passphrase_file: Path | None) -> SealKey:
    try:
        with pkcs12.open("rb") as file:
            data = file.read(LARGEST_KEY_FILE + 1)
        if passphrase_file is None:
            passphrase = click.prompt("Passphrase of the seal", hide_input=True, err=True)
        else:
            passphrase = passphrase_file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeError) as error:
        what = "The key or its passphrase cannot be read."
        raise SetupError([Problem(what, "Check that both are plain files that you may read.")]) from error
    return load_seal_key(data, passphrase)


def _show(result: Sealing) -> None:
    print_problems(f"{result.ref} v{result.version}", result.problems)
    copies = f"  {len(result.copies)} copies" if result.copies else ""
    click.echo(f"{result.ref}  v{result.version}  {_WORDS[result.state]}{copies}")
