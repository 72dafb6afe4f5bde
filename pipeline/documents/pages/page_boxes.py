"""Where the words of a PDF stand on its pages, as they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdfium2

from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Box:
    """An upright box in points of the page's own co-ordinates, whichever way the page is turned when shown."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box, *, touching: float = 0.0) -> bool:
        """Say whether both share more than a strip of the width `touching`."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > touching
            and min(self.top, other.top) - max(self.bottom, other.bottom) > touching
        )

    def inside(self, other: Box) -> bool:
        """Say whether nothing of this box is outside the other."""
        return (
            self.left >= other.left
            and self.bottom >= other.bottom
            and self.right <= other.right
            and self.top <= other.top
        )


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """One page: what of it is shown, the boxes of its words, and where each text looked for was found."""

    shown: Box
    words: tuple[Box, ...]
    found: Mapping[str, tuple[Box, ...]]


def page_boxes(pdf: bytes, texts: Sequence[str] = ()) -> tuple[PageBoxes, ...]:
    """Return the boxes of every page. `texts` are looked for as whole words, letter by letter.

    Raises RecordError if the PDF cannot be opened.
    """
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            return tuple(_page_boxes(page, texts) for page in document)
    except pypdfium2.PdfiumError as error:
        problem = Problem("The PDF cannot be read.", "Make the copy again.", where="PDF")
        raise RecordError([problem]) from error


def _page_boxes(page: Any, texts: Sequence[str]) -> PageBoxes:
    words = page.get_textpage()
    left, bottom, right, top = page.get_mediabox()
    crop = page.get_cropbox()
    return PageBoxes(
        shown=Box(max(left, crop[0]), max(bottom, crop[1]), min(right, crop[2]), min(top, crop[3])),
        words=tuple(_boxes(words)),
        found={text: tuple(_search(words, text)) for text in texts},
    )


def _search(words: Any, text: str) -> Iterator[Box]:
    search = words.search(text, match_case=True, match_whole_word=True)
    while (found := search.get_next()) is not None:
        boxes = list(_boxes(words, *found))
        if boxes:
            yield Box(
                min(box.left for box in boxes),
                min(box.bottom for box in boxes),
                max(box.right for box in boxes),
                max(box.top for box in boxes),
            )


def _boxes(words: Any, first: int = 0, count: int = -1) -> list[Box]:
    return [Box(*words.get_rect(index)) for index in range(words.count_rects(first, count))]
