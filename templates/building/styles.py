"""The colours, the typeface and the styles of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from building.pieces import ACCENT, AFTER_BORDER, QUIET, WASH, element
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from pipeline.languages.wording import is_right_to_left

if TYPE_CHECKING:
    from docx.document import Document

FONT = "Calibri"
INK = "1A1A1A"
WARM = "FBF3E0"
AMBER = "B7791F"


@dataclass(frozen=True, slots=True)
class Look:
    """How large a page speaks: sizes are multiplied by `scale`, and none is below `smallest` points.

    `title` is the size of the page's title before that.
    """

    scale: float = 1.0
    smallest: float = 0.0
    title: float = 26.0

    def size(self, points: float) -> float:
        """Return a size of letters in points, to the half point that Word knows."""
        return max(round(points * self.scale * 2) / 2, self.smallest)


# name, size, and what else differs from plain text
_STYLES: tuple[tuple[str, float, dict[str, Any]], ...] = (
    ("Normal", 12, {"after": 6, "line": 1.15}),
    ("Heading 1", 26, {"bold": True, "colour": ACCENT, "before": 10, "after": 2, "keep": True}),
    ("Heading 2", 15, {"bold": True, "colour": ACCENT, "before": 12, "after": 4, "keep": True}),
    ("Heading 3", 12.5, {"bold": True, "before": 10, "after": 4, "keep": True}),
    ("Header", 9.5, {"colour": QUIET}),
    ("Footer", 9.5, {"colour": QUIET}),
    ("Letterhead", 13, {"bold": True, "colour": ACCENT}),
    ("Copy line", 14, {"after": 6, "line": 1.1}),
    ("Facts", 12, {"colour": QUIET, "after": 2, "line": 1.1}),
    ("Draft notice", 12, {"bold": True, "before": 6, "after": 8, "line": 1.15}),
    ("Person", 12, {"after": 2, "line": 1.1}),
    ("Column head", 10.5, {"bold": True, "colour": ACCENT}),
    ("Agreed words", 12, {"line": 1.1}),
    ("Line", 12, {"after": 3, "line": 1.1}),
    ("Cell", 11, {"line": 1.1}),
    ("Cell detail", 11, {"colour": QUIET, "before": 2, "line": 1.1}),
    ("Picture place", 14, {"bold": True, "colour": ACCENT, "line": 1.1}),
    ("Tick box", 16, {"colour": ACCENT}),
    ("Statement", 19, {"before": 24, "after": 4, "line": 1.3}),
    ("Statement speaker", 12, {"colour": QUIET, "line": 1.1}),
    ("Closing words", 13.5, {"colour": ACCENT, "before": 14, "after": 6, "line": 1.25}),
    ("Contact", 12, {"before": 7, "after": 10, "line": 1.15}),
    ("Small print", 10, {"colour": QUIET, "before": 2, "after": 4, "line": 1.12}),
    ("Signature caption", 9, {"colour": QUIET}),
    ("Day caption", 9, {"colour": QUIET}),
)


def set_up_styles(document: Document, look: Look, *, language: str) -> None:
    """Define every style the page uses, so that a service changes the look in one place."""
    _defaults(document, language, look.size(12))
    _forget_unused(document)
    for name, size, plain in _STYLES:
        # Fonts for Arabic letters are tall in themselves.
        more = plain | {"line": 1.0} if is_right_to_left(language) else plain
        _style(document, name, size=look.size(look.title if name == "Heading 1" else size), **more)
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


def _defaults(document: Document, language: str, points: float) -> None:
    """Set the language and the typeface of everything, and leave no theme font behind."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(defaults):
        defaults.remove(child)
    defaults.append(_fonts())
    defaults.append(element(f'<w:sz w:val="{round(points * 2)}"/>'))
    defaults.append(element(f'<w:szCs w:val="{round(points * 2)}"/>'))
    tag = {"en": "en-GB", "cy": "cy-GB"}.get(language, language)
    bidi = language if language in {"ar", "ur"} else "ar-SA"
    defaults.append(element(f'<w:lang w:val="{tag}" w:eastAsia="en-GB" w:bidi="{bidi}"/>'))


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
    # Word and LibreOffice take the weight and the size of Arabic letters from twins of these two.
    style.font.cs_bold = bold
    properties.find(qn("w:sz")).addnext(element(f'<w:szCs w:val="{round(size * 2)}"/>'))
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
