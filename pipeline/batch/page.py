"""`OUT/report.html`: what became of every record, as one page that needs nothing beside it.

It names records by their references, never a person or a file that was given, tells nothing of what a reader asked for,
and shows no page of a copy. What needs
somebody comes first. No script, no font and no picture is loaded; every link stays inside the output.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pipeline import __version__
from pipeline.batch.model import DUPLICATE, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.batch.model import Tally
    from pipeline.batch.spool import Spool

_GROUPS: tuple[tuple[State, str], ...] = (
    (State.FAILED, "Failed"),
    (State.REFUSED, "Refused"),
    (State.MADE, "Made"),
    (State.SIGNED, "Signed, left alone"),
    (State.NO_AGREEMENT, "No agreement, nothing to make"),
    (State.UP_TO_DATE, "Up to date"),
)
"""The states in which a run leaves a record, those that need somebody first."""

_SAFE_NAME = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}\.json")
_SEVERITIES = ("stop", "warning", "note")
_STYLE = """
:root { color-scheme: light; }
body { font: 1.05rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; color: #1c1c1c;
  background: #fff; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; }
h3 { font-size: 1.05rem; margin: 1.2rem 0 0.2rem; }
a { color: #0b4f9c; }
a:focus-visible { outline: 3px solid #0b4f9c; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #767676; padding: 0.3rem 0.6rem 0.3rem 0; text-align: left; vertical-align: top; }
.number { text-align: right; }
.what { margin: 0.2rem 0 0; }
.where { color: #4a4a4a; }
ul { margin: 0.2rem 0; padding-left: 1.3rem; }
@media print { a { color: inherit; } }
"""


def write_page(path: Path, spool: Spool, tally: Tally, *, expected: int) -> None:
    """Put the page in the place of the last one. Raises OSError.

    `expected` is how many records the run had: where fewer are told of, it was broken off.
    """
    building = path.with_name(f".{path.name}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(building, flags, 0o600), "w", encoding="utf-8") as file:
        for part in _page(spool, tally, expected):
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    building.replace(path)


def _page(spool: Spool, tally: Tally, expected: int) -> Iterator[str]:
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>Report: {tally.total} records</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>What became of {_number(tally.total, 'record', 'records')}</h1>\n"
    )
    yield f"<p>{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, outcome-agreements {escape(__version__)}.</p>\n"
    if tally.total < expected:
        yield f"<p><strong>The run was broken off after {tally.total} of {expected} records.</strong>"
        yield " Run it again: it goes on from there.</p>\n"
    groups = [(state, title) for state, title in _GROUPS if tally.states[state]]
    yield from _counts(groups, tally)
    yield from _rules(spool)
    for state, title in groups:
        yield f'<section aria-labelledby="{state}">\n<h2 id="{state}">{title}: {tally.states[state]}</h2>\n'
        for nth, record in enumerate(spool, start=1):
            if record["state"] == state:
                yield from _record(nth, record)
        yield "</section>\n"
    yield "</main>\n</body>\n</html>\n"


def _counts(groups: Sequence[tuple[State, str]], tally: Tally) -> Iterator[str]:
    yield '<nav aria-label="Records by state">\n<ul>\n'
    for state, title in groups:
        yield f'<li><a href="#{state}">{title}: {tally.states[state]}</a></li>\n'
    yield "</ul>\n</nav>\n"


def _rules(spool: Spool) -> Iterator[str]:
    """Say for each rule in how many records it asks something that nobody has accepted."""
    found: Counter[tuple[str, str]] = Counter()
    for record in spool:
        found.update({(each["severity"], each["rule"]) for each in record["advice"] if not each["accepted"]})
    if not found:
        return
    yield '<section aria-labelledby="rules">\n<h2 id="rules">What practitioners should look at</h2>\n'
    yield '<table>\n<thead><tr><th scope="col">Rule</th><th scope="col">Kind</th>'
    yield '<th scope="col" class="number">Records</th></tr></thead>\n<tbody>\n'
    order = sorted(found, key=lambda each: (_SEVERITIES.index(each[0]), -found[each], each[1]))
    for severity, rule in order:
        yield f'<tr><th scope="row">{escape(rule)}</th><td>{escape(severity)}</td>'
        yield f'<td class="number">{found[severity, rule]}</td></tr>\n'
    yield "</tbody>\n</table>\n</section>\n"


def _record(nth: int, record: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h3>{escape(_name(nth, record))}</h3>\n"
    for problem in record["problems"]:
        what = f"{DUPLICATE}. The screen and --json name the files." if _names_files(problem) else problem["what"]
        yield _paragraph(_place(problem), what, problem["do"])
    for finding in record["advice"]:
        if not finding["accepted"]:
            kind = f"{finding['severity']}: {finding['rule']}"
            yield _paragraph(
                ", ".join(part for part in (kind, _place(finding)) if part), finding["what"], finding["better"]
            )
    yield _list(escape(note) for note in record["notes"])
    yield _list(_copy(copy) for copy in record["copies"])


def _copy(copy: Mapping[str, Any]) -> str:
    links = [
        f'<a href="{quote(name)}">{_kind(name)}<span class="where"> of {escape(copy["reader"])}</span></a>'
        for name in copy["files"]
    ]
    return ", ".join(links)


def _kind(name: str) -> str:
    return {"pdf": "PDF", "docx": "Word"}.get(name.rpartition(".")[2], escape(name.rpartition(".")[2]))


def _name(nth: int, record: Mapping[str, Any]) -> str:
    """Return what the record is called here; a file whose name could be a person's goes by its place in the run."""
    if record["ref"] is not None:
        return f"{record['ref']}, version {record['version']}"
    file = re.split(r"[\\/]", record["source"])[-1]
    return file if _SAFE_NAME.fullmatch(file) else f"Record {nth} in the order of file names"


def _names_files(problem: Mapping[str, Any]) -> bool:
    return str(problem["what"]).startswith(DUPLICATE)


def _place(said: Mapping[str, Any]) -> str:
    line = f"line {said['line']}" if said["line"] else ""
    return ", ".join(part for part in (line, said["where"]) if part)


def _paragraph(place: str, what: str, better: str | None) -> str:
    where = f'<span class="where">{escape(place)}</span><br>' if place else ""
    return f'<p class="what">{where}{escape(what)} {escape(better or "")}</p>\n'


def _list(entries: Iterable[str]) -> str:
    lines = "".join(f"<li>{entry}</li>\n" for entry in entries)
    return f"<ul>\n{lines}</ul>\n" if lines else ""


def _number(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
