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

from pipeline.documents.word.names import W
from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docx.document import Document

_PIECE: Final = 3
_NEVER_TOO_WIDE: Final = 6
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
_STYLE: Final = f"{W}style"
_STYLE_ID: Final = f"{W}styleId"
_SIZE: Final = f"{W}sz"
_VALUE: Final = f"{W}val"
_CELL: Final = f"{W}tc"
_WIDTH: Final = f"{W}w"
_SIDES: Final = frozenset({f"{W}left", f"{W}right"})
# A line may end after a hyphen, so what must fit is what stands between hyphens.
_UNBROKEN: Final = re.compile(r"[^\s-]+-?")


def wrap_long_words(document: Document) -> None:
    """Lay each word that is too wide for its cell or line into several runs, in the body, headers and footers.

    Raises SetupError for text that stands outside any paragraph.
    """
    section = document.sections[0]
    text_width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    sizes: dict[str, float] = {}
    for root in _roots(document):
        available: dict[Any, float] = {}
        for run in list(root.iter(_RUN)):
            words = _words(run)
            longest = max(map(len, words), default=0)
            if longest <= _NEVER_TOO_WIDE:
                continue
            paragraph = next(run.iterancestors(_PARAGRAPH), None)
            if paragraph is None:
                raise _outside(root)
            if paragraph not in available:
                sizes = sizes or _sizes(document)
                points = sizes.get(_style_of(paragraph), _USUAL_POINTS)
                available[paragraph] = _room(paragraph, text_width / _EMU_PER_POINT) / points
            room = available[paragraph]
            # no letter is wider than the letter size, so most words need not be measured
            if longest * _WIDEST > room and any(_width(word) > room for word in words):
                _lay_out(run, room)


def _outside(root: Any) -> SetupError:
    where = {f"{W}body": "page", f"{W}hdr": "a header", f"{W}ftr": "a footer"}.get(root.tag, "page")
    return SetupError([Problem("Text stands outside any paragraph.", "Make the template again in Word.", where=where)])


def _roots(document: Document) -> Iterator[Any]:
    yield document.element.body
    for relationship in document.part.rels.values():
        if relationship.reltype.endswith(("/header", "/footer")):
            yield relationship.target_part.element


def _sizes(document: Document) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for style in document.styles.element.iter(_STYLE):
        half_points = _child(_child(style, _RUN_PROPERTIES), _SIZE)
        if half_points is not None:
            sizes[style.get(_STYLE_ID)] = int(half_points.get(_VALUE)) / 2
    return sizes


def _style_of(paragraph: Any) -> str:
    style = _child(_child(paragraph, _PARAGRAPH_PROPERTIES), _PARAGRAPH_STYLE)
    return str(style.get(_VALUE)) if style is not None else "Normal"


def _room(paragraph: Any, text_width: float) -> float:
    """Give the width of a paragraph's line in points: that of its cell, or of the page's text."""
    cell = next(paragraph.iterancestors(_CELL), None)
    width = _child(_child(cell, f"{W}tcPr"), f"{W}tcW")
    if width is None or width.get(f"{W}type", "dxa") != "dxa":
        return text_width
    table = next(paragraph.iterancestors(f"{W}tbl"))
    margins = _child(_child(table, f"{W}tblPr"), f"{W}tblCellMar")
    sides = sum(int(side.get(_WIDTH, "0")) for side in margins if side.tag in _SIDES) if margins is not None else 0
    return (int(width.get(_WIDTH, "0")) - sides) / _TWIPS_PER_POINT


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
