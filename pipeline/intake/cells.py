"""One cell: what a person wrote in it, and the value of the record that it stands for; and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TYPE_CHECKING, Any

from pipeline.intake.forms import Column, Kind
from pipeline.records.parsing import MOST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Refused(Enum):
    """What a cell may hold that is never taken as a value."""

    FORMULA = "formula"
    ERROR = "error"


Raw = str | int | float | bool | date | datetime | time | Refused | None
"""What a cell gives: a text from CSV, whatever the spreadsheet made of it from a workbook."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell, and what to do; neither repeats what stands in it."""

    what: str
    do: str


_FORMULA = CellFault(
    "There is a formula in this cell. Formulas are never carried out.",
    "Write what it gives as plain text, a plain number or a plain date. Copy the cell, then paste the value only.",
)
_ERROR = CellFault("The spreadsheet shows an error in this cell.", "Write the value itself, or empty the cell.")
_DATE_IN_TEXT = CellFault(
    "The spreadsheet has made a date or an hour of this text.", "Give the cell the format Text, and write it again."
)
_YES_NO_IN_TEXT = CellFault("This is TRUE or FALSE where a text belongs.", "Write the text.")
_NOT_WHOLE = CellFault("This is not a whole number.", "Write a whole number in digits.")
_NOT_NUMBER = CellFault("This is not a number.", "Write a number in digits, with a point before the decimals.")
_NOT_YES_NO = CellFault("This is neither yes nor no.", "Write yes or no, or leave the cell empty.")
_ONLY_YES = CellFault("This cell can only say yes.", "Write yes, or leave the cell empty.")
_HOUR_IN_DATE = CellFault("There is an hour beside the day in this cell.", "Write the day alone, such as 2026-11-27.")
_NOT_DATE = CellFault(
    "This is not a date the program can be sure of.",
    "Write the date as year-month-day, for example 2026-11-27. Day and month are never guessed.",
)
_COMMA = CellFault(
    "There is a comma in this cell: it might be one entry or several.",
    "Write each entry on a line of its own (Alt and Enter). A line may hold a comma; after a single one, "
    "begin a new line all the same.",
)
_YES = frozenset({"yes", "y", "true"})
_NO = frozenset({"no", "n", "false"})
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOUR = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::00)?")
_PARTS = re.compile(r"[\s,;]+")


def value_of(column: Column, raw: Raw) -> Any:
    """Return the value that stands in a cell for the record: a CellFault if there is none to be sure of.

    None for an empty cell. What the schema can judge (lengths, patterns, allowed words) is left to it.
    """
    match raw:
        case Refused.FORMULA:
            return _FORMULA
        case Refused.ERROR:
            return _ERROR
        case str() if not raw.strip():
            return None
        case None:
            return None
    return _READ[column.kind](raw, column)


def cell_of(column: Column, value: Any) -> Raw:
    """Return what to write into a cell for this value of a record, so that value_of gives the value again."""
    match column.kind:
        case Kind.YES_NO | Kind.ANY if isinstance(value, bool):
            return ("yes" if value else "no") if column.kind is Kind.YES_NO else value
        case Kind.DATE:
            return _day(value)
        case Kind.MONEY:
            return float(value)
        case Kind.LIST if isinstance(value, list | tuple):
            return _listed(value)
    given: Raw = value
    return given


def _day(value: str) -> Raw:
    """Return a real date; spreadsheets know none before March 1900."""
    day = date.fromisoformat(value)
    return day if day >= date(1900, 3, 1) else value


def _listed(entries: list[str] | tuple[str, ...]) -> str:
    """Return the entries, one a line; a single one that might look like several ends with a line break."""
    if len(entries) == 1 and _is_doubtful(entries[0]):
        return f"{entries[0]}\n"
    return "\n".join(entries)


def _is_doubtful(entry: str) -> bool:
    return "," in entry or ";" in entry


def _text(raw: Raw, _column: Column) -> Any:
    match raw:
        case bool():
            return _YES_NO_IN_TEXT
        case date() | time():
            return _DATE_IN_TEXT
        case float():
            return _written(raw)
        case int():
            return str(raw)
    return str(raw).strip()


