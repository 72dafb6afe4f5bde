"""Where something stands in a workbook, and what is wrong with a record, in the words of its sheets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem
from pipeline.intake.cells import Raw, cell_of
from pipeline.intake.forms import Column, Form, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.intake.model import Gathered, Standing
    from pipeline.validation.fault import Path

_IN_BRACKETS = re.compile(r" \((/[^)\s]*)\)")
_IS_TRUE = re.compile(r'"([a-z_]+)": true\b')
_QUOTED = re.compile(r'"([a-z_]+)"')
_UNDER = re.compile(r"(?<=\bunder )([a-z]+)\b")
_ADD = re.compile(r"\bAdd (?=the (?:column|sheet) )")
_JSON_ONLY = re.compile(r",? (?:without quotes|in double quotes)|, for example \{.*?\}(?:, or \{.*?\}[^.]*)?")


def letters(index: int) -> str:
    """Return the letters of a column as a spreadsheet shows them; 0 is A."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def place(form: Form, row: int | None = None, column: Column | None = None, index: int | None = None) -> str:
    """Return a place in words: "People, row 7, column D (Words to withhold)"."""
    parts = [form.name]
    if row is not None:
        parts.append(f"row {row}")
    if column is not None:
        parts.append(f"column {letters(index)} ({column.label})" if index is not None else f"column {column.label}")
    return ", ".join(parts)


def example(column: Column) -> Raw:
    """Return the example the schema gives, as it would be written in a cell; None where it gives none."""
    examples = column.about.get("examples")
    return cell_of(column, examples[0]) if examples else None


def shown(raw: Raw) -> str:
    """Return what a cell holds as a sentence may quote it."""
    return raw.replace("\n", " / ").rstrip(" /") if isinstance(raw, str) else _shown_number(raw)


def _shown_number(raw: Raw) -> str:
    return f"{raw:.2f}" if isinstance(raw, float) else str(raw)


def empty_cell(column: Column) -> tuple[str, str]:
    """Return what is said of a cell that is empty and may not be."""
    given = example(column)
    for_example = f" For example: {shown(given)}" if given is not None else ""
    return "This cell is empty and must be filled in.", f"{column.about.get('description', '')}{for_example}".strip()


def in_words_of_the_sheet(problem: Problem, gathered: Gathered, forms: Sequence[Form]) -> Problem | None:
    """Return a problem of a record with its place in the workbook; None if its cell has been spoken of already.

    Names of fields become names of columns, and pointers to other entries the rows they come from.
    """
    path = _path(problem.where)
    whole = (*path, problem.missing) if problem.missing else path
    standing, rest = _nearest(whole, gathered.standing)
    if _spoken_of(whole, gathered.said) or (rest and _within(whole, gathered.said)):
        return None
    column = standing.form.column_of(tuple(str(step) for step in rest)) if rest else None
    sheet = _sheet_of(whole, forms)
    if column is None and sheet is not None and problem.missing:
        return Problem("This agreement has no row on this sheet.", sheet.description, where=place(sheet))
    what, do = (_told(text, standing, gathered, forms) for text in (problem.what, problem.do))
    if problem.missing and column is not None:
        choice = standing.form.choices.get(tuple(str(step) for step in rest))
        empty, fill_in = empty_cell(column)
        what = empty if column.required else what
        do = forms_fault([each.tag for each in choice], [])[1] if choice else f"Fill in this cell. {fill_in}"
    index = standing.columns.get(column.field) if column else None
    return Problem(what, do, where=place(standing.form, standing.row, column, index))


def _spoken_of(path: Path, said: Iterable[Path]) -> bool:
    """Say whether this place, or one around it, has been spoken of."""
    return any(path[: len(other)] == other for other in said)


def _within(path: Path, said: Iterable[Path]) -> bool:
    """Say whether a place within this group of fields has been spoken of."""
    return any(other[: len(path)] == path for other in said)


def _nearest(path: Path, standing: Mapping[Path, Standing]) -> tuple[Standing, Path]:
    """Return the row that holds the value at this path, and the rest of the path within it."""
    depth = next(depth for depth in range(len(path), -1, -1) if path[:depth] in standing)
    return standing[path[:depth]], path[depth:]


def _sheet_of(path: Path, forms: Sequence[Form]) -> Form | None:
    names = tuple(step for step in path if isinstance(step, str))
    return next((form for form in forms if form.path and form.path == names), None)


def _told(text: str, standing: Standing, gathered: Gathered, forms: Sequence[Form]) -> str:
    """Say the same without JSON: no quotation marks around values, no brackets, no pointers."""

    def row(match: re.Match[str]) -> str:
        other, _ = _nearest(_path(match[1]), gathered.standing)
        return f" ({place(other.form, other.row)})"

    def filled(match: re.Match[str]) -> str:
        return f"yes in {_named(match[1], standing.form, forms)}"

    def named(match: re.Match[str]) -> str:
        return _named(match[1], standing.form, forms) or match[0]

    text = _JSON_ONLY.sub("", _IN_BRACKETS.sub(row, text))
    text = _UNDER.sub(named, text)
    text = _QUOTED.sub(named, _IS_TRUE.sub(filled, text))
    return (
        _ADD.sub("Fill in ", text).replace("add yes in", "write yes in").replace(" under the sheet ", " on the sheet ")
    )


def _named(field: str, form: Form, forms: Sequence[Form]) -> str:
    """Return a field as the workbook calls it: the column of this sheet, or the sheet; "" if it is neither."""
    for column in form.columns:
        if field in {column.path[0], column.path[-1]}:
            return f'the column "{column.label}"'
    sheet = next((other for other in forms if other.path[-1:] == (field,)), None)
    return f'the sheet "{sheet.name}"' if sheet else ""


def _path(where: str) -> Path:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in where.split("/")[1:]]
    return tuple(int(step) if step.isdigit() else step for step in steps)


STRAY = (
    "This cell does not go with the form of deadline that is filled in on this row.",
    "Empty it, or fill in the form it belongs to, and no other.",
)


def forms_fault(tags: Sequence[Column], filled: Sequence[Column]) -> tuple[str, str]:
    """Return what is said where none of these columns, or more than one of them, is filled in."""
    names = ", ".join(f'"{column.label}"' for column in (filled or tags))
    if not filled:
        return "It is not said which form this has.", f"Fill in exactly one of these columns: {names}."
    return "Several forms are mixed in this row.", f"Keep one of these columns, and empty the others: {names}."


def notes_of(column: Column) -> Iterator[str]:
    """Yield what the note at the head of a column says, a line each."""
    about: Mapping[str, Any] = column.about
    yield str(about.get("title", column.label))
    yield str(about.get("description", ""))
    yield "Must be filled in." if column.required else "May be left empty."
    yield _HOW.get(column.kind, "")
    if column.kind is Kind.WORD:
        yield f"One of: {', '.join(about['enum'])}."
    given = example(column)
    if given is not None:
        yield f"For example: {shown(given)}"
    yield f"Field: {column.field}"


_HOW: Mapping[Kind, str] = {
    Kind.DATE: "A date: year-month-day.",
    Kind.HOUR: "An hour on a 24-hour clock.",
    Kind.MONEY: "An amount, with a point before the pence and no sign.",
    Kind.WHOLE: "A whole number.",
    Kind.YES_NO: "Yes or no.",
    Kind.LIST: "Several entries: each on a line of its own (Alt and Enter).",
}
