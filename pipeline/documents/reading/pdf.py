"""Read back a finished PDF file: every text in it, the words a reader sees, and what should not be there."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf

from pipeline.documents.reading.model import SOFT, Paragraph, Text
from pipeline.documents.reading.pdf_content import Marked, marked_texts
from pipeline.documents.reading.pdf_drawn import drawn_pages, unreadable
from pipeline.documents.reading.pdf_fonts import Fonts
from pipeline.documents.reading.pdf_objects import codes, listed, object_texts
from pipeline.documents.reading.pdf_tags import tagged_paragraphs
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.documents.reading.pdf_drawn import DrawnPage

_REVISION = re.compile(rb"startxref\s+[0-9]+\s+%%EOF")
# Python looks for bytes at the beginning of a pattern at once, but for a word's edge byte by byte.
_STREAM_BEGINS = re.compile(rb"stream(?<!\wstream)\r?\n")
_STREAM_ENDS = re.compile(rb"endstream(?<!\wendstream)\b")
_REMARK = re.compile(rb"%([^\r\n]*)")


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A PDF file read back.

    `texts` is everything readable in it. `body` are the tagged paragraphs in reading order, without the header rows
    that a table repeats on its next pages. `furniture` is the text of the artifacts: running headers, footers,
    notes. `faults` are things a finished copy never has: text outside the tags, a page whose text cannot be read or
    is cut off by its edge, an earlier revision, objects that no page uses.
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
    with drawn_pages(pdf) as pages:
        return read_drawn_pdf(pdf, pages)


def read_drawn_pdf(pdf: bytes, pages: Sequence[DrawnPage]) -> PdfFile:
    """Return the same for a PDF whose pages are open already."""
    drawn = tuple(_Drawn(page.text.get_text_range(), _is_cut_off(page)) for page in pages)
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return _read(pdf, opened, drawn)
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise RecordError([unreadable()]) from error


def page_bodies(pdf: bytes) -> tuple[str, ...]:
    """Return what each page says in its tagged text, with `/ActualText`; headers and footers are left out.

    Raises RecordError if the file cannot be opened.
    """
    fonts = Fonts()
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            pages = [marked_texts(_content(page), page.obj.get("/Resources"), fonts) for page in opened.pages]
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise RecordError([unreadable()]) from error
    return tuple(
        " ".join(each.text.replace(SOFT, " ") for each in page if each.mcid is not None and not each.artifact)
        for page in pages
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A page as pdfium draws it: its text, and whether letters are cut off by the edge of the page."""

    text: str
    cut_off: bool


def _read(pdf: bytes, opened: pikepdf.Pdf, drawn: tuple[_Drawn, ...]) -> PdfFile:
    fonts = Fonts()
    marked = [marked_texts(_content(page), page.obj.get("/Resources"), fonts) for page in opened.pages]
    listing = listed(opened)
    code = codes(listing)
    body, unused = tagged_paragraphs(opened, marked, code)
    objects = object_texts(opened, listing, code, fonts)
    texts = [
        *(Text(f"PDF, page {number}", page.text) for number, page in enumerate(drawn, 1)),
        *_marked_texts(marked),
        *(Text(f"{each.place}, paragraph", each.text.replace(SOFT, " ")) for each in body),
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


def _is_cut_off(page: DrawnPage) -> bool:
    left, bottom, right, top = page.shown
    return any(x < left or y < bottom or x_end > right or y_end > top for x, y, x_end, y_end in page.words)


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
    for remark in _REMARK.findall(without_streams(pdf)):
        yield Text("PDF, remark in the file", remark.decode("utf-8", "replace"), technical=True)


def without_streams(pdf: bytes) -> bytes:
    """Return a file without the data of its streams."""
    pieces, start = [], 0
    while (begin := _STREAM_BEGINS.search(pdf, start)) and (end := _STREAM_ENDS.search(pdf, begin.end())):
        pieces.append(pdf[start : begin.start()])
        start = end.end()
    return b"".join([*pieces, pdf[start:]])


def _faults(
    pdf: bytes, marked: list[list[Marked]], drawn: tuple[_Drawn, ...], unused: set[int], orphans: tuple[int, ...]
) -> Iterator[Problem]:
    for number, (page, shown) in enumerate(zip(marked, drawn, strict=True), 1):
        if not shown.text.strip() and any(each.glyphs.strip(f" {SOFT}") for each in page):
            yield _problem("this page shows text that cannot be read back", f"PDF, page {number}")
        if shown.cut_off:
            yield Problem(
                "text on this page is cut off by its edge",
                "shorten the longest words, or give them a line or a column with more room",
                f"PDF, page {number}",
            )
    for number in sorted(unused):
        yield _problem("this page shows text that is neither tagged nor page furniture", f"PDF, page {number}")
    if len(_REVISION.findall(pdf)) != 1:
        yield _problem("the file keeps an earlier revision of itself", "PDF")
    if orphans:
        yield _problem("the file holds objects that no page uses", f"PDF, object {orphans[0]}")


def _problem(what: str, where: str) -> Problem:
    return Problem(what, "make the copy again; if this stays, use another template or engine", where)
