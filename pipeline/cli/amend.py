"""`agreements amend`: begin a new version of an agreement, and see what changed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from pipeline import __version__
from pipeline.cli.archive_options import CONFIG, RECORDS
from pipeline.cli.follow_up_options import newest_record, record_of
from pipeline.cli.printing import print_problems
from pipeline.errors import ExitCode, Problem, RecordError
from pipeline.follow_up.changing import (
    Difference,
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
    from collections.abc import Sequence

    from pipeline.records.model import Agreement
    from pipeline.service.model import Service


@dataclass(frozen=True, slots=True)
class _Amended:
    """What the command found: the newest version, the one it takes the place of, what changed, whose yes is missing."""

    ref: str
    version: int
    supersedes: int
    file: Path
    differences: tuple[Difference, ...]
    missing: tuple[str, ...]


@click.command(epilog='Example: agreements amend NR-0412 --reason "Everyone agreed on a later day."')
@click.argument("record", metavar="REF")
@click.option("--reason", metavar="TEXT", help="Begin the next version, for this reason; it is printed on the copies.")
@RECORDS
@CONFIG
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document (schemas/amend.schema.json).")
def amend(record: str, reason: str | None, records: Path | None, config: Path | None, *, as_json: bool) -> ExitCode:
    """Begin a new version of an agreement, or show what a new version changes.

    With --reason the next version is written beside the newest one, NR-0412-v2.json, for you to change; the version
    before stays as it is. Nobody has agreed to it yet: the command names everyone whose yes is needed.

    Without --reason the newest version is put side by side with the one before. Words that changed are noted in it
    under changes, so that agreements generate prints them on the paper about the change. Exit code 1: somebody's yes is
    missing.
    """
    service, path, agreement = newest_record(record, records, config)
    amended: _Amended | None = None
    problems: tuple[Problem, ...] = ()
    try:
        if reason is not None:
            amended = _begin(path, agreement, reason, service)
        else:
            before = record_of(agreement, agreement.supersedes or 0, path, records, service)
            amended = _compared(path, agreement, service, before)
    except RecordError as error:
        problems = error.problems
    code = _exit_code(amended, begun=reason is not None)
    if as_json:
        click.echo(json.dumps(_document(agreement.ref, amended, problems, code), indent=2, ensure_ascii=False))
    elif amended is None:
        print_problems(str(path), problems)
    elif reason is not None:
        click.echo(str(amended.file))
        click.echo(f"Change it, and ask: {', '.join(amended.missing)}. Write each yes under change_consents.")
    else:
        _print(amended)
    return code


def _exit_code(amended: _Amended | None, *, begun: bool) -> ExitCode:
    if amended is None:
        return ExitCode.ALL_FAILED
    return ExitCode.SOME_FAILED if amended.missing and not begun else ExitCode.OK


def _begin(path: Path, agreement: Agreement, reason: str, service: Service) -> _Amended:
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
    return _Amended(agreement.ref, record["version"], agreement.version, target, (), to_be_asked(agreement))


def _compared(path: Path, agreement: Agreement, service: Service, before: Agreement) -> _Amended:
    rows = changed_rows(before, agreement)
    if agreement.read_back_on is None and rows != agreement.record.get("changes", []):
        record = {name: value for name, value in agreement.record.items() if name != "changes"}
        data = to_bytes(record | ({"changes": rows} if rows else {}))
        load_record_bytes(data, extra_fields=service.extra_fields)
        put_file(path, data)
    changed = differences(before, agreement)
    return _Amended(agreement.ref, agreement.version, before.version, path, changed, not_yet_asked(agreement))


def _print(amended: _Amended) -> None:
    table = Table("What", f"Version {amended.supersedes}", f"Version {amended.version}", show_lines=True)
    for each in amended.differences:
        table.add_row(each.where, _said(each.was), _said(each.now))
    if amended.differences:
        Console(highlight=False, markup=False).print(table)
    else:
        click.echo("Nothing is agreed otherwise yet.")
    click.echo(f"Still to say yes: {', '.join(amended.missing)}" if amended.missing else "Everyone has said yes.")


def _said(value: Any) -> str:
    if value is None:
        return "(nothing)"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _document(ref: str, amended: _Amended | None, problems: Sequence[Problem], code: ExitCode) -> dict[str, Any]:
    return {
        "report": 1,
        "program": __version__,
        "command": "amend",
        "exit_code": int(code),
        "ref": ref,
        "version": None if amended is None else amended.version,
        "supersedes": None if amended is None else amended.supersedes,
        "file": None if amended is None else amended.file.name,
        "differences": [asdict(each) for each in (amended.differences if amended else ())],
        "not_yet_asked": list(amended.missing if amended else ()),
        "problems": [{"what": each.what, "do": each.do, "where": each.where, "line": each.line} for each in problems],
    }
