"""What the commands over an archive share: their options, and the values behind them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from pipeline.service.load import find_config, load_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.archive.records import Records
    from pipeline.service.model import Service

FOLDER = click.option(
    "--archive",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of the archive. Without it: the archive of agreements.toml.",
)
RECORDS = click.option(
    "--records",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where the records lie. Without it: beside agreements.toml, and in the folder records there.",
)
CONFIG = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The agreements.toml to use. Without it: beside the folder, above it, then in the working folder.",
)
ON = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day it is about. Without it: today."
)
AS_JSON = click.option(
    "--json",
    "form",
    flag_value="json",
    default="text",
    help="Print one JSON document (schemas/archive.schema.json) at the end.",
)


def service_for(config: Path | None, beside: Path | None) -> Service:
    """Return the service. Raises SetupError where there is no agreements.toml, or it has problems."""
    return load_service(find_config(config, beside))


def archive_folder(folder: Path | None, service: Service | None, config: Path | None = None) -> Path:
    """Return the folder of the archive: as named, or the one of agreements.toml, looked for only then."""
    if folder is not None:
        return folder
    kept_in = (service or service_for(config, None)).archive
    if kept_in is None:
        raise click.UsageError("Name the archive with --archive, or under [files] in agreements.toml.")
    return kept_in


def output_folders(outs: Sequence[Path], service: Service, *, archive_only: bool) -> tuple[Path, ...]:
    """Return the output folders from which copies must go. Nobody may forget them by leaving an option out."""
    folders = tuple(outs) or ((service.output,) if service.output is not None else ())
    if bool(folders) == archive_only:
        raise click.UsageError("Name the output folder with --out, or give --archive-only when there is none.")
    return folders


def records_for(records: Path | None, service: Service) -> Records:
    """Return the records of the service: in the folder named, or beside agreements.toml."""
    from pipeline.archive.records import find_records  # noqa: PLC0415 - it brings along what plans copies

    folders = (service.folder, service.folder / "records") if records is None else (records,)
    return find_records(folders, service)


def today(on: datetime | None, service: Service | None) -> date:
    """Return the day a command is about: as named, or today where the service is."""
    if on is not None:
        return on.date()
    zone = None if service is None else ZoneInfo(service.time_zone)
    return datetime.now(zone).astimezone(zone).date()
