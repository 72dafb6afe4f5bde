"""Find the place of each signature on a page, twice, and refuse what is not plainly right.

pdfium says where the caption's letters are drawn; pypdf says which way they run and which tag they belong to. A
signature in the wrong place would be somebody else's, so both must agree on the page and the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING, Any

from pypdf.generic import DictionaryObject

from pipeline.documents.pages.page_boxes import Box, PageBoxes, page_boxes
from pipeline.documents.reading.pdf import page_bodies
from pipeline.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pypdf import PageObject

POINTS_PER_MM = 72 / 25.4
_TOUCHING = 0.5  # points: neighbours may touch, because a glyph's box is rounded
_SAME_LINE = 0.5 * POINTS_PER_MM
_RUN = 4  # so many agreed words in a row tell a page that carries agreed text, when a text goes over two pages


@dataclass(frozen=True, slots=True)
class Place:
    """The room for one signature: pages from 0, points of the page's own co-ordinates.

    `origin` is its lower left corner as the caption is read, which is the upper left corner of the caption;
    `right` and `up` are unit vectors, so that a page that is turned is signed upright. `mcid` is the
    marked content that holds the caption, and `caption_height` is how tall its letters are.
    """

    caption: str
    page: int
    origin: tuple[float, float]
    right: tuple[float, float]
    up: tuple[float, float]
    width: float
    height: float
    mcid: int
    caption_height: float

    @property
    def box(self) -> Box:
        """The room as an upright box."""
        (x, y), (right_x, right_y), (up_x, up_y) = self.origin, self.right, self.up
        far_x = x + self.width * right_x + self.height * up_x
        far_y = y + self.width * right_y + self.height * up_y
        return Box(min(x, far_x), min(y, far_y), max(x, far_x), max(y, far_y))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: captions with the ids of those who sign there, and the room each needs, in millimetres.

    `agreed_texts` are what is signed for, and what stands for it, such as the agreement code. `template` is named in
    messages.
    """

    participants: Mapping[str, str]
    width_mm: float
    height_mm: float
    agreed_texts: tuple[str, ...] = ()
    template: str = ""


