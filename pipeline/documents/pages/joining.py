"""One mark for a paragraph on a page and one string for a line, where the embedded engine sets one for each word.

A marked-content sequence (ISO 32000-1, 14.6) links a piece of a page to its structure element. Words that follow one
another on the page and in their element need one between them. Every word stays where it is; a screen reader meets a
paragraph instead of its words, and whoever reads the file has a third as much to read.

The structure tree is read and changed as the text that the engine writes, each object keeping its length, before any
other library sees it: reading a thousand marks as objects takes longer than all the rest of the finishing pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Pdf, Stream

from pipeline.documents.pages.glyphs import Glyphs, round_widths
from pipeline.documents.pages.joined_page import JoinedPage
from pipeline.documents.pages.rules import draw_rules_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pikepdf import Page

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
    """Join the marks of words that follow one another on a page and in their structure element, and their strings.

    The rules of such a page are drawn once, and the widths of its fonts are whole.
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
    fonts: dict[int, Glyphs] = {}
    with Pdf.open(BytesIO(pdf)) as document:
        for nth, page in enumerate(document.pages):
            index = indexes.get(int(page.obj.get("/StructParents", -1)))
            content = page.obj.get("/Contents")
            if index is None or not isinstance(content, Stream):
                continue
            number = page.obj.objgen[0]
            joined = JoinedPage(following.get(number, set()), _glyphs_of(page, objects, numbers, fonts))
            owners = _OWNER.findall(objects[index])
            if joined.read(draw_rules_once(content.read_bytes()), len(owners)):
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


def _glyphs_of(
    page: Page, objects: list[bytes], numbers: Mapping[int, int], known: dict[int, Glyphs]
) -> dict[bytes, Glyphs]:
    """Return the glyphs of each font of a page by its name there; a font that is met first gets whole widths."""
    glyphs: dict[bytes, Glyphs] = {}
    for name, font in page.resources.get("/Font", Dictionary()).items():
        number = Array(font.get("/DescendantFonts", [font]))[0].objgen[0]
        if number not in known:
            widths: dict[int, float] = {}
            if number in numbers:
                objects[numbers[number]], widths = round_widths(objects[numbers[number]])
            known[number] = Glyphs(widths)
        glyphs[name.encode()] = known[number]
    return glyphs


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
