"""The texts inside pictures and other binary data: EXIF, PNG text, XMP, comments, trailing bytes."""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import TYPE_CHECKING

from pipeline.copies.matcher_letters import BARRIER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_LARGEST_TEXT = 1 << 20
_MOST_READ = 32
_read: dict[bytes, str] = {}

# Shorter runs come up in compressed data by chance; a name in them would be found where nobody wrote one.
_READABLE = re.compile(rb"[\x20-\x7e]{6,}")
_READABLE_UTF16 = (
    (re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00){4,}"), "utf-16-le", b".0.0.0.0"),
    (re.compile(rb"(?:\x00[\x20-\x7e\xa0-\xff]){4,}"), "utf-16-be", b"0.0.0.0."),
)

# Bytes by their kind, "." readable and "0" zero: whether there is a run at all is then quickly seen, pixels have none.
_ASCII_SHAPE = bytes(ord("." if 0x20 <= byte <= 0x7E else "x") for byte in range(256))
_UTF16_SHAPE = bytes(
    ord("0" if byte == 0 else "." if 0x20 <= byte <= 0x7E or byte >= 0xA0 else "x") for byte in range(256)
)


def media_text(data: bytes) -> str:
    """Return every readable text of a picture, a font or another binary file, joined by barriers.

    The metadata of PNG and JPEG files is read whole; in anything else, runs of readable characters.
    """
    return text_of_media(data, lambda: data)


def text_of_media(source: bytes, decoded: Callable[[], bytes]) -> str:
    """Return the same of the data that `source` is decoded to, which is done once for the same source.

    The logo, the colours and the fonts are those of every copy. Only their digests are kept, with what was read.
    """
    digest = hashlib.sha256(source).digest()
    if digest not in _read:
        if len(_read) == _MOST_READ:
            _read.clear()
        _read[digest] = _text(decoded())
    return _read[digest]


def _text(data: bytes) -> str:
    if data.startswith(_PNG):
        pieces = [piece for chunk in _png_metadata(data) for piece in _decoded(chunk)]
    elif data.startswith(_JPEG):
        pieces = [piece for segment in _jpeg_metadata(data) for piece in _decoded(segment)]
    else:
        pieces = list(_readable_runs(data))
    return BARRIER.join(pieces)


def _png_metadata(data: bytes) -> Iterator[bytes]:
    """Yield what the chunks other than pixels hold, compressed ones unpacked, and what follows the last one."""
    position = len(_PNG)
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        kind = data[position + 4 : position + 8]
        chunk = data[position + 8 : position + 8 + length]
        position += length + 12
        if kind not in (b"IDAT", b"IHDR", b"PLTE", b"IEND", b"fdAT"):
            yield chunk
            yield from _unpacked(chunk)
        if kind == b"IEND":
            break
    yield data[position:]


def _unpacked(chunk: bytes) -> Iterator[bytes]:
    """Yield the compressed part of a zTXt, iTXt or iCCP chunk, wherever in it that part begins."""
    for start in [found.start() for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", chunk)]:
        try:
            yield zlib.decompressobj().decompress(chunk[start:], _LARGEST_TEXT)
        except zlib.error:
            continue


def _jpeg_metadata(data: bytes) -> Iterator[bytes]:
    """Yield the application and comment segments, and what follows the end of the picture."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == 0xFE or 0xE0 <= marker <= 0xEF:
            yield data[position + 4 : position + 2 + length]
        if marker == 0xDA:
            break
        position += 2 + length
    _, end, rest = data[position:].rpartition(b"\xff\xd9")
    yield rest if end else b""


def _decoded(data: bytes) -> Iterator[str]:
    """Yield the data in each of the encodings that metadata is written in."""
    for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
        text = data.decode(encoding, "replace")
        yield text.replace("\x00", BARRIER).replace("\ufffd", BARRIER)
    if data[1:]:
        yield data[1:].decode("utf-16-le", "replace").replace("\ufffd", BARRIER)


def _readable_runs(data: bytes) -> Iterator[str]:
    if b"......" in data.translate(_ASCII_SHAPE):
        for run in _READABLE.finditer(data):
            yield run.group().decode("ascii")
    shape = data.translate(_UTF16_SHAPE)
    for pattern, encoding, least in _READABLE_UTF16:
        if least in shape:
            for run in pattern.finditer(data):
                yield run.group().decode(encoding)
