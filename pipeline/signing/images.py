"""Read the picture of a signature that somebody sent, as if it were hostile, and keep its ink alone.

Of the file only pixels survive: no metadata, no profile, no second frame, nothing behind its end.
"""

from __future__ import annotations

import stat
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, JpegImagePlugin, PngImagePlugin

from pipeline.errors import Problem, RecordError
from pipeline.signing.ink import only_ink
from pipeline.signing.model import SignatureImage

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

LARGEST_FILE = 2_000_000  # bytes
LARGEST_SIDE = 4000  # pixels
_MOST_SCANS = 64  # a progressive JPEG of a camera has about ten; each costs a pass over all pixels
_START_OF_SCAN = b"\xff\xda"
_ORIENTATION = 0x0112  # the EXIF field that says how the camera was held
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError, struct.error, zlib.error)


def read_image(source: Path | bytes) -> SignatureImage:
    """Return the ink of a PNG or JPEG picture: turned upright, trimmed, on a transparent ground.

    The same file always gives the same pixels. Raises RecordError, saying what to do, for a file that is no
    ordinary file, larger than LARGEST_FILE bytes or LARGEST_SIDE pixels a side, of another format, animated,
    damaged, empty of ink, or dark all over.
    """
    data = _bytes_of(source) if isinstance(source, Path) else source
    _check_size(len(data))
    try:
        with _opened(data) as image:
            _check_header(image)
            image.load()
            upright = _upright(image)
    except _UNREADABLE as error:
        raise _refusal("the picture is damaged or cut off", "scan or draw it again, and save it once more") from error
    return only_ink(upright)


def _bytes_of(path: Path) -> bytes:
    """Return the bytes of an ordinary file; a link, a device or a pipe is never opened."""
    try:
        kind = path.lstat()
        if not stat.S_ISREG(kind.st_mode):
            raise _refusal("this is not an ordinary file", "put the picture itself there, not a link or a folder")
        _check_size(kind.st_size)
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _refusal("the picture cannot be read", "check that it is there and that you may open it") from error


def _check_size(size: int) -> None:
    if size == 0:
        raise _refusal("the file is empty", "save the picture again")
    if size > LARGEST_FILE:
        raise _refusal("the file is larger than 2 MB", "save it as a smaller picture; 1200 pixels wide is plenty")


def _opened(data: bytes) -> ImageFile:
    """Return the picture with only its header read. The classes are named, so that no other format is tried."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImagePlugin.PngImageFile(BytesIO(data))
    if data.startswith(b"\xff\xd8\xff"):
        if data.count(_START_OF_SCAN) > _MOST_SCANS:
            raise _refusal("the picture is built of too many layers", "open it in a picture program and save it again")
        return JpegImagePlugin.JpegImageFile(BytesIO(data))
    raise _refusal("the file is neither a PNG nor a JPEG picture", "save the picture as PNG or JPEG, whatever its name")


def _check_header(image: ImageFile) -> None:
    if max(image.size) > LARGEST_SIDE:
        raise _refusal("the picture is larger than 4000 by 4000 pixels", "save it smaller; 1200 pixels wide is plenty")
    if getattr(image, "is_animated", False):
        raise _refusal("the picture is animated", "save it as one still picture")


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture as it was seen, in red, green, blue and opacity."""
    try:
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except _UNREADABLE:
        turn = None
    turned = image if turn is None else image.transpose(turn)
    if turned.mode.startswith("I"):  # 16 bits of grey
        turned = turned.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    if turned.mode == "CMYK":
        turned = turned.convert("RGB")
    return turned.convert("RGBA")


def _refusal(what: str, do: str) -> RecordError:
    return RecordError([Problem(what, do, where="picture of a signature")])
