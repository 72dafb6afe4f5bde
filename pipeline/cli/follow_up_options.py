"""What the commands about one agreement share: which record is meant."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from pipeline.cli.archive_options import records_for, service_for
from pipeline.errors import Problem, RecordError, SetupError
from pipeline.follow_up.views import Look

if TYPE_CHECKING:
    from pipeline.records.model import Agreement
    from pipeline.service.model import Service


def one_record(named: str, records: Path | None, config: Path | None) -> tuple[Service, Path, Agreement]:
    """Return the service, the file of a record and its agreement.

    `named` is the file itself or a reference; of a reference the newest version is meant that was read back, or else
    the newest. A record that is not there, or there twice, is a usage error; one that cannot be used ends with its
    problems.
    """
    service, files = _versions(named, records, config)
    found = [(file, _loaded(file, service)) for file in files]
    return service, *next((each for each in found if each[1].read_back_on is not None), found[0])


def newest_record(named: str, records: Path | None, config: Path | None) -> tuple[Service, Path, Agreement]:
    """Return the same of the newest version, read back or not."""
    service, [file, *_] = _versions(named, records, config)
    return service, file, _loaded(file, service)


def _versions(named: str, records: Path | None, config: Path | None) -> tuple[Service, list[Path]]:
    """Return the service and the file of each version, the newest first."""
    file = Path(named)
    is_file = file.is_file()
    service = service_for(config, file if is_file else records)
    if is_file:
        return service, [file]
    found = {version: paths for (ref, version), paths in records_for(records, service).paths.items() if ref == named}
    if not found:
        raise click.UsageError("There is no record of this reference: name its file, or its folder with --records.")
    if len(found[max(found)]) > 1:
        raise click.UsageError("Several records say that they are the newest of this reference: name the file.")
    return service, [found[version][0] for version in sorted(found, reverse=True)]


def record_of(agreement: Agreement, version: int, path: Path, records: Path | None, service: Service) -> Agreement:
    """Return another version of an agreement, from the same folder or where records lie."""
    beside = records_for(path.parent, service).paths.get((agreement.ref, version), ())
    found = beside or records_for(records, service).paths.get((agreement.ref, version), ())
    if len(found) != 1:
        raise click.UsageError(
            f"There is no single record of version {version} to compare with."
            if version
            else "This is the first version. Begin the next with --reason."
        )
    return _loaded(found[0], service)


def _loaded(path: Path, service: Service) -> Agreement:
    from pipeline.records.load import load_record  # noqa: PLC0415 - a view reads few records, mostly none

    try:
        return load_record(path, extra_fields=service.extra_fields)
    except RecordError as error:
        raise UnusableRecordError(str(path), error) from error


def look_on(service: Service, on: datetime | None) -> Look:
    """Return from when one looks: the beginning of the day that was named, or now, where the service is."""
    zone = ZoneInfo(service.time_zone)
    now = datetime.now(zone) if on is None else datetime.combine(on.date(), time.min, zone)
    return Look(now, zone)


def save(path: Path, data: bytes) -> None:
    """Write a file of the user's, in the place of the one of that name. Raises SetupError when the disk refuses."""
    from pipeline.publication.disk import put_file  # noqa: PLC0415 - a view writes nothing

    try:
        put_file(path, data)
    except OSError as error:
        do = "Choose another name or folder, or make room on the disk."
        raise SetupError([Problem("The file cannot be written there.", do, where=path.name)]) from error


class UnusableRecordError(click.ClickException):
    """The record of a command about one agreement cannot be used."""

    exit_code = 3

    def __init__(self, name: str, error: RecordError) -> None:
        """Keep the problems."""
        super().__init__(name)
        self._problems = error.problems

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click gives it
        """Print the problems."""
        from pipeline.cli.printing import print_problems  # noqa: PLC0415 - needed only here

        print_problems(self.message, self._problems)
