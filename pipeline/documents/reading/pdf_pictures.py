"""The pages of a PDF as pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.documents.reading.pdf_drawn import drawn_pages

if TYPE_CHECKING:
    from PIL.Image import Image

_POINTS_PER_INCH = 72


def page_pictures(pdf: bytes, *, pixels_per_inch: int) -> tuple[Image, ...]:
    """Return a picture of each page, in colour. Raises RecordError if the PDF cannot be read."""
    with drawn_pages(pdf) as pages:
        scale = pixels_per_inch / _POINTS_PER_INCH
        return tuple(page.page.render(scale=scale).to_pil().convert("RGB") for page in pages)
