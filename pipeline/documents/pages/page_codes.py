"""A small code in the lower left corner of every page of a PDF, by which signed paper is recognised after scanning.

The code is a Data Matrix (ISO/IEC 16022) of 9 mm, drawn with lines as an artifact: no reader of the text meets it. It
is a number without a meaning of its own; which page of which copy it stands for is written in the manifest only.
"""

from __future__ import annotations

import hashlib
import json
import re
from math import isqrt
from typing import TYPE_CHECKING, Any

import zxingcpp
from pikepdf import Stream

from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pypdfium2
    from pikepdf import Page, Pdf

    from pipeline.copies.model import Copy

SIZE_MM = 9
LEFT_MM = 6  # most printers leave 4 to 5 mm at the edge white
BOTTOM_MM = 6
QUIET_MM = 1  # the standard asks for one module, 0.56 mm
_POINTS_PER_MM = 72 / 25.4
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LENGTH = 12
_CODE = re.compile(f"[{_SIGNS}]{{{_LENGTH}}}")
_SYMBOLOGY = zxingcpp.BarcodeFormat.DataMatrix
_CORNER_MM = LEFT_MM + SIZE_MM + LEFT_MM  # the reader finds the symbol more surely with some page around it
_PIXELS_PER_MM = 8
_LIGHT = 200  # of 255: paper may have a colour, but not ink


def page_code(copy: Copy, page: int) -> str:
    """Return the code of one page (from 1) of a copy: twelve digits and capitals, 62 bits of a SHA-256.

    It follows from the reference, version, reader, sheet, agreement code and page, so it never changes while the
    agreed words stay; what it was made from cannot be read out of it.
    """
    made_from = json.dumps([copy.ref, copy.version, copy.reader_id, copy.stem, copy.code, page])
    number = int.from_bytes(hashlib.sha256(made_from.encode()).digest(), "big")
    signs = []
    for _ in range(_LENGTH):
        number, index = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[index])
    return "".join(signs)


def draw_code(document: Pdf, page: Page, code: str) -> None:
    """Draw a code on a page, over everything else and outside the structure tree."""
    page.contents_coalesce()
    contents = page.obj.get("/Contents")
    drawn = b"" if contents is None else contents.read_bytes()
    left, bottom = (float(page.cropbox[index]) for index in (0, 1))
    symbol = _drawing(code, left=left + LEFT_MM * _POINTS_PER_MM, bottom=bottom + BOTTOM_MM * _POINTS_PER_MM)
    page.obj.Contents = Stream(document, b"q\n" + drawn + b"\nQ\n" + symbol)


def read_codes(pixels: bytes, *, width: int, height: int) -> tuple[str, ...]:
    """Return the codes in a picture, sorted; a grey byte a pixel, row by row. Codes of others are passed over."""
    picture = memoryview(pixels).cast("B", (height, width))
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(_SYMBOLOGY), try_invert=False)
    return tuple(sorted({each.text for each in found if _CODE.fullmatch(each.text)}))


def prove_codes(pages: Iterable[pypdfium2.PdfPage], codes: Iterable[str]) -> None:
    """Raise RecordError unless each page shows its code, readable, with nothing else in that corner."""
    problems = [
        problem
        for number, (page, code) in enumerate(zip(pages, codes, strict=True), 1)
        if (problem := _fault(page, code, f"PDF, page {number}")) is not None
    ]
    if problems:
        raise RecordError(problems)


def _drawing(code: str, *, left: float, bottom: float) -> bytes:
    """Return the operators that paint the symbol; neighbours in a row are one rectangle, so that no seam shows."""
    rows = _modules(code)
    module = SIZE_MM * _POINTS_PER_MM / len(rows)
    painted = [
        f"{left + start * module:.3f} {bottom + up * module:.3f} {length * module:.3f} {module:.3f} re"
        for up, row in enumerate(reversed(rows))
        for start, length in _runs(row)
    ]
    return "\n".join(["/Artifact BMC", "q 0 g", *painted, "f Q", "EMC", ""]).encode()


def _modules(code: str) -> list[list[bool]]:
    """Return the symbol row by row from the top; True is a dark module."""
    symbol = zxingcpp.create_barcode(code, _SYMBOLOGY, force_square=True)
    image: Any = zxingcpp.write_barcode_to_image(symbol, scale=1, add_quiet_zones=False)  # a buffer, unlike its type
    pixels = memoryview(image).tobytes()
    side = isqrt(len(pixels))
    return [[pixel == 0 for pixel in pixels[start : start + side]] for start in range(0, len(pixels), side)]


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return start and length of each run of dark modules."""
    starts = [index for index, dark in enumerate(row) if dark and not (index and row[index - 1])]
    return [(start, [*row[start:], False].index(False)) for start in starts]


def _fault(page: pypdfium2.PdfPage, code: str, where: str) -> Problem | None:
    rows = _corner(page)
    height, width = len(rows), len(rows[0])
    left, bottom = (mm * _PIXELS_PER_MM for mm in (LEFT_MM, BOTTOM_MM))
    size, quiet = SIZE_MM * _PIXELS_PER_MM, QUIET_MM * _PIXELS_PER_MM
    band = rows[height - bottom - size - quiet : height - bottom + quiet]
    edge = quiet - 2  # two pixels for the smoothing of the symbol's own edge
    across = slice(left - quiet, left + size + quiet)
    strips = [row[across] for row in (*band[:edge], *band[-edge:])]
    sides = [row[across][:edge] + row[across][-edge:] for row in band]
    read = read_codes(b"".join(rows), width=width, height=height)
    if read == (code,) and min(b"".join([*strips, *sides])) >= _LIGHT:
        return None
    return Problem(
        what="the small code in the lower left corner of this page cannot be read, or something else stands there",
        do="let the template keep the corner free: nothing closer to the left and the lower edge than "
        f"{LEFT_MM + SIZE_MM + QUIET_MM} millimetres",
        where=where,
    )


def _corner(page: pypdfium2.PdfPage) -> list[bytes]:
    """Return the lower left corner of a page as rows of grey pixels, the lowest row last."""
    width, height = page.get_size()
    bitmap = page.render(
        scale=_PIXELS_PER_MM / _POINTS_PER_MM,
        grayscale=True,
        crop=(0, 0, width - _CORNER_MM * _POINTS_PER_MM, height - _CORNER_MM * _POINTS_PER_MM),
        may_draw_forms=False,
    )
    pixels = bytes(bitmap.buffer)
    return [pixels[start : start + bitmap.width] for start in range(0, bitmap.height * bitmap.stride, bitmap.stride)]
