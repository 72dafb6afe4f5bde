"""Read a TOML file."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_BYTES = 256 * 1024
_POSITION = re.compile(r"\s*\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file in UTF-8, with or without a byte order mark.

    Raises SetupError if it cannot be read, is larger than 256 KiB, or is not TOML; then with line and column.
    """
    return parse_toml(read_bytes(path), name=path.name)


def read_bytes(path: Path) -> bytes:
    """Return what a configuration file holds; SetupError if it cannot be read or is larger than 256 KiB."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        do = "Check that the file is there, and that you may read it."
        raise _fault(path.name, f"The file cannot be read: {error.strerror or 'no reason given'}.", do) from error
    if len(data) > LARGEST_BYTES:
        raise _fault(path.name, "The file is larger than 256 KiB.", "Check that it is the file you meant.")
    return data


def parse_toml(data: bytes, *, name: str) -> dict[str, Any]:
    """Return the tables in `data`, which came from the file called `name`; SetupError if it is not TOML."""
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        bad_line = data.count(b"\n", 0, error.start) + 1
        raise _fault(name, "The file is not UTF-8.", "Save it as UTF-8 in your editor.", line=bad_line) from error
    except tomllib.TOMLDecodeError as error:
        # Python 3.14 gives line and column as attributes; 3.11 has them in the sentence only.
        reason = str(error)
        position = _POSITION.search(reason)
        what = _POSITION.sub("", reason)
        line = position["line"] if position else None
        column = position["column"] if position else None
        raise _fault(
            name,
            f"The file is not TOML: {what}.",
            'Compare the line with the others. A text stands in quotes: name = "…".',
            line=int(line) if line else None,
            column=int(column) if column else None,
        ) from error


def _fault(name: str, what: str, do: str, *, line: int | None = None, column: int | None = None) -> SetupError:
    return SetupError([Problem(what, do, where=name, line=line, column=column)])
