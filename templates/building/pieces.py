"""Paragraphs, conditions, lines and tables: the small pieces that every page is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from pipeline.languages.catalogue import SOURCE, phrases

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

TEXT_WIDTH = 170
ACCENT = "1F4E5A"
QUIET = "4A5558"
RULE = "B9C7CA"
WASH = "EEF3F4"
AFTER_BORDER = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc")


def element(markup: str) -> Any:
    """Parse one element of Word's markup, such as `<w:sz w:val="24"/>`."""
    return parse_xml(re.sub(r"^<(w:\w+)", rf"<\1 {nsdecls('w')}", markup))


@dataclass(slots=True)
class Page:
    """A page being written: its document, its language, and the width of its text in millimetres.

    Every sentence goes through `t`, which gives it in the page's language; `unknown` collects what the language's
    catalogue lacks.
    """

    document: Document
    language: str = SOURCE
    text_width: float = TEXT_WIDTH
    unknown: list[str] = field(default_factory=list)

    def t(self, sentence: str) -> str:
        """Return a sentence of the page in its language; tags in double braces stay as they are."""
        said = phrases(self.language).say(sentence)
        if said == sentence and self.language != SOURCE and any(sign.isalpha() for sign in sentence):
            self.unknown.append(sentence)
        return said

    def say(self, text: str, style: str = "Normal", into: Any = None, **layout: Any) -> Paragraph:
        """Add a paragraph; `**bold**` marks a run that is bold, and each such run stands for itself."""
        paragraph: Paragraph = (into or self.document).add_paragraph(style=style)
        write(paragraph, text)
        for name, value in layout.items():
            setattr(paragraph.paragraph_format, name, value)
        return paragraph

    def tag(self, text: str, into: Any = None) -> None:
        """Add a paragraph that holds a block tag only; docxtpl takes it out again."""
        (into or self.document).add_paragraph(style="Normal").add_run(text)

    def when(self, condition: str, text: str, style: str = "Normal", into: Any = None, **layout: Any) -> None:
        """Add a paragraph that is there only under a condition."""
        self.tag(f"{{%p if {condition} %}}", into)
        self.say(text, style, into, **layout)
        self.tag("{%p endif %}", into)

    def table(  # noqa: PLR0913 (a table is this list of settings)
        self,
        widths: Sequence[float],
        heads: Sequence[str] | None,
        *,
        title: str,
        description: str,
        air: int = 68,
        lines: bool = True,
    ) -> Any:
        """Start a table that a screen reader can follow: a title, a description and, with `heads`, a header row."""
        grid: Any = self.document.add_table(rows=0, cols=len(widths))
        properties = grid._tbl.tblPr  # noqa: SLF001
        for child in list(properties):
            properties.remove(child)
        total, first_row = sum(widths), 1 if heads else 0
        for xml in (
            '<w:tblW w:w="5000" w:type="pct"/>',
            _BORDERS if lines else _NO_BORDERS,
            '<w:tblLayout w:type="fixed"/>',
            (
                '<w:tblCellMar><w:top w:w="{air}" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>'
                '<w:bottom w:w="{air}" w:type="dxa"/><w:right w:w="142" w:type="dxa"/></w:tblCellMar>'
            ),
            (
                '<w:tblLook w:val="06{look}0" w:firstRow="{first}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
                'w:noHBand="1" w:noVBand="1"/>'
            ),
            f'<w:tblCaption w:val="{title}"/>',
            f'<w:tblDescription w:val="{description}"/>',
        ):
            markup = xml.format(a=ACCENT, r=RULE, air=air, first=first_row, look=2 * first_row)
            properties.append(element(markup))
        columns = grid._tbl.tblGrid.findall(qn("w:gridCol"))  # noqa: SLF001
        for column, width in zip(columns, widths, strict=True):
            column.set(qn("w:w"), str(round(width * self.text_width / total * 56.693)))
        if heads:
            row = add_row(grid, widths)
            row._tr.trPr.append(OxmlElement("w:tblHeader"))  # noqa: SLF001
            for cell, head in zip(row.cells, heads, strict=True):
                first(cell, head, "Column head", keep_with_next=True)
        return grid


_BORDERS = (
    '<w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{a}"/>'
    '<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{r}"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{r}"/></w:tblBorders>'
)
_NO_BORDERS = '<w:tblBorders><w:insideH w:val="single" w:sz="4" w:space="0" w:color="{r}"/></w:tblBorders>'


def write(paragraph: Paragraph, text: str) -> None:
    """Write text with `**bold**` marks into a paragraph."""
    for index, piece in enumerate(text.split("**")):
        if piece:
            run = paragraph.add_run(piece)
            run.bold = run.font.cs_bold = True if index % 2 else None


def first(cell: Any, text: str, style: str, **layout: Any) -> Paragraph:
    """Write into the paragraph that every new cell has."""
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.style = cell.part.document.styles[style]
    write(paragraph, text)
    for name, value in layout.items():
        setattr(paragraph.paragraph_format, name, value)
    return paragraph


def field_code(paragraph: Paragraph, code: str) -> None:
    """Add a Word field, such as PAGE."""
    for markup in (
        '<w:fldChar w:fldCharType="begin"/>',
        f"<w:instrText>{code}</w:instrText>",
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        paragraph.add_run()._r.append(element(markup))  # noqa: SLF001 (python-docx knows no fields)


def rule(paragraph: Paragraph, side: str, *, colour: str = RULE, eighths: int = 4, space: int = 4) -> None:
    """Draw a thin line above or below a paragraph."""
    properties: Any = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    border = f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'
    properties.insert_element_before(element(f"<w:pBdr>{border}</w:pBdr>"), *AFTER_BORDER, "w:outlineLvl", "w:rPr")


def set_widths(row: Any, widths: Sequence[float]) -> None:
    """Give each cell of a row its width."""
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Mm(width)


def add_row(grid: Any, widths: Sequence[float]) -> Any:
    """Add a row that stays on one page."""
    row = grid.add_row()
    set_widths(row, widths)
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
    return row


@contextmanager
def repeated(grid: Any, widths: Sequence[float], loop: str) -> Iterator[Any]:
    """Add a row to be filled that stands once for each turn of a loop, such as `{%tr for item in items %}`."""
    tag_row(grid, loop)
    yield add_row(grid, widths)
    tag_row(grid, "{%tr endfor %}")


def tag_row(grid: Any, text: str) -> None:
    """Add a row that holds a block tag only; docxtpl takes it out again."""
    grid.add_row().cells[0].paragraphs[0].add_run(text)
