"""`agreements actions`: what was promised, what is due, and writing down what happened."""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from pipeline.cli.actions_printing import Shown, show
from pipeline.cli.archive_options import CONFIG, ON, RECORDS, service_for, today
from pipeline.cli.follow_up_options import look_on, one_record, save
from pipeline.cli.running import first_path, sources_of
from pipeline.errors import ExitCode, RecordError
from pipeline.follow_up.indexing import Found, read_all
from pipeline.follow_up.model import (
    RECORDED,
    Answered,
    Asked,
    Consented,
    Happened,
    Paused,
    Progress,
    Received,
    Reported,
    Resumed,
    Status,
    Told,
)
from pipeline.follow_up.views import Look, Seen, State, see, sums
from pipeline.validation.schemas import load_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.follow_up.model import Entry
    from pipeline.service.model import Service

_ASKED_FOR = frozenset({State.OVERDUE, State.DUE})
_KEPT = 200_000  # values
_LENGTH = re.compile(r"([0-9]{1,4})([dwm])")
_SO_FAR = re.compile(r"[0-9]{1,6}(/[0-9]{1,6})?")
_DAYS = {"d": 1, "w": 7, "m": 31}


@click.group(epilog="Example: agreements actions due records --within 14d")
def actions() -> None:
    """List what was promised and what is due, and write down what happened.

    What happens after the meeting is written into NR-0412.progress.jsonl beside the record, never into the record. A
    line there is never changed; a mistake is put right by recording it again.
    """


def _view_options(function: Callable[..., ExitCode]) -> Callable[..., ExitCode]:
    for decorate in (
        click.argument("records", nargs=-1, required=True, metavar="RECORD...", type=click.Path(exists=True)),
        click.option("--recursive", is_flag=True, help="Look for records in the folders below a folder, too."),
        click.option("--within", metavar="TIME", help="How long before its day something counts as due: 14d, 2w, 3m."),
        click.option("--overdue", is_flag=True, help="Only what is overdue."),
        click.option("--owner", metavar="ID", help="Only what this person does, such as responsible-1."),
        ON,
        CONFIG,
        click.option("--json", "form", flag_value="json", default="text", help="Print one JSON document."),
        click.option("--csv", "form", flag_value="csv", help="Print CSV for a spreadsheet."),
    )[::-1]:
        function = decorate(function)
    return function


@actions.command("list", epilog="Example: agreements actions list records --owner responsible-1")
@_view_options
def list_(**options: Any) -> ExitCode:
    """List every item as it stands: open, due, overdue, waiting, not called on, without anybody to check.

    RECORD is a file or a folder of records; of one reference the newest version counts that was read back. Money is
    summed up to the day.
    """
    return _view("actions list", options, everything=True)


@actions.command(epilog="Example: agreements actions due records --within 14d")
@_view_options
def due(**options: Any) -> ExitCode:
    """List what is overdue, and what is due within 14 days or as you say.

    Exit code 1: something is overdue. With many records a hidden file .agreements-due beside them makes the second
    look quick; delete it at any time.
    """
    return _view("actions due", options, everything=False)


