"""What a finished Word file says, in order: headings, paragraphs and tables, without its looks."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipeline.documents.reading.docx_body import paragraphs
from pipeline.documents.reading.model import COUNTED, SOFT
from pipeline.documents.word.names import W

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEEPEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a heading of a level from 1 to 6."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its title, the heads of its columns (none where it has no marked header row), and its rows of cells."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]


def outline(docx: bytes) -> tuple[Line | Grid, ...]:
    """Return the lines and tables of the page's body; headers, footers and notes repeat what the body says."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        body = etree.fromstring(package.read("word/document.xml")).find(f"{W}body")
        levels = _levels(etree.fromstring(package.read("word/styles.xml")))
    return tuple(_blocks(body, levels))


def _levels(styles: Any) -> Mapping[str, int]:
    """Return the level of each style that is a heading, by Word's own names for them."""
    names = {style.get(f"{W}styleId"): style.find(f"{W}name").get(f"{W}val") for style in styles.iter(f"{W}style")}
    numbers = {key: name.lower().removeprefix("heading ") for key, name in names.items() if key}
    return {key: int(n) for key, n in numbers.items() if n.isdecimal() and 1 <= int(n) <= _DEEPEST_HEADING}


def _blocks(body: Any, levels: Mapping[str, int]) -> Iterator[Line | Grid]:
    for element in body:
        if element.tag == f"{W}tbl":
            yield _grid(element)
        elif element.tag == f"{W}p":
            style = element.find(f"{W}pPr/{W}pStyle")
            level = levels.get(style.get(f"{W}val"), 0) if style is not None else 0
            yield from (Line(text, level) for text in _texts(element))
        else:
            yield from (Line(text) for text in _texts(element))


def _grid(table: Any) -> Grid:
    title = table.find(f"{W}tblPr/{W}tblCaption")
    rows = [
        (row.find(f"{W}trPr/{W}tblHeader") is not None, tuple(tuple(_texts(cell)) for cell in row.findall(f"{W}tc")))
        for row in table.findall(f"{W}tr")
    ]
    heads = next((tuple(" ".join(cell) for cell in cells) for is_head, cells in rows if is_head), ())
    return Grid(
        title="" if title is None else title.get(f"{W}val", ""),
        heads=heads,
        rows=tuple(cells for is_head, cells in rows if not is_head),
    )


def _texts(element: Any) -> list[str]:
    found = (each.text.replace(SOFT, "").replace(COUNTED, "") for each in paragraphs(element, "", frozenset()))
    return [" ".join(text.split()) for text in found if text.strip()]
