"""Refuse letters that LibreOffice draws as empty boxes, because no font of the machine has them.

Its PDF says which letters they are, so a reader of the text sees nothing wrong; only the drawing is. A font that is cut
down to what a page uses holds the box twice then: as glyph 0, and as the glyph of each letter that is missing.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING

import pikepdf

from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONG_OFFSETS = 50  # where the table `head` says how `loca` is written (OpenType 1.9)


def refuse_boxes(document: pikepdf.Pdf) -> None:
    """Raise RecordError where a TrueType font of the document draws a letter as its box for missing ones."""
    for font in document.objects:
        program = font.get("/FontFile2") if isinstance(font, pikepdf.Dictionary) else None
        if isinstance(program, pikepdf.Stream) and _has_box_twice(program):
            what = "Some letters are drawn as empty boxes: this machine has no font for their script."
            do = "Use the embedded engine, which brings fonts, or put one into the folder fonts beside the template."
            raise RecordError([Problem(what, do, where="PDF")])


def _has_box_twice(program: pikepdf.Stream) -> bool:
    try:
        box, *others = _glyphs(program.read_bytes())
    except (struct.error, KeyError, ValueError):
        return False  # a font that cannot be read is for the proof to judge
    return bool(box) and box in others


def _glyphs(font: bytes) -> Iterator[bytes]:
    """Yield the outline of each glyph as it is written, from glyph 0."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {}
    for number in range(count):
        tag, _, start, length = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        tables[tag] = font[start : start + length]
    (is_long,) = struct.unpack_from(">h", tables[b"head"], _LONG_OFFSETS)
    loca, glyf = tables[b"loca"], tables[b"glyf"]
    offsets = struct.unpack(f">{len(loca) // 4}I" if is_long else f">{len(loca) // 2}H", loca)
    scale = 1 if is_long else 2
    for begin, end in pairwise(offsets):
        yield glyf[begin * scale : end * scale]