def _view(command: str, options: dict[str, Any], *, everything: bool) -> ExitCode:
    records: tuple[str, ...] = options["records"]
    service = service_for(options["config"], first_path(records))
    look = _look(service, options["on"], options["within"])
    with _collecting_rarely():
        paths = [each.path for each in sources_of(records, recursive=options["recursive"]) if each.path is not None]
        found = read_all(paths, service, until=date.max if everything else look.until)
        shown = [
            each
            for agreement in found.agreements
            for each in see(agreement.rows, look)
            if (everything or each.state in _ASKED_FOR)
            and _is_wanted(each, options["owner"], overdue=options["overdue"])
        ]
        shown.sort(key=_by_day)
        money = sums(found.agreements, look) if everything else ()
        code = _exit_code(shown, found, everything=everything)
        show(Shown(command, look.today, shown, money, found.problems), options["form"], code)
    return code


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Look for garbage less often: a view keeps all it makes until it is printed; looking took a third of its time."""
    before = gc.get_threshold()
    gc.set_threshold(_KEPT, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _is_wanted(seen: Seen, owner: str | None, *, overdue: bool) -> bool:
    return (owner is None or owner in seen.row.owners) and (not overdue or seen.state is State.OVERDUE)


def _by_day(seen: Seen) -> tuple[date, str, tuple[int, ...], int]:
    row = seen.row
    return row.action.due or date.max, row.ref, row.numbers, row.action.nth


def _exit_code(shown: Sequence[Seen], found: Found, *, everything: bool) -> ExitCode:
    if found.unusable and not found.usable:
        return ExitCode.ALL_FAILED
    late = not everything and any(each.state is State.OVERDUE for each in shown)
    return ExitCode.SOME_FAILED if late or found.unusable else ExitCode.OK


def _look(service: Service, on: datetime | None, within: str | None) -> Look:
    look = look_on(service, on)
    return look if within is None else replace(look, within=_length(within))


def _length(text: str) -> timedelta:
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise click.UsageError("Write --within as a number of days, weeks or months: 14d, 2w or 3m.")
    return timedelta(days=int(found[1]) * _DAYS[found[2]])


def _choices(form: str, name: str) -> click.Choice[str]:
    return click.Choice(load_schema("progress")["$defs"][form]["properties"][name]["enum"])


_STATUSES = tuple(dict.fromkeys("done" if each.startswith("done") else each.replace("_", "-") for each in RECORDED))


@actions.command(
    epilog="Example: agreements actions record NR-0412 a --status done --checked-by outside-1 --on 2027-03-01"
)
@click.argument("record", metavar="REF")
@click.argument("item", required=False, metavar="[ITEM]")
@click.option("--status", type=click.Choice(_STATUSES), help="How the item stands.")
@click.option("--received", metavar="AMOUNT", help="Money that arrived, such as 35.00.")
@click.option("--happened", is_flag=True, help="The event for which the item waits has happened.")
@click.option("--asked", is_flag=True, help="Somebody has asked for the conditional item.")
@click.option("--answered", type=click.Choice(["yes", "no"]), help="What was answered to that.")
@click.option("--told", metavar="ID", help="This person was told how the item stands.")
@click.option("--pause", is_flag=True, help="Nothing is asked from this day on; with ITEM, of that item alone.")
@click.option("--resumed", is_flag=True, help="The pause is over from this day on.")
@click.option("--consent", type=click.Choice(["given", "withdrawn"]), help="A consent, with --person, --about, --with.")
@click.option("--report", type=_choices("reported", "report"), help="A report or note was sent, with --to.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day. Without it: today.")
@click.option("--by", metavar="ID", help="Who says so. Without it: the facilitator.")
@click.option("--checked-by", metavar="ID", help="Who checked it: with --status done, it is done and checked.")
@click.option("--how-checked", type=_choices("progress", "how_checked"), help="The evidence that was seen or heard.")
@click.option("--of-day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Which day of something recurring.")
@click.option("--so-far", metavar="14/20", help="How much is done, and of how much.")
@click.option("--unit", type=_choices("progress", "unit"), help="What --so-far counts.")
@click.option("--wording", metavar="TEXT", help="What others may read of it, in words that were agreed.")
@click.option("--told-on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="When the person harmed was told.")
@click.option("--payer", metavar="ID", help="Whose share the money pays.")
@click.option("--receipt", metavar="NUMBER", help="The receipt that was given for it.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The last day of the pause.")
@click.option("--person", metavar="ID", help="Who consents or withdraws.")
@click.option("--about", type=_choices("consented", "what"), default="item", help="What may be told. Without it: item.")
@click.option("--which", metavar="ID", help="The id of the letter or person, where --about is not an item.")
@click.option("--with", "reader", type=_choices("consented", "reader"), default="referrer", help="Who may be told.")
@click.option("--how", type=_choices("consented", "how"), help="How the consent was said.")
@click.option("--to", metavar="ID", help="Who received the report.")
@RECORDS
@CONFIG
def record(**options: Any) -> ExitCode:
    """Write down what happened after the meeting.

    REF is a reference or the file of a record. Say one thing at a time: --status, --received, --happened, --asked,
    --answered, --told, --pause, --resumed, --consent or --report. It is checked first, and written through to the disk
    before this command ends. Nothing here is printed in anybody's copy; --wording is what a note may tell.
    """
    from pipeline.cli.printing import print_problems  # noqa: PLC0415 - the views do without these
    from pipeline.follow_up.recording import record as record_entry  # noqa: PLC0415 - likewise

    service, path, agreement = one_record(options["record"], options["records"], options["config"])
    day = today(options["on"], service)
    by = options["checked_by"] or options["by"] or _facilitator(agreement.participants)
    try:
        entry = _entry(options, day, by)
        written = record_entry(path, agreement, entry, service=service, today=today(None, service))
    except RecordError as error:
        print_problems(agreement.ref, error.problems)
        return ExitCode.ALL_FAILED
    click.echo(f"{agreement.ref}  {'recorded' if written else 'recorded already'}")
    return ExitCode.OK


def _facilitator(participants: Sequence[Any]) -> str:
    found = [person.id for person in participants if person.role == "facilitator"]
    if not found:
        raise click.UsageError("Say who says so: --by ID.")
    return str(found[0])


_SAID = ("status", "received", "happened", "asked", "answered", "told", "pause", "resumed", "consent", "report")
_WITHOUT_ITEM = frozenset({"pause", "resumed", "consent", "report"})


def _entry(options: dict[str, Any], day: date, by: str) -> Entry:
    said = [name for name in _SAID if options[name]]
    if len(said) != 1:
        raise click.UsageError(f"Say one thing: {', '.join(f'--{name}' for name in _SAID)}.")
    item: str | None = options["item"]
    if item is None and said[0] not in _WITHOUT_ITEM:
        raise click.UsageError("Name the item by its id, such as a: agreements actions list shows it.")
    return _ENTRIES[said[0]](options, item or "", day, by)


def _progress(options: dict[str, Any], item: str, day: date, by: str) -> Entry:
    word = options["status"].replace("-", "_")
    done = Status.DONE_CHECKED if options["checked_by"] else Status.DONE_REPORTED
    so_far, _, out_of = (options["so_far"] or "").partition("/")
    if options["so_far"] is not None and _SO_FAR.fullmatch(options["so_far"]) is None:
        raise click.UsageError("Write --so-far as two whole numbers, such as 14/20.")
    return Progress(
        status=done if word == "done" else Status(word),
        item=item,
        on=day,
        by=by,
        of_day=_day(options["of_day"]),
        how_checked=options["how_checked"],
        wording=options["wording"],
        so_far=int(so_far) if so_far else None,
        out_of=int(out_of) if out_of else None,
        unit=options["unit"],
        told_on=_day(options["told_on"]),
    )


def _received(options: dict[str, Any], item: str, day: date, by: str) -> Entry:
    if not re.fullmatch(r"(0|[1-9][0-9]{0,7})\.[0-9]{2}", options["received"]):
        raise click.UsageError("Write the amount with a point and two digits, such as 35.00.")
    return Received(Decimal(options["received"]), item, day, by, options["payer"], options["receipt"])


def _consented(options: dict[str, Any], item: str, day: date, by: str) -> Entry:
    if options["person"] is None:
        raise click.UsageError("Say whose consent it is: --person ID.")
    which = item if options["about"] == "item" else options["which"]
    about, reader, how = options["about"], options["reader"], options["how"]
    return Consented(options["consent"], options["person"], about, reader, day, by, which or None, how)


def _reported(options: dict[str, Any], item: str, day: date, by: str) -> Entry:
    if options["to"] is None:
        raise click.UsageError("Say who received it: --to ID.")
    return Reported(options["report"], options["to"], day, by, (item,) if item else ())


_ENTRIES: dict[str, Callable[[dict[str, Any], str, date, str], Entry]] = {
    "status": _progress,
    "received": _received,
    "happened": lambda _, item, day, by: Happened(day, item, by),
    "asked": lambda _, item, day, by: Asked(day, item, by),
    "answered": lambda options, item, day, by: Answered(options["answered"], item, day, by),
    "told": lambda options, item, day, by: Told(options["told"], item, day, by),
    "pause": lambda options, item, day, by: Paused(day, by, _day(options["until"]), (item,) if item else ()),
    "resumed": lambda _options, _item, day, by: Resumed(day, by),
    "consent": _consented,
    "report": _reported,
}


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


@actions.command(epilog="Example: agreements actions calendar records --for facilitator-1 --out days.ics")
@click.argument("records", nargs=-1, required=True, metavar="RECORD...", type=click.Path(exists=True))
@click.option("--recursive", is_flag=True, help="Look for records in the folders below a folder, too.")
@click.option("--for", "reader", required=True, metavar="ID", help="Whose days, such as responsible-1.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.ics")
@CONFIG
def calendar(records: tuple[str, ...], reader: str, out: Path, config: Path | None, *, recursive: bool) -> ExitCode:
    """Write somebody's days as a calendar for Outlook, Google or Apple.

    Of each record it holds what this person does, receives, checks or helps with; a facilitator has every day. An entry
    says the reference and the printed number: no name and no word of the agreement. A new file updates the old one.

    Exit code 1: a record has nobody with this id, or cannot be used; the others are in the file.
    """
    from pipeline.cli.printing import print_problems  # noqa: PLC0415 - the views do without these
    from pipeline.follow_up.calendar import calendar_for  # noqa: PLC0415 - likewise
    from pipeline.follow_up.following import standing  # noqa: PLC0415 - likewise
    from pipeline.follow_up.journal import journal_path, read_journal  # noqa: PLC0415 - likewise
    from pipeline.records.load import load_record  # noqa: PLC0415 - likewise

    service = service_for(config, first_path(records))
    used, failed = [], 0
    for path in (each.path for each in sources_of(records, recursive=recursive) if each.path is not None):
        try:
            agreement = load_record(path, extra_fields=service.extra_fields)
            one = agreement, read_journal(journal_path(path, agreement.ref), agreement.ref)
            calendar_for(reader, [one], zone=ZoneInfo(service.time_zone))
            used.append(one)
        except RecordError as error:
            print_problems(str(path), error.problems)
            failed += 1
    if not used:
        return ExitCode.ALL_FAILED
    counting = {each[0].ref: each for each in sorted(used, key=lambda each: standing(each[0]))}
    save(out, calendar_for(reader, list(counting.values()), zone=ZoneInfo(service.time_zone)))
    click.echo(f"{out}  {len(counting)} agreements")
    return ExitCode.SOME_FAILED if failed else ExitCode.OK
