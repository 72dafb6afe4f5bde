"""What `agreements actions` shows: rows as text, as one JSON document, or as CSV; ids and numbers, never a name."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.follow_up.model import What
from pipeline.follow_up.views import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pipeline.errors import ExitCode, Problem
    from pipeline.follow_up.rows import Row
    from pipeline.follow_up.views import Seen, Sums

_WORDS = {
    State.OVERDUE: "Overdue",
    State.DUE: "Due",
    State.OPEN: "Open",
    State.WAITING: "Waiting for an event",
    State.NOT_CALLED_ON: "Not called on",
    State.PAUSED: "Paused",
    State.LAPSED: "Lapsed",
    State.ENDED: "Ended",
}
_KINDS = {
    What.ITEM: "",
    What.FIRST_STEP: "first step",
    What.TIME: "time",
    What.PAYMENT: "payment",
    What.REVIEW: "review",
    What.ANSWER: "answer",
    What.PERIOD: "end of the period",
}
_COUNTED = frozenset({What.TIME, What.PAYMENT})
_ORDER = tuple(State)
_encode = json.JSONEncoder(ensure_ascii=False).encode
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command found: its rows, the money, and what is wrong with which file."""

    command: str
    on: date
    rows: Sequence[Seen]
    sums: Sequence[Sums]
    problems: Sequence[tuple[Path, Sequence[Problem]]]


def show(shown: Shown, form: str, exit_code: ExitCode) -> None:
    """Print what was found in the form that was asked for; problems go to standard error, too."""
    if form != "json" and shown.problems:
        from pipeline.cli.printing import print_problems  # noqa: PLC0415 - mostly there is nothing to tell

        for source, problems in shown.problems:
            print_problems(str(source), problems)
    if form == "json":
        click.echo(_as_json(shown, exit_code))
    elif form == "csv":
        click.echo(as_csv(map(row_values, shown.rows)), nl=False)
    else:
        click.echo("\n".join(_text(shown)))


def row_values(seen: Seen) -> dict[str, Any]:
    """Return a row as plain values, as schemas/actions.schema.json describes them; what is not there is None."""
    row, action = seen.row, seen.row.action
    outstanding = None if action.expected is None or action.paid is None else f"{action.expected - action.paid:.2f}"
    return {
        "ref": row.ref,
        "version": row.version,
        "item": row.item,
        "numbers": list(row.numbers),
        "kind": row.kind,
        "what": action.what,
        "nth": action.nth,
        "due": None if action.due is None else action.due.isoformat(),
        "time": None if action.at is None else action.at.strftime("%H:%M"),
        "agreed": None if action.agreed is None else action.agreed.isoformat(),
        "state": seen.state,
        "status": seen.status,
        "owners": list(row.owners),
        "checker": row.checker,
        "without_checker": seen.without_checker,
        "bank_holiday": row.bank_holiday,
        "expected": None if action.expected is None else f"{action.expected:.2f}",
        "received": None if action.paid is None else f"{action.paid:.2f}",
        "outstanding": outstanding,
        "currency": row.currency if action.expected is not None else None,
        "note": action.note,
    }


def as_csv(values: Iterable[dict[str, Any]]) -> str:
    """Return rows as CSV with a heading; no cell begins with a sign that a spreadsheet takes for a formula."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    for number, row in enumerate(values):
        if number == 0:
            table.writerow(row)
        table.writerow([cell if cell is None else _cell(cell) for cell in row.values()])
    return written.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, str) else " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _as_json(shown: Shown, exit_code: ExitCode) -> str:
    """Return the document of schemas/actions.schema.json, a line a row: thousands of them can be read and compared."""
    head = {
        "report": 1,
        "program": __version__,
        "command": shown.command,
        "on": shown.on.isoformat(),
        "exit_code": int(exit_code),
    }
    lists = {
        "rows": map(row_values, shown.rows),
        "sums": (
            {
                "currency": each.currency,
                "expected": f"{each.expected:.2f}",
                "received": f"{each.received:.2f}",
                "outstanding": f"{each.outstanding:.2f}",
                "total": f"{each.total:.2f}",
            }
            for each in shown.sums
        ),
        "problems": (
            {"source": str(source), "what": each.what, "do": each.do, "where": each.where, "line": each.line}
            for source, problems in shown.problems
            for each in problems
        ),
    }
    plain = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    return "{\n  " + ",\n  ".join([*plain, *(_list(name, values) for name, values in lists.items())]) + "\n}"


def _list(name: str, values: Iterable[dict[str, Any]]) -> str:
    lines = ",\n".join(f"    {_encode(each)}" for each in values)
    return f"{json.dumps(name)}: [\n{lines}\n  ]" if lines else f"{json.dumps(name)}: []"


def _text(shown: Shown) -> Iterator[str]:
    by_state = sorted(shown.rows, key=lambda seen: _ORDER.index(seen.state))
    for state, rows in groupby(by_state, key=lambda seen: seen.state):
        yield f"{_WORDS[state]}:"
        for seen in rows:
            yield f"  {_line(seen)}"
    for each in shown.sums:
        yield (
            f"Money ({each.currency}) by {shown.on.isoformat()}: expected {each.expected:.2f}, received "
            f"{each.received:.2f}, outstanding {each.outstanding:.2f}; agreed in all {each.total:.2f}"
        )
    if not shown.rows:
        yield "Nothing."


def _line(seen: Seen) -> str:
    row, action = seen.row, seen.row.action
    which = "the agreement" if row.item is None else f"number {'/'.join(map(str, row.numbers))} ({row.item})"
    kind = _KINDS[action.what]
    counted = f"{kind} {action.nth}" if action.what in _COUNTED else kind
    day = "" if action.due is None else _weekday(action.due)
    hour = "" if action.at is None else action.at.strftime("%H:%M")
    money = "" if action.expected is None or action.paid is None else _money(row)
    notes = (
        f"by {', '.join(row.owners)}" if row.owners else "",
        f"checked by {row.checker}" if row.checker else "nobody checks" if seen.without_checker else "",
        f"bank holiday: {row.bank_holiday}" if row.bank_holiday else "",
        f"agreed for {action.agreed.isoformat()}" if action.agreed else "",
        (seen.status or "").replace("_", " "),
        action.note or "",
    )
    head = "  ".join(part for part in (row.ref, f"{day} {hour}".strip() or "no day", which, counted, money) if part)
    told = "; ".join(note for note in notes if note)
    return f"{head}  [{told}]" if told else head


@lru_cache(maxsize=4096)
def _weekday(day: date) -> str:
    return day.strftime("%a %Y-%m-%d")


def _money(row: Row) -> str:
    expected, paid = row.action.expected, row.action.paid
    return f"{row.currency} {expected:.2f}" + (f", {paid:.2f} received" if paid else "")
