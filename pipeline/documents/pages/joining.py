"""One mark for the words of a paragraph on a page, where the embedded engine sets one for each word.

A marked-content sequence (ISO 32000-1, 14.6) links a piece of a page to its structure element. Words that follow one
another on the page and in their element need one between them. Every glyph stays where it is; a screen reader meets a
paragraph instead of its words, and whoever reads the file has half as much to read.

The structure tree is read and changed as the text that the engine writes, each object keeping its length, before any
other library sees it: reading a thousand marks as objects takes longer than all the rest of the finishing pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

from pikepdf import Pdf, Stream

from pipeline.documents.pages.pdf_strings import string_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# As rdocx writes every word, but those it gives an /ActualText.
_WORD = re.compile(
    rb"""
    (?: /Artifact[ ]BMC | /((?!Artifact\b)\w+)[ ]<<\s*/MCID[ ]([0-9]+)\s*>>[ ]BDC )\n      # kind, mark
    q\n ((?:[0-9.-]++[ ])+rg\n)? BT\n (/\w+[ ][0-9.]++[ ]Tf\n) ((?:[0-9.-]++[ ])+Tm\n)     # colour, font, place
    \[(\([^\]]*+(?:\](?![ ]TJ\nET\n)[^\]]*+)*+)\][ ]TJ\n ET\n Q\n EMC\n?                   # glyphs
    """,
    re.VERBOSE,
)
_STRING = re.compile(rb"\((?:[^()\\]++|\\.)*+\)(?: -?[0-9]++(?:\.[0-9]++)? ?)?", re.DOTALL)
_MARK_OR_STRING = re.compile(rb"/MCID ([0-9]+)|\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\)", re.DOTALL)
_NOTHING = 1e-6
"""A move of less, in thousandths of the font's size, is what is left of a calculation."""
_END = b"endobj"
# As rdocx writes the objects of the structure tree.
_NUMBER = re.compile(rb"\s*([0-9]+) 0 obj\n")
_ELEMENT = b"<<\n  /Type /StructElem\n"
_PAGE_OF_ALL = b"\n  /Pg "
_MARK = re.compile(rb"<<\n    /Type /MCR\n    /Pg ([0-9]+) 0 R\n    /MCID ([0-9]+)\n  >>")
_MARK_AND_NEXT = re.compile(rb"/Pg ([0-9]+) 0 R\n    /MCID ([0-9]+)\n  >>( <<\n    /Type /MCR\n)?")
_INDEX = re.compile(rb"/ParentTree <<\s*/Nums \[([0-9 R]*)\]")
_ENTRY = re.compile(rb"([0-9]+) ([0-9]+) 0 R")
_OWNER = re.compile(rb"[0-9]+ 0 R")
_PIECES = 1 + _WORD.groups
"""What stands before a word, and of it kind and mark (None for an artifact), colour, font, place and glyphs."""
_Drawn = tuple[bytes | None, bool]
"""The kind of a word, and whether it has a colour of its own."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A PDF whose structure tree names fewer marks, and what its pages say with as many; pages counted from 0.

    The one is not whole without the other.
    """

    pdf: bytes
    contents: Mapping[int, bytes]

    def put_into(self, document: Pdf) -> None:
        """Give the pages of this PDF, opened, their contents."""
        for nth, content in self.contents.items():
            document.pages[nth].obj.Contents = Stream(document, content)


def join_words(pdf: bytes) -> Joined:
    """Join the marks of words that follow one another on a page and in their structure element.

    A page that is not written as the embedded engine writes it stays as it is. Raises PdfError for what is no PDF.
    """
    objects = pdf.split(_END)
    lengths = [len(code) for code in objects]
    numbers = {int(found[1]): nth for nth, code in enumerate(objects) if (found := _NUMBER.match(code))}
    elements = [nth for nth, code in enumerate(objects) if _ELEMENT in code]
    indexes = _indexes(objects, numbers)
    following = _following([objects[nth] for nth in elements])
    stay: dict[int, dict[int, int]] = {}
    contents: dict[int, bytes] = {}
    arrays = _Arrays()
    with Pdf.open(BytesIO(pdf)) as document:
        for nth, page in enumerate(document.pages):
            index = indexes.get(int(page.obj.get("/StructParents", -1)))
            content = page.obj.get("/Contents")
            if index is None or not isinstance(content, Stream):
                continue
            number = page.obj.objgen[0]
            joined = _Joined(following.get(number, set()), arrays)
            owners = _OWNER.findall(objects[index])
            if joined.read(content.read_bytes(), len(owners)):
                contents[nth], stay[number] = b"".join(joined.written), joined.numbers
                kept = b" ".join(owners[mark] for mark in joined.numbers)
                objects[index] = b"%b[%b]" % (objects[index].partition(b"[")[0], kept)
    for nth in elements:
        objects[nth] = _renumbered(objects[nth], stay)
    # Each object begins where it did, so the file's own list of them stays true.
    return Joined(_END.join(code.ljust(length) for code, length in zip(objects, lengths, strict=True)), contents)


def _indexes(objects: Sequence[bytes], numbers: Mapping[int, int]) -> dict[int, int]:
    """Return, for each page's number in the parent tree, which of the objects lists the elements of its marks."""
    found = next((found for code in objects if (found := _INDEX.search(code))), None)
    entries = [] if found is None else _ENTRY.findall(found[1])
    return {int(page): numbers[int(number)] for page, number in entries if int(number) in numbers}


