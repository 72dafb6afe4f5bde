"""What the schema of `agreements.toml` cannot say: does the time zone exist, is the logo a picture."""

from __future__ import annotations

import unicodedata
import zoneinfo
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem
from pipeline.service.model import DEFAULT_TIME_ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LARGEST_LOGO_BYTES = 2 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def cross_check(values: Mapping[str, Any], folder: Path) -> Iterator[Problem]:
    """Yield every problem that the schema cannot see; `folder` is where the file lies.

    Each problem's `where` is a JSON pointer. A value that is not of the type the schema asks for is passed over:
    the schema speaks of it.
    """
    yield from _characters(values, "")
    yield from _time_zone(_texts(values, "service").get("time_zone", DEFAULT_TIME_ZONE))
    files = _texts(values, "files")
    for name, value in files.items():
        if value.startswith("~"):
            do = "Write the path from the folder of this file, or the whole path."
            yield Problem("A path may not begin with ~.", do, where=f"/files/{name}")
    if "logo" in files and not files["logo"].startswith("~"):
        yield from _logo(folder / files["logo"])
    if "templates" in files and not (folder / files["templates"]).is_dir():
        do = "Make the folder, or leave files.templates out to use the templates that come with the program."
        yield Problem("The templates folder is not there.", do, where="/files/templates")


def _texts(values: Mapping[str, Any], table: str) -> dict[str, str]:
    """Return the texts of a table that a path or a name can be made of."""
    part = values.get(table)
    if not isinstance(part, dict):
        return {}
    return {name: value for name, value in part.items() if isinstance(value, str) and value and "\0" not in value}


def _characters(value: Any, pointer: str) -> Iterator[Problem]:
    match value:
        case str() if any(_is_forbidden(character) for character in value):
            what = "The text holds a control character or a mark that turns the direction of writing."
            yield Problem(what, "Delete the line and type it again.", where=pointer)
        case str() if value and value.isspace():
            yield Problem("The text holds nothing but spaces.", "Write something, or leave it out.", where=pointer)
        case dict():
            for key, part in value.items():
                yield from _characters(part, f"{pointer}/{key}")
        case list():
            for number, part in enumerate(value):
                yield from _characters(part, f"{pointer}/{number}")
        case _:
            pass


def _is_forbidden(character: str) -> bool:
    return character in _DIRECTION_MARKS or (unicodedata.category(character) in {"Cc", "Cn"} and character != "\n")


def _time_zone(name: str) -> Iterator[Problem]:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        if zoneinfo.available_timezones():
            do = "Use a name of the IANA list, such as Europe/London or Pacific/Auckland."
            yield Problem("There is no time zone of this name.", do, where="/service/time_zone")
        else:
            do = "This computer has no list of time zones. Install one: `python -m pip install tzdata`."
            yield Problem("The time zone cannot be looked up.", do, where="/service/time_zone")


def _logo(path: Path) -> Iterator[Problem]:
    where = "/files/logo"
    if path.is_symlink():
        yield Problem("The logo is a link to a file elsewhere.", "Copy the picture itself here.", where=where)
        return
    if not path.is_file():
        do = "Check the path: it starts at the folder of this file."
        yield Problem("The logo is not there, or is not a file.", do, where=where)
        return
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_LOGO_BYTES + 1)
    except OSError:
        yield Problem("The logo cannot be read.", "Check that you may open it.", where=where)
        return
    if not data.startswith((_PNG, _JPEG)):
        do = "Save the picture as PNG or JPEG; changing the ending of its name is not enough."
        yield Problem("The logo is neither PNG nor JPEG.", do, where=where)
    if len(data) > LARGEST_LOGO_BYTES:
        do = "Save it smaller: 600 by 600 points is plenty in print."
        yield Problem("The logo is larger than 2 MB.", do, where=where)