def find(pdf: bytes, pages: Sequence[PageObject], asked: Asked) -> tuple[list[Place], list[Problem]]:
    """Return the places in the order of the captions, and a problem for each that is not as it must be.

    A caption must stand on the pages once; its room must be on the page that is shown, free of words and of
    other rooms; and the page must carry some of what is signed for, not only in its header or footer.
    """
    seen = page_boxes(pdf, tuple(asked.participants))
    places: list[Place] = []
    problems: list[Problem] = []
    read: dict[int, list[_Piece]] = {}
    for caption in asked.participants:
        found = [(number, box) for number, page in enumerate(seen) for box in page.found[caption]]
        if len(found) != 1:
            problems.append(_missing_or_double(asked, caption, len(found)))
            continue
        number, box = found[0]
        if number not in read:
            read[number] = _pieces(pages[number])
        place = _place(caption, number, box, read[number], asked)
        if place is None:
            problems.append(_refusal(asked, caption, number, "the caption of this place cannot be read for certain"))
        else:
            places.append(place)
    return places, [*problems, *_room_problems(places, seen, page_bodies(pdf), asked)]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of text as pypdf finds it: letters, the way from its start to the page, the marked content."""

    text: str
    matrix: tuple[float, ...]
    mcid: int | None


def _pieces(page: PageObject) -> list[_Piece]:
    pieces: list[_Piece] = []
    marks: list[int | None] = []

    def operator(name: Any, operands: Any, _current: Any, _text: Any) -> None:
        if name in (b"BDC", b"BMC"):
            properties = operands[1] if len(operands) > 1 else None
            own = properties.get("/MCID") if isinstance(properties, DictionaryObject) else None
            marks.append(int(own) if own is not None else (marks[-1] if marks else None))
        elif name == b"EMC" and marks:
            marks.pop()

    def text(letters: str, current: Any, matrix: Any, _font: Any, _size: Any) -> None:
        if letters.strip():
            pieces.append(_Piece(letters, _times(matrix, current), marks[-1] if marks else None))

    page.extract_text(visitor_operand_before=operator, visitor_text=text)
    return pieces


def _times(first: Sequence[float], then: Sequence[float]) -> tuple[float, ...]:
    a, b, c, d, e, f = (float(value) for value in first)
    p, q, r, s, t, u = (float(value) for value in then)
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _place(caption: str, number: int, box: Box, pieces: list[_Piece], asked: Asked) -> Place | None:
    """Return the place, if pypdf finds the caption once too, on the same line, upright in one of four directions."""
    starts = [piece for piece in _starts(caption, pieces) if _on_line(piece.matrix, box)]
    if len(starts) != 1 or starts[0].mcid is None:
        return None
    a, b, c, d = starts[0].matrix[:4]
    right, up = _unit(a, b), _unit(c, d)
    if right is None or up is None or (up[0], up[1]) != (-right[1], right[0]):  # mirrored, or slanted
        return None
    return Place(
        caption=caption,
        page=number,
        origin=(
            box.right if -1 in (right[0], -up[0]) else box.left,
            box.bottom if -1 in (-right[1], up[1]) else box.top,
        ),
        right=right,
        up=up,
        width=asked.width_mm * POINTS_PER_MM,
        height=asked.height_mm * POINTS_PER_MM,
        mcid=starts[0].mcid,
        caption_height=box.top - box.bottom if up[1] else box.right - box.left,
    )


def _starts(caption: str, pieces: list[_Piece]) -> Iterator[_Piece]:
    """Yield the piece with the first letter of the caption, wherever the pieces of the page spell it as words."""
    whole = "\n".join(piece.text for piece in pieces)
    spelled = r"\s*".join(re.escape(letter) for letter in caption if not letter.isspace())
    for match in re.finditer(rf"(?<!\w){spelled}(?!\w)", whole):
        end = 0
        for piece in pieces:
            end += len(piece.text) + 1
            if match.start() < end:
                yield piece
                break


def _on_line(matrix: tuple[float, ...], box: Box) -> bool:
    """Say whether a line of text that starts here runs through the box."""
    a, b, _, _, x, y = matrix
    if abs(a) >= abs(b):
        return box.bottom - _SAME_LINE <= y <= box.top + _SAME_LINE and (x - box.right) * a <= 0
    return box.left - _SAME_LINE <= x <= box.right + _SAME_LINE and (y - box.top) * b <= 0


def _unit(x: float, y: float) -> tuple[float, float] | None:
    """Return the direction, if it is one of the four along the edges of a page."""
    length = hypot(x, y)
    if not length or min(abs(x), abs(y)) > length / 1000:
        return None
    return (float(round(x / length)), float(round(y / length)))


def _room_problems(
    places: Sequence[Place], seen: Sequence[PageBoxes], bodies: Sequence[str], asked: Asked
) -> Iterator[Problem]:
    for index, place in enumerate(places):
        page, room = seen[place.page], place.box
        if not room.inside(page.shown):
            yield _refusal(asked, place.caption, place.page, "the room for this signature reaches beyond the page")
        if any(room.overlaps(word, touching=_TOUCHING) for word in page.words):
            yield _refusal(asked, place.caption, place.page, "words stand in the room for this signature")
        if any(other.page == place.page and room.overlaps(other.box, touching=_TOUCHING) for other in places[:index]):
            yield _refusal(asked, place.caption, place.page, "the rooms for two signatures overlap")
        if asked.agreed_texts and not _carries(bodies[place.page], asked.agreed_texts):
            yield _refusal(
                asked, place.caption, place.page, "this signature would stand on a page without any of the agreed words"
            )


def _carries(page: str, agreed_texts: Sequence[str]) -> bool:
    """Say whether the page shows a few words in a row of some agreed text, or all of a shorter one."""
    shown = f" {' '.join(_words(page))} "
    return any(f" {' '.join(run)} " in shown for text in agreed_texts for run in _runs(_words(text)))


def _runs(words: list[str]) -> Iterator[list[str]]:
    for start in range(max(1, len(words) - _RUN + 1) if words else 0):
        yield words[start : start + _RUN]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _missing_or_double(asked: Asked, caption: str, times: int) -> Problem:
    return _refusal(
        asked,
        caption,
        None,
        "this place to sign is missing" if not times else "this place to sign is there more than once",
    )


def _refusal(asked: Asked, caption: str, page: int | None, what: str) -> Problem:
    place = "PDF" if page is None else f"PDF, page {page + 1}"
    template = f"the template {asked.template!r}" if asked.template else "the template"
    return Problem(
        what,
        f"change {template}: one `signature(person)` a person, room above it as template.toml promises, and the table"
        " of signatures kept with the agreed words; then make a new version",
        where=f"{place}, {caption}, {asked.participants[caption]}",
    )
