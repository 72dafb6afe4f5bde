"""Know which characters a font has: those inside the embedded engine, and those embedded in a Word file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.documents.word.parts import R, W, parse, relationships_of, target_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_LISTING = Path(__file__).with_name("bundled_fonts.txt")
_DEFAULT_FAMILY = "Arial"  # what rdocx takes for a run that names no font at all
_LAST_RESORT = "Carlito"  # what it takes for a font it does not know
_SUBSTITUTES = {
    "Calibri": "Carlito",
    "Calibri Light": "Carlito",
    "Cambria": "Caladea",
    "Cambria Math": "Caladea",
    "Arial": "Liberation Sans",
    "Times New Roman": "Liberation Serif",
    "Courier New": "Liberation Mono",
    "Consolas": "Liberation Mono",
    "Segoe UI": "Selawik",
    "Tahoma": "Liberation Sans",
    "Verdana": "Liberation Sans",
    "Georgia": "Gelasio",
    "Palatino Linotype": "Liberation Serif",
    "Book Antiqua": "Liberation Serif",
    "Garamond": "Caladea",
    "Trebuchet MS": "Liberation Sans",
    "Impact": "Liberation Sans",
    "Comic Sans MS": "Liberation Sans",
}
"""The font rdocx takes for one of Word's; names are compared letter by letter, as rdocx does."""
_IN_TURN = (
    "Arial",
    "Times New Roman",
    "Calibri",
    "Noto Sans Symbols 2",
    "Noto Sans Arabic",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Georgia",
    "Courier New",
)
"""Fonts asked for what a run's own font lacks; Word has those with Word's names, and finds its own for the others."""
_SERIF = frozenset({"Caladea", "Gelasio", "Liberation Serif"})
_OBFUSCATED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts a document can be shown with; `embedded` maps a lower-case family to its code points."""

    embedded: Mapping[str, frozenset[int]]

    def code_points(self, family: str | None) -> frozenset[int]:
        """Return the code points of the font that a run naming this family is shown with."""
        name = family or _DEFAULT_FAMILY
        if name.lower() in self.embedded:
            return self.embedded[name.lower()]
        bundled = bundled_fonts()
        return bundled.get(name) or bundled[_SUBSTITUTES.get(name, _LAST_RESORT)]

    def family_with(self, text: str, *, beside: str | None = None) -> str | None:
        """Return the family that has every character of the text, a serif one beside a serif one; or None."""
        wanted = {ord(character) for character in text}
        first = ("Times New Roman",) if _SUBSTITUTES.get(beside or "", beside) in _SERIF else ()
        families: list[str] = [*first, *_IN_TURN, *self.embedded]
        for family in families:
            if wanted <= self.code_points(family):
                return family
        return None


def is_known(family: str) -> bool:
    """Say whether the embedded engine has this family, or one of the same kind that it takes for it."""
    return family in bundled_fonts() or family in _SUBSTITUTES


@cache
def bundled_fonts() -> Mapping[str, frozenset[int]]:
    """Return the code points of each family inside rdocx; tests/documents/bundled_fonts.py wrote the listing."""
    families = {}
    for line in _LISTING.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        family, _, ranges = line.partition(": ")
        points: set[int] = set()
        for text in ranges.split():
            first, _, last = text.partition("-")
            points.update(range(int(first, 16), int(last or first, 16) + 1))
        families[family] = frozenset(points)
    return families


def embedded_fonts(parts: Mapping[str, bytes]) -> dict[str, frozenset[int]]:
    """Return the code points of each family embedded in a Word file, those that every one of its faces has.

    A face that cannot be read counts as having nothing, so its characters are looked for elsewhere.
    """
    table, listing = "word/fontTable.xml", relationships_of("word/fontTable.xml")
    if table not in parts or listing not in parts:
        return {}
    targets = {entry.get("Id"): target_of(table, entry.get("Target", "")) for entry in parse(parts[listing])}
    families: dict[str, frozenset[int]] = {}
    for font in parse(parts[table]).iter(W + "font"):
        faces = [
            _face(parts.get(targets.get(face.get(R + "id"), ""), b""), face.get(W + "fontKey", ""))
            for face in font
            if face.get(R + "id") is not None
        ]
        if faces:
            families[str(font.get(W + "name", "")).lower()] = frozenset.intersection(*faces)
    return families


def obfuscated(data: bytes, key: str) -> bytes:
    """Return a font as Word embeds it, or back: its first bytes are hidden behind a key (ECMA-376-1, 17.8.1)."""
    mask = bytes.fromhex("".join(letter for letter in key if letter in "0123456789ABCDEFabcdef"))[::-1]
    if not mask:
        return data
    head = bytes(byte ^ mask[place % len(mask)] for place, byte in enumerate(data[:_OBFUSCATED_BYTES]))
    return head + data[_OBFUSCATED_BYTES:]


@lru_cache(maxsize=32)
def _face(data: bytes, key: str) -> frozenset[int]:
    """Return the code points of one embedded face."""
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - few templates embed a font, and it is large

    data = obfuscated(data, key)
    try:
        with TTFont(BytesIO(data), lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, KeyError):
        return frozenset()
