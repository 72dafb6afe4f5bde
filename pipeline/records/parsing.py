"""Strict JSON that knows on which line every value stands.

The standard library's reader keeps no positions, takes NaN, lets the last of two equal names win, and recurses
as deep as it is told. json-source-map gives positions but reads the text a second time, knows of no duplicates
and has not changed since 2020. So this scanner is our own; only strings are left to the standard library.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem, RecordError
from pipeline.records.characters import objections
from pipeline.records.decoding import decode
from pipeline.records.ordering import in_order
from pipeline.validation.fault import Path, pointer, shown_pointer

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_LEVELS = 32
MOST_VALUES = 20_000
MOST_DIGITS = 15

_STRINGS = JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?(?![0-9.A-Za-z_+-])")
_NOT_A_NUMBER = re.compile(r"(?:-?Infinity|NaN)(?![0-9A-Za-z_])")
_WORD = re.compile(r"(true|false|null)(?![0-9A-Za-z_])")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}
_WRONG_QUOTES = "'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON value in NFC, where each part of it stands, and what is wrong that did not stop the reading.

    `positions` and `key_positions` give line and column (from 1) by JSON pointer. `faulty` holds the pointers
    of texts and numbers that `problems` are about, so that nothing is said twice of the same value.
    """

    value: Any
    positions: Mapping[str, Position]
    key_positions: Mapping[str, Position]
    problems: tuple[Problem, ...]
    faulty: frozenset[str]


def parse(data: bytes) -> Parsed:
    """Return the JSON value of these bytes.

    Texts and names come in NFC and without spaces at their ends (which is a problem all the same). Raises
    RecordError where reading cannot go on: not UTF-8, not JSON, more than 32 levels or 20 000 values.
    """
    scanner = _Scanner(decode(data))
    value = scanner.whole()
    return Parsed(value, scanner.positions, scanner.key_positions, tuple(scanner.problems), frozenset(scanner.faulty))


