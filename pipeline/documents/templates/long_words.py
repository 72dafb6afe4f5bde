"""Let a word that is wider than its column wrap.

Word breaks such a word by itself; rdocx breaks lines at spaces, hyphens and the ends of runs, and lets anything
wider run into the next column or off the page. So a word that is too wide is laid into several runs. No letter is
added or lost, and other words stay whole.
"""

from __future__ import annotations

import copy
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from docx.oxml import OxmlElement
from lxml import etree

from pipeline.documents.word.names import W
from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docx.document import Document

_PIECE: Final = 3
_USUAL_POINTS: Final = 12.0
_TWIPS_PER_POINT: Final = 20
_EMU_PER_POINT: Final = 12700
# Advance widths in Calibri, bold, as parts of the letter size; rounded up, so that a doubtful word may wrap.
_EM: Final[Mapping[str, float]] = {
    **dict.fromkeys("iljftrI.,:;'\u2019|!()[]", 0.36),
    **dict.fromkeys("MWmw@%", 0.92),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 0.68),
}
_EM_OF_OTHERS: Final = 0.55
_EM_OF_WIDE_SCRIPTS: Final = 1.0
_WIDEST: Final = max(*_EM.values(), _EM_OF_OTHERS, _EM_OF_WIDE_SCRIPTS)
_RUN: Final = f"{W}r"
_TEXT: Final = f"{W}t"
_RUN_PROPERTIES: Final = f"{W}rPr"
_PARAGRAPH: Final = f"{W}p"
_PARAGRAPH_PROPERTIES: Final = f"{W}pPr"
_PARAGRAPH_STYLE: Final = f"{W}pStyle"
_STYLE_ID: Final = f"{W}styleId"
_VALUE: Final = f"{W}val"
_CELL: Final = f"{W}tc"
_WIDTH: Final = f"{W}w"
_SIDES: Final = frozenset({f"{W}left", f"{W}right"})
# A line may end after a hyphen, so what must fit is what stands between hyphens.
_UNBROKEN: Final = re.compile(r"[^\s-]+-?")
# Up to six letters are never too wide.
_MAY_BE_TOO_WIDE: Final = re.compile(r"[^\s-]{6}\S")
_SIZES_OF_STYLES: Final = etree.XPath("//w:style/w:rPr[1]/w:sz[1]", namespaces={"w": W[1:-1]})


def wrap_long_words(document: Document) -> None:
    """Lay each word that is too wide for its cell or line into several runs, in the body, headers and footers.

    Raises SetupError for text that stands outside any paragraph.
    """
    section = document.sections[0]
    text_width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    sizes: dict[str, float] = {}
    for root in _roots(document):
        available: dict[Any, float] = {}
        sides: dict[Any, int] = {}
        for run in _runs_with_long_words(root):
            words = _words(run)
            paragraph = next(run.iterancestors(_PARAGRAPH), None)
            if paragraph is None:
                raise _outside(root)
            if paragraph not in available:
                sizes = sizes or _sizes(document)
                points = sizes.get(_style_of(paragraph), _USUAL_POINTS)
                available[paragraph] = _room(paragraph, text_width / _EMU_PER_POINT, sides) / points
            room = available[paragraph]
            # no letter is wider than the letter size, so most words need not be measured
            if max(map(len, words)) * _WIDEST > room and any(_width(word) > room for word in words):
                _lay_out(run, room)


def _outside(root: Any) -> SetupError:
    where = {f"{W}body": "page", f"{W}hdr": "a header", f"{W}ftr": "a footer"}.get(root.tag, "page")
    return SetupError([Problem("Text stands outside any paragraph.", "Make the template again in Word.", where=where)])


def _roots(document: Document) -> Iterator[Any]:
    yield document.element.body
    for relationship in document.part.rels.values():
        if relationship.reltype.endswith(("/header", "/footer")):
            yield relationship.target_part.element


def _runs_with_long_words(root: Any) -> list[Any]:
    texts = [text for text in root.iter(_TEXT) if _MAY_BE_TOO_WIDE.search(text.text or "")]
    return [run for run in dict.fromkeys(text.getparent() for text in texts) if run.tag == _RUN]


def _sizes(document: Document) -> dict[str, float]:
    sizes = [(size.getparent().getparent(), size) for size in _SIZES_OF_STYLES(document.styles.element)]
    return {style.get(_STYLE_ID): int(size.get(_VALUE)) / 2 for style, size in sizes}


def _style_of(paragraph: Any) -> str:
    style = _child(_child(paragraph, _PARAGRAPH_PROPERTIES), _PARAGRAPH_STYLE)
    return str(style.get(_VALUE)) if style is not None else "Normal"


def _room(paragraph: Any, text_width: float, sides: dict[Any, int]) -> float:
    """Give the width of a paragraph's line in points: that of its cell, or of the page's text.

    `sides` holds what was found of each table.
    """
    cell = next(paragraph.iterancestors(_CELL), None)
    width = _child(_child(cell, f"{W}tcPr"), f"{W}tcW")
    if width is None or width.get(f"{W}type", "dxa") != "dxa":
        return text_width
    table = next(paragraph.iterancestors(f"{W}tbl"))
    if table not in sides:
        sides[table] = _sides_of(table)
    return (int(width.get(_WIDTH, "0")) - sides[table]) / _TWIPS_PER_POINT


def _sides_of(table: Any) -> int:
    """Give the margins at the left and the right of a table's cells together, in twips."""
    margins = _child(_child(table, f"{W}tblPr"), f"{W}tblCellMar")
    return sum(int(side.get(_WIDTH, "0")) for side in margins if side.tag in _SIDES) if margins is not None else 0


def _words(run: Any) -> list[str]:
    return [word for text in run.iterchildren(_TEXT) for word in _UNBROKEN.findall(text.text or "")]


def _child(element: Any, tag: str) -> Any:
    """Return the first child of this name, or None; lxml's `find` reads its path anew each time."""
    return None if element is None else next(element.iterchildren(tag), None)


def _width(word: str) -> float:
    return sum(_EM.get(letter, _EM_OF_OTHERS if letter < "\u2e80" else _EM_OF_WIDE_SCRIPTS) for letter in word)


def _lay_out(run: Any, available: float) -> None:
    """Put a run of its own around each child, and around each piece of a word that is too wide."""
    properties = _child(run, _RUN_PROPERTIES)
    for child in [child for child in run if child.tag != _RUN_PROPERTIES]:
        pieces = _pieces(child.text or "", available) if child.tag == _TEXT else [None]
        for piece in pieces:
            part = OxmlElement("w:r")
            if properties is not None:
                part.append(copy.deepcopy(properties))
            if piece is None:
                part.append(child)
            else:
                text = OxmlElement("w:t")
                text.text = piece
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                part.append(text)
            run.addprevious(part)
    run.getparent().remove(run)


def _pieces(text: str, available: float) -> list[str | None]:
    """Cut a text where a line may end inside its words that are too wide; the pieces joined are the text."""
    pieces: list[str | None] = []
    kept = 0
    for word in _UNBROKEN.finditer(text):
        if _width(word.group()) > available:
            cuts = [kept, *range(word.start() + _PIECE, word.end() - 1, _PIECE)]
            pieces += [text[begin:end] for begin, end in pairwise(cuts)]
            kept = cuts[-1]
    return [*pieces, text[kept:]]
