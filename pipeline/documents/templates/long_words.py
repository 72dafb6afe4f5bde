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
from docx.oxml.ns import qn

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
        for run, words in [(run, _words(run)) for run in root.iter(qn("w:r"))]:
            longest = max(map(len, words), default=0)
            if longest <= _NEVER_TOO_WIDE:
                continue
            paragraph = next(run.iterancestors(qn("w:p")), None)
            if paragraph is None:
                raise _outside(root)
            sizes = sizes or _sizes(document)
            points = sizes.get(_style_of(paragraph), _USUAL_POINTS)
            available = _room(paragraph, text_width / _EMU_PER_POINT) / points
            # no letter is wider than the letter size, so most words need not be measured
            if longest * _WIDEST > available and any(_width(word) > available for word in words):
                _lay_out(run, available)


def _outside(root: Any) -> SetupError:
    where = {qn("w:body"): "page", qn("w:hdr"): "a header", qn("w:ftr"): "a footer"}.get(root.tag, "page")
    return SetupError([Problem("Text stands outside any paragraph.", "Make the template again in Word.", where=where)])


def _roots(document: Document) -> Iterator[Any]:
    yield document.element.body
    for relationship in document.part.rels.values():
        if relationship.reltype.endswith(("/header", "/footer")):
            yield relationship.target_part.element


def _sizes(document: Document) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for style in document.styles.element.iter(qn("w:style")):
        half_points = style.find(f"{qn('w:rPr')}/{qn('w:sz')}")
        if half_points is not None:
            sizes[style.get(qn("w:styleId"))] = int(half_points.get(qn("w:val"))) / 2
    return sizes


def _style_of(paragraph: Any) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return str(style.get(qn("w:val"))) if style is not None else "Normal"


def _room(paragraph: Any, text_width: float) -> float:
    """Give the width of a paragraph's line in points: that of its cell, or of the page's text."""
    cell = next(paragraph.iterancestors(qn("w:tc")), None)
    width = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}") if cell is not None else None
    if width is None or width.get(qn("w:type"), "dxa") != "dxa":
        return text_width
    table = next(paragraph.iterancestors(qn("w:tbl")))
    margins = table.findall(f"{qn('w:tblPr')}/{qn('w:tblCellMar')}/*")
    sides = sum(int(side.get(qn("w:w"), "0")) for side in margins if side.tag in {qn("w:left"), qn("w:right")})
    return (int(width.get(qn("w:w"), "0")) - sides) / _TWIPS_PER_POINT


def _words(run: Any) -> list[str]:
    return [word for text in run.findall(qn("w:t")) for word in _UNBROKEN.findall(text.text or "")]


def _width(word: str) -> float:
    return sum(_EM.get(letter, _EM_OF_OTHERS if letter < "\u2e80" else _EM_OF_WIDE_SCRIPTS) for letter in word)


def _lay_out(run: Any, available: float) -> None:
    """Put a run of its own around each child, and around each piece of a word that is too wide."""
    properties = run.find(qn("w:rPr"))
    for child in [child for child in run if child.tag != qn("w:rPr")]:
        pieces = _pieces(child.text or "", available) if child.tag == qn("w:t") else [None]
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
