"""Every text of one XML part of a Word file: paragraphs, properties, links, and whatever else holds letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from pipeline.documents.reading import Text
from pipeline.documents.word_names import W

_PLACES = (
    (re.compile("word/document.xml"), "DOCX, body"),
    (re.compile(r"word/header(\d*).xml"), "DOCX, header {}"),
    (re.compile(r"word/footer(\d*).xml"), "DOCX, footer {}"),
    (re.compile("word/footnotes.xml"), "DOCX, footnote"),
    (re.compile("word/endnotes.xml"), "DOCX, endnote"),
    (re.compile("word/comments.*"), "DOCX, comment"),
    (re.compile("word/people.*"), "DOCX, authors of comments"),
    (re.compile("docProps/core.xml"), "DOCX, document properties"),
    (re.compile("docProps/app.xml"), "DOCX, document properties"),
    (re.compile("docProps/custom.xml"), "DOCX, custom properties"),
    (re.compile("customXml/.*"), "DOCX, custom XML"),
    (re.compile("word/settings.xml"), "DOCX, settings"),
    (re.compile("word/media/.*"), "DOCX, picture"),
    (re.compile("word/fonts/.*"), "DOCX, embedded font"),
    (re.compile("word/embeddings/.*"), "DOCX, embedded object"),
    (re.compile(".*[.]rels"), "DOCX, link"),
)
_RUN_TEXT = {f"{W}{name}" for name in ("t", "delText", "instrText", "delInstrText")}
_SPACES = {f"{W}{name}": " " for name in ("tab", "br", "cr", "ptab")}
_HYPHENS = {f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}

# Attributes in which a person writes words; everything else in a value is mark-up.
_FREE_TEXT = {
    "descr": "alternative text", "title": "alternative text", "alt": "alternative text", "tooltip": "link",
    "Target": "link", "author": "author", "initials": "author", "instr": "field", "anchor": "bookmark",
    "displayText": "list choice", "name": "name of an object", "string": "text of a shape",
}  # fmt: skip
_FREE_VALUES = {f"{W}{name}" for name in ("alias", "tag", "docVar", "placeholder", "default", "statusText", "helpText")}

# Names of fonts and of built-in styles come with Word: a font called Shruti says nothing about Shruti.
_FONT_ATTRIBUTES = frozenset({"typeface", "ascii", "hAnsi", "cs", "eastAsia", "panose", "script"})
_FONT_OR_STYLE = {f"{W}{name}" for name in ("font", "lsdException", "latentStyles")}
_STYLE_REFERENCES = {
    f"{W}{name}" for name in ("style", "name", "pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "altName")
}
_BUILT_IN_STYLE_WORDS = frozenset(
    "accent and annotation article balloon bibliography block body book bullet caption char classic closing colorful "
    "columns comment contemporary continue dark date default definition document elegant emphasis endnote envelope "
    "address figures first followed followedhyperlink font footer footnote grid header heading html hyperlink indent "
    "index intense keyboard light line list macro map medium mention message normal note number of outline page "
    "paragraph placeholder plain preformatted professional quote reference revision salutation sample section shading "
    "signature simple smart spacing strong style subject subtitle subtle table text theme title toa toc typewriter "
    "unresolved variable visited web return no acronym cite code authorities background nolist".split()
)
_STYLE_WORD = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_KEYWORD = re.compile("[a-z][A-Za-z0-9]*|[0-9.%-]*|[0-9A-F]{6,8}|rId[0-9]+")
_LOOKS_WRITTEN = re.compile(r"\s|@|://|%[0-9A-Fa-f]{2}|^(?:tel|mailto):|^\+?[0-9]{10,}$")


def part_place(name: str) -> str:
    """Return the place of a part in words. A part's name is never repeated: it may hold a word itself."""
    for pattern, place in _PLACES:
        if found := pattern.fullmatch(name):
            return place.format(*found.groups()).rstrip()
    return "DOCX, another part"


def part_texts(name: str, root: Any) -> Iterator[Text]:
    """Yield every text of a part: paragraphs with their runs joined, other texts, values, comments."""
    place = part_place(name)
    yield from _paragraph_texts(root, place)
    for element in root.iter():
        if not isinstance(element.tag, str):
            yield Text(f"{place}, XML comment", element.text or "")
            continue
        if element.tag not in _RUN_TEXT and element.text and element.text.strip():
            yield Text(place, element.text)
        if element.tail and element.tail.strip():
            yield Text(place, element.tail)
        if element.attrib:
            yield from _attribute_texts(element, place)


def _paragraph_texts(root: Any, place: str) -> Iterator[Text]:
    rows = _rows(root)
    for paragraph in root.iter(f"{W}p"):
        here = _within(paragraph, place, rows)
        yield Text(here, "".join(_pieces(paragraph, _RUN_TEXT)))
        # A field's instruction stands between the runs that it would tear apart.
        yield Text(here, "".join(_pieces(paragraph, {f"{W}t"})))
        for run in paragraph.iter(f"{W}r"):
            if run.find(f"{W}rPr/{W}vanish") is not None:
                yield Text(f"{here}, hidden text", "".join(_pieces(run, _RUN_TEXT)))


def _pieces(element: Any, letters: set[str]) -> Iterator[str]:
    for each in element.iter():
        if each.tag in letters:
            yield each.text or ""
        elif each.tag in _SPACES:
            yield _SPACES[each.tag]
        elif each.tag in _HYPHENS:
            yield _HYPHENS[each.tag]


def _rows(root: Any) -> dict[Any, str]:
    """Return for each table row its place, "table 1, row 3"; tables and rows count from 1."""
    return {
        row: f"table {number}, row {index}"
        for number, table in enumerate(root.iter(f"{W}tbl"), 1)
        for index, row in enumerate(table.iterchildren(f"{W}tr"), 1)
    }


def _within(paragraph: Any, place: str, rows: dict[Any, str]) -> str:
    if not rows:
        return place
    cell = next(paragraph.iterancestors(f"{W}tc"), None)
    row = cell.getparent() if cell is not None else None
    if row is None or row not in rows:
        return place
    return f"{place}, {rows[row]}, cell {1 + sum(1 for _ in cell.itersiblings(f'{W}tc', preceding=True))}"


def _attribute_texts(element: Any, place: str) -> Iterator[Text]:
    for name, value in element.attrib.items():
        local = name.rpartition("}")[2]
        what = "link" if local == "Target" else _FREE_TEXT.get(local)
        if element.tag == f"{W}bookmarkStart":
            what = "bookmark"
        if element.tag in _FREE_VALUES:
            what = "field"
        if what is not None and not _is_font_or_style(element.tag, local, value):
            yield Text(f"{place}, {what}" if not place.endswith(what) else place, f"{value}\ue000{unquote(value)}")
        elif not _is_mark_up(element.tag, local, value):
            yield Text(f"{place}, mark-up", value, technical=_LOOKS_WRITTEN.search(value) is None)


def _is_mark_up(tag: str, local: str, value: str) -> bool:
    return _KEYWORD.fullmatch(value) is not None or _is_font_or_style(tag, local, value)


def _is_font_or_style(tag: str, local: str, value: str) -> bool:
    if tag in _FONT_OR_STYLE or local in _FONT_ATTRIBUTES:
        return True
    words = _STYLE_WORD.findall(value)
    return tag in _STYLE_REFERENCES and all(word.lower() in _BUILT_IN_STYLE_WORDS for word in words)
