"""`agreements init`: the first files of a new service."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.errors import ExitCode
from pipeline.service.starting import write_first_files


@click.command(epilog="Example: agreements init our-service")
@click.argument("folder", default=".", type=click.Path(path_type=Path))
def init(folder: Path) -> ExitCode:
    """Write a first agreements.toml, a first record and the folders.

    FOLDER is the working folder unless you name another. Nothing that is there already is overwritten. Then put
    your service's name, telephone number and texts into agreements.toml, and run: agreements generate records
    """
    for path in write_first_files(folder):
        click.echo(str(path))
    return ExitCode.OK
