"""`agreements archive`: keep signed agreements, find and check them, and dispose of them in time."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.archive import recording
from pipeline.archive.adding import add as add_versions
from pipeline.archive.disposing import confirmation
from pipeline.archive.disposing import dispose as dispose_of
from pipeline.archive.exporting import export as export_versions
from pipeline.archive.finding import Status, Wanted
from pipeline.archive.finding import find as find_versions
from pipeline.archive.index import open_archive, open_or_make
from pipeline.archive.model import Event, What
from pipeline.archive.reconciling import reconcile as reconcile_all
from pipeline.archive.retention import Stage
from pipeline.archive.standing import standings
from pipeline.cli.archive_options import (
    AS_JSON,
    CONFIG,
    FOLDER,
    ON,
    RECORDS,
    archive_folder,
    output_folders,
    records_for,
    service_for,
    today,
)
from pipeline.cli.archive_printing import Report
from pipeline.errors import ExitCode, RecordError
from pipeline.signing.versions import find_places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from pipeline.archive.index import Archive
    from pipeline.archive.standing import Standing
    from pipeline.service.model import Service

HOWS = ("post", "by-hand", "email", "portal", "prison-post", "read-aloud")
EVENTS = tuple(what.value for what in What if what is not What.HANDED)


@click.group(epilog="Example: agreements archive add output --archive archive")
def archive() -> None:
    """Keep signed agreements, find and check them, and dispose of them in time.

    The archive is a folder: the exact bytes of every file, and an index. Nothing in it is ever changed. --archive
    names it; without it the archive of agreements.toml is used.
    """


@archive.command(epilog="Example: agreements archive add output --archive archive")
@click.argument("outputs", nargs=-1, required=True, metavar="OUT...", type=click.Path(exists=True, path_type=Path))
@FOLDER
@RECORDS
@CONFIG
@AS_JSON
def add(outputs: tuple[Path, ...], folder: Path | None, records: Path | None, config: Path | None, form: str) -> int:
    """Take signed versions in, byte for byte.

    OUT is the output folder, one reference in it (output/NR-0412) or one version (output/NR-0412/v1). OUT keeps its
    state. A version nobody has signed is passed over; one that was signed further is added again. An agreement with
    a promise that has no end, and no decision on it, is asked about.
    """
    service = service_for(config, outputs[0])
    report = Report("add", form)
    places = find_places(outputs)
    with open_or_make(archive_folder(folder, service)) as opened:
        for outcome in add_versions(opened, places, records_for(records, service)):
            report.outcome(outcome)
    return report.end(report.code_of_doing())


@archive.command(epilog="Example: agreements archive find --reader harmed-1 --from 2026-11-01")
@click.argument("ref", required=False)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Met on this day or later.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Met on this day or earlier.")
@click.option("--status", type=click.Choice([status.value for status in Status]), help="How far it is.")
@click.option("--reader", metavar="ID", help="Somebody with this id has a copy, such as harmed-1.")
@FOLDER
@CONFIG
@AS_JSON
def find(  # noqa: PLR0913, PLR0917 - one parameter an option; click gives them by name
    ref: str | None,
    first: datetime | None,
    last: datetime | None,
    status: str | None,
    reader: str | None,
    folder: Path | None,
    config: Path | None,
    form: str,
) -> int:
    """List what is held, by reference, day of the meeting, status and reader."""
    report = Report("find", form)
    asked = Status(status) if status else None
    wanted = Wanted(ref, first and first.date(), last and last.date(), asked, reader)
    with open_archive(archive_folder(folder, None, config)) as opened:
        for found in find_versions(opened, wanted):
            report.found(found)
    return report.end(ExitCode.OK)


@archive.command(epilog="Example: agreements archive verify --archive archive")
@FOLDER
@CONFIG
@AS_JSON
def verify(folder: Path | None, config: Path | None, form: str) -> int:
    """Read every kept file again, and its seal, and compare them with the index.

    Exit code 1: something is missing, changed or too much; each is named.
    """
    from pipeline.archive.checking import verify as verify_all  # noqa: PLC0415 - reading seals takes time to load

    report = Report("verify", form)
    with open_archive(archive_folder(folder, None, config)) as opened:
        for step in verify_all(opened):
            report.checked(step)
    return report.end(report.code_of_finding())


def _standings(opened: Archive, service: Service, on: date, refs: tuple[str, ...]) -> Iterator[Standing]:
    """Yield where agreements stand, with what the progress journals beside the records say of open promises."""
    records = cache(partial(records_for, None, service))
    asked = refs or None
    return standings(opened, service.keeping, on=on, only=asked, promises_open=lambda ref: records().promises_open(ref))


@archive.command(epilog="Example: agreements archive due --on 2033-12-01")
@click.argument("refs", nargs=-1, metavar="[REF]...")
@click.option("--all", "everything", is_flag=True, help="List those, too, whose time has not passed.")
@ON
@FOLDER
@CONFIG
@AS_JSON
def due(  # noqa: PLR0913 - one parameter an option; click gives them by name
    refs: tuple[str, ...], on: datetime | None, folder: Path | None, config: Path | None, form: str, *, everything: bool
) -> int:
    """List what may go, and what is past its time and held back, with the reasons.

    Without REF: everything past its time. Exit code 1: something may go, or is held back.
    """
    service = service_for(config, folder)
    report = Report("due", form)
    with open_archive(archive_folder(folder, service)) as opened:
        for standing in _standings(opened, service, today(on, service), refs):
            past = standing.verdict.stage in {Stage.MAY_GO, Stage.HELD}
            if past or refs or everything:
                report.standing(standing, finding=past)
    return report.end(report.code_of_finding())


@archive.command(epilog="Example: agreements archive dispose --out output")
@click.argument("refs", nargs=-1, metavar="[REF]...")
@click.option("--out", "outs", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="An output folder.")
@click.option("--archive-only", is_flag=True, help="There is no output folder any more.")
@click.option("--confirm", metavar="WORD", help="The word that the dry run gave: only with it anything is deleted.")
@ON
@FOLDER
@CONFIG
@AS_JSON
def dispose(  # noqa: PLR0913, PLR0917 - one parameter an option; click gives them by name
    refs: tuple[str, ...],
    outs: tuple[Path, ...],
    confirm: str | None,
    on: datetime | None,
    folder: Path | None,
    config: Path | None,
    form: str,
    *,
    archive_only: bool,
) -> int:
    """Delete what may go, in the archive and in the output; a tombstone without a name stays.

    First it says what would go, deletes nothing and gives a word; the same command with --confirm WORD deletes it.
    The record, the signing record and your backups are yours to delete.
    """
    service = service_for(config, folder)
    report = Report("dispose", form)
    day = today(on, service)
    with open_archive(archive_folder(folder, service)) as opened:
        listed = tuple(_standings(opened, service, day, refs))
        going = tuple(standing for standing in listed if standing.may_go)
        for standing in listed:
            if refs and not standing.may_go:
                report.standing(standing, finding=True)
        word = confirmation(going)
        if confirm is None:
            for standing in going:
                report.standing(standing, finding=False)
            report.dry_run(word, len(going))
        elif day > today(None, service):
            report.refused("--on lies in the future. What may go then may not go now.")
        elif going and confirm != word:
            report.refused("This is not the list that the dry run showed. Run it without --confirm, and read it.")
        else:
            for outcome in dispose_of(opened, going, output_folders(outs, service, archive_only=archive_only), on=day):
                report.outcome(outcome)
    return report.end(report.code_of_finding())


@archive.command(epilog="Example: agreements archive export NR-0412 --to for-the-court")
@click.argument("refs", nargs=-1, metavar="[REF]...")
@click.option("--all", "everything", is_flag=True, help="Export everything.")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A new folder.")
@FOLDER
@CONFIG
@AS_JSON
def export(  # noqa: PLR0913 - one parameter an option; click gives them by name
    refs: tuple[str, ...], target: Path, folder: Path | None, config: Path | None, form: str, *, everything: bool
) -> int:
    """Write the files of agreements into a plain folder, with a list of checksums.

    `sha256sum --check SHA256SUMS` in that folder checks them, without this program.
    """
    if everything == bool(refs):
        raise click.UsageError("Name references, or give --all.")
    report = Report("export", form)
    with open_archive(archive_folder(folder, None, config)) as opened:
        for outcome in export_versions(opened, refs or None, target):
            report.outcome(outcome)
    return report.end(report.code_of_doing())


@archive.command(epilog="Example: agreements archive handed NR-0412 harmed-1 --how post --on 2026-11-20")
@click.argument("ref")
@click.argument("reader")
@click.option("--how", required=True, type=click.Choice(HOWS), help="How it was given. Never an address.")
@click.option("--version", type=click.IntRange(1, 999), help="Which version; the newest that is held if absent.")
@ON
@FOLDER
@CONFIG
@AS_JSON
def handed(  # noqa: PLR0913, PLR0917 - one parameter an option; click gives them by name
    ref: str,
    reader: str,
    how: str,
    version: int | None,
    on: datetime | None,
    folder: Path | None,
    config: Path | None,
    form: str,
) -> int:
    """Write down that a copy was given out: to which reader, how and when."""
    event = Event(What.HANDED, today(on, None), version, reader, how)
    return _recorded("handed", ref, event, archive_folder(folder, None, config), form)


@archive.command(epilog="Example: agreements archive event NR-0412 completed --on 2027-06-01")
@click.argument("ref")
@click.argument("what", type=click.Choice(EVENTS))
@ON
@FOLDER
@CONFIG
@AS_JSON
def event(  # noqa: PLR0913, PLR0917 - one parameter an option; click gives them by name
    ref: str, what: str, on: datetime | None, folder: Path | None, config: Path | None, form: str
) -> int:
    """Write down what decides how long an agreement is kept.

    completed, withdrawn, closed: it ended, and the time of keeping runs. reopened: it did not end after all. hold,
    release: a legal hold, and its end. keep-longer: somebody wishes it kept until that day. reaches-age: the
    youngest reaches the age of the record; only the year is kept. promises-settled: no promise is open any more.
    """
    happened = Event(What(what), today(on, None))
    return _recorded("event", ref, happened, archive_folder(folder, None, config), form)


@archive.command(epilog="Example: agreements archive reconcile output --archive archive")
@click.argument("output", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@FOLDER
@RECORDS
@CONFIG
@AS_JSON
def reconcile(output: Path, folder: Path | None, records: Path | None, config: Path | None, form: str) -> int:
    """Say for every record and reader how far it is, and what does not fit together.

    Generated, signed, sealed, archived, handed over, out of date. Exit code 1: something does not fit.
    """
    service = service_for(config, output)
    report = Report("reconcile", form)
    places = find_places([output]) if any(output.iterdir()) else ()
    with open_archive(archive_folder(folder, service)) as opened:
        for line in reconcile_all(opened, output, places, records_for(records, service)):
            report.line(line)
    return report.end(report.code_of_finding())


def _recorded(command: str, ref: str, happened: Event, folder: Path, form: str) -> int:
    report = Report(command, form)
    with open_archive(folder) as opened:
        try:
            is_handed = happened.what is What.HANDED
            report.outcome((recording.hand_over if is_handed else recording.record)(opened, ref, happened))
        except RecordError as error:
            report.problems(error.problems)
    return report.end(report.code_of_finding())
