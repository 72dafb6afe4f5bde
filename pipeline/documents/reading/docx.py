"""Read back a finished Word file: every text in it, and the words a reader sees."""

from __future__ import annotations

import functools
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipeline.documents.reading.docx_body import paragraphs, styles_with_numbers
from pipeline.documents.reading.docx_parts import is_standard_name, part_place, part_texts
from pipeline.documents.reading.media import media_text
from pipeline.documents.reading.model import Paragraph, Text
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_XML_SUFFIXES = (".xml", ".rels", ".vml", ".svg")
_FROM_THE_TEMPLATE = frozenset(
    f"word/{name}" for name in ("styles.xml", "numbering.xml", "settings.xml", "fontTable.xml", "theme/theme1.xml")
) | {"[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"}
_FURNITURE = ("word/header", "word/footer")
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")


@dataclass(frozen=True, slots=True)
class WordFile:
    """A Word file read back.

    `texts` is everything readable in it. `body` are the paragraphs of the page in order; those in text boxes are
    marked as floating. `notes` are foot- and endnotes, `furniture` headers and footers.
    """

    texts: tuple[Text, ...]
    body: tuple[Paragraph, ...]
    notes: tuple[Paragraph, ...]
    furniture: tuple[Paragraph, ...]


def read_docx(docx: bytes) -> WordFile:
    """Return everything that can be read in a Word file.

    Raises RecordError if it is no Word file, or one of its parts is no XML.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            members = {name: package.read(name) for name in package.namelist()}
            remarks = [package.comment, *(info.comment + info.extra for info in package.infolist())]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise RecordError([_unreadable("DOCX")]) from error
    trees = {name: _tree(name, data) for name, data in members.items() if _is_shown(name)}
    numbered = _numbered_styles(members.get("word/styles.xml", b""))
    return WordFile(
        texts=tuple(dict.fromkeys(_texts(members, trees, remarks))),
        body=tuple(_paragraphs(trees, ["word/document.xml"], numbered)),
        notes=tuple(_paragraphs(trees, _NOTES, numbered)),
        furniture=tuple(_paragraphs(trees, [name for name in trees if name.startswith(_FURNITURE)], numbered)),
    )


def body_words(docx: bytes) -> tuple[str, ...]:
    """Return the words of the page in order: no headers, notes, comments or hidden text."""
    return tuple(word for paragraph in read_docx(docx).body for word in paragraph.text.split())


def _is_shown(name: str) -> bool:
    return name in ("word/document.xml", *_NOTES) or (name.startswith(_FURNITURE) and name.endswith(".xml"))


def _paragraphs(trees: dict[str, Any], names: Iterable[str], numbered: frozenset[str]) -> Iterator[Paragraph]:
    for name in names:
        if name in trees:
            yield from paragraphs(trees[name], part_place(name), numbered)


def _texts(members: dict[str, bytes], trees: dict[str, Any], remarks: list[bytes]) -> Iterator[Text]:
    for name, data in members.items():
        if not is_standard_name(name):
            yield Text("DOCX, name of a part", name, technical=True)
        if name in trees:
            yield from part_texts(name, trees[name])
        elif data and name in _FROM_THE_TEMPLATE:
            yield from _settled_part_texts(name, data)
        elif data and name.lower().endswith(_XML_SUFFIXES):
            yield from part_texts(name, _tree(name, data))
        elif not name.startswith("word/fonts/"):
            yield Text(part_place(name), media_text(data), technical=True)
    for remark in remarks:
        yield Text("DOCX, comment of the zip file", remark.decode("utf-8", "replace"))


@functools.lru_cache(maxsize=64)
def _settled_part_texts(name: str, data: bytes) -> tuple[Text, ...]:
    """Return the texts of a part that holds nothing of a record: read once for all copies of a template."""
    return tuple(dict.fromkeys(part_texts(name, _tree(name, data))))


@functools.lru_cache(maxsize=8)
def _numbered_styles(styles: bytes) -> frozenset[str]:
    return styles_with_numbers(_tree("word/styles.xml", styles) if styles else None)


def _tree(name: str, data: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise RecordError([_unreadable(part_place(name))]) from error


def _unreadable(place: str) -> Problem:
    return Problem(
        "this part of the Word file cannot be read back", "check the template, then make the copy again", place
    )
