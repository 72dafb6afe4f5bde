"""The rules of a page, such as the borders of a table, each drawn once and in one piece.

rdocx draws the borders of each cell for itself: a rule between two rows twice, and in as many pieces as the rows have
cells. On a screen a thin rule that is drawn twice looks thicker than one drawn once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# As rdocx writes a piece of a rule: its colour and width (the pen), and where it begins and ends.
_PIECE = re.compile(
    rb"/Artifact BMC\nq\n((?:[0-9.]++ ){3}RG\n[0-9.]++ w\n)"
    rb"([0-9.-]++) ([0-9.-]++) m\n([0-9.-]++) ([0-9.-]++) l\nS\nQ\nEMC\n"
)
_ENDED = b"EMC\n"
_GAP = 0.01
"""Points; pieces that are nearer belong together."""
_Piece = tuple[bytes, bytes, bytes, bytes]
"""Where a piece begins, across and down, and where it ends."""


def draw_rules_once(content: bytes) -> bytes:
    """Return the content of a page with its rules at its end, none drawn twice and none in pieces.

    A page on which anything but pictures is moved or cut off stays as it is, for a rule may be moved with it.
    """
    pieces = _PIECE.findall(content)
    before, ended, after = content.rpartition(_ENDED)
    is_moved = content.count(b" cm\n") != 1 + content.count(b" Do\n") or b"\nW" in content
    if not pieces or is_moved or after.strip(b"Q\n"):
        return content
    pens: dict[bytes, list[_Piece]] = {}
    for pen, *piece in pieces:
        pens.setdefault(pen, []).append(tuple(piece))
    rules = [
        b"/Artifact BMC\nq\n%b%bS\nQ\nEMC\n" % (pen, b"".join(b"%b %b m\n%b %b l\n" % rule for rule in _whole(its)))
        for pen, its in pens.items()
    ]
    return b"".join([_PIECE.sub(b"", before + ended), *rules, after])


def _whole(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Yield the rules that these pieces of one pen make."""
    across: dict[bytes, list[tuple[bytes, bytes]]] = {}
    down: dict[bytes, list[tuple[bytes, bytes]]] = {}
    slanted: dict[_Piece, None] = {}
    for left, top, right, bottom in pieces:
        if top == bottom:
            across.setdefault(top, []).append((left, right))
        elif left == right:
            down.setdefault(left, []).append((top, bottom))
        else:
            slanted[left, top, right, bottom] = None
    for y, stretches in across.items():
        yield from ((left, y, right, y) for left, right in _joined(stretches))
    for x, stretches in down.items():
        yield from ((x, top, x, bottom) for top, bottom in _joined(stretches))
    yield from slanted


def _joined(stretches: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the stretches of one line, as few as they can be."""
    first, *others = sorted((sorted(ends, key=float) for ends in stretches), key=lambda ends: float(ends[0]))
    begin, end = first
    for its_begin, its_end in others:
        if float(its_begin) > float(end) + _GAP:
            yield begin, end
            begin, end = its_begin, its_end
        else:
            end = max(end, its_end, key=float)
    yield begin, end
