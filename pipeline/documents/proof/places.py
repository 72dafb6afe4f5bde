"""Find the places to sign on the pages of a PDF, and prove that a signature fits there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.documents.reading.pdf_drawn import drawn_pages
from pipeline.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.documents.reading.pdf_drawn import Box, DrawnPage

_POINTS_PER_MM = 72 / 25.4
_TOUCHING = 0.5  # points: neighbours may touch, because a glyph's box is rounded


@dataclass(frozen=True, slots=True)
class PlaceOnPage:
    """The room for one signature: page from 1, millimetres from the page's lower left corner.

    Its lower left corner is the upper left corner of its caption: one signs on the line above it.
    """

    caption: str
    page: int
    left_mm: float
    bottom_mm: float
    width_mm: float
    height_mm: float


def find_places(
    pdf: bytes, captions: Sequence[str], *, width_mm: float, height_mm: float
) -> tuple[tuple[PlaceOnPage, ...], list[Problem]]:
    """Return the places of all captions, and a problem for each that is missing, double, or without its room."""
    with drawn_pages(pdf) as pages:
        return find_drawn_places(pages, captions, width_mm=width_mm, height_mm=height_mm)


def find_drawn_places(
    pages: Sequence[DrawnPage], captions: Sequence[str], *, width_mm: float, height_mm: float
) -> tuple[tuple[PlaceOnPage, ...], list[Problem]]:
    """Return the same for a PDF whose pages are open already."""
    problems: list[Problem] = []
    rooms: list[tuple[str, DrawnPage, Box]] = []
    for caption in captions:
        found = [(page, box) for page in pages for box in _occurrences(caption, page)]
        if len(found) == 1:
            page, (left, _, _, top) = found[0]
            room = (left, top, left + width_mm * _POINTS_PER_MM, top + height_mm * _POINTS_PER_MM)
            rooms.append((caption, page, room))
        else:
            problems.append(_count_problem(caption, len(found)))
    problems += _room_problems(rooms)
    places = tuple(
        PlaceOnPage(
            caption=caption,
            page=page.number,
            left_mm=round((room[0] - page.box[0]) / _POINTS_PER_MM, 1),
            bottom_mm=round((room[1] - page.box[1]) / _POINTS_PER_MM, 1),
            width_mm=width_mm,
            height_mm=height_mm,
        )
        for caption, page, room in rooms
    )
    return places, problems


def _occurrences(caption: str, page: DrawnPage) -> Iterator[Box]:
    search = page.text.search(caption, match_case=True, match_whole_word=True)
    while (found := search.get_next()) is not None:
        first = page.text.count_rects(*found) and page.text.get_rect(0)
        if first:
            yield first


def _room_problems(rooms: Iterable[tuple[str, DrawnPage, Box]]) -> Iterator[Problem]:
    taken: list[tuple[int, Box]] = []
    for caption, page, room in rooms:
        where = f"PDF, page {page.number}, {caption}"
        if not _inside(room, page.box):
            yield _room_problem("the room for this signature reaches beyond the page", where)
        if any(overlap(room, word) for word in page.words):
            yield _room_problem("words stand in the room for this signature", where)
        if any(number == page.number and overlap(room, other) for number, other in taken):
            yield _room_problem("the rooms for two signatures overlap", where)
        taken.append((page.number, room))


def overlap(one: Box, other: Box) -> bool:
    """Say whether two boxes share more than an edge; what is far above or below, as most words are, is soon told."""
    left, bottom, right, top = one
    other_left, other_bottom, other_right, other_top = other
    return (
        top - other_bottom > _TOUCHING
        and other_top - bottom > _TOUCHING
        and right - other_left > _TOUCHING
        and other_right - left > _TOUCHING
        and min(right - left, top - bottom, other_right - other_left, other_top - other_bottom) > _TOUCHING
    )


def _inside(room: Box, page: Box) -> bool:
    return room[0] >= page[0] and room[1] >= page[1] and room[2] <= page[2] and room[3] <= page[3]


def _count_problem(caption: str, times: int) -> Problem:
    return Problem(
        what="this signature place is missing" if times == 0 else "this signature place is there more than once",
        do="let the template print `signature(person)` once for each person who signs",
        where=f"PDF, {caption}",
    )


def _room_problem(what: str, where: str) -> Problem:
    return Problem(what, "give the row above the caption the height and width that template.toml promises", where)
