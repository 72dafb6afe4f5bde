"""`agreements report`: tell somebody in writing how it goes, and count without names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import __version__
from pipeline.cli.actions_printing import as_csv
from pipeline.cli.archive_options import CONFIG, ON, RECORDS, service_for, today
from pipeline.cli.follow_up_options import look_on, one_record
from pipeline.cli.printing import print_problems
from pipeline.cli.running import first_path, sources_of
from pipeline.errors import ExitCode, RecordError
from pipeline.follow_up.following import follow, standing
from pipeline.follow_up.journal import journal_path, read_journal
from pipeline.follow_up.notes import note_for
from pipeline.follow_up.papers import make_papers
from pipeline.follow_up.statistics import LEAST, statistics
from pipeline.publication.papers import put_papers
from pipeline.records.load import load_record

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.follow_up.model import Journal
    from pipeline.follow_up.statistics import Count
    from pipeline.records.model import Agreement
    from pipeline.service.model import Service


@click.command(epilog="Example: agreements report NR-0412 --to harmed-1")
@click.argument("named", nargs=-1, required=True, metavar="REF")
@click.option("--to", "reader", metavar="ID", help="Who is told. Without it: the referrer.")
@click.option("--duty", metavar="TEXT", help="The law or rule that requires the report, where no consent is needed.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Without it: as in agreements.toml, or output."
)
@click.option("--engine", default="embedded", type=click.Choice(["embedded", "libreoffice"]), show_default=True)
@click.option("--statistics", is_flag=True, help="Count over RECORD..., without names, references or free text.")
@click.option("--json", "form", flag_value="json", default="csv", help="With --statistics: JSON in place of CSV.")
@ON
@RECORDS
@CONFIG
def report(  # noqa: PLR0913, PLR0917 - one parameter an option; click gives them by name
    named: tuple[str, ...],
    reader: str | None,
    duty: str | None,
    out: Path | None,
    engine: str,
    form: str,
    on: datetime | None,
    records: Path | None,
    config: Path | None,
    *,
    statistics: bool,
) -> ExitCode:
    """Tell somebody in writing how the agreement is going.

    To the person harmed goes a note on every part, done or not done, in agreed wording; to whoever does or checks
    something a sheet of their own parts; to the referrer a report of what a live consent, or a law, allows. A consent
    that was withdrawn stops the next report, and the command says whose it was. The papers are proven like every copy,
    and lie in OUT/NR-0412/notes. Sending them is yours: then record it with agreements actions record --report.

    With --statistics RECORD is files or folders, and numbers are printed; those below 5 are left out.
    """
    if statistics:
        return _count(named, on, config, form)
    if len(named) > 1:
        raise click.UsageError("A report is about one agreement.")
    service, path, agreement = one_record(named[0], records, config)
    reader = reader or _referrer(agreement)
    look = look_on(service, on)
    try:
        journal = read_journal(journal_path(path, agreement.ref), agreement.ref)
        note = note_for(agreement, journal, service, reader, look=look, duty=duty)
        files = make_papers(note, service, engine_name=engine)
        folder = put_papers(out or service.output or Path("output"), agreement.ref, reader, look.today, files)
    except RecordError as error:
        print_problems(agreement.ref, error.problems)
        return ExitCode.ALL_FAILED
    for sentence in note.left_out:
        click.echo(f"{agreement.ref}  left out: {sentence}", err=True)
    for sentence in note.notes:
        click.echo(f"{agreement.ref}  {sentence}", err=True)
    click.echo(f"{agreement.ref}  {note.kind.replace('_', ' ')}  {folder}")
    return ExitCode.OK


def _referrer(agreement: Agreement) -> str:
    found = [person.id for person in agreement.participants if person.role == "referrer"]
    if not found:
        raise click.UsageError("The agreement has no referrer: say who is told with --to ID.")
    return found[0]


def _count(named: tuple[str, ...], on: datetime | None, config: Path | None, form: str) -> ExitCode:
    service = service_for(config, first_path(named))
    look = look_on(service, on)
    counting, failed = _counting(named, service)
    counts = statistics(((each, follow(each, journal)) for each, journal in counting.values()), look)
    if form == "json":
        click.echo(json.dumps(_document(counts, today(on, service).isoformat()), indent=2))
    else:
        click.echo(as_csv([_values(count) for count in counts]), nl=False)
    return ExitCode.ALL_FAILED if not counting else ExitCode.SOME_FAILED if failed else ExitCode.OK


def _counting(named: tuple[str, ...], service: Service) -> tuple[dict[str, tuple[Agreement, Journal]], int]:
    """Return the version that counts of each reference with its journal, and how many records cannot be used."""
    counting: dict[str, tuple[Agreement, Journal]] = {}
    failed = 0
    for path in (each.path for each in sources_of(named, recursive=False) if each.path is not None):
        try:
            agreement = load_record(path, extra_fields=service.extra_fields)
            journal = read_journal(journal_path(path, agreement.ref), agreement.ref)
        except RecordError as error:
            print_problems(str(path), error.problems)
            failed += 1
            continue
        if agreement.ref not in counting or standing(counting[agreement.ref][0]) < standing(agreement):
            counting[agreement.ref] = agreement, journal
    return counting, failed


def _values(count: Count) -> dict[str, str | int]:
    return {
        "table": count.table,
        "value": count.value,
        "count": f"under {LEAST}" if count.count is None else count.count,
    }


def _document(counts: tuple[Count, ...], on: str) -> dict[str, object]:
    return {
        "report": 1,
        "program": __version__,
        "command": "report --statistics",
        "on": on,
        "least": LEAST,
        "counts": [{"table": each.table, "value": each.value, "count": each.count} for each in counts],
    }
