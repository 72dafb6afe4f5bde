"""The pages of a PDF as they are drawn, opened once for all who read them: pdfium takes its time over a page."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdfium2

from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator


Box = tuple[float, float, float, float]
"""Left, bottom, right and top."""


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """One page: its number from 1, its boxes in points, the boxes of its words, and pdfium's page of text.

    `box` is the whole page, `shown` what is shown of it.
    """

    number: int
    box: Box
    shown: Box
    words: tuple[Box, ...]
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
    words = tuple(text.get_rect(index) for index in range(text.count_rects()))
    return DrawnPage(number, page.get_mediabox(), page.get_bbox(), words, text)


def unreadable() -> Problem:
    """Return the problem of a PDF that cannot be opened."""
    return Problem(
        "the PDF cannot be read back", "make the copy again; if this stays, use another template or engine", "PDF"
    )
