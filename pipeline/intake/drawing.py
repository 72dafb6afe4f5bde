"""Sheets to a workbook (.xlsx): heads, notes and drop-downs from the schema, and not one formula."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter

from pipeline.intake.explanation import explanation
from pipeline.intake.forms import EXPLANATION, WORDS, Column, Form, Kind
from pipeline.intake.places import notes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.intake.cells import Raw

ROWS_WITH_DROP_DOWNS = 2000
_FIRST_DAY = (date(1900, 3, 1) - date(1899, 12, 30)).days
"""The number a spreadsheet gives to the first day it counts right."""

_HEAD = PatternFill("solid", fgColor="FF1F3A4D")
_HEAD_REQUIRED = PatternFill("solid", fgColor="FF7A3B00")
_EXAMPLE = PatternFill("solid", fgColor="FFF0F0F0")
_WHITE = Font(bold=True, color="FFFFFFFF")
_GREY = Font(italic=True, color="FF595959")
_TOP = Alignment(vertical="top", wrap_text=True)
_WIDTHS: Mapping[Kind, int] = {Kind.TEXT: 26, Kind.LIST: 26, Kind.WORD: 20, Kind.ANY: 20, Kind.DATE: 14}
_FORMATS: Mapping[Kind, str] = {
    Kind.DATE: "yyyy-mm-dd",
    Kind.MONEY: "0.00",
    Kind.WHOLE: "0",
    Kind.NUMBER: "General",
    Kind.ANY: "General",
}


def draw(forms: Sequence[Form], rows: Mapping[str, Iterable[Sequence[Raw]]], *, examples: bool) -> bytes:
    """Return a workbook with these rows on the sheets of these forms.

    With `examples` the rows are shown as examples. Texts stay texts whatever sign they begin with. The same rows
    give a workbook that says the same; its bytes differ, since a workbook holds the hour it was made.
    """
    book = Workbook()
    _explain(book.active, forms)
    words = _Words()
    for form in forms:
        sheet = book.create_sheet(form.name)
        _head(sheet, form)
        for number, cells in enumerate(rows.get(form.name, ()), start=2):
            for place, (column, raw) in enumerate(zip(form.every_column, cells, strict=True), start=1):
                _write(sheet.cell(number, place), raw, column, example=examples)
            texts = [(raw, _width(column)) for raw, column in zip(cells, form.every_column, strict=True)]
            sheet.row_dimensions[number].height = _height(texts)
        for place, column in enumerate(form.every_column, start=1):
            _restrict(sheet, column, get_column_letter(place), words)
    words.draw(book.create_sheet(WORDS))
    book.active = 0
    return _saved(book)


class _MemoryWriter(ExcelWriter):  # type: ignore[misc] # openpyxl says nothing of types
    """Writes a workbook without touching the disk: openpyxl puts every sheet into the system's temporary folder."""

    def write_worksheet(self, ws: Any) -> None:
        """Write one sheet into the archive."""
        ws._drawing = SpreadsheetDrawing()  # noqa: SLF001 - what the method in its place does
        writer = WorksheetWriter(ws, out=BytesIO())
        writer.write()
        ws._rels = writer._rels  # noqa: SLF001 - likewise
        self._archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)


def _saved(book: Any) -> bytes:
    book.properties.creator = "outcome-agreements"
    data = BytesIO()
    _MemoryWriter(book, ZipFile(data, "w", ZIP_DEFLATED)).save()
    return data.getvalue()


class _Words:
    """The lists that drop-downs offer, each in a column of a hidden sheet: a list in place may have 255 letters."""

    def __init__(self) -> None:
        self._lists: list[tuple[str, ...]] = []

    def range_of(self, words: tuple[str, ...]) -> str:
        if words not in self._lists:
            self._lists.append(words)
        letter = get_column_letter(self._lists.index(words) + 1)
        return f"{quote_sheetname(WORDS)}!${letter}$1:${letter}${len(words)}"

    def draw(self, sheet: Any) -> None:
        for column, words in enumerate(self._lists, start=1):
            for row, word in enumerate(words, start=1):
                _text(sheet.cell(row, column), word)
        sheet.sheet_state = "hidden"


