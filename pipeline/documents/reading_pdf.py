"""Read back a finished PDF file: every text in it, the words a reader sees, and what should not be there."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2

from pipeline.documents.pdf_content import Fonts, Marked, marked_texts
from pipeline.documents.pdf_objects import object_texts
from pipeline.documents.pdf_tags import tagged_paragraphs
from pipeline.documents.reading import SOFT, Paragraph, Text
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

_REVISION = re.compile(rb"startxref\s+[0-9]+\s+%%EOF")
_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
_REMARK = re.compile(rb"%([^\r\n]*)")


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A PDF file read back.

    `texts` is everything readable in it. `body` are the tagged paragraphs in reading order, without the header rows
    that a table repeats on its next pages. `furniture` is the text of the artifacts: running headers, footers,
    notes. `faults` are things a finished copy never has: text outside the tags, a page whose text cannot be read,
    an earlier revision, objects that no page uses.
    """

    texts: tuple[Text, ...]
    body: tuple[Paragraph, ...]
    furniture: str
    faults: tuple[Problem, ...]
    pages: int


def read_pdf(pdf: bytes) -> PdfFile:
    """Return everything that can be read in a PDF file.

    Raises RecordError if it cannot be opened. Text is read twice, by pdfium from the page as it is drawn and from
    the content streams by their tags, so that what one misses the other finds.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return _read(pdf, opened, _drawn_texts(pdf))
    except (pikepdf.PdfError, pikepdf.PasswordError, pypdfium2.PdfiumError) as error:
        raise RecordError([_problem("the PDF cannot be read back", "PDF")]) from error


def _read(pdf: bytes, opened: pikepdf.Pdf, drawn: tuple[str, ...]) -> PdfFile:
    fonts = Fonts()
    marked = [marked_texts(_content(page), page.obj.get("/Resources"), fonts) for page in opened.pages]
    body, unused = tagged_paragraphs(opened, marked)
    objects = object_texts(opened, fonts)
    texts = [
        *(Text(f"PDF, page {number}", text) for number, text in enumerate(drawn, 1)),
        *_marked_texts(marked),
        *objects.texts,
        *_outside_objects(pdf),
    ]
    return PdfFile(
        texts=tuple(dict.fromkeys(texts)),
        body=body,
        furniture="\n".join(each.text for page in marked for each in page if each.artifact),
        faults=tuple(_faults(pdf, marked, drawn, unused, objects.unused)),
        pages=len(marked),
    )


def _content(page: pikepdf.Page) -> bytes:
    contents = page.obj.get("/Contents")
    if contents is None:
        return b""
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(stream.read_bytes() for stream in streams)


def _drawn_texts(pdf: bytes) -> tuple[str, ...]:
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(page.get_textpage().get_text_range() for page in document)


def _marked_texts(marked: list[list[Marked]]) -> Iterator[Text]:
    """Yield what each page shows in the order of its stream: with replacement texts, and as it is drawn."""
    for number, page in enumerate(marked, 1):
        yield Text(f"PDF, page {number}", " ".join(each.text for each in page).replace(SOFT, " "))
        if any(each.text != each.glyphs for each in page):
            yield Text(f"PDF, page {number}", " ".join(each.glyphs for each in page).replace(SOFT, " "))


def _outside_objects(pdf: bytes) -> Iterator[Text]:
    """Yield the remarks of the file and whatever follows its end."""
    _, _, rest = pdf.rpartition(b"%%EOF")
    yield Text("PDF, after its end", rest.decode("utf-8", "replace"))
    for remark in _REMARK.findall(_STREAM.sub(b"", pdf)):
        yield Text("PDF, remark in the file", remark.decode("utf-8", "replace"), technical=True)


def _faults(
    pdf: bytes, marked: list[list[Marked]], drawn: tuple[str, ...], unused: set[int], orphans: tuple[int, ...]
) -> Iterator[Problem]:
    for number, (page, text) in enumerate(zip(marked, drawn, strict=True), 1):
        if not text.strip() and any(each.glyphs.strip(f" {SOFT}") for each in page):
            yield _problem("this page shows text that cannot be read back", f"PDF, page {number}")
    for number in sorted(unused):
        yield _problem("this page shows text that is neither tagged nor page furniture", f"PDF, page {number}")
    if len(_REVISION.findall(pdf)) != 1:
        yield _problem("the file keeps an earlier revision of itself", "PDF")
    if orphans:
        yield _problem("the file holds objects that no page uses", f"PDF, object {orphans[0]}")


def _problem(what: str, where: str) -> Problem:
    return Problem(what, "make the copy again; if this stays, use another template or engine", where)
