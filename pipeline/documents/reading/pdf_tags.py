"""Read a PDF by its structure tree: the paragraphs in reading order.

The tree is described in ISO 32000-1, 14.7 and 14.8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pikepdf

from pipeline.documents.reading.model import SOFT, Paragraph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.documents.reading.pdf_content import Marked

_INLINE = frozenset(
    {"/Span", "/Link", "/Reference", "/Quote", "/Code", "/Annot", "/BibEntry", "/Em", "/Strong", "/Sub"}
)
_DEEPEST = 200
# Nearly every element, as qpdf writes it: read as code, it costs a fifth of asking for each thing it holds.
_PLAIN = re.compile(
    rb"<< (?:/A << [^<>()]* >> )?"
    rb"/K \[((?: (?:[0-9]+ [0-9]+ R|<< /MCID [0-9]+ /Pg [0-9]+ [0-9]+ R /Type /MCR >>|[0-9]+))++) \] "
    rb"/P [0-9]+ [0-9]+ R (?:/Pg ([0-9]+) ([0-9]+) R )?/S (/\w+) /Type /StructElem >>"
)
_KID = re.compile(rb"/MCID ([0-9]+) /Pg ([0-9]+) ([0-9]+) R|([0-9]+) ([0-9]+) R|([0-9]+)")


@dataclass(slots=True)
class _Block:
    """One paragraph while its pieces come together: (page, text), pages counted from 0."""

    repeats: bool
    floating: bool
    pieces: list[tuple[int, str]] = field(default_factory=list)


def tagged_paragraphs(
    pdf: pikepdf.Pdf, marked: list[list[Marked]], codes: Mapping[int, bytes]
) -> tuple[tuple[Paragraph, ...], set[int]]:
    """Return the paragraphs of the structure tree, and the pages (from 1) with text it leaves out.

    `codes` are the file's objects by number, as qpdf writes them. A header row that a table repeats is one paragraph
    with the same text on each page: it is read once. Artifacts belong to no paragraph.
    """
    walk = _Walk(pdf, marked, codes)
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is not None:
        walk.children(tree.get("/K"), None, None, depth=0)
    paragraphs = tuple(paragraph for block in walk.blocks if (paragraph := _paragraph(block)) is not None)
    return paragraphs, {page + 1 for page in walk.pages_with_text_left()}


class _Walk:
    def __init__(self, pdf: pikepdf.Pdf, marked: list[list[Marked]], codes: Mapping[int, bytes]) -> None:
        self.blocks: list[_Block] = []
        self._pdf, self._codes = pdf, codes
        self._page_of = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        self._left = {
            (page, each.mcid): each.text for page, texts in enumerate(marked) for each in texts if not each.artifact
        }

    def children(self, kids: Any, block: _Block | None, page: int | None, depth: int) -> None:
        """Read the children of an element into its block, or into blocks of their own."""
        if kids is None or depth > _DEEPEST:
            return
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                self._dictionary(kid, block, page, depth)
            elif block is not None:
                self._content(int(kid), block, page)

    def _dictionary(self, kid: Any, block: _Block | None, page: int | None, depth: int) -> None:
        plain = _PLAIN.fullmatch(self._codes.get(kid.objgen[0], b""))
        if plain is not None:
            self._plain(plain, block, page, depth)
        elif "/S" in kid:
            self._element(kid, block, page, depth)
        elif "/MCID" in kid and block is not None:
            self._content(int(kid["/MCID"]), block, self._page(kid, page))

    def _plain(self, element: re.Match[bytes], block: _Block | None, page: int | None, depth: int) -> None:
        """Do what `_element` and `children` do, for an element of elements and marks, without a replacement text."""
        kids, on, generation, kind = element.groups()
        block = self._block(kind.decode(), block)
        here = page if on is None else self._page_of.get((int(on), int(generation)))
        if depth >= _DEEPEST:
            return
        for mark, its_page, of_page, number, of_kid, mark_here in _KID.findall(kids):
            if mark_here:
                self._content(int(mark_here), block, here)
            elif mark:
                self._content(int(mark), block, self._page_of.get((int(its_page), int(of_page))))
            elif (plain := _PLAIN.fullmatch(self._codes.get(int(number), b""))) is not None:
                self._plain(plain, block, here, depth + 1)
            else:
                self.children(self._pdf.get_object(int(number), int(of_kid)), block, here, depth + 1)

    def pages_with_text_left(self) -> set[int]:
        return {page for (page, _), text in self._left.items() if text.strip(f" {SOFT}")}

    def _element(self, element: Any, block: _Block | None, page: int | None, depth: int) -> None:
        block = self._block(str(element["/S"]), block)
        here = self._page(element, page)
        replacement = element.get("/ActualText")
        if replacement is None:
            self.children(element.get("/K"), block, here, depth + 1)
            return
        covered = _Block(repeats=False, floating=False)
        self.children(element.get("/K"), covered, here, depth + 1)
        block.pieces.append((covered.pieces[0][0] if covered.pieces else here or 0, str(replacement)))

    def _block(self, kind: str, around: _Block | None) -> _Block:
        if around is not None and kind in _INLINE:
            return around
        repeats = kind == "/TH" or (around is not None and around.repeats)
        block = _Block(repeats, floating=kind in ("/Figure", "/Note") or (around is not None and around.floating))
        self.blocks.append(block)
        return block

    def _page(self, element: Any, inherited: int | None) -> int | None:
        page = element.get("/Pg")
        return inherited if page is None else self._page_of.get(page.objgen)

    def _content(self, mcid: int, block: _Block, page: int | None) -> None:
        if page is not None and (text := self._left.pop((page, mcid), None)) is not None:
            block.pieces.append((page, text))


def _paragraph(block: _Block) -> Paragraph | None:
    by_page: dict[int, str] = {}
    for page, text in block.pieces:
        by_page[page] = by_page.get(page, "") + text
    texts = list(by_page.values())
    once = texts[:1] if block.repeats and len(set(texts)) == 1 else texts
    text = SOFT.join(once)
    if not text.strip(f" \n{SOFT}"):
        return None
    return Paragraph(place=f"PDF, page {min(by_page) + 1}", text=text, floating=block.floating)
