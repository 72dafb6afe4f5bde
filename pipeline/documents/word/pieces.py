"""Split a run of a Word file into pieces that are each written their own way."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.documents.word.parts import W, serialise

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_AFTER_MARK = {
    "rtl": frozenset(W + name for name in ("cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath")),
    "cs": frozenset(W + name for name in ("em", "lang", "eastAsianLayout", "specVanish", "oMath")),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a run, the font it needs (None: the run's own), and how it is written."""

    text: str
    family: str | None = None
    right_to_left: bool = False
    complex: bool = False


def alike(one: Piece, other: Piece) -> bool:
    """Return whether two pieces are written the same way."""
    return written_like(one, "") == written_like(other, "")


def written_like(piece: Piece, text: str) -> Piece:
    """Return a piece of other text that is written the same way."""
    return Piece(text, piece.family, piece.right_to_left, piece.complex)


def split(run: Any, pieces: Mapping[Any, list[Piece]]) -> bool:
    """Replace a run by several, one a piece; what is not text stays in its place among them.

    `pieces` gives the pieces of each element of the run that shows text. Returns whether anything changed.
    """
    properties = run.find(W + "rPr")
    atoms: list[tuple[Piece, Any]] = []
    for child in list(run):
        if child in pieces:
            atoms += [(piece, _text(run, piece.text) if child.tag == W + "t" else child) for piece in pieces[child]]
        elif child is not properties:
            atoms.append((Piece(""), child))
    if len({written_like(piece, "") for piece, _ in atoms}) == 1 and _written(properties, atoms[0][0]):
        return False
    parent, place = run.getparent(), run.getparent().index(run)
    new: list[Any] = []
    last: Piece | None = None
    for piece, content in atoms:
        if last is None or not alike(last, piece):
            new.append(_run_like(run, properties, piece))
        new[-1].append(content)
        last = piece
    parent[place : place + 1] = new
    return True


def _run_like(run: Any, properties: Any, piece: Piece) -> Any:
    new = run.makeelement(run.tag, dict(run.attrib), nsmap=run.nsmap)
    own = run.makeelement(W + "rPr", {}) if properties is None else deepcopy(properties)
    _write(own, piece)
    if len(own):
        new.append(own)
    return new


def _write(own: Any, piece: Piece) -> None:
    """Say in run properties which font the piece needs, and how it is written."""
    if piece.family is not None:
        fonts = own.find(W + "rFonts")
        if fonts is None:
            fonts = own.makeelement(W + "rFonts", {})
            style = own.find(W + "rStyle")
            own.insert(0 if style is None else 1, fonts)
        fonts.attrib.clear()
        for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(W + slot, piece.family)
    if piece.right_to_left or piece.complex:
        _write_as_complex(own, "rtl" if piece.right_to_left else "cs")


def _write_as_complex(own: Any, mark: str) -> None:
    """Mark a run of a complex script; Word then reads its own bold, italic and size for it (ECMA-376-1, 17.3.2)."""
    for plain, other in (("b", "bCs"), ("i", "iCs"), ("sz", "szCs")):
        found = own.find(W + plain)
        if found is not None and own.find(W + other) is None:
            twin = deepcopy(found)
            twin.tag = W + other
            found.addnext(twin)
    if own.find(W + mark) is None:
        marker = own.makeelement(W + mark, {})
        later = next((child for child in own if child.tag in _AFTER_MARK[mark]), None)
        if later is None:
            own.append(marker)
        else:
            later.addprevious(marker)


def _written(properties: Any, piece: Piece) -> bool:
    """Return whether the run already says all that the piece needs."""
    before = deepcopy(properties) if properties is not None else None
    if before is None:
        return piece == Piece(piece.text)
    after = deepcopy(before)
    _write(after, piece)
    return bool(serialise(before) == serialise(after))


def _text(run: Any, text: str) -> Any:
    element = run.makeelement(W + "t", {_SPACE: "preserve"})
    element.text = text
    return element
