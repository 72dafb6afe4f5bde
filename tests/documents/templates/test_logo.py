"""The logo of a service as it is kept in a copy: as fine as paper shows, and no finer."""

from __future__ import annotations

import io

import pytest
from docx.shared import Inches
from PIL import Image, ImageChops, ImageDraw
from PIL.PngImagePlugin import PngInfo

from pipeline.documents.templates.logo import at_print_size
from pipeline.errors import SetupError

WIDTH = Inches(0.5)


def logo(pixels: int, mode: str = "RGB", kind: str = "PNG") -> bytes:
    picture = Image.new(mode, (pixels, pixels // 2), "white" if mode != "RGBA" else (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((pixels // 8, pixels // 8, pixels // 2, pixels // 3), "black")
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_logo_that_is_finer_than_paper_shows_is_kept_with_400_pixels_an_inch():
    assert opened(at_print_size(logo(1200), width=WIDTH)).size == (200, 100)


@pytest.mark.parametrize(
    "kept", [logo(300), logo(1200, kind="JPEG"), logo(1200, mode="I;16")], ids=["not finer", "JPEG", "16 bits"]
)
def test_any_other_logo_stays_the_bytes_it_is(kept):
    assert at_print_size(kept, width=WIDTH) == kept


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_it_looks_the_same_in_every_sort_of_colours(mode):
    small = opened(at_print_size(logo(1200, mode), width=WIDTH)).convert("L")
    expected = opened(logo(1200)).convert("L").resize((200, 100), Image.Resampling.BOX)
    largest = max(ImageChops.difference(small, expected).histogram()[128:])
    assert largest == 0


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_what_is_see_through_stays_so(mode):
    picture = opened(logo(1200, "RGBA"))
    buffer = io.BytesIO()
    if mode == "P":
        picture.convert("P").save(buffer, "PNG", transparency=0)
    else:
        picture.save(buffer, "PNG")
    kept = opened(at_print_size(buffer.getvalue(), width=WIDTH))
    assert (kept.mode, kept.getpixel((199, 99))[3]) == ("RGBA", 0)


def test_the_same_logo_gives_the_same_bytes():
    first = at_print_size(logo(1300), width=WIDTH)
    at_print_size.cache_clear()
    assert at_print_size(logo(1300), width=WIDTH) == first


def test_nothing_that_was_written_into_a_fine_picture_stays():
    notes = PngInfo()
    notes.add_text("Author", "Somebody")
    buffer = io.BytesIO()
    opened(logo(1200)).save(buffer, "PNG", pnginfo=notes)
    assert b"Somebody" not in at_print_size(buffer.getvalue(), width=WIDTH)


def test_a_picture_that_breaks_off_is_refused():
    with pytest.raises(SetupError) as raised:
        at_print_size(logo(1200)[:200], width=WIDTH)
    assert raised.value.problems[0].where == "agreements.toml, logo"
