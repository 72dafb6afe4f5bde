"""Write pipeline/documents/word/bundled_fonts.txt anew: which code points the fonts inside rdocx have.

Run it after raising the version of rdocx: `python tests/documents/bundled_fonts.py`. The fonts lie whole in the
compiled module, so they are found there by their table directory; a test compares the file with the installed version.
"""

from __future__ import annotations

import re
import struct
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import rdocx
from fontTools.ttLib import TTFont, TTLibError

LISTING = Path(__file__).resolve().parents[2] / "pipeline" / "documents" / "word" / "bundled_fonts.txt"
TAKEN_OUT_OF_CONTEXT = frozenset({"Noto Sans Hebrew", "Noto Sans JP", "Noto Sans KR", "Noto Sans SC"})
"""Subsets of a handful of letters: a name written with them would be half in one font, half refused."""

_TABLE_DIRECTORY = re.compile(rb"(?:\x00\x01\x00\x00|OTTO)\x00[\x05-\x30]", re.DOTALL)


def families() -> dict[str, frozenset[int]]:
    """Return, per family, the code points that every one of its faces has."""
    found: dict[str, frozenset[int]] = {}
    (compiled,) = Path(rdocx.__file__).parent.glob("_rdocx*.*[od]")
    for data in _fonts_in(compiled.read_bytes()):
        try:
            font = TTFont(BytesIO(data))
            family = font["name"].getDebugName(16) or font["name"].getDebugName(1)
            points = frozenset(font.getBestCmap())
        except (TTLibError, KeyError, struct.error):  # bytes that only looked like a font
            continue
        found[family] = found.get(family, points) & points
    return {family: points for family, points in sorted(found.items()) if family not in TAKEN_OUT_OF_CONTEXT}


def listing() -> str:
    """Return the text of the file: a line a family, ranges in hexadecimal."""
    lines = ["# Code points of the fonts inside rdocx; written by tests/documents/bundled_fonts.py.\n"]
    for family, points in families().items():
        lines.append(f"{family}: {' '.join(_ranges(sorted(points)))}\n")
    return "".join(lines)


def _fonts_in(data: bytes) -> list[bytes]:
    fonts = []
    for match in _TABLE_DIRECTORY.finditer(data):
        start, count = match.start(), data[match.end() - 1]
        records = [data[start + 12 + 16 * i : start + 28 + 16 * i] for i in range(count)]
        if b"cmap" not in {record[:4] for record in records} or len(records[-1]) < 16:
            continue
        size = max(sum(struct.unpack(">LL", record[8:16])) for record in records)
        fonts.append(data[start : start + size])
    return fonts


def _ranges(points: list[int]) -> list[str]:
    starts = [points[0]] + [later for earlier, later in pairwise(points) if later != earlier + 1]
    ends = [earlier for earlier, later in pairwise(points) if later != earlier + 1] + [points[-1]]
    return [f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in zip(starts, ends, strict=True)]


if __name__ == "__main__":
    LISTING.write_text(listing(), encoding="utf-8", newline="\n")
