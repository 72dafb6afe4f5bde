"""Turn a page for a language that is written from right to left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from building.pieces import element
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document

# The caption of a place to sign is found again by its letters, and its room is measured from its left edge.
_STAYS_LEFT_TO_RIGHT = "Signature caption"
_SIDES = {"left": "start", "right": "end"}


def mirror(document: Document) -> None:
    """Let every paragraph begin at the right, and every table and column run from right to left.

    What says left or right in Word's older words is said as start and end, which both engines and Word 2010 and later
    read the same way in a right-to-left paragraph.
    """
    for style in document.styles.element.iter(qn("w:style")):
        if style.get(qn("w:type")) == "paragraph":
            name = style.find(qn("w:name")).get(qn("w:val"))
            _turn(style.get_or_add_pPr(), towards_right=name != _STAYS_LEFT_TO_RIGHT)
    for root in _roots(document):
        for indent in root.iter(qn("w:ind")):
            for side, name in _SIDES.items():
                value = indent.attrib.pop(qn(f"w:{side}"), None)
                if value is not None:
                    indent.set(qn(f"w:{name}"), value)
        for border in [each for group in root.iter(qn("w:pBdr")) for each in group if each.tag == qn("w:left")]:
            border.tag = qn("w:right")
        for properties in root.iter(qn("w:tblPr")):
            _turn_table(properties)
        for section in root.iter(qn("w:sectPr")):
            section.find(qn("w:docGrid")).addprevious(element("<w:bidi/>"))


def _turn_table(properties: Any) -> None:
    properties.insert(0, element("<w:bidiVisual/>"))
    margins = properties.find(qn("w:tblCellMar"))
    for side, name in _SIDES.items():
        margins.find(qn(f"w:{side}")).tag = qn(f"w:{name}")


def _turn(properties: Any, *, towards_right: bool) -> None:
    after = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
    for old in properties.findall(qn("w:jc")):
        properties.remove(old)
    bidi = element("<w:bidi/>") if towards_right else element('<w:bidi w:val="0"/>')
    properties.insert_element_before(bidi, *after)
    side = element(f'<w:jc w:val="{"start" if towards_right else "left"}"/>')
    properties.insert_element_before(side, "w:textDirection", "w:textAlignment", "w:outlineLvl")


def _roots(document: Document) -> Iterator[Any]:
    yield document.styles.element
    yield document.element
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/header", "/footer")):
            yield relation.target_part.element
