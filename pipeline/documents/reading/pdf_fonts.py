"""The letters behind the glyph codes of a PDF's fonts (ISO 32000-1, 9.10)."""

from __future__ import annotations

import re
import struct
from typing import Any

from pipeline.documents.pages.pdf_strings import string_of

_IN_ARRAY = re.compile(rb"\((?:[^()\\]++|\\.)*+\)|<[0-9A-Fa-f\s]*+>", re.DOTALL)
_WHOLE_BYTES = re.compile(rb"<((?:[0-9A-Fa-f]{2})*+)>")
_BFCHAR = re.compile(r"beginbfchar(.*?)endbfchar", re.DOTALL)
_BFRANGE = re.compile(r"beginbfrange(.*?)endbfrange", re.DOTALL)
_PAIR = re.compile(r"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f\s]+>|\[[^\]]*\])")


class Fonts:
    """The letters behind the glyph codes of every font of one file, read once."""

    def __init__(self) -> None:
        """Start with no font known."""
        self._known: dict[tuple[int, int], Font] = {}
        self._words: dict[Font | None, _Words] = {}

    def font(self, dictionary: Any) -> Font:
        """Return what is known of a font of this file."""
        key = dictionary.objgen
        if key == (0, 0) or key not in self._known:
            self._known[key] = Font(dictionary)
        return self._known[key]

    def words(self, font: Font | None) -> _Words:
        """Return what arrays of glyphs say in this font."""
        if font not in self._words:
            self._words[font] = _Words(font)
        return self._words[font]


class _Words(dict[bytes, str]):
    """What each array of glyphs says in a font: the same words stand in a file again and again."""

    def __init__(self, font: Font | None) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, array: bytes) -> str:
        codes = codes_of(array)
        self[array] = said = codes.decode("latin-1") if self._font is None else self._font.decode(codes)
        return said


def codes_of(array: bytes) -> bytes:
    """Return the strings of an array of glyphs joined: what stands between them only moves the glyphs."""
    digits = _WHOLE_BYTES.findall(array)
    if b"(" not in array and len(digits) == array.count(b"<"):  # as our finishing pass writes them
        return bytes.fromhex(b"".join(digits).decode("ascii"))
    return b"".join(map(string_of, _IN_ARRAY.findall(array)))


class _Letters(dict[int, str]):
    """The letters of each glyph code of a font; a code without any is shown as one that cannot be read."""

    def __missing__(self, code: int) -> str:
        return "\ufffd"


class Font:
    """The letters behind the glyph codes of one font."""

    def __init__(self, dictionary: Any) -> None:
        """Read the ToUnicode map of this font, if it has one."""
        self._wide = dictionary.get("/Subtype") == "/Type0"
        to_unicode = dictionary.get("/ToUnicode")
        self._letters = _Letters(_cmap(to_unicode.read_bytes().decode("latin-1")) if to_unicode is not None else {})

    def decode(self, codes: bytes) -> str:
        """Return the letters of these codes, as far as the font tells them."""
        if self._wide:
            wide = struct.unpack(f">{len(codes) // 2}H", codes[: len(codes) & ~1])
            return "".join(map(self._letters.__getitem__, wide))
        return "".join(self._letters.get(code) or chr(code) for code in codes)


def _cmap(code: str) -> dict[int, str]:
    """Return the letters of each glyph code of a ToUnicode map (ISO 32000-1, 9.10.3)."""
    letters: dict[int, str] = {}
    for block in _BFCHAR.findall(code):
        letters |= {int(source, 16): _utf16(target) for source, target in _PAIR.findall(block)}
    for block in _BFRANGE.findall(code):
        for first, last, target in _RANGE.findall(block):
            letters |= _range(int(first, 16), int(last, 16), target)
    return letters


def _range(first: int, last: int, target: str) -> dict[int, str]:
    if target.startswith("["):
        return {first + index: _utf16(each) for index, each in enumerate(re.findall("<([0-9A-Fa-f]+)>", target))}
    start = _utf16(target[1:-1])
    if not start:
        return {}
    return {code: start[:-1] + chr(ord(start[-1]) + code - first) for code in range(first, min(last, 0xFFFF) + 1)}


def _utf16(digits: str) -> str:
    return bytes.fromhex(re.sub(r"\s", "", digits)).decode("utf-16-be", "replace")
