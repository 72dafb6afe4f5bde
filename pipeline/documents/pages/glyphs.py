"""The glyphs that a page shows, as hex digits, and how far they go: in whole thousandths of the font's size.

rdocx writes the widths of glyphs with five digits behind the point. Some readers leave those out, and for them a line
of many words, written as one string, would end half a point early. PDF/A lets the width that a font states be another
than that of its outline by one thousandth (ISO 19005-2, 6.2.11.5). So widths are rounded, and where the next word
begins is said in the same numbers: every reader finds it at the same place.
"""

from __future__ import annotations

import re
import struct
from math import inf
from typing import TYPE_CHECKING

from pipeline.documents.pages.pdf_strings import string_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_STRING = re.compile(rb"\((?:[^()\\]++|\\.)*+\)(?: -?[0-9]++(?:\.[0-9]++)? ?)?", re.DOTALL)
_NOTHING = 1e-6
"""A move of less, in thousandths of the font's size, is what is left of a calculation."""
# As rdocx writes a font of two bytes a glyph: runs of widths, and no width for any other glyph.
_WIDTHS = re.compile(rb"\n  /DW 0\n(?:  [^\n]*\n)*?  /W \[((?:[0-9]+ \[[0-9. ]*\] ?)*)\]\n")
_RUN = re.compile(rb"([0-9]+) \[([0-9. ]*)\]")


def round_widths(font: bytes) -> tuple[bytes, dict[int, float]]:
    """Return the code of a font with whole widths, and the width of each glyph as it was; none if written otherwise."""
    found = _WIDTHS.search(font)
    if found is None:
        return font, {}
    widths: dict[int, float] = {}
    runs = []
    for first, run in _RUN.findall(found[1]):
        exact = [float(width) for width in run.split()]
        widths.update(enumerate(exact, int(first)))
        runs.append(b"%b [%b]" % (first, b" ".join(b"%d" % round(width) for width in exact)))
    return font[: found.start(1)] + b" ".join(runs) + font[found.end(1) :], widths


class Glyphs(dict[bytes, tuple[bytes, float, float]]):
    """What stands between the brackets of each array of glyphs of one font, shorter, and how far its glyphs go.

    A literal string takes three times the room of hex digits. The two ways are in thousandths of the size: by the
    widths that the engine counted with, and by whole ones. They are endless where they cannot be told. It lives as long
    as a document is finished: the same words stand on its pages again and again.
    """

    def __init__(self, widths: Mapping[int, float]) -> None:
        """Start with the width of each glyph; where there is none, no way can be told."""
        super().__init__()
        self._strings = _Strings(widths)

    def __missing__(self, code: bytes) -> tuple[bytes, float, float]:
        """Read an array that is met for the first time."""
        strings = _STRING.findall(code)
        if b"".join(strings) == code:
            digits, ways, whole_ways = zip(*map(self._strings.__getitem__, strings), strict=True)
            self[code] = found = b"<%b>" % b"".join(digits), sum(ways), sum(whole_ways)
        else:
            self[code] = found = code, inf, inf
        return found


class _Strings(dict[bytes, tuple[bytes, float, float]]):
    """Each string as hex digits, with the move behind it, and its ways; a move of nothing joins it to the next."""

    def __init__(self, widths: Mapping[int, float]) -> None:
        super().__init__()
        self._widths = widths

    def __missing__(self, code: bytes) -> tuple[bytes, float, float]:
        string, _, move = code.rpartition(b")")
        codes = string_of(string + b")")
        glyphs = struct.unpack(f">{len(codes) // 2}H", codes[: len(codes) & ~1])
        way = whole_way = inf
        if all(glyph in self._widths for glyph in glyphs):
            widths = [self._widths[glyph] for glyph in glyphs]
            way, whole_way = sum(widths), sum([round(width) for width in widths])
        digits, back = codes.hex().encode(), float(move.strip() or 0)
        if abs(back) > _NOTHING:
            digits = b"%b>%b<" % (digits, move)
        self[code] = found = digits, way - back, whole_way - back
        return found
