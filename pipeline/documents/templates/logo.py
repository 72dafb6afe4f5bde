"""The service's logo on a filled Word file: in its own proportions, and no finer than paper shows."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Inches

from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOGO: Final = "logo"
_LARGEST_BYTES: Final = 2 * 1024 * 1024
_LARGEST_PIXELS: Final = 4000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SIGNATURES: Final = (_PNG, b"\xff\xd8\xff")
_MODES: Final = {"1": "L", "L": "L", "LA": "RGBA", "P": "RGB", "RGB": "RGB", "RGBA": "RGBA"}
_FINEST: Final = 600
_FINE: Final = 400
"""Pixels an inch: a PNG of more than the first is kept with the second, which is finer than an office prints."""


def place_logo(pages: Iterable[Any], logo: bytes | None) -> None:
    """Put the service's logo into the box of every picture named "logo", in its own proportions.

    `pages` are the parts that show pictures. Raises SetupError for a picture that is not a PNG or JPEG of a sensible
    size. Pictures that the filled page does not show leave the file.
    """
    for part in pages:
        for frame in list(part.element.iter(qn("wp:inline"), qn("wp:anchor"))):
            if logo is not None and frame.find(qn("wp:docPr")).get("name") == _LOGO:
                _swap(part, frame, logo)
        shown = {blip.get(qn("r:embed")) for blip in part.element.iter(qn("a:blip"))}
        for key in [key for key, rel in part.rels.items() if rel.reltype == RELATIONSHIP_TYPE.IMAGE]:
            if key not in shown:
                part.rels.pop(key)


def check_logo(logo: bytes) -> tuple[int, int]:
    """Return the width and height of a logo in pixels.

    Raises SetupError for a picture that is not a PNG or JPEG of a sensible size.
    """
    if not logo.startswith(_SIGNATURES) or len(logo) > _LARGEST_BYTES:
        raise _bad_logo()
    try:
        image = Image.from_blob(logo)
    except (UnrecognizedImageError, UnexpectedEndOfFileError, InvalidImageStreamError) as fault:
        raise _bad_logo() from fault
    if not 0 < min(image.px_width, image.px_height) <= max(image.px_width, image.px_height) <= _LARGEST_PIXELS:
        raise _bad_logo()
    return image.px_width, image.px_height


@lru_cache(maxsize=8)
def at_print_size(logo: bytes, *, width: int) -> bytes:
    """Return a logo that is printed so wide (EMU) with no more pixels than paper shows; else as it is.

    The engines unpack and pack every pixel anew for each copy. A JPEG they take as it is, and so does this.
    """
    pixels, _ = check_logo(logo)
    inches = width / Inches(1)
    if not logo.startswith(_PNG) or pixels <= inches * _FINEST:
        return logo
    # Pillow takes its time to be imported, and few logos are that fine.
    from PIL import Image as Picture  # noqa: PLC0415

    try:
        with Picture.open(io.BytesIO(logo), formats=["PNG"]) as picture:
            if picture.mode not in _MODES:
                return logo
            whole = picture.convert("RGBA" if picture.has_transparency_data else _MODES[picture.mode])
    except (OSError, SyntaxError, ValueError) as fault:
        raise _bad_logo() from fault
    across = max(1, round(inches * _FINE))
    down = max(1, round(across * whole.height / whole.width))
    buffer = io.BytesIO()
    whole.resize((across, down), Picture.Resampling.LANCZOS).save(buffer, "PNG")
    return buffer.getvalue()


def _swap(part: Any, frame: Any, logo: bytes) -> None:
    pixels = check_logo(logo)
    extent = frame.find(qn("wp:extent"))
    scale = min(int(extent.get("cx")) / pixels[0], int(extent.get("cy")) / pixels[1])
    width, height = (round(length * scale) for length in pixels)
    for element in (extent, *frame.iter(qn("a:ext"))):
        if element.get("cx") is not None:
            element.set("cx", str(width))
            element.set("cy", str(height))
    image = part.package.get_or_add_image_part(io.BytesIO(at_print_size(logo, width=width)))
    for blip in frame.iter(qn("a:blip")):
        blip.set(qn("r:embed"), part.relate_to(image, RELATIONSHIP_TYPE.IMAGE))


def _bad_logo() -> SetupError:
    return SetupError(
        [
            Problem(
                what="The logo cannot be used.",
                do="Use a PNG or JPEG of at most 2 MB and 4000 by 4000 pixels.",
                where="agreements.toml, logo",
            )
        ]
    )
