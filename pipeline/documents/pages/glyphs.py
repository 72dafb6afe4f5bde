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


def round_widths(font: bytes) -> tuple[bytes, dict[int, int]]:
    """Return the code of a font with whole widths, and the width of each glyph; none where it is written otherwise."""
    found = _WIDTHS.search(font)
    if found is None:
        return font, {}
    widths: dict[int, int] = {}
    runs = []
    for first, run in _RUN.findall(found[1]):
        whole = [round(float(width)) for width in run.split()]
        widths.update(enumerate(whole, int(first)))
        runs.append(b"%b [%b]" % (first, b" ".join(b"%d" % width for width in whole)))
    return font[: found.start(1)] + b" ".join(runs) + font[found.end(1) :], widths


class Glyphs(dict[bytes, tuple[bytes, float]]):
    """What stands between the brackets of each array of glyphs of one font, shorter, and how far its glyphs go.

    A literal string takes three times the room of hex digits. The way is in thousandths of the size, endless where it
    cannot be told. It lives as long as a document is finished: the same words stand on its pages again and again.
    """

    def __init__(self, widths: Mapping[int, int]) -> None:
        """Start with the width of each glyph; where there is none, no way can be told."""
        super().__init__()
        self._strings = _Strings(widths)

    def __missing__(self, code: bytes) -> tuple[bytes, float]:
        """Read an array that is met for the first time."""
        strings = _STRING.findall(code)
        if b"".join(strings) == code:
            digits = b"".join(map(self._strings.__getitem__, strings))
            self[code] = found = b"<%b>" % digits, sum(map(self._strings.ways.__getitem__, strings))
        else:
            self[code] = found = code, inf
        return found


class _Strings(dict[bytes, bytes]):
    """Each string as hex digits, with the move behind it; a move of nothing joins it to the next. `ways` are theirs."""

    def __init__(self, widths: Mapping[int, int]) -> None:
        super().__init__()
        self.ways: dict[bytes, float] = {}
        self._widths = widths

    def __missing__(self, code: bytes) -> bytes:
        string, _, move = code.rpartition(b")")
        codes = string_of(string + b")")
        glyphs = struct.unpack(f">{len(codes) // 2}H", codes[: len(codes) & ~1])
        back = float(move.strip() or 0)
        self.ways[code] = sum([self._widths.get(glyph, inf) for glyph in glyphs]) - back
        digits = codes.hex().encode()
        self[code] = found = b"%b>%b<" % (digits, move) if abs(back) > _NOTHING else digits
        return found