class _Scanner:
    """One reading of one text; every method takes an offset and returns the offset after what it read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.positions: dict[str, Position] = {}
        self.key_positions: dict[str, Position] = {}
        self.problems: list[Problem] = []
        self.faulty: set[str] = set()
        self._line_starts = [0, *(match.end() for match in _LINE_BREAK.finditer(text))]

    def whole(self) -> Any:
        value, at = self._value(self._space(0), ())
        at = self._space(at)
        if at < len(self.text):
            raise self._stop(at, (), "Something stands after the end of the record.", "Take it out.")
        return value

    def _value(self, at: int, path: Path) -> tuple[Any, int]:
        # Of two equal names the first stands in the positions; the second has a problem of its own.
        self.positions.setdefault(pointer(path), self._position(at))
        if len(self.positions) > MOST_VALUES:
            raise self._stop(at, (), "There are more values here than a record can have.", "Check the file.")
        if len(path) > MOST_LEVELS:
            do = f"A record has at most {MOST_LEVELS} levels: check the brackets."
            raise self._stop(at, (), "Brackets stand within brackets too deeply.", do)
        match self.text[at : at + 1]:
            case "{":
                return self._object(at, path)
            case "[":
                return self._array(at, path)
            case _:
                return self._single(at, path)

    def _single(self, at: int, path: Path) -> tuple[Any, int]:
        before = len(self.problems)
        value, after = self._string(at, path) if self.text[at : at + 1] == '"' else self._plain(at, path)
        if len(self.problems) > before:
            self.faulty.add(pointer(path))
        return value, after

    def _object(self, at: int, path: Path) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        at = self._space(at + 1)
        while self.text[at : at + 1] != "}":
            key, after = self._key(at, path)
            here = (*path, key)
            if key in found:
                self._note(at, here, "This name stands here twice.", "Keep one of the two.")
            else:
                self.key_positions.setdefault(pointer(here), self._position(at))
            value, after = self._value(self._space(after), here)
            found.setdefault(key, value)
            at = self._next(after, path, closing="}")
        return found, at + 1

    def _array(self, at: int, path: Path) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self._space(at + 1)
        while self.text[at : at + 1] != "]":
            value, after = self._value(at, (*path, len(found)))
            found.append(value)
            at = self._next(after, path, closing="]")
        return found, at + 1

    def _key(self, at: int, path: Path) -> tuple[str, int]:
        if self.text[at : at + 1] != '"':
            raise self._stop(at, path, "A name in double quotes should stand here.", self._hint(at))
        key, after = self._string(at, path)
        after = self._space(after)
        if self.text[after : after + 1] != ":":
            raise self._stop(after, path, "A colon should stand here, between name and value.", "Add the colon.")
        return key, after + 1

    def _next(self, at: int, path: Path, *, closing: str) -> int:
        """Step over the comma to the next entry, or stay at the closing bracket."""
        at = self._space(at)
        if self.text[at : at + 1] == closing:
            return at
        if self.text[at : at + 1] != ",":
            do = f'Add the comma or the "{closing}"; also look for quotation marks inside a text: write them as \\".'
            raise self._stop(at, path, f'A comma or "{closing}" should stand here.', do)
        after = self._space(at + 1)
        if self.text[after : after + 1] == closing:
            raise self._stop(at, path, f'A comma stands before "{closing}".', "Take the comma out.")
        return after

    def _string(self, at: int, path: Path) -> tuple[str, int]:
        try:
            text, after = _STRINGS.raw_decode(self.text, at)
        except JSONDecodeError as error:
            raise self._bad_string(at, error.pos, path) from error
        for what, do in objections(text):
            self._note(at, path, what, do)
        return unicodedata.normalize("NFC", text.strip()), after

    def _bad_string(self, at: int, wrong: int, path: Path) -> RecordError:
        character = self.text[wrong : wrong + 1]
        if character in {"\n", "\r"}:
            do = r"Close the quotes before the end of the line. For a new line in a text write \n."
            return self._stop(at, path, "The line ends before the closing quotation mark.", do)
        if character < " " and character:
            do = r"Take it out; for a tab write \t."
            return self._stop(wrong, path, f"A control character stands here (U+{ord(character):04X}).", do)
        if wrong == at:
            return self._stop(at, path, "The closing quotation mark is missing.", 'Add the ".')
        return self._stop(wrong, path, "A backslash stands before something it cannot stand before.", r"Write \\.")

    def _plain(self, at: int, path: Path) -> tuple[Any, int]:
        if word := _WORD.match(self.text, at):
            return _WORDS[word[1]], word.end()
        if number := _NUMBER.match(self.text, at):
            return self._number(number, at, path), number.end()
        if nothing := _NOT_A_NUMBER.match(self.text, at):
            self._note(at, path, "This is no number a record can hold.", "Write a number in digits.")
            return 0, nothing.end()
        if at >= len(self.text):
            do = "Check that the whole file is there and that every bracket is closed."
            raise self._stop(at, path, "This is not JSON: the file ends too early.", do)
        raise self._stop(at, path, "This is not JSON: a value should stand here.", self._hint(at))

    def _number(self, number: re.Match[str], at: int, path: Path) -> int | float:
        if sum(character.isdigit() for character in number[0]) > MOST_DIGITS:
            self._note(at, path, "This number is too long.", f"Write at most {MOST_DIGITS} digits.")
            return 0
        if number[2] is not None:
            self._note(at, path, "This number has an exponent.", "Write it out in digits.")
            return 0
        if number[1] is None:
            return int(number[0])
        value = float(number[0])
        if value.is_integer():
            self._note(at, path, "A whole number has a point here.", "Leave out the point and what follows it.")
            return int(value)
        return value

    def _hint(self, at: int) -> str:
        if self.text[at : at + 1] in _WRONG_QUOTES and at < len(self.text):
            return 'Use straight double quotation marks (").'
        if _WORD.match(self.text[at : at + 6].lower()):
            return "Write true, false and null in small letters."
        if self.text[at : at + 1] in {"/", "#"}:
            return "Take comments out: JSON has none."
        return "Write texts and names in double quotation marks; close every bracket."

    def _space(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def _position(self, at: int) -> Position:
        line = bisect_right(self._line_starts, at)
        return line, at - self._line_starts[line - 1] + 1

    def _problem(self, at: int, path: Path, what: str, do: str) -> Problem:
        line, column = self._position(at)
        return Problem(what, do, shown_pointer(path), line, column)

    def _note(self, at: int, path: Path, what: str, do: str) -> None:
        self.problems.append(self._problem(at, path, what, do))

    def _stop(self, at: int, path: Path, what: str, do: str) -> RecordError:
        return RecordError(in_order([*self.problems, self._problem(at, path, what, do)]))
