"""Look into a workbook before anything reads it: what it is, how large it would become, what it reaches for.

An .xlsx is a ZIP of XML. The reader behind it expands whatever it is given, so sizes, document types and links
to elsewhere are looked at here, part by part, and never more than the limit is unpacked.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 1000

_PIECE = 256 * 1024
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORBIDDEN_PARTS = (
    (
        "vbaproject",
        "The workbook holds a program (macros).",
        "Save it as an ordinary workbook (.xlsx), without macros.",
    ),
    ("externallinks/", "The workbook is linked to another file.", "Break the links (Data, Edit links) and save it."),
    ("connections.xml", "The workbook is connected to outside data.", "Delete the connections (Data) and save it."),
    ("querytables/", "The workbook is connected to outside data.", "Delete the connections (Data) and save it."),
    ("embeddings/", "Another document is embedded in the workbook.", "Delete it and save the workbook."),
    ("activex/", "The workbook holds controls.", "Delete them and save the workbook."),
    ("customdata/", "The workbook is connected to outside data.", "Delete the connections (Data) and save it."),
)
_DOCUMENT_TYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_RELATIONSHIP = re.compile(rb"<(?:[A-Za-z]+:)?Relationship\b[^>]*>", re.DOTALL)
_OUTSIDE = re.compile(rb"""TargetMode\s*=\s*["']External["']""", re.IGNORECASE)
_HYPERLINK = re.compile(rb"""Type\s*=\s*["'][^"']*/hyperlink["']""", re.IGNORECASE)


def read_file(path: Path) -> bytes:
    """Return the bytes of an ordinary file of at most 20 MiB. Raises SetupError for anything else."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise refused("This is not a file.", "Give the workbook itself.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise refused("There is no such file.", "Check the name of the file.") from error
    except OSError as error:
        raise refused("The file cannot be read.", "Copy it to a folder of this computer and try again.") from error
    if len(data) > MOST_BYTES:
        raise refused("The file is larger than 20 MiB.", "Split it into several workbooks.")
    return data


def check_workbook(data: bytes) -> None:
    """Raise SetupError unless these bytes are a plain .xlsx that is safe to read."""
    if data.startswith(_OLD_OR_LOCKED):
        raise refused(
            "This workbook has a password, or is of the old kind (.xls).", "Save it as .xlsx without a password."
        )
    parts = unpacked(data, what="an .xlsx workbook")
    if "xl/workbook.xml" not in parts:
        raise refused("This is not an .xlsx workbook.", "Open it in a spreadsheet and save it as .xlsx.")
    for name, part in parts.items():
        for mark, what, do in _FORBIDDEN_PARTS:
            if mark in name.casefold():
                raise refused(what, do)
        _check_xml(name.casefold(), part)


def unpacked(data: bytes, *, what: str) -> dict[str, bytes]:
    """Return the parts of a ZIP by their names. Raises SetupError if it is none, or would become too large."""
    parts: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_PARTS:
                raise refused("The file has more parts than a workbook can have.", "Begin with a new blank workbook.")
            for entry in entries:
                if entry.flag_bits & 1:
                    raise refused("The file has a password.", "Save it without a password.")
                if entry.filename in parts:
                    raise refused("Two parts of the file have the same name.", "Save the workbook again.")
                with archive.open(entry) as stream:
                    pieces = []
                    while piece := stream.read(_PIECE):
                        pieces.append(piece)
                        total += len(piece)
                        if total > MOST_UNPACKED:
                            raise refused(
                                "Unpacked, the file is larger than 100 MiB.", "Split it into several workbooks."
                            )
                parts[entry.filename] = b"".join(pieces)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error) as error:
        raise refused(
            f"This is not {what}, or it is damaged.", "Open it in a spreadsheet and save it again."
        ) from error
    return parts


def refused(what: str, do: str, where: str = "") -> SetupError:
    """Return the refusal of a whole workbook."""
    return SetupError([Problem(what, do, where)])


def _check_xml(name: str, part: bytes) -> None:
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    if part.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in part[:200]:
        raise refused("A part of the workbook is written in an unusual encoding.", "Save the workbook again.")
    if _DOCUMENT_TYPE.search(part):
        raise refused(
            "A part of the workbook defines words of its own (a document type).",
            "No spreadsheet writes that. Begin with a new blank workbook, and copy the values.",
        )
    for relationship in _RELATIONSHIP.findall(part) if name.endswith(".rels") else ():
        if _OUTSIDE.search(relationship) and not _HYPERLINK.search(relationship):
            raise refused("The workbook is linked to another file.", "Break the links (Data, Edit links) and save it.")
