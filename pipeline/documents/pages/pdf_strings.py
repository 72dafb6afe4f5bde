"""The strings of a PDF: their bytes, in every notation, and their letters (ISO 32000-1, 7.3.4 and 7.9.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE_STRING = re.compile(rb"\((?:[^()\\]++|\\.)*+\)|(?<!<)<[0-9A-Fa-f\s]*+>", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}


def decode_string(data: bytes) -> str:
    """Return the letters of a text string (ISO 32000-1, 7.9.2.2)."""
    if data.startswith(b"\xfe\xff"):
        return data[2:].decode("utf-16-be", "replace")
    if data.startswith(b"\xff\xfe"):
        return data[2:].decode("utf-16-le", "replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    return data.decode("pdfdoc", "replace")


def strings(code: bytes) -> Iterator[bytes]:
    """Yield the bytes of every string of an object, as qpdf writes it: every bracket inside a string is escaped."""
    return map(string_of, CODE_STRING.findall(code))


def string_of(code: bytes) -> bytes:
    """Return the bytes of one string, (literal) or <hex>."""
    if code.startswith(b"<"):
        digits = b"".join(code[1:-1].split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    literal = code[1:-1]
    return _ESCAPE.sub(_unescape, literal) if b"\\" in literal else literal


def _unescape(escape: re.Match[bytes]) -> bytes:
    what = escape.group(1)
    if what[0:1].isdigit():
        return bytes([int(what, 8) & 0xFF])
    return _ESCAPED.get(what, what)
