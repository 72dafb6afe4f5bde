"""The pages of a PDF as they are drawn, opened once for all who read them: pdfium takes its time over a page."""

from __future__ import annotations

from contextlib import contextmanager
from ctypes import c_double
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdfium2
from pypdfium2 import raw

from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator


Box = tuple[float, float, float, float]
"""Left, bottom, right and top."""


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """One page: its number from 1, its boxes in points, the boxes of its words, and pdfium's page and page of text.

    `box` is the whole page, `shown` what is shown of it.
    """

    number: int
    box: Box
    shown: Box
    words: tuple[Box, ...]
    page: Any
    text: Any


@contextmanager
def drawn_pages(pdf: bytes) -> Iterator[tuple[DrawnPage, ...]]:
    """Give the pages of a PDF, to be used until the block ends. Raises RecordError if it cannot be read."""
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            yield tuple(_drawn_page(number, page) for number, page in enumerate(document, 1))
    except pypdfium2.PdfiumError as error:
        raise RecordError([unreadable()]) from error


def _drawn_page(number: int, page: Any) -> DrawnPage:
    text = page.get_textpage()
    return DrawnPage(number, page.get_mediabox(), page.get_bbox(), tuple(_word_boxes(text)), page, text)


def _word_boxes(text: Any) -> Iterator[Box]:
    """Yield the box of each word; get_rect of pypdfium2 makes four new C numbers a word and takes thrice as long."""
    left, top, right, bottom = c_double(), c_double(), c_double(), c_double()
    for index in range(text.count_rects()):
        if not raw.FPDFText_GetRect(text, index, left, top, right, bottom):
            raise pypdfium2.PdfiumError("Failed to get rectangle.")
        yield left.value, bottom.value, right.value, top.value


def unreadable() -> Problem:
    """Return the problem of a PDF that cannot be opened."""
    return Problem(
        "the PDF cannot be read back", "make the copy again; if this stays, use another template or engine", "PDF"
    )
