"""One mark for the words of a paragraph on a page, where the embedded engine sets one for each word.

A marked-content sequence (ISO 32000-1, 14.6) links a piece of a page to its structure element. Words that follow one
another on the page and in their element need one between them. Every glyph stays where it is; a screen reader meets a
paragraph instead of its words, and whoever reads the file has half as much to read.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary, Stream

from pipeline.documents.pages.pdf_strings import string_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pikepdf import Pdf

    from pipeline.documents.pages.marks import Element

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
_Page = tuple[int, int]
_Word = tuple[bytes | None, bytes | None, bytes | None, bytes, bytes, bytes]
"""Kind and mark (None for an artifact), colour, font, place and glyphs."""


def join_words(document: Pdf, elements: Sequence[Element]) -> None:
    """Join the marks of words that follow one another on a page and in their structure element.

    `elements` are those of the document's structure tree. A page that is not written as the embedded engine writes
    it stays as it is.
    """
    owners, following = _owners(document), _following(elements)
    arrays = _Arrays()
    numbers: dict[_Page, dict[int, int]] = {}
    for page in document.pages:
        marks = owners.get(int(page.obj.get("/StructParents", -1)))
        contents = page.obj.get("/Contents")
        if marks is None or not isinstance(contents, Stream):
            continue
        joined = _Joined(following.get(page.obj.objgen, set()), arrays)
        if joined.read(contents.read_bytes(), len(marks)):
            page.obj.Contents = Stream(document, b"".join(joined.written))
            for mark in sorted(set(range(len(marks))) - joined.numbers.keys(), reverse=True):
                del marks[mark]
            numbers[page.obj.objgen] = joined.numbers
    for element in elements:
        _renumber(element, numbers)


def _owners(document: Pdf) -> dict[int, Any]:
    """Return, for each page's number in the parent tree, the elements that its marks belong to."""
    tree = document.Root.get("/StructTreeRoot", Dictionary()).get("/ParentTree", Dictionary()).get("/Nums", Array())
    entries = {int(tree[at]): tree[at + 1] for at in range(0, len(tree), 2)}
    return {number: entry for number, entry in entries.items() if isinstance(entry, Array)}


def _following(elements: Iterable[Element]) -> dict[_Page, set[int]]:
    """Return, for each page, the marks whose element holds the mark of the next lower number right before them."""
    following: dict[_Page, set[int]] = {}
    for element in elements:
        for (before, page), (mark, its_page) in pairwise(element.marks):
            if mark == before + 1 and page == its_page:
                following.setdefault(page, set()).add(mark)
    return following


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
        self._drawn: tuple[bytes | None, bool] | None = None
        self._colour: bytes | None = None
        self._font: bytes | None = None

    def read(self, content: bytes, marks: int) -> bool:
        """Read a page with so many marks; False where not each is there once and in order."""
        at = 0
        for word in _WORD.finditer(content):
            if word.start() > at:
                self._between(content[at : word.start()])
            self._word(*word.groups())
            at = word.end()
        self._between(content[at:])
        return self._in_order and self._met == marks

    def _word(self, *word: *_Word) -> None:
        """Write a word, under the mark of the one before where it may share it: colour and font where they change."""
        kind, mark, colour, font, place, glyphs = word
        drawn = kind, colour is not None
        joins = drawn == self._drawn and (kind is None or self._met in self._following)
        if not joins:
            self._end()
            begin = b"/Artifact BMC" if kind is None else b"/%b <</MCID %d>> BDC" % (kind, len(self.numbers))
            self.written += (begin, b"\nq\nBT\n")
            self._drawn, self._colour, self._font = drawn, None, None
        if mark is not None:
            self._meet(int(mark), stays=not joins)
        if colour != self._colour:
            self.written.append(colour or b"")
            self._colour = colour
        if font != self._font:
            self.written.append(font)
            self._font = font
        self.written += (place, self._arrays[glyphs], b" TJ\n")

    def _between(self, code: bytes) -> None:
        """Write what stands between words, with the new numbers of its marks; what a string says is left alone."""
        self._end()
        self.written.append(_MARK_OR_STRING.sub(self._renumbered, code) if b"/MCID" in code else code)

    def _renumbered(self, found: re.Match[bytes]) -> bytes:
        if found[1] is None:
            return found[0]
        self._meet(int(found[1]), stays=True)
        return b"/MCID %d" % (len(self.numbers) - 1)

    def _meet(self, mark: int, *, stays: bool) -> None:
        self._in_order = self._in_order and mark == self._met
        self._met += 1
        if stays:
            self.numbers[mark] = len(self.numbers)

    def _end(self) -> None:
        if self._drawn is not None:
            self.written.append(b"ET\nQ\nEMC\n")
            self._drawn = None


def _renumber(element: Element, numbers: Mapping[_Page, Mapping[int, int]]) -> None:
    """Give the marks of an element their new numbers, and let go of those that were joined to another."""
    if not element.marks:
        if b"/MCID " in element.code:
            _renumber_among_others(element.dictionary["/K"], numbers)
        return
    children = element.dictionary["/K"]
    kept = []
    for at, (mark, page) in enumerate(element.marks):
        new = numbers.get(page)
        if new is None or mark in new:
            kept.append(child := children[at])
            if new is not None and new[mark] != mark:
                child["/MCID"] = new[mark]
    if len(kept) < len(element.marks):
        element.dictionary["/K"] = Array(kept)


def _renumber_among_others(children: Any, numbers: Mapping[_Page, Mapping[int, int]]) -> None:
    for child in children if isinstance(children, Array) else [children]:
        if isinstance(child, Dictionary) and child.get("/Type") == "/MCR" and child["/Pg"].objgen in numbers:
            child["/MCID"] = numbers[child["/Pg"].objgen][int(child["/MCID"])]
