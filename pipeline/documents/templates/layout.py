"""What is set on a filled Word file besides its words and its logo: the paper, the size of print, the language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from pipeline.documents.word.names import W
from pipeline.languages.wording import is_right_to_left

if TYPE_CHECKING:
    from docx.document import Document

_PAPERS: Final = {"A4": (Mm(210), Mm(297)), "Letter": (Mm(215.9), Mm(279.4))}
_WIDTH: Final = f"{W}w"
_EMU_PER_TWIP: Final = 635
_USUAL_HALF_POINTS: Final = 24
_LINES_OF_ROOM: Final = 2
_SPELLING: Final = {"en": "en-GB", "cy": "cy-GB"}


def set_paper(document: Document, paper: str) -> None:
    """Set every section to A4 or Letter and keep its margins and its orientation.

    Tables as wide as the text grow or shrink with it, and tab stops at the right margin stay there.
    """
    short, long = _PAPERS[paper]
    for section in document.sections:
        width, height = section.page_width or short, section.page_height or long
        new_width, new_height = (long, short) if width > height else (short, long)
        margins = (section.left_margin or Mm(20)) + (section.right_margin or Mm(20))
        section.page_width, section.page_height = Length(new_width), Length(new_height)
        _follow_text_width(document, old=width - margins, new=new_width - margins)


def set_print_size(document: Document, points: int) -> None:
    """Let plain text have this size, everything else grow with it, and nothing be smaller."""
    normal = document.styles.element.find(f"{qn('w:style')}[@{qn('w:styleId')}='Normal']/{qn('w:rPr')}/{qn('w:sz')}")
    # A running line of this size needs more room between the edge of the page and the text.
    for section in document.sections:
        room = Pt(points * _LINES_OF_ROOM)
        section.top_margin = Length(max(section.top_margin or 0, (section.header_distance or 0) + room))
        section.bottom_margin = Length(max(section.bottom_margin or 0, (section.footer_distance or 0) + room))
    usual = int(normal.get(qn("w:val"))) if normal is not None else _USUAL_HALF_POINTS
    for element in [document.styles.element, *(part.element for part in pages_of(document))]:
        for name in ("w:sz", "w:szCs"):
            for size in element.iter(qn(name)):
                grown = int(size.get(qn("w:val"))) * 2 * points / usual
                size.set(qn("w:val"), str(max(round(grown), 2 * points)))


def set_language(document: Document, language: str) -> None:
    """Set the language of the text on the styles' defaults, for spelling and for screen readers."""
    tag = _SPELLING.get(language, language)
    right_to_left = is_right_to_left(language)
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), tag)
        if right_to_left:
            lang.set(qn("w:bidi"), tag)


def pages_of(document: Document) -> list[Any]:
    """Return the parts that show pictures: the body, headers and footers."""
    kinds = {RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER}
    return [document.part, *(rel.target_part for rel in document.part.rels.values() if rel.reltype in kinds)]


def _follow_text_width(document: Document, *, old: int, new: int) -> None:
    for element in [document.styles.element, *(part.element for part in pages_of(document))]:
        for tab in element.iter(f"{W}tab"):
            if tab.get(f"{W}val") in {"right", "end"} and _is_about(tab.get(f"{W}pos"), old):
                tab.set(f"{W}pos", str(round(new / _EMU_PER_TWIP)))
        for grid in element.iter(f"{W}tbl"):
            columns = grid.findall(f"{W}tblGrid/{W}gridCol")
            if _is_about(sum(int(column.get(_WIDTH, "0")) for column in columns), old):
                for width in [*columns, *grid.findall(f"{W}tr/{W}tc/{W}tcPr/{W}tcW")]:
                    width.set(_WIDTH, str(round(int(width.get(_WIDTH, "0")) * new / old)))


def _is_about(twips: str | int | None, length: int) -> bool:
    return twips is not None and abs(int(twips) * _EMU_PER_TWIP - length) <= Mm(1)