def _written(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def _word(raw: Raw, column: Column) -> Any:
    """Return the allowed word: capitals, and spaces for underscores, do not matter."""
    text = _text(raw, column)
    if isinstance(text, CellFault):
        return text
    allowed: dict[str, str] = {_alike(word): word for word in column.about["enum"]}
    return allowed.get(_alike(text), text)


def _alike(word: str) -> str:
    return _PARTS.sub(" ", word.replace("_", " ").replace("-", " ")).strip().casefold()


def _date(raw: Raw, _column: Column) -> Any:
    match raw:
        case datetime():
            return raw.date().isoformat() if raw.time() == time() else _HOUR_IN_DATE
        case date():
            return raw.isoformat()
        case str() if _ISO.fullmatch(raw.strip()):
            return raw.strip()
    return _NOT_DATE


def _hour(raw: Raw, column: Column) -> Any:
    if isinstance(raw, time):
        return raw.strftime("%H:%M")
    text = _text(raw, column)
    if isinstance(text, str) and (parts := _HOUR.fullmatch(text)):
        return f"{int(parts[1]):02}:{parts[2]}"
    return text


def _money(raw: Raw, column: Column) -> Any:
    """Return pounds and pence: a number of a spreadsheet has lost the noughts at its end."""
    text = _text(raw, column)
    if not isinstance(text, str):
        return text
    try:
        amount = Decimal(text)
        pence = amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        return text
    return str(pence) if amount.is_finite() and amount == pence and amount >= 0 else text


def _whole(raw: Raw, _column: Column) -> Any:
    match raw:
        case bool() | date() | time():
            return _NOT_WHOLE
        case int():
            return raw
        case float() if raw.is_integer() and abs(raw) < 10**MOST_DIGITS:
            return int(raw)
        case str() if raw.strip().isascii() and raw.strip().isdigit() and len(raw.strip()) <= MOST_DIGITS:
            return int(raw)
    return _NOT_WHOLE


def _number(raw: Raw, column: Column) -> Any:
    match raw:
        case bool() | date() | time():
            return _NOT_NUMBER
        case int() | float():
            return _any(raw, column)
        case str() if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,10})?", raw.strip()):
            return _any(float(raw), column)
    return _NOT_NUMBER


def _yes_no(raw: Raw, column: Column) -> Any:
    only_yes = column.about.get("const") is True
    word = raw.strip().casefold() if isinstance(raw, str) else ""
    if raw is True or word in _YES:
        return True
    if raw is False or word in _NO:
        return _ONLY_YES if only_yes else False
    return _ONLY_YES if only_yes else _NOT_YES_NO


def _list(raw: Raw, column: Column) -> Any:
    about = column.about
    if isinstance(raw, date) and _entry_of(about).get("format") == "date":
        day = _date(raw, column)
        return day if isinstance(day, CellFault) else [day]
    text = _text(raw, column) if not isinstance(raw, str) else raw
    if isinstance(text, CellFault):
        return text
    if any(form.get("const") == text.strip() for form in about.get("oneOf", ())):
        return text.strip()
    if "pattern" in _entry_of(about) and "maxLength" not in _free(about):
        return [part for part in _PARTS.split(text.strip()) if part]
    if "\n" in text:
        return [line.strip() for line in text.split("\n") if line.strip()]
    return _COMMA if "," in text else [part.strip() for part in text.split(";") if part.strip()]


def _free(about: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of an entry if it is free text; ids, dates and languages have no spaces in them."""
    entry = _entry_of(about)
    return entry if entry.get("minLength") else {}


def _entry_of(about: Mapping[str, Any]) -> Mapping[str, Any]:
    lists = [form for form in (about, *about.get("oneOf", ())) if "items" in form]
    entry: Mapping[str, Any] = lists[0]["items"] if lists else {}
    return entry


def _any(raw: Raw, _column: Column) -> Any:
    match raw:
        case bool() | int():
            return raw
        case float():
            return int(raw) if raw.is_integer() else raw
        case datetime() | date():
            return _date(raw, _column)
        case time():
            return raw.strftime("%H:%M")
    return str(raw).strip()


_READ: Mapping[Kind, Callable[[Raw, Column], Any]] = {
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.HOUR: _hour,
    Kind.MONEY: _money,
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.WORD: _word,
    Kind.LIST: _list,
    Kind.ANY: _any,
}
