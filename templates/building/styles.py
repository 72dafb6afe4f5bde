"""The colours, the typeface and the styles of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from building.pieces import ACCENT, AFTER_BORDER, QUIET, element
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document

FONT = "Calibri"
INK = "1A1A1A"
WASH = "EEF3F4"
WARM = "FBF3E0"
AMBER = "B7791F"


def set_up_styles(document: Document) -> None:
    """Define every style the page uses, so that a service changes the look in one place."""
    _defaults(document)
    _forget_unused(document)
    _style(document, "Normal", size=12, after=6, line=1.15)
    _style(document, "Heading 1", size=26, bold=True, colour=ACCENT, before=10, after=2, line=1.0, keep=True)
    _style(document, "Heading 2", size=15, bold=True, colour=ACCENT, before=12, after=4, line=1.0, keep=True)
    _style(document, "Heading 3", size=12.5, bold=True, colour=INK, before=10, after=4, line=1.0, keep=True)
    _style(document, "Header", size=9.5, colour=QUIET, after=0, line=1.0)
    _style(document, "Footer", size=9.5, colour=QUIET, after=0, line=1.0)
    _style(document, "Letterhead", size=13, bold=True, colour=ACCENT, after=0, line=1.0)
    _style(document, "Copy line", size=14, colour=INK, after=6, line=1.1)
    _style(document, "Facts", size=12, colour=QUIET, after=2, line=1.1)
    _style(document, "Draft notice", size=12, bold=True, colour=INK, before=6, after=8, line=1.15)
    _style(document, "Person", size=12, after=2, line=1.1)
    _style(document, "Column head", size=10.5, bold=True, colour=ACCENT, after=0, line=1.0)
    _style(document, "Agreed words", size=12, after=0, line=1.1)
    _style(document, "Cell", size=11, after=0, line=1.1)
    _style(document, "Cell detail", size=11, colour=QUIET, before=2, after=0, line=1.1)
    _style(document, "Statement", size=19, colour=INK, before=24, after=4, line=1.3)
    _style(document, "Statement speaker", size=12, colour=QUIET, after=0, line=1.1)
    _style(document, "Closing words", size=13.5, italic=False, colour=ACCENT, before=14, after=6, line=1.25)
    _style(document, "Contact", size=12, before=7, after=10, line=1.15)
    _style(document, "Small print", size=10, colour=QUIET, before=2, after=4, line=1.12)
    _style(document, "Signature caption", size=9, colour=QUIET, after=0, line=1.0)
    _shade(document.styles["Draft notice"], WARM, AMBER)
    _shade(document.styles["Contact"], WASH, ACCENT)


def _forget_unused(document: Document) -> None:
    """Take out the styles that python-docx brings along and no page here uses; Word has its own of each."""
    root = document.styles.element
    kept = {"Normal", "heading 1", "heading 2", "heading 3", "header", "footer"}
    for style in root.findall(qn("w:style")):
        name = style.find(qn("w:name")).get(qn("w:val"))
        if name not in kept and style.get(qn("w:default")) != "1":
            root.remove(style)
        for link in style.findall(qn("w:link")):
            style.remove(link)


def _defaults(document: Document) -> None:
    """Set the language and the typeface of everything, and leave no theme font behind."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(defaults):
        defaults.remove(child)
    defaults.append(_fonts())
    defaults.append(element('<w:sz w:val="24"/>'))
    defaults.append(element('<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>'))


def _fonts() -> Any:
    return element(f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>')


def _style(  # noqa: PLR0913 (a style is this list of settings)
    document: Document,
    name: str,
    *,
    size: float,
    colour: str = INK,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
    keep: bool = False,
) -> None:
    styles = document.styles
    known = [style.name for style in styles]
    style: Any = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if name not in known:
        style.base_style = styles["Normal"]
        style.quick_style = True
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    properties.append(_fonts())
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    style.font.color.rgb = RGBColor.from_string(colour)
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), line
    layout.keep_with_next, layout.keep_together, layout.widow_control = keep, True, True


def _shade(style: Any, fill: str, edge: str) -> None:
    """Give a style a quiet ground between two thin lines.

    The ground reaches as far as the text; a border of its own colour gives the text air at the left.
    """
    properties = style.element.get_or_add_pPr()
    line = f'w:val="single" w:sz="6" w:space="5" w:color="{edge}"'
    side = f'w:val="single" w:sz="48" w:space="0" w:color="{fill}"'
    border = element(f"<w:pBdr><w:top {line}/><w:left {side}/><w:bottom {line}/></w:pBdr>")
    shade = element(f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>')
    properties.insert_element_before(border, *AFTER_BORDER)
    properties.insert_element_before(shade, *AFTER_BORDER[1:])
    style.paragraph_format.left_indent = Pt(6)
