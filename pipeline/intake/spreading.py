"""A record to the rows of its sheets: the way back of gathering."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem, RecordError
from pipeline.intake.cells import Raw, cell_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.intake.forms import Column, Form

# Spreadsheets read these as escapes for other letters, each in a way of its own.
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_|x005F_")


def rows_of(form: Form, record: Mapping[str, Any]) -> Iterator[tuple[Raw, ...]]:
    """Yield the rows of one record on one sheet, each with a cell a column.

    Raises RecordError for a text that spreadsheets would change.
    """
    for keys, entry in _entries(form, record):
        cells = [keys[column.field] for column in form.keys]
        cells += [_cell(column, entry) for column in form.columns]
        yield tuple(cells)


def _entries(form: Form, record: Mapping[str, Any]) -> Iterator[tuple[dict[str, Raw], Mapping[str, Any]]]:
    keys: dict[str, Raw] = {"ref": record["ref"], "version": record["version"]}
    if not form.path:
        yield keys, record
    elif len(form.path) == 1:
        yield from _entries_of(form, keys, record)
    else:
        key = form.keys[2].field
        for parent in record.get(form.path[0], ()):
            yield from _entries_of(form, keys | {key: parent[key]}, parent)


def _entries_of(
    form: Form, keys: dict[str, Raw], parent: Mapping[str, Any]
) -> Iterator[tuple[dict[str, Raw], Mapping[str, Any]]]:
    if form.of_language:
        for language, entry in parent.get(form.path[-1], {}).items():
            yield keys | {"language": language}, {form.columns[0].field: entry} if form.plain else entry
    else:
        for entry in parent.get(form.path[-1], ()):
            yield keys, entry


def _cell(column: Column, entry: Mapping[str, Any]) -> Raw:
    value = _found(entry, column.path)
    if value is None:
        return None
    cell = cell_of(column, value)
    if isinstance(cell, str) and _ESCAPE.search(cell):
        what = f'A text holds signs that spreadsheets read as another letter ("{column.label}").'
        raise RecordError([Problem(what, "Take signs such as _x0041_ out of the text.")])
    return cell


def _found(entry: Any, path: Sequence[str]) -> Any:
    for step in path:
        if not isinstance(entry, dict) or step not in entry:
            return None
        entry = entry[step]
    return entry
