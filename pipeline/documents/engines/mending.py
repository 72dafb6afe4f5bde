"""Mend what LibreOffice's PDFs lack: lines that say they are no content, and a colour profile without a clock."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import ContentStreamInstruction, Name, Operator, Pdf

from pipeline.documents.engines.boxes import refuse_boxes
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHECKSUM = "/DocChecksum"  # of the file as it was, its dates included
_CREATED = slice(24, 36)  # when the profile was made: year to second, six numbers (ICC.1, 7.2.1)
_DAY_ONE = bytes((7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))  # 1 January 2000
_BEGINS_A_PATH = frozenset({"m", "re"})
_PAINTS = frozenset({"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"})
_IN_A_PATH = frozenset({"m", "re", "l", "c", "v", "y", "h", "W", "W*"})


def mend(pdf: bytes) -> bytes:
    """Return the PDF with nothing in it of the time it was made, and with every loose line marked as an artifact.

    Borders of paragraphs come without a mark, which PDF/UA-1 (ISO 14289-1, 7.1) does not allow; they are decoration.
    Text and pictures without a mark stay as they are, for the proof to find. Raises RecordError for a damaged file, and
    for letters that are drawn as empty boxes.
    """
    try:
        with Pdf.open(BytesIO(pdf)) as document:
            refuse_boxes(document)
            for intent in document.Root.get("/OutputIntents", ()):
                _forget_time(intent)
            if _CHECKSUM in document.trailer:
                del document.trailer[_CHECKSUM]
            for page in document.pages:
                _mark_lines(document, page)
            buffer = BytesIO()
            document.save(buffer)
            return buffer.getvalue()
    except pikepdf.PdfError as error:
        problem = Problem("The PDF that LibreOffice made is damaged.", "Make it again.", where="PDF")
        raise RecordError([problem]) from error


def _forget_time(intent: Any) -> None:
    profile = intent.get("/DestOutputProfile")
    if profile is not None:
        data = bytearray(profile.read_bytes())
        data[_CREATED] = _DAY_ONE
        profile.write(bytes(data))


def _mark_lines(document: Pdf, page: pikepdf.Page) -> None:
    instructions = list(pikepdf.parse_content_stream(page))
    marked = list(_with_lines_marked(instructions))
    if len(marked) != len(instructions):
        page.obj.Contents = document.make_stream(pikepdf.unparse_content_stream(marked))


def _with_lines_marked(instructions: Iterable[Any]) -> Iterator[Any]:
    """Put `/Artifact BMC` and `EMC` around each path that is painted outside of any mark."""
    depth = 0
    path: list[Any] = []
    for instruction in instructions:
        word = str(instruction.operator)
        if path and word not in _IN_A_PATH:
            if word in _PAINTS and depth == 0:
                yield ContentStreamInstruction([Name.Artifact], Operator("BMC"))
                yield from (*path, instruction)
                yield ContentStreamInstruction([], Operator("EMC"))
            else:
                yield from (*path, instruction)
            path = []
        elif path or word in _BEGINS_A_PATH:
            path.append(instruction)
            continue
        else:
            yield instruction
        depth += (word in ("BDC", "BMC")) - (word == "EMC")
    yield from path
