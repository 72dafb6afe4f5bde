"""`agreements amend`: begin a new version of an agreement, and see what changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from pipeline.cli.archive_options import CONFIG, RECORDS
from pipeline.cli.follow_up_options import newest_record, record_of
from pipeline.cli.printing import print_problems
from pipeline.errors import ExitCode, Problem, RecordError
from pipeline.follow_up.changing import (
    changed_rows,
    differences,
    new_version,
    not_yet_asked,
    to_be_asked,
    to_bytes,
)
from pipeline.follow_up.journal import journal_path, read_journal
from pipeline.publication.disk import new_file, put_file
from pipeline.records.load import load_record_bytes

if TYPE_CHECKING:
    from pipeline.records.model import Agreement
    from pipeline.service.model import Service


@click.command(epilog='Example: agreements amend NR-0412 --reason "Everyone agreed on a later day."')
@click.argument("record", metavar="REF")
@click.option("--reason", metavar="TEXT", help="Begin the next version, for this reason; it is printed on the copies.")
@RECORDS
@CONFIG
def amend(record: str, reason: str | None, records: Path | None, config: Path | None) -> ExitCode:
    """Begin a new version of an agreement, or show what a new version changes.

    With --reason the next version is written beside the newest one, NR-0412-v2.json, for you to change; the version
    before stays as it is. Nobody has agreed to it yet: the command names everyone whose yes is needed.

    Without --reason the newest version is put side by side with the one before. Words that changed are noted in it
    under changes, so that agreements generate prints them on the paper about the change. Exit code 1: somebody's yes is
    missing.
    """
    service, path, agreement = newest_record(record, records, config)
    try:
        if reason is not None:
            return _begin(path, agreement, reason, service)
        return _show(
            path, agreement, service, record_of(agreement, (agreement.supersedes or 0), path, records, service)
        )
    except RecordError as error:
        print_problems(str(path), error.problems)
        return ExitCode.ALL_FAILED


def _begin(path: Path, agreement: Agreement, reason: str, service: Service) -> ExitCode:
    journal = read_journal(journal_path(path, agreement.ref), agreement.ref)
    record = new_version(agreement, journal, reason=reason)
    data = to_bytes(record)
    load_record_bytes(data, extra_fields=service.extra_fields)
    target = path.with_name(f"{agreement.ref}-v{record['version']}.json")
    try:
        new_file(target, data)
    except FileExistsError as error:
        do = "Look into it: somebody may have begun this version already."
        raise RecordError([Problem("The file of the next version is there already.", do, target.name)]) from error
    except OSError as error:
        raise RecordError(
            [Problem("The next version cannot be written.", "Make room on the disk.", target.name)]
        ) from error
    click.echo(str(target))
    click.echo(f"Change it, and ask: {', '.join(to_be_asked(agreement))}. Write each yes under change_consents.")
    return ExitCode.OK


def _show(path: Path, agreement: Agreement, service: Service, before: Agreement) -> ExitCode:
    rows = changed_rows(before, agreement)
    if agreement.read_back_on is None and rows != agreement.record.get("changes", []):
        record = {name: value for name, value in agreement.record.items() if name != "changes"}
        data = to_bytes(record | ({"changes": rows} if rows else {}))
        load_record_bytes(data, extra_fields=service.extra_fields)
        put_file(path, data)
    table = Table("What", f"Version {before.version}", f"Version {agreement.version}", show_lines=True)
    for each in differences(before, agreement):
        table.add_row(each.where, _said(each.was), _said(each.now))
    Console(highlight=False, markup=False).print(table)
    missing = not_yet_asked(agreement)
    click.echo(f"Still to say yes: {', '.join(missing)}" if missing else "Everyone has said yes.")
    return ExitCode.SOME_FAILED if missing else ExitCode.OK


def _said(value: Any) -> str:
    if value is None:
        return "(nothing)"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
