"""What a page says, with a mark for each paragraph and a string for each line, where the engine sets one a word.

rdocx writes each word as marked content of its own, with its colour, font and place. Here, words that follow one
another on the page and in their structure element share what they can.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.documents.pages.glyphs import Glyphs

if TYPE_CHECKING:
    from collections.abc import Mapping

# As rdocx writes every word, but those it turns or gives an /ActualText.
_WORD: Final = re.compile(
    rb"""
    (?: /Artifact[ ]BMC | /((?!Artifact\b)\w+)[ ]<<\s*/MCID[ ]([0-9]+)\s*>>[ ]BDC )\n      # kind, mark
    q\n ((?:[0-9.-]++[ ])+rg\n)? BT\n (/\w+[ ][0-9.]++[ ]Tf\n)                             # colour, font
    1[ ]0[ ]0[ ]-1[ ] ([0-9.-]++)[ ] ([0-9.-]++)[ ]Tm\n                                   # place, upright
    \[(\([^\]]*+(?:\](?![ ]TJ\nET\n)[^\]]*+)*+)\][ ]TJ\n ET\n Q\n EMC\n?                   # glyphs
    """,
    re.VERBOSE,
)
_PIECES: Final = 1 + _WORD.groups
"""What stands before a word, and the groups of it; of an artifact kind and mark are None."""
_MARK_OR_STRING: Final = re.compile(rb"/MCID ([0-9]+)|\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\)", re.DOTALL)
_NEAR: Final = 0.01
"""Points; a word that does not begin where the last one ends, its space included, is a string of its own: between the
two there may be a tab, which is no glyph."""
_LEAST: Final = 0.005
"""The least move that is written, in thousandths of the font's size."""
_NO_SIZE: Final = 1e-9
_Drawn = tuple[bytes | None, bool]
"""The kind of a word, and whether it has a colour of its own."""


class JoinedPage:
    """A page with fewer marks and strings: what is written of it, and the new numbers of the marks that stay.

    rdocx numbers the marks of a page in the order in which they stand on it.
    """

    def __init__(self, following: set[int], fonts: Mapping[bytes, Glyphs]) -> None:
        """Start with the marks that may join the one before them, and the glyphs of each font by its name."""
        self.written: list[bytes] = []
        self.numbers: dict[int, int] = {}
        self._following, self._fonts = following, fonts
        self._met = 0
        self._in_order = True
        self._drawn: _Drawn | None = None
        self._letters: tuple[bytes | None, bytes | None] = (None, None)
        self._glyphs, self._thousandth = Glyphs({}), 1.0
        self._height: bytes | None = None
        self._end = self._whole_end = 0.0

    def read(self, content: bytes, marks: int) -> bool:
        """Read a page with so many marks; False where not each is there once and in order."""
        *pieces, rest = _WORD.split(content)
        words = zip(*(pieces[nth::_PIECES] for nth in range(_PIECES)), strict=True)
        for between, kind, mark, colour, font, x, y, glyphs in words:
            if between:
                self._between(between)
            drawn = kind, colour is not None
            if drawn != self._drawn or (mark is not None and self._met not in self._following):
                self._begin_mark(drawn)
            if mark is not None:
                self._in_order = self._in_order and int(mark) == self._met
                self._met += 1
            if (colour, font) != self._letters:
                self._set_letters(colour, font)
            array, way, whole_way = self._glyphs[glyphs]
            start = float(x)
            if y == self._height and -_NEAR < start - self._end < _NEAR:
                move = (self._whole_end - start) / self._thousandth
                self.written.append(b" %.2f %b" % (move, array) if abs(move) >= _LEAST else array)
            else:
                self._end_line()
                self.written.append(b"1 0 0 -1 %b %b Tm\n[%b" % (x, y, array))
                self._height = y
            self._end = start + way * self._thousandth
            self._whole_end = start + whole_way * self._thousandth
        self._between(rest)
        return self._in_order and self._met == marks

    def _end_line(self) -> None:
        if self._height is not None:
            self.written.append(b"] TJ\n")
            self._height = None

    def _begin_mark(self, drawn: _Drawn) -> None:
        """Begin a mark of this kind, or an artifact; words of one kind with a colour and without share none."""
        self._end_mark()
        kind, _ = drawn
        if kind is None:
            self.written.append(b"/Artifact BMC\nq\nBT\n")
        else:
            self.written.append(b"/%b <</MCID %d>> BDC\nq\nBT\n" % (kind, len(self.numbers)))
            self.numbers[self._met] = len(self.numbers)
        self._drawn, self._letters = drawn, (None, None)

    def _end_mark(self) -> None:
        if self._drawn is not None:
            self._end_line()
            self.written.append(b"ET\nQ\nEMC\n")
            self._drawn = None

    def _set_letters(self, colour: bytes | None, font: bytes) -> None:
        """Write the colour and the font where they are others than before."""
        self._end_line()
        its_colour, its_font = self._letters
        if colour is not None and colour != its_colour:
            self.written.append(colour)
        if font != its_font:
            self.written.append(font)
            name, size, _ = font.split()
            self._glyphs, self._thousandth = self._fonts[name], max(float(size) / 1000, _NO_SIZE)
        self._letters = colour, font

    def _between(self, code: bytes) -> None:
        """Write what stands between words, with the new numbers of its marks; what a string says is left alone."""
        self._end_mark()
        self.written.append(_MARK_OR_STRING.sub(self._renumbered, code) if b"/MCID" in code else code)

    def _renumbered(self, found: re.Match[bytes]) -> bytes:
        if found[1] is None:
            return found[0]
        self._in_order = self._in_order and int(found[1]) == self._met
        self.numbers[self._met] = len(self.numbers)
        self._met += 1
        return b"/MCID %d" % (len(self.numbers) - 1)