def _explain(sheet: Any, forms: Sequence[Form]) -> None:
    sheet.title = EXPLANATION
    sheet.column_dimensions["A"].width = 28
    sheet.column_dimensions["B"].width = 96
    for row, (left, right) in enumerate(explanation(forms), start=1):
        for column, text in enumerate((left, right), start=1):
            cell = sheet.cell(row, column)
            _text(cell, text)
            cell.alignment = _TOP
            cell.font = Font(bold=column == 1 or row == 1, size=16 if row == 1 else 11)
        sheet.row_dimensions[row].height = 24 if row == 1 else _height([(right, 80)])
    sheet.sheet_view.showGridLines = False


def _head(sheet: Any, form: Form) -> None:
    for index, column in enumerate(form.every_column, start=1):
        cell = sheet.cell(1, index)
        _text(cell, f"{column.label} *" if column.required else column.label)
        cell.fill = _HEAD_REQUIRED if column.required else _HEAD
        cell.font = _WHITE
        cell.alignment = _TOP
        note = Comment("\n".join(line for line in notes_of(column) if line), "outcome-agreements")
        note.width, note.height = 360, 200
        cell.comment = note
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = _width(column)
        sheet.column_dimensions[letter].number_format = _FORMATS.get(column.kind, "@")
    sheet.row_dimensions[1].height = 48
    sheet.freeze_panes = sheet.cell(2, len(form.keys) + 1)


def _width(column: Column) -> int:
    """Return the width of a column, in letters."""
    return 60 if int(column.about.get("maxLength", 0)) > 200 else _WIDTHS.get(column.kind, 14)


def _height(texts: Iterable[tuple[Raw, int]]) -> int:
    """Return the height of a row in points: not every spreadsheet makes room for wrapped lines by itself."""
    lines = [sum(1 + len(line) // width for line in text.split("\n")) for text, width in texts if isinstance(text, str)]
    return 15 * min(max(lines, default=1), 20)


def _write(cell: Any, raw: Raw, column: Column, *, example: bool) -> None:
    if isinstance(raw, str):
        _text(cell, raw)
    else:
        cell.value = raw
    cell.number_format = _FORMATS.get(column.kind, "@") if not isinstance(raw, str) else "@"
    cell.alignment = _TOP
    if example:
        cell.font, cell.fill = _GREY, _EXAMPLE


def _text(cell: Any, text: str) -> None:
    """Write a text as a text: openpyxl makes a formula of what begins with =, and other programs of + - and @."""
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in {"=", "+", "-", "@", "\t"}


def _restrict(sheet: Any, column: Column, letter: str, words: _Words) -> None:
    """Give a column its drop-down, or what may be typed into it; what it says comes from the schema."""
    rule = _rule(column, words)
    if rule is None:
        return
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle = column.label[:32]
    rule.error = " ".join(line for line in list(notes_of(column))[1:4] if line)[:255]
    rule.add(f"{letter}2:{letter}{ROWS_WITH_DROP_DOWNS}")
    sheet.add_data_validation(rule)


def _rule(column: Column, words: _Words) -> Any:
    """Return what may be typed into a column; None where the program alone can judge."""
    about = column.about
    rule = None
    match column.kind:
        case Kind.WORD:
            rule = DataValidation(type="list", formula1=words.range_of(tuple(about["enum"])))
        case Kind.YES_NO:
            only = ("yes",) if about.get("const") is True else ("yes", "no")
            rule = DataValidation(type="list", formula1=words.range_of(only))
        case Kind.WHOLE if "minimum" in about:
            rule = _limits("whole", "between", about["minimum"], about["maximum"])
        case Kind.DATE:
            rule = _limits("date", "greaterThanOrEqual", _FIRST_DAY)
        case Kind.MONEY:
            rule = _limits("decimal", "greaterThanOrEqual", 0)
        case Kind.TEXT if "maxLength" in about:
            rule = _limits("textLength", "lessThanOrEqual", about["maxLength"])
    return rule


def _limits(kind: str, operator: str, first: int, second: int | None = None) -> Any:
    return DataValidation(type=kind, operator=operator, formula1=first, formula2=second)
