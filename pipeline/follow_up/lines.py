"""One line of a progress journal: from bytes to an entry, and back."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import Problem, RecordError
from pipeline.follow_up.model import (
    Answered,
    Asked,
    Consented,
    Entry,
    Happened,
    Line,
    Paused,
    Progress,
    Received,
    Reported,
    Resumed,
    Status,
    Told,
)
from pipeline.records.parsing import parse
from pipeline.validation.check import problems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KINDS: Final[Mapping[str, type[Entry]]] = {
    "status": Progress,
    "received": Received,
    "consent": Consented,
    "report": Reported,
    "pause_from": Paused,
    "resumed": Resumed,
    "happened": Happened,
    "asked": Asked,
    "answered": Answered,
    "told": Told,
}
"""Each kind of entry by the one name that only it has: the first of its fields."""

_HEAD: Final = ("schema_version", "ref", "version", "recorded")
_DAYS: Final = frozenset({"on", "of_day", "told_on", "pause_from", "until", "resumed", "happened", "asked"})
_AS: Final[Mapping[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(_DAYS, date.fromisoformat),
    "status": Status,
    "received": Decimal,
    "items": tuple,
}


def to_bytes(ref: str, line: Line) -> bytes:
    """Return the line as it is written: one JSON object and a line break."""
    head = {"schema_version": 1, "ref": ref, "version": line.version, "recorded": line.recorded}
    return json.dumps(head | plain(line.entry), ensure_ascii=False).encode() + b"\n"


def plain(entry: Entry) -> dict[str, Any]:
    """Return an entry as plain values of JSON, without what is not there."""
    values = {each.name: getattr(entry, each.name) for each in fields(entry)}
    return {name: _plain(value) for name, value in values.items() if value not in {None, ()}}


def from_bytes(data: bytes, ref: str) -> Line:
    """Return the line. Raises RecordError with what is wrong with it; no message repeats a value."""
    parsed = parse(data)
    found = [*parsed.problems, *problems(parsed.value, "progress")]
    if not found and parsed.value["ref"] != ref:
        found = [Problem("This line is about another agreement.", "Put it into the journal it belongs to.", "/ref")]
    if found:
        raise RecordError(found)
    value = parsed.value
    return Line(value["version"], value["recorded"], entry_from(value))


def entry_from(value: Mapping[str, Any]) -> Entry:
    """Return the entry of values that keep the schema."""
    [kind] = (KINDS[name] for name in KINDS if name in value)
    return kind(**{name: _AS.get(name, _as_it_is)(each) for name, each in value.items() if name not in _HEAD})


def _as_it_is(value: Any) -> Any:
    return value


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:.2f}"
        case tuple():
            return list(value)
        case Status():
            return value.value
        case _:
            return value
