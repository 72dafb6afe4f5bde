"""A workbook (.xlsx) to its sheets. Formulas stay formulas, and the values a spreadsheet kept for them are not read."""

from __future__ import annotations

import warnings
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.intake.cells import Raw, Refused
from pipeline.intake.container import check_workbook, refused
from pipeline.intake.model import Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ROWS = 50_000
MOST_COLUMNS = 400
_CONSTANTS = {"=TRUE()": True, "=FALSE()": False}
"""LibreOffice writes yes and no as formulas; these two need no carrying out."""
_DAY = timedelta(days=1)
_AT_MIDNIGHT = datetime(2000, 1, 1)  # noqa: DTZ001 - only its hour is used, and a cell has no time zone


def read_workbook(data: bytes) -> tuple[Table, ...]:
    """Return every sheet with its rows that are not empty. Raises SetupError for a workbook that is refused."""
    check_workbook(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts of a workbook that are not read anyway
            # read_only: neither notes nor pictures nor drop-downs are parsed; data_only would give cached values
            book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
            return tuple(_table(sheet) for sheet in book.worksheets)
    except (InvalidFileException, ParseError, KeyError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise refused("The workbook is damaged.", "Open it in a spreadsheet and save it again.") from error


def _table(sheet: Any) -> Table:
    sheet.reset_dimensions()  # what a file says of its size is not to be believed
    return Table(str(sheet.title), tuple(_rows(sheet.iter_rows(max_col=MOST_COLUMNS), name=str(sheet.title))))


def _rows(rows: Iterable[Any], *, name: str) -> Iterable[Row]:
    for number, cells in enumerate(rows, start=1):
        row = tuple(_raw(cell) for cell in cells)
        if all(raw is None or (isinstance(raw, str) and not raw.strip()) for raw in row):
            if number > 10 * MOST_ROWS:
                return  # nothing but empty rows that somebody coloured
            continue
        if number > MOST_ROWS:
            raise refused(f"The sheet has more than {MOST_ROWS} rows.", "Split it into several workbooks.", name)
        yield Row(number, row)


def _raw(cell: Any) -> Raw:
    """Return what the cell itself holds. An empty cell of openpyxl has no data_type."""
    kind = getattr(cell, "data_type", "n")
    if kind == "f":
        return _CONSTANTS.get(str(cell.value), Refused.FORMULA)
    if kind == "e":
        return Refused.ERROR
    value = cell.value
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("_x000D_", "")
    if isinstance(value, timedelta):
        return (_AT_MIDNIGHT + value).time() if timedelta() <= value < _DAY else str(value)
    return value if value is None or isinstance(value, int | float | date | time) else str(value)