def _following(elements: Iterable[bytes]) -> dict[int, set[int]]:
    """Return, for each page, the marks whose element holds the mark of the next lower number right before them."""
    following: dict[int, set[int]] = {}
    for element in elements:
        for (page, before, has_next), (its_page, mark, _) in pairwise(_MARK_AND_NEXT.findall(element)):
            if has_next and page == its_page and int(before) + 1 == int(mark):
                following.setdefault(int(page), set()).add(int(mark))
    return following


def _renumbered(element: bytes, stay: Mapping[int, Mapping[int, int]]) -> bytes:
    """Give the marks of an element their new numbers, and let go of those that were joined to another.

    Marks on the page of the first are numbers alone, that page being the element's (ISO 32000-1, table 323).
    """
    first = _MARK.search(element)
    if first is None:
        return element
    page = first[1] if int(first[1]) in stay and _PAGE_OF_ALL not in element else b""

    def kid(mark: re.Match[bytes]) -> bytes:
        new = stay.get(int(mark[1]))
        if new is None:
            return mark[0]
        number = new.get(int(mark[2]))
        if number is None:
            return b""
        return b"%d" % number if mark[1] == page else b"<< /Type /MCR /Pg %b 0 R /MCID %d >>" % (mark[1], number)

    kept = _MARK.sub(kid, element)
    if page:
        kept = kept.replace(b"/K [", b"/Pg %b 0 R /K [" % page, 1)
    return kept


class _Arrays(dict[bytes, bytes]):
    """Each array of glyphs as hex digits: a literal string takes three times the room.

    It lives as long as a document is finished: the same words stand on its pages again and again.
    """

    def __init__(self) -> None:
        super().__init__()
        self._strings = _Strings()

    def __missing__(self, code: bytes) -> bytes:
        strings = _STRING.findall(code)
        known = b"".join(strings) == code
        self[code] = array = b"[<%b>]" % b"".join(map(self._strings.__getitem__, strings)) if known else b"[%b]" % code
        return array


class _Strings(dict[bytes, bytes]):
    """Each string as hex digits, with the move behind it; a move of nothing joins it to the next."""

    def __missing__(self, code: bytes) -> bytes:
        string, _, move = code.rpartition(b")")
        digits = string_of(string + b")").hex().encode()
        self[code] = held = b"%b>%b<" % (digits, move) if abs(float(move.strip() or 0)) > _NOTHING else digits
        return held


class _Joined:
    """A page with fewer marks: what is written of it, and the new numbers of the marks that stay.

    rdocx numbers the marks of a page in the order in which they stand on it.
    """

    def __init__(self, following: set[int], arrays: _Arrays) -> None:
        self.written: list[bytes] = []
        self.numbers: dict[int, int] = {}
        self._following, self._arrays = following, arrays
        self._met = 0
        self._in_order = True
        self._drawn: _Drawn | None = None
        self._letters: tuple[bytes | None, bytes | None] = (None, None)

    def read(self, content: bytes, marks: int) -> bool:
        """Read a page with so many marks; False where not each is there once and in order."""
        *pieces, rest = _WORD.split(content)
        words = zip(*(pieces[nth::_PIECES] for nth in range(_PIECES)), strict=True)
        for between, kind, mark, colour, font, place, glyphs in words:
            if between:
                self._between(between)
            drawn = kind, colour is not None
            if drawn != self._drawn or (mark is not None and self._met not in self._following):
                self._begin(drawn)
            if mark is not None:
                self._in_order = self._in_order and int(mark) == self._met
                self._met += 1
            if (colour, font) != self._letters:
                self._set_letters(colour, font)
            self.written += (place, self._arrays[glyphs], b" TJ\n")
        self._between(rest)
        return self._in_order and self._met == marks

    def _begin(self, drawn: _Drawn) -> None:
        """Begin a mark of this kind, or an artifact; words of one kind with a colour and without share none."""
        self._end()
        kind, _ = drawn
        if kind is None:
            self.written.append(b"/Artifact BMC\nq\nBT\n")
        else:
            self.written.append(b"/%b <</MCID %d>> BDC\nq\nBT\n" % (kind, len(self.numbers)))
            self.numbers[self._met] = len(self.numbers)
        self._drawn, self._letters = drawn, (None, None)

    def _set_letters(self, colour: bytes | None, font: bytes) -> None:
        """Write the colour and the font where they are others than before."""
        its_colour, its_font = self._letters
        if colour is not None and colour != its_colour:
            self.written.append(colour)
        if font != its_font:
            self.written.append(font)
        self._letters = colour, font

    def _between(self, code: bytes) -> None:
        """Write what stands between words, with the new numbers of its marks; what a string says is left alone."""
        self._end()
        self.written.append(_MARK_OR_STRING.sub(self._renumbered, code) if b"/MCID" in code else code)

    def _renumbered(self, found: re.Match[bytes]) -> bytes:
        if found[1] is None:
            return found[0]
        self._in_order = self._in_order and int(found[1]) == self._met
        self.numbers[self._met] = len(self.numbers)
        self._met += 1
        return b"/MCID %d" % (len(self.numbers) - 1)

    def _end(self) -> None:
        if self._drawn is not None:
            self.written.append(b"ET\nQ\nEMC\n")
            self._drawn = None
