"""Clean a filled Word file: nothing of its history, the same bytes every time, and only parts the text needs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.documents.word.parts import (
    CONTENT_TYPES,
    RELATIONSHIPS,
    R,
    W,
    parse,
    relationships_of,
    serialise,
    target_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_CORE_TYPE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_DOCUMENT_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CORE_CONTENT = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_PART = "docProps/core.xml"
_CONTENT = "{http://schemas.openxmlformats.org/package/2006/content-types}"

_USED_WITHOUT_A_MENTION = frozenset(
    _TYPE + kind for kind in ("styles", "numbering", "settings", "fontTable", "theme", "footnotes", "endnotes")
)
"""Relationships Word follows though no element names their id; every other one is kept only when one does."""
_NEVER_KEPT = frozenset({_TYPE + "attachedTemplate", _TYPE + "mailMergeSource", _TYPE + "mailMergeHeaderSource"})

_SAME_IN_EVERY_COPY = frozenset({"styles.xml", "numbering.xml", "settings.xml", "fontTable.xml", "theme1.xml"})
"""Parts that come from the template and hold nothing of a record, so they are cleaned once."""

_FORGOTTEN_SETTINGS = frozenset(
    W + name
    for name in (
        "rsids",
        "docVars",
        "attachedTemplate",
        "linkStyles",
        "mailMerge",
        "proofState",
        "revisionView",
        "trackRevisions",
        "attachedSchema",
        "schemaLibrary",
        "saveThroughXslt",
        "savePreviewPicture",
        "documentType",
    )
) | {
    "{http://schemas.microsoft.com/office/word/2010/wordml}docId",
    "{http://schemas.microsoft.com/office/word/2012/wordml}docId",
    "{http://schemas.microsoft.com/office/word/2012/wordml}chartTrackingRefBased",
}
_FORGOTTEN_MARKS = frozenset(
    W + name
    for name in (
        "commentRangeStart",
        "commentRangeEnd",
        "commentReference",
        "proofErr",
        "permStart",
        "permEnd",
        "dataBinding",
        "lastRenderedPageBreak",
        # what somebody deleted, and how it looked before
        "del",
        "moveFrom",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
        "rPrChange",
        "pPrChange",
        "sectPrChange",
        "tblPrChange",
        "tblPrExChange",
        "tblGridChange",
        "tcPrChange",
        "trPrChange",
        "numberingChange",
        "cellIns",
        "cellDel",
        "cellMerge",
    )
)
_ACCEPTED = frozenset({W + "ins", W + "moveTo"})
_DELETED, _ROW_PROPERTIES, _SETTINGS = W + "del", W + "trPr", W + "settings"
_REVISION_IDS = etree.XPath("//@w:*[starts-with(local-name(), 'rsid')]", namespaces={"w": W[1:-1]})
_MENTIONED_IDS = etree.XPath("//@r:*", namespaces={"r": R[1:-1]}, smart_strings=False)
_BOOKMARK_START, _BOOKMARK_END = W + "bookmarkStart", W + "bookmarkEnd"


_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_IGNORABLE = _COMPATIBILITY + "Ignorable"


def normalise(parts: Mapping[str, bytes], *, title: str, language: str, subject: str = "") -> dict[str, bytes]:
    """Return the parts of the same document without its history, and with this title and language.

    Kept are the parts the text is shown with: styles, numbering, settings, fonts, theme, headers, footers, notes,
    pictures and links. Gone are author, dates, thumbnail, custom properties and custom XML, comments and their
    people, tracked changes (accepted), revision ids, document variables, the path of the template, macros and the
    glossary. Content types and relationships are written anew, so Word opens the file. Bookmarks that a loop in the
    template repeated are numbered again, and a name is kept once. The same input gives the same bytes.
    """
    main = _main_part(parts)
    kept = _reachable(parts, main)
    content_types = _content_types(parts[CONTENT_TYPES], frozenset(kept), main=main)
    package = {CONTENT_TYPES: content_types, "_rels/.rels": _package_relationships(main), **kept}
    package[_CORE_PART] = _core_properties(title=title, language=language, subject=subject)
    return package


def _main_part(parts: Mapping[str, bytes]) -> str:
    for relationship in parse(parts["_rels/.rels"]):
        if relationship.get("Type") == _TYPE + "officeDocument":
            return target_of("", relationship.get("Target", ""))
    return "word/document.xml"


def _reachable(parts: Mapping[str, bytes], main: str) -> dict[str, bytes]:
    """Return the cleaned parts that the main part leads to, each with its relationships."""
    kept: dict[str, bytes] = {}
    waiting = [main]
    while waiting:
        name = waiting.pop()
        if name in kept or name not in parts:
            continue
        mentioned: frozenset[str] = frozenset()
        kept[name] = parts[name]
        if name.endswith(".xml"):
            cleaned = _cleaned_once if name.rpartition("/")[2] in _SAME_IN_EVERY_COPY else _cleaned
            kept[name], mentioned = cleaned(parts[name])
        listing = relationships_of(name)
        if listing in parts:
            shorter, targets = _needed_relationships(parts[listing], name, mentioned)
            waiting += targets
            if shorter:
                kept[listing] = shorter
    return kept


def _cleaned(part: bytes) -> tuple[bytes, frozenset[str]]:
    """Return a part without its history, and the ids of the relationships it mentions."""
    root = parse(part)
    if b"rsid" in part:
        for value in _REVISION_IDS(root):
            del value.getparent().attrib[value.attrname]
    _clean(root)
    _forget_namespaces(root)
    return serialise(root), frozenset(_MENTIONED_IDS(root))


_cleaned_once = lru_cache(maxsize=32)(_cleaned)


def _forget_namespaces(root: etree._Element) -> None:
    """Drop the two dozen namespaces that Word declares and never uses: rdocx reads a part three times slower with them.

    Namespaces that a program may ignore stay if something of theirs is in the part (ECMA-376-3, 7.2).
    """
    if next(root.iter(_COMPATIBILITY + "*"), None) is None:  # a choice names namespaces, too, by their prefix
        ignorable = str(root.attrib.pop(_IGNORABLE, "")).split()
        used = [prefix for prefix in ignorable if prefix in root.nsmap and _anything_of(root.nsmap[prefix])(root)]
        if used:
            root.set(_IGNORABLE, " ".join(used))
    named = " ".join(str(value) for key, value in root.attrib.items() if key.startswith(_COMPATIBILITY)).split()
    etree.cleanup_namespaces(root, keep_ns_prefixes=named)


@lru_cache(maxsize=32)
def _anything_of(namespace: str) -> etree.XPath:
    return etree.XPath("boolean(//of:* | //@of:*)", namespaces={"of": namespace})


@lru_cache(maxsize=32)  # the listing comes from the template
def _needed_relationships(
    listing: bytes, source: str, mentioned: frozenset[str]
) -> tuple[bytes | None, tuple[str, ...]]:
    """Return the list of the relationships that are needed, if any are, and the parts that they lead to."""
    root = parse(listing)
    targets = []
    for relationship in list(root):
        kind = relationship.get("Type", "")
        needed = kind in _USED_WITHOUT_A_MENTION or relationship.get("Id") in mentioned
        if not needed or kind in _NEVER_KEPT:
            root.remove(relationship)
        elif relationship.get("TargetMode") != "External":
            targets.append(target_of(source, relationship.get("Target", "")))
    return serialise(root) if len(root) else None, tuple(targets)


def _clean(root: etree._Element) -> None:
    """Take changes and their marks out of one part."""
    for deleted in list(root.iter(_DELETED)):
        row = deleted.getparent().getparent()
        if deleted.getparent().tag == _ROW_PROPERTIES and row is not None and row.getparent() is not None:
            row.getparent().remove(row)
    forgotten = _FORGOTTEN_MARKS | _FORGOTTEN_SETTINGS if root.tag == _SETTINGS else _FORGOTTEN_MARKS
    for element in list(root.iter(*forgotten)):
        element.getparent().remove(element)
    for element in list(root.iter(*_ACCEPTED)):
        _unwrap(element, element.getparent())
    _number_bookmarks(root)


def _unwrap(element: etree._Element, parent: etree._Element) -> None:
    place = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(place, child)
    parent.remove(element)


def _number_bookmarks(root: etree._Element) -> None:
    """Give bookmarks numbers in reading order; the first of a name stays, an end without a start goes."""
    names: set[str] = set()
    open_bookmarks: dict[str, list[str | None]] = {}
    for element in list(root.iter(_BOOKMARK_START, _BOOKMARK_END)):
        old = element.get(W + "id", "")
        if element.tag == _BOOKMARK_START:
            name = element.get(W + "name", "")
            number = None if name in names else str(len(names))
            names.add(name)
            open_bookmarks.setdefault(old, []).append(number)
        else:
            number = open_bookmarks[old].pop() if open_bookmarks.get(old) else None
        if number is None:
            element.getparent().remove(element)
        else:
            element.set(W + "id", number)


@lru_cache(maxsize=32)  # the listing and the names come from the template
def _content_types(listing: bytes, kept: frozenset[str], *, main: str) -> bytes:
    """Return the content types of the kept parts only; a template or macro document becomes a plain one."""
    types = etree.Element(_CONTENT + "Types", nsmap={None: _CONTENT[1:-1]})
    old = parse(listing)
    suffixes = {PurePosixPath(name).suffix.lower()[1:] for name in kept} | {"rels", "xml"}
    defaults = {entry.get("Extension", "").lower(): entry for entry in old.iter(_CONTENT + "Default")}
    overrides = {
        entry.get("PartName", "").lstrip("/"): entry.get("ContentType") for entry in old.iter(_CONTENT + "Override")
    }
    for suffix in sorted(suffixes & defaults.keys()):
        _entry(types, "Default", Extension=suffix, ContentType=defaults[suffix].get("ContentType", ""))
    for name in sorted(overrides.keys() & kept):
        kind = _DOCUMENT_CONTENT if name == main else str(overrides[name])
        _entry(types, "Override", PartName=f"/{name}", ContentType=kind)
    _entry(types, "Override", PartName=f"/{_CORE_PART}", ContentType=_CORE_CONTENT)
    return serialise(types)


@lru_cache(maxsize=8)
def _package_relationships(main: str) -> bytes:
    root = etree.Element(RELATIONSHIPS + "Relationships", nsmap={None: RELATIONSHIPS[1:-1]})
    for number, (kind, target) in enumerate(((_TYPE + "officeDocument", main), (_CORE_TYPE, _CORE_PART)), start=1):
        relationship = etree.SubElement(root, RELATIONSHIPS + "Relationship")
        relationship.attrib.update({"Id": f"rId{number}", "Type": kind, "Target": target})
    return serialise(root)


def _core_properties(*, title: str, language: str, subject: str) -> bytes:
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    elements = "http://purl.org/dc/elements/1.1/"
    root = etree.Element(f"{{{core}}}coreProperties", nsmap={"cp": core, "dc": elements})
    for name, value in (("title", title), ("subject", subject), ("language", language)):
        if value:
            etree.SubElement(root, f"{{{elements}}}{name}").text = value
    return serialise(root)


def _entry(types: etree._Element, tag: str, **attributes: str) -> None:
    etree.SubElement(types, _CONTENT + tag).attrib.update(attributes)
