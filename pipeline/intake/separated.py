"""CSV files: one file a sheet, by its name, as spreadsheets save them."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.intake.cells import Raw, Refused
from pipeline.intake.container import read_file, refused, unpacked
from pipeline.intake.forms import EXPLANATION, WORDS, forms
from pipeline.intake.model import Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_STEERING = "=+-@"
_SEPARATORS = ";,\t"
_LONGEST_CELL = 32_767


def read_folder(folder: Path) -> tuple[Table, ...]:
    """Return the sheets that lie in a folder as CSV files."""
    try:
        files = sorted(path for path in folder.iterdir() if path.name.lower().endswith(".csv"))
    except OSError as error:
        raise refused("The folder cannot be read.", "Ask for the right to read it.") from error
    return _tables({path.name: read_file(path) for path in files if not _is_explanation(path.name)})


def read_zip(data: bytes) -> tuple[Table, ...]:
    """Return the sheets in a ZIP of CSV files."""
    parts = unpacked(data, what="a ZIP of CSV files")
    found = {PurePosixPath(name).name: part for name, part in parts.items() if name.lower().endswith(".csv")}
    return _tables({name: part for name, part in found.items() if not _is_explanation(name)})


def read_beside(path: Path) -> tuple[Table, ...]:
    """Return the sheets of which this CSV file is one: those beside it whose names begin like its own.

    `Agreements.csv` goes with `People.csv`, `intake-Agreements.csv` with `intake-People.csv`.
    """
    sheet = _sheet_of(path.name)
    if sheet is None:
        raise _unnamed(path.name)
    start = path.stem[: len(path.stem) - len(sheet)]
    wanted = {f"{start}{form.name}.csv".casefold() for form in forms((), None)}
    files = sorted(other for other in path.parent.iterdir() if other.name.casefold() in wanted)
    return _tables({other.name: read_file(other) for other in files})


def _tables(files: Mapping[str, bytes]) -> tuple[Table, ...]:
    if not files:
        raise refused("There is no CSV file here.", f"Name each file after its sheet: {', '.join(_file_names())}.")
    return tuple(_table(name, data) for name, data in files.items())


def _table(name: str, data: bytes) -> Table:
    sheet = _sheet_of(name)
    if sheet is None:
        raise _unnamed(name)
    text = _text(name, data)
    return Table(sheet, tuple(_rows(name, text, _separator(text))))


def _rows(name: str, text: str, separator: str) -> Iterator[Row]:
    lines: Iterable[list[str]] = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(lines, start=1):
            if any(len(cell) > _LONGEST_CELL for cell in cells):
                raise refused("A cell is longer than a spreadsheet allows.", "Close the quotation marks.", name)
            if any(cell.strip() for cell in cells):
                yield Row(number, tuple(_raw(cell) for cell in cells))
    except csv.Error as error:
        raise refused("The quotation marks of this file do not match.", "Save it again as CSV UTF-8.", name) from error


def _raw(cell: str) -> Raw:
    """Return the text of a cell. An apostrophe before a sign that begins formulas only keeps them from being one."""
    text = cell.replace("\r\n", "\n")
    if text.startswith("="):
        return Refused.FORMULA
    if text[:1] == "'" and text.lstrip("'")[:1] in {*_STEERING, "\t"}:
        return text[1:]
    return text


def _separator(text: str) -> str:
    """Return what parts the cells: the sign that stands most often in the first line, outside quotes."""
    first = text.split("\n", 1)[0]
    outside = "".join(first.split('"')[::2])
    return max(_SEPARATORS, key=outside.count)


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused("This file is not UTF-8.", 'Save it as "CSV UTF-8".', name) from error


def _sheet_of(name: str) -> str | None:
    """Return the sheet that the name of a file ends with; the longest, if several do."""
    stem = Path(name).stem.casefold()
    ending = [form.name for form in forms((), None) if stem.endswith(form.name.casefold())]
    return max(ending, key=len, default=None)


def _is_explanation(name: str) -> bool:
    """Say whether this is a sheet nobody fills in; a spreadsheet that saves every sheet as CSV saves it too."""
    return Path(name).stem.endswith((EXPLANATION, WORDS))


def _file_names() -> Iterator[str]:
    return (f"{form.name}.csv" for form in forms((), None))


def _unnamed(name: str) -> Exception:
    what = "The name of this file ends with the name of no sheet."
    return refused(what, f"Name each file after its sheet: {', '.join(_file_names())}.", name)
