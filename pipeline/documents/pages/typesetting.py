"""Set a few lines of text in a PDF, by the engine and the fonts that set the documents themselves.

So every script that a copy can be written in can be written on it afterwards, with embedded fonts and real text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from pipeline.documents.engines.engine import EmbeddedEngine
from pipeline.documents.word.characters import place_characters
from pipeline.documents.word.parts import write_parts

_TWIPS_PER_MM = 1440 / 25.4
_RIGHT_TO_LEFT_LINE = 1.4  # of the size of the letters, from one line to the next
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship'
    ' Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>',
}


@dataclass(frozen=True, slots=True)
class Lines:
    """Paragraphs of text for a page of this size, without margins; `right_to_left` lets them begin at its right."""

    paragraphs: tuple[str, ...]
    width_mm: float
    height_mm: float
    right_to_left: bool = False


@lru_cache(maxsize=64)
def set_lines(pages: tuple[Lines, ...], *, size_pt: float, font: str) -> bytes:
    """Return a tagged PDF with these pages; one that does not hold its lines flows onto more pages.

    Raises RecordError naming the characters that no font has.
    """
    body = "".join(
        _page(page, size_pt=size_pt, font=font, last=number == len(pages)) for number, page in enumerate(pages, 1)
    )
    document = f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    parts = {name: f"{_XML}{part}".encode() for name, part in {**_PARTS, "word/document.xml": document}.items()}
    return EmbeddedEngine().convert(write_parts(place_characters(parts)))


def _page(page: Lines, *, size_pt: float, font: str, last: bool) -> str:
    """Return the paragraphs of a page. The properties of its section stand in its last paragraph, or end the body."""
    size = f'w:w="{round(page.width_mm * _TWIPS_PER_MM)}" w:h="{round(page.height_mm * _TWIPS_PER_MM)}"'
    margins = " ".join(f'w:{side}="0"' for side in ("top", "right", "bottom", "left", "header", "footer", "gutter"))
    section = f"<w:sectPr><w:pgSz {size}/><w:pgMar {margins}/></w:sectPr>"
    # Fonts for Arabic letters leave room for marks above marks: two of their lines are as high as three of Latin ones.
    leading = f' w:line="{round(size_pt * _RIGHT_TO_LEFT_LINE * 20)}" w:lineRule="exact"' if page.right_to_left else ""
    bidi, begin = ("<w:bidi/>", '<w:jc w:val="start"/>') if page.right_to_left else ("", "")
    look = f'<w:rFonts w:ascii={quoteattr(font)} w:hAnsi={quoteattr(font)}/><w:sz w:val="{round(size_pt * 2)}"/>'
    return "".join(
        f'<w:p><w:pPr>{bidi}<w:spacing w:before="0" w:after="0"{leading}/>{begin}'
        f"{section if not last and index == len(page.paragraphs) else ''}</w:pPr>"
        f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        for index, text in enumerate(page.paragraphs, 1)
    ) + (section if last else "")
