"""The words of the marks, set by the engine that sets the documents, ready to be put on a page."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject, NameObject, NumberObject

from pipeline.documents.pages.page_boxes import PageBoxes, page_boxes
from pipeline.documents.pages.typesetting import Lines, set_lines
from pipeline.errors import Problem, RecordError
from pipeline.languages.wording import is_right_to_left
from pipeline.signing.tags import dictionary, number_tree_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pypdf import PageObject
    from pypdf.generic import PdfObject

_FONT = "Calibri"
_SIZES = (9.0, 8.0, 7.0)  # points; smaller cannot be read on paper
_PREFIX = "/Signed"
_POINTS_PER_MM = 72 / 25.4
_ROUNDED = 0.5  # points that a glyph's box may be beside the room


@dataclass(frozen=True, slots=True)
class Request:
    """Lines to be set for a mark in a language (BCP 47), and the room for them in points. `where` is for messages."""

    lines: tuple[str, ...]
    width: float
    height: float
    language: str
    where: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one mark as PDF code, in points from the lower left corner of their room.

    `paragraphs` tells how many marked contents each line that was asked for has; `bottom` is the lowest point of
    a letter; `fonts` are those that the code names.
    """

    paragraphs: tuple[int, ...]
    bottom: float
    fonts: Mapping[str, PdfObject]
    _operations: Sequence[tuple[Any, bytes]]

    def content(self, first: int) -> bytes:
        """Return the code, its marked contents numbered from `first`."""
        stream, mcid = ContentStream(None, None), first
        operations: list[tuple[Any, bytes]] = []
        for operands, operator in self._operations:
            if operator == b"Tf":
                operations.append(([_own_name(operands[0]), operands[1]], operator))
            elif _is_marked(operands, operator):
                number = DictionaryObject({NameObject("/MCID"): NumberObject(mcid)})
                operations.append(([operands[0], number], operator))
                mcid += 1
            else:
                operations.append((operands, operator))
        stream.operations = operations
        return stream.get_data()


def letter(requests: Mapping[int, Request]) -> dict[int, Words] | None:
    """Return the words for each key, all in the largest size in which all fit, and sharing their fonts.

    None when no size is small enough. Raises RecordError naming the characters that no font has.
    """
    if not requests:
        return {}
    lines = tuple(map(_lines, requests.values()))
    for size in _SIZES:
        pdf = set_lines(lines, size_pt=size, font=_FONT)
        boxes = page_boxes(pdf)
        if len(boxes) == len(lines) and all(map(_fits, boxes)):
            reader = PdfReader(BytesIO(pdf))
            return {
                key: _words(reader, page, on_page)
                for key, page, on_page in zip(requests, reader.pages, boxes, strict=True)
            }
    return None


def too_long(requests: Iterable[Request]) -> RecordError:
    """Return what to raise for those of the requests that do not even fit by themselves."""
    problem = (
        "the words are too long for the room of this signature",
        "write the name or the sentence shorter, or give the row of signatures more room in the template",
    )
    return RecordError([Problem(*problem, where=each.where) for each in requests if not _fits_alone(each)])


def _fits_alone(request: Request) -> bool:
    boxes = page_boxes(set_lines((_lines(request),), size_pt=_SIZES[-1], font=_FONT))
    return len(boxes) == 1 and _fits(boxes[0])


def _lines(request: Request) -> Lines:
    width, height = request.width / _POINTS_PER_MM, request.height / _POINTS_PER_MM
    return Lines(request.lines, width, height, right_to_left=is_right_to_left(request.language))


def _fits(page: PageBoxes) -> bool:
    """Say whether the words are not wider or higher than their page; they are moved to its lower edge later."""
    height = max((word.top for word in page.words), default=0.0) - _bottom(page)
    wide = any(
        word.left < page.shown.left - _ROUNDED or word.right > page.shown.right + _ROUNDED for word in page.words
    )
    return height <= page.shown.top - page.shown.bottom and not wide


def _bottom(page: PageBoxes) -> float:
    return min((word.bottom for word in page.words), default=0.0)


def _words(reader: PdfReader, page: PageObject, boxes: PageBoxes) -> Words:
    fonts = dictionary(dictionary(page, "/Resources"), "/Font")
    stream = ContentStream(page.get("/Contents"), None, forced_encoding="bytes")
    return Words(
        paragraphs=_paragraphs(reader, page),
        bottom=_bottom(boxes),
        fonts={_own_name(name): fonts[name] for name in fonts},
        _operations=stream.operations,
    )


def _paragraphs(reader: PdfReader, page: PageObject) -> tuple[int, ...]:
    tree = dictionary(dictionary(dictionary(reader.trailer, "/Root"), "/StructTreeRoot"), "/ParentTree")
    elements = number_tree_value(tree, int(page.get("/StructParents", 0)))
    return tuple(len(list(of_one)) for _, of_one in groupby(id(each.get_object()) for each in elements))


def _is_marked(operands: Any, operator: bytes) -> bool:
    return operator == b"BDC" and isinstance(operands[1], DictionaryObject) and "/MCID" in operands[1]


def _own_name(font: str) -> NameObject:
    return NameObject(f"{_PREFIX}{font[1:]}")
