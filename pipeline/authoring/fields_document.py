"""The fields as a Word document, to copy tags from."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from pipeline.authoring.fields import fields

if TYPE_CHECKING:
    from docx.document import Document

    from pipeline.authoring.fields import Field

_HEADS: Final = ("Tag to copy", "What it is", "Type", "Example", "Who sees it")
_WIDTHS_MM: Final = (78, 88, 27, 36, 38)


def fields_document() -> bytes:
    """Return a Word document that lists every field in tables, one a group."""
    document: Document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    document.core_properties.title = "Fields for templates"
    document.core_properties.author = ""
    document.styles["Normal"].font.size = Pt(9)
    document.add_heading("Fields for templates", level=1)
    document.add_paragraph(
        "Copy a tag from the first column into your template. What a reader may not see, or a record does not have, is "
        "not there: test for it first, as in {% if closing_words %}{{ closing_words }}{% endif %}."
    )
    for title, group in fields():
        document.add_heading(title, level=2)
        _table(document, group)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _table(document: Document, group: list[Field]) -> None:
    table: Any = document.add_table(rows=1, cols=len(_HEADS), style="Table Grid")
    table.autofit = False
    table._tbl.tblPr.append(_room())  # noqa: SLF001 (nor the room inside cells)
    for cell, head in zip(table.rows[0].cells, _HEADS, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 (python-docx knows none)
    for field in group:
        cells = table.add_row().cells
        tag = cells[0].paragraphs[0].add_run(field.tag)
        tag.font.name, tag.font.size = "Courier New", Pt(8.5)
        tag._r.rPr.append(_unchecked())  # noqa: SLF001 (no spelling marks: they would split the tag that is copied)
        for cell, text in zip(cells[1:], (field.meaning, field.type, field.example, field.who), strict=True):
            cell.paragraphs[0].add_run(text)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
        for cell, width in zip(row.cells, _WIDTHS_MM, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), _WIDTHS_MM, strict=True):  # noqa: SLF001
        column.set(qn("w:w"), str(round(width * 56.693)))


def _room() -> Any:
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80)):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(twips))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    return margins


def _unchecked() -> Any:
    return OxmlElement("w:noProof")
