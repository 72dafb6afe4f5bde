"""Pictures of signatures: what is kept of them, and what is refused."""

from __future__ import annotations

import contextlib
import io
import math
import os
import struct
import time
import zlib
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image, ImageChops, ImageDraw, PngImagePlugin

from pipeline.errors import RecordError
from pipeline.signing.images import LARGEST_FILE, read_image
from pipeline.signing.model import SignatureImage

INK = (24, 36, 110)
PAPER = (238, 234, 224)


def drawn(
    size: tuple[int, int] = (900, 400), *, ink: tuple[int, ...] = INK, ground: tuple[int, ...] = PAPER, pen: int = 6
) -> Image.Image:
    """A loopy line in the middle of a sheet: from 20 % to 80 % of its width, 30 % to 70 % of its height."""
    width, height = size
    mode = {1: "L", 3: "RGB", 4: "RGBA"}[len(ground)]
    picture = Image.new(mode, size, ground if len(ground) > 1 else ground[0])
    points = [(width * (0.2 + 0.6 * step / 200), height * (0.5 + 0.2 * math.sin(step / 12))) for step in range(201)]
    ImageDraw.Draw(picture).line(points, fill=ink if len(ink) > 1 else ink[0], width=pen, joint="curve")
    return picture


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def pixels(image: SignatureImage) -> Image.Image:
    return Image.frombytes("RGBA", (image.width, image.height), image.rgba)


def colours(image: SignatureImage) -> list[tuple[int, ...]]:
    return [tuple(image.rgba[start : start + 4]) for start in range(0, len(image.rgba), 4)]


def said(source: Path | bytes) -> str:
    with pytest.raises(RecordError) as caught:
        read_image(source)
    (problem,) = caught.value.problems
    assert problem.where == "picture of a signature"
    assert problem.do
    return problem.what


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def test_the_same_picture_gives_the_same_pixels_each_time():
    data = saved(drawn(), "JPEG")
    assert read_image(data) == read_image(data)


def test_a_scan_is_trimmed_to_its_ink():
    image = read_image(saved(drawn()))
    assert image.width / image.height == pytest.approx(0.6 * 900 / (0.4 * 400), rel=0.1)


def test_paper_becomes_transparent_and_ink_stays_its_colour():
    seen = colours(read_image(saved(drawn())))
    ink = max(seen, key=lambda pixel: pixel[3])
    assert seen[0] == (0, 0, 0, 0)
    assert ink[3] == 255
    assert ink[2] > ink[0] + 40  # blue


