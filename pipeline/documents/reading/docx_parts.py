"""Every text of one XML part of a Word file: paragraphs, properties, links, and whatever else holds letters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lxml import etree

from pipeline.documents.reading.model import Text
from pipeline.documents.word.names import A, W

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_HAS_MORE = etree.XPath(
    "boolean(descendant::comment() | descendant::processing-instruction() | descendant::text()[normalize-space()]"
    "[preceding-sibling::* or not(parent::w:t or parent::w:delText or parent::w:instrText or parent::w:delInstrText)])",
    namespaces={"w": W[1:-1]},
)
_WITH_VALUES = etree.XPath("descendant-or-self::*[@*]")
_PARAGRAPH, _VANISH = f"{W}p", f"{W}vanish"
_SPACES = {f"{W}{name}": " " for name in ("tab", "br", "cr", "ptab", "txbxContent")}
_HYPHENS = {f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}

# Attributes in which a person writes words; everything else in a value is mark-up.
_FREE_TEXT = {
    "descr": "alternative text", "title": "alternative text", "alt": "alternative text", "tooltip": "link",
    "Target": "link", "author": "author", "initials": "author", "instr": "field", "anchor": "bookmark",
    "displayText": "list choice", "name": "name of an object", "string": "text of a shape",
}  # fmt: skip
_FREE = {
    f"{W}{name}"
    for name in ("alias", "tag", "docVar", "placeholder", "default", "statusText", "helpText", "bookmarkStart")
}

# Names of fonts, themes and built-in styles come with Word: a font called Shruti says nothing about Shruti.
_FONT_ATTRIBUTES = frozenset({"typeface", "ascii", "hAnsi", "cs", "eastAsia", "panose", "script"})
_FONT_OR_STYLE = {f"{W}{name}" for name in ("font", "lsdException", "latentStyles", "compatSetting")} | {
    f"{A}{name}" for name in ("theme", "clrScheme", "fontScheme", "fmtScheme")
}
_STYLE_REFERENCES = {
    f"{W}{name}" for name in ("style", "name", "pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "altName")
}
_BUILT_IN_STYLE_WORDS = frozenset(
    """
    accent acronym address and annotation article authorities background balloon bibliography block body book bullet
    caption char cite classic closing code colorful columns comment contemporary continue dark date default definition
    document elegant emphasis endnote envelope figures first followed followedhyperlink font footer footnote grid
    header heading html hyperlink indent index intense keyboard light line list macro map medium mention message no
    nolist normal note number of outline page paragraph placeholder plain preformatted professional quote reference
    return revision salutation sample section shading signature simple smart spacing strong style subject subtitle
    subtle table text theme title toa toc typewriter unresolved variable visited web
    """.split()  # noqa: SIM905 - a list of a hundred quoted words is not easier to read
)
_STANDARD_NAME = re.compile(
    r"https?://(?:schemas|purl|www\.w3)\.[^\s]*|application/[a-z0-9.+-]*|(?:/|\.\./)*(?:(?:word|docProps|customXml|_rels|theme)/)*"
    r"(?:document|styles|stylesWithEffects|settings|webSettings|fontTable|numbering|theme1|core|app|custom|comments\w*|people|"
    r"header\d*|footer\d*|footnotes|endnotes|item\d+|itemProps\d+|\[Content_Types\])?(?:\.xml)?(?:\.rels)?"
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
    """Yield every text of a part: paragraphs with their runs joined, other texts, values (each once), comments."""
    place = part_place(name)
    yield from _paragraph_texts(root, place)
    known: set[tuple[str, str, str]] = set()
    for element in root.iter() if _has_more_than_paragraphs_and_values(root) else _WITH_VALUES(root):
        tag = element.tag
        if not isinstance(tag, str):
            yield Text(f"{place}, XML comment", element.text or "")
            continue
        if tag not in _RUN_TEXT and element.text and element.text.strip():
            yield Text(place, element.text)
        if element.tail and element.tail.strip():
            yield Text(place, element.tail)
        for key, value in element.items():
            if (tag, key, value) in known:  # as nearly all of them are: a style, a width, a colour
                continue
            known.add((tag, key, value))
            local = key.rpartition("}")[2]
            if _KEYWORD.fullmatch(value) is None or local in _FREE_TEXT or tag in _FREE:
                yield from _value_texts(tag, local, value, place)


def _has_more_than_paragraphs_and_values(root: Any) -> bool:
    """Say whether there is an XML comment, an entity, or text outside runs; a page that was filled has none of these.

    Where XML says that a text is blank, Python says so, too.
    """
    return bool(_HAS_MORE(root)) or bool(root.getroottree().docinfo.doctype)


def is_standard_name(name: str) -> bool:
    """Say whether this is the name that Word itself gives a part, or the address of one of its schemas."""
    return _STANDARD_NAME.fullmatch(name) is not None


def _paragraph_texts(root: Any, place: str) -> Iterator[Text]:
    """Yield each paragraph with its runs joined; deleted text and fields apart, for they stand between the runs."""
    rows = _rows(root)
    hides = next(root.iter(_VANISH), None) is not None
    inside: dict[Any, list[Any]] = {paragraph: [] for paragraph in root.iter(_PARAGRAPH)}
    for each in root.iter(*_RUN_TEXT, *_SPACES, *_HYPHENS):
        for paragraph in each.iterancestors(_PARAGRAPH):
            inside[paragraph].append(each)
    for paragraph, elements in inside.items():
        pieces: dict[str, list[str]] = {}
        hidden: list[str] = []
        for each in elements:
            tag = each.tag
            if tag in _RUN_TEXT:
                pieces.setdefault(tag, []).append(each.text or "")
                if hides and each.getparent().find(f"{W}rPr/{_VANISH}") is not None:
                    hidden.append(each.text or "")
            else:
                pieces.setdefault(f"{W}t", []).append(_SPACES.get(tag) or _HYPHENS[tag])
        here = _within(paragraph, place, rows) if pieces else place
        for joined in pieces.values():
            yield Text(here, "".join(joined))
        if hidden:
            yield Text(f"{here}, hidden text", "".join(hidden))


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
    cell: Any = next(paragraph.iterancestors(f"{W}tc"), None)
    if cell is None or cell.getparent() not in rows:
        return place
    number = 1 + len(list(cell.itersiblings(f"{W}tc", preceding=True)))
    return f"{place}, {rows[cell.getparent()]}, cell {number}"


def _value_texts(tag: str, local: str, value: str, place: str) -> Iterator[Text]:
    if _is_font_or_style(tag, local, value) or is_standard_name(value):
        return
    what = "bookmark" if tag == f"{W}bookmarkStart" else "field" if tag in _FREE else _FREE_TEXT.get(local)
    if what is None:
        yield Text(f"{place}, mark-up", value, technical=_LOOKS_WRITTEN.search(value) is None)
        return
    here = place if place.endswith(what) else f"{place}, {what}"
    yield Text(here, value)
    if "%" in value:
        yield Text(here, unquote(value))


def _is_font_or_style(tag: str, local: str, value: str) -> bool:
    if tag in _FONT_OR_STYLE or local in _FONT_ATTRIBUTES:
        return True
    words = _STYLE_WORD.findall(value)
    return tag in _STYLE_REFERENCES and all(word.lower() in _BUILT_IN_STYLE_WORDS for word in words)