def test_a_shadow_across_the_paper_does_not_become_ink():
    shade = Image.linear_gradient("L").resize((900, 400)).point(lambda value: 165 + value * 90 // 255)
    photo = ImageChops.multiply(drawn(), shade.convert("RGB"))
    opacity = pixels(read_image(saved(photo, "JPEG", quality=80))).getchannel("A")
    assert sum(opacity.histogram()[64:]) < 0.2 * opacity.width * opacity.height


def test_the_opacity_of_a_picture_drawn_on_a_tablet_is_kept():
    image = read_image(saved(drawn(ink=(*INK, 255), ground=(0, 0, 0, 0))))
    assert set(colours(image)) == {(0, 0, 0, 0), (*INK, 255)}


def test_nothing_hides_below_full_transparency():
    picture = drawn(ink=(*INK, 255), ground=(0, 0, 0, 0))
    ImageDraw.Draw(picture).text((300, 180), "Hansen", fill=(200, 0, 0, 0))
    assert {pixel for pixel in colours(read_image(saved(picture))) if pixel[3] == 0} == {(0, 0, 0, 0)}


def test_a_large_picture_is_made_smaller_without_distortion():
    image = read_image(saved(drawn((3600, 1600), pen=24)))
    assert image.width == 800
    assert image.width / image.height == pytest.approx(0.6 * 3600 / (0.4 * 1600), rel=0.1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_the_camera_was_held(orientation):
    upright = drawn(ground=(255, 255, 255))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition that undoes each orientation
    held = upright.transpose(Image.Transpose(back[orientation])) if orientation in back else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = read_image(saved(held, "PNG", exif=exif))
    assert pixels(image).tobytes() == pixels(read_image(saved(upright))).tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_read(mode):
    plain = drawn(ground=(255, 255, 255))
    if mode == "I;16":
        wide = plain.convert("I").point(lambda grey: grey * 257)
        data = saved(wide.convert("I;16"))
    else:
        data = saved(plain.convert("L").convert(mode) if mode == "LA" else plain.convert(mode))
    image = read_image(data)
    assert image.width / image.height == pytest.approx(0.6 * 900 / (0.4 * 400), rel=0.1)


def test_a_cmyk_jpeg_is_read():
    assert read_image(saved(drawn().convert("CMYK"), "JPEG")).width > 400


def test_places_names_and_profiles_in_the_file_are_gone():
    exif = Image.Exif()
    exif[0x013B] = "Ruth Hansen"
    exif.get_ifd(0x8825)[1] = "N"
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Ruth Hansen")
    data = saved(drawn(), exif=exif, pnginfo=texts, icc_profile=b"Hansen's scanner")
    assert b"Hansen" in data
    assert read_image(data) == read_image(saved(drawn()))


def test_a_zip_file_behind_a_picture_is_gone():
    parcel = io.BytesIO()
    with ZipFile(parcel, "w") as archive:
        archive.writestr("note.txt", "Hansen")
    assert read_image(saved(drawn()) + parcel.getvalue()) == read_image(saved(drawn()))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"\0" * (LARGEST_FILE + 1), "the file is larger than 2 MB", id="too many bytes"),
        pytest.param(b"<svg xmlns='x'/>", "the file is neither a PNG nor a JPEG picture", id="SVG"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n", "the file is neither a PNG nor a JPEG picture", id="EPS"),
        pytest.param(b"\xd7\xcd\xc6\x9a" + b"\0" * 40, "the file is neither a PNG nor a JPEG picture", id="WMF"),
        pytest.param(b"<!doctype html><p>", "the file is neither a PNG nor a JPEG picture", id="HTML"),
        pytest.param(b"GIF89a" + b"\0" * 40, "the file is neither a PNG nor a JPEG picture", id="GIF"),
        pytest.param(b"%PDF-1.7\n%%EOF", "the file is neither a PNG nor a JPEG picture", id="PDF"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "the picture is damaged or cut off", id="PNG without a header"),
        pytest.param(b"\xff\xd8\xff\xe0", "the picture is damaged or cut off", id="JPEG without a header"),
        pytest.param(
            png(100, 100, chunk(b"IDAT", b"no zlib data")), "the picture is damaged or cut off", id="PNG without pixels"
        ),
        pytest.param(png(0, 0), "the picture is damaged or cut off", id="PNG of no size"),
        pytest.param(
            png(30_000, 30_000, chunk(b"IDAT", zlib.compress(bytes(10_000_000)))),
            "the picture is larger than 4000 by 4000 pixels",
            id="bomb of 900 million pixels",
        ),
        pytest.param(
            png(4001, 2, chunk(b"IDAT", zlib.compress(bytes(8004)))),
            "the picture is larger than 4000 by 4000 pixels",
            id="one pixel too wide",
        ),
        pytest.param(
            png(100, 100, chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(100_000_000)))),
            "the picture is damaged or cut off",
            id="bomb in a text",
        ),
        pytest.param(saved(drawn())[:2000], "the picture is damaged or cut off", id="PNG cut off"),
        pytest.param(saved(drawn(), "JPEG")[:2000], "the picture is damaged or cut off", id="JPEG cut off"),
        pytest.param(
            saved(drawn(), save_all=True, append_images=[drawn(pen=20)]), "the picture is animated", id="APNG"
        ),
        pytest.param(
            saved(drawn(), "JPEG") + b"\xff\xda" * 100, "the picture is built of too many layers", id="JPEG of scans"
        ),
        pytest.param(
            saved(Image.new("RGB", (900, 400), PAPER)), "there is no signature in the picture", id="blank paper"
        ),
        pytest.param(
            saved(Image.new("RGBA", (900, 400), (0, 0, 0, 0))),
            "there is no signature in the picture",
            id="blank screen",
        ),
        pytest.param(
            saved(drawn((20, 10), pen=1).resize((8, 4))), "there is no signature in the picture", id="a few pixels"
        ),
        pytest.param(
            saved(drawn(ink=(250, 250, 240), ground=(20, 20, 20), pen=30)),
            "nearly the whole picture is dark",
            id="white on black",
        ),
        pytest.param(
            saved(drawn(ink=(250, 250, 240, 255), ground=(0, 0, 0, 0))),
            "the ink is too pale for white paper",
            id="white on nothing",
        ),
    ],
)
def test_a_picture_that_is_no_signature_is_refused(data, message):
    assert said(data) == message


@pytest.mark.timeout(30)
def test_a_bomb_is_refused_by_its_header_at_once():
    data = png(30_000, 30_000, chunk(b"IDAT", zlib.compress(bytes(100_000_000))))
    began = time.process_time()
    said(data)
    assert time.process_time() - began < 0.1


def test_a_picture_is_read_from_its_path(tmp_path):
    path = tmp_path / "ruth.png"
    path.write_bytes(saved(drawn()))
    assert read_image(path) == read_image(saved(drawn()))


def test_a_picture_that_is_not_there_is_refused(tmp_path):
    assert said(tmp_path / "ruth.png") == "the picture cannot be read"


def test_a_folder_is_refused(tmp_path):
    assert said(tmp_path) == "this is not an ordinary file"


def test_a_link_is_refused(tmp_path):
    (tmp_path / "real.png").write_bytes(saved(drawn()))
    link = tmp_path / "ruth.png"
    try:
        link.symlink_to(tmp_path / "real.png")
    except OSError:
        pytest.skip("this system does not let us make links")
    assert said(link) == "this is not an ordinary file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders on this system")
@pytest.mark.timeout(10)
def test_a_pipe_is_refused_without_waiting(tmp_path):
    pipe = tmp_path / "ruth.png"
    os.mkfifo(pipe)
    assert said(pipe) == "this is not an ordinary file"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices in folders on this system")
def test_a_device_is_refused():
    assert said(Path("/dev/zero")) == "this is not an ordinary file"


@pytest.mark.parametrize("place", range(0, 2000, 97))
def test_a_damaged_picture_is_read_or_refused_but_nothing_else(place):
    data = bytearray(saved(drawn((120, 60), pen=3), "JPEG"))
    data[place % len(data)] ^= 0xFF
    with contextlib.suppress(RecordError):
        assert read_image(bytes(data)).rgba
