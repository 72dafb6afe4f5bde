"""Embed fonts in a Word file as Word does: hidden behind a key, listed in the font table (ECMA-376-1, 17.8).

Whether a font may be embedded stands in the font itself, in the field fsType of its table OS/2 (OpenType 1.9).
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from pipeline.documents.word.fonts import obfuscated
from pipeline.documents.word.parts import (
    CONTENT_TYPES,
    RELATIONSHIPS,
    R,
    W,
    parse,
    read_parts,
    relationships_of,
    serialise,
    target_of,
    write_parts,
)
from pipeline.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TABLE: Final = "word/fontTable.xml"
_MAIN: Final = "word/document.xml"
_TYPE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TABLE_CONTENT: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"
_FONT_CONTENT: Final = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_CONTENT: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_STYLES: Final = ("embedRegular", "embedBold", "embedItalic", "embedBoldItalic")
_BEFORE_EMBED_SETTING: Final = frozenset(
    W + name
    for name in (
        "writeProtection",
        "view",
        "zoom",
        "removePersonalInformation",
        "removeDateAndTime",
        "doNotDisplayPageBoundaries",
        "displayBackgroundShape",
        "printPostScriptOverText",
        "printFractionalCharacterWidth",
        "printFormsData",
    )
)

_TRUETYPE: Final = (b"\x00\x01\x00\x00", b"true")
_USAGE, _EDITABLE, _NO_SUBSETS, _BITMAPS_ONLY = 0x000F, 0x0008, 0x0100, 0x0200
_ITALIC, _BOLD = 0x01, 0x20


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: its family as Word calls it, and which of the four styles it is."""

    family: str
    style: str
    data: bytes


def read_face(data: bytes, where: str) -> Face | Problem:
    """Return the face that a font file holds, or why it cannot be embedded.

    Refused is what is no plain TrueType font, and what its licence keeps from being embedded in a file that can be
    edited, or cut down to the letters that are used, as in a PDF. Where several uses are named, the freest counts.
    """
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - few templates have fonts, and it is large

    if not data.startswith(_TRUETYPE):
        return _problem("This is not a TrueType font.", "Word embeds files that end in .ttf and no others.", where)
    try:
        with TTFont(BytesIO(data), lazy=True) as font:
            table, names = font["OS/2"], font["name"]
            family, rights, selection = names.getDebugName(1), int(table.fsType), int(table.fsSelection)
            varies, mapped = "fvar" in font, bool(font.getBestCmap())
    except (TTLibError, KeyError, AttributeError, AssertionError, ValueError, struct.error):
        return _problem("The font is damaged, or does not say what may be done with it.", "Get it anew.", where)
    if not family or not mapped or varies:
        do = "Take one file for each of regular, bold, italic and bold italic."
        return _problem("The font has no name, no letters, or changes its weight as it goes.", do, where)
    usage = rights & _USAGE
    if (usage and not usage & _EDITABLE) or rights & (_NO_SUBSETS | _BITMAPS_ONLY):
        do = "Take another font, or ask its maker for a licence that allows it."
        return _problem("The licence of this font forbids embedding it in a file that can be edited.", do, where)
    style = _STYLES[(1 if selection & _BOLD else 0) + (2 if selection & _ITALIC else 0)]
    return Face(family, style, data)


def embed_faces(docx: bytes, faces: Iterable[Face]) -> bytes:
    """Return the Word file with these faces in it; one that is there already is replaced."""
    parts = read_parts(docx)
    table = parse(parts[_TABLE]) if _TABLE in parts else etree.Element(W + "fonts", nsmap={"w": W[1:-1], "r": R[1:-1]})
    listing = _listing(parts, _TABLE)
    types = parse(parts[CONTENT_TYPES])
    for number, face in enumerate(sorted(faces, key=lambda face: (face.family, _STYLES.index(face.style))), 1):
        name, name_id = f"word/fonts/own{number}.odttf", f"rIdOwn{number}"
        key = _key(face.data)
        parts[name] = obfuscated(face.data, key)
        _relate(listing, name_id, "font", f"fonts/own{number}.odttf")
        _name(table, face, name_id, key)
    parts[_TABLE], parts[relationships_of(_TABLE)] = serialise(table), serialise(listing)
    _declare(types, "Default", Extension="odttf", ContentType=_FONT_CONTENT)
    _declare(types, "Override", PartName=f"/{_TABLE}", ContentType=_TABLE_CONTENT)
    main = _listing(parts, _MAIN)
    if not any(target_of(_MAIN, entry.get("Target", "")) == _TABLE for entry in main):
        _relate(main, "rIdOwnFonts", "fontTable", "fontTable.xml")
    parts |= {CONTENT_TYPES: serialise(types), relationships_of(_MAIN): serialise(main)}
    if "word/settings.xml" in parts:
        parts["word/settings.xml"] = _with_embedding_on(parts["word/settings.xml"])
    return write_parts(parts)


def _listing(parts: dict[str, bytes], source: str) -> Any:
    name = relationships_of(source)
    if name in parts:
        return parse(parts[name])
    return etree.Element(RELATIONSHIPS + "Relationships", nsmap={None: RELATIONSHIPS[1:-1]})


def _relate(listing: Any, name: str, kind: str, target: str) -> None:
    etree.SubElement(listing, RELATIONSHIPS + "Relationship").attrib.update(
        {"Id": name, "Type": _TYPE + kind, "Target": target}
    )


def _name(table: Any, face: Face, relationship: str, key: str) -> None:
    """Write a face into the table, the four styles of a family in the order that Word expects."""
    font = next((each for each in table.iter(W + "font") if each.get(W + "name") == face.family), None)
    if font is None:
        font = etree.SubElement(table, W + "font", {W + "name": face.family})
    for old in font.findall(W + face.style):
        font.remove(old)
    entry = font.makeelement(W + face.style, {R + "id": relationship, W + "fontKey": key})
    later = [W + style for style in _STYLES[_STYLES.index(face.style) + 1 :]]
    following = next((child for child in font if child.tag in later), None)
    if following is None:
        font.append(entry)
    else:
        following.addprevious(entry)


def _declare(types: Any, tag: str, **attributes: str) -> None:
    known: Iterator[Any] = types.iter(_CONTENT + tag)
    if not any(dict(entry.attrib) == attributes for entry in known):
        entry = types.makeelement(_CONTENT + tag, attributes)
        if tag == "Default":
            types.insert(0, entry)
        else:
            types.append(entry)


def _with_embedding_on(settings: bytes) -> bytes:
    """Tell Word to keep the fonts when somebody saves the file."""
    root = parse(settings)
    if root.find(W + "embedTrueTypeFonts") is None:
        place = sum(1 for child in root if child.tag in _BEFORE_EMBED_SETTING)
        root.insert(place, root.makeelement(W + "embedTrueTypeFonts", {}))
    return serialise(root)


def _key(data: bytes) -> str:
    """Return the key of a font: the same font has the same one, so that the same copy has the same bytes."""
    digits = hashlib.sha256(data).hexdigest()[:32].upper()
    return f"{{{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}}}"


def _problem(what: str, do: str, where: str) -> Problem:
    return Problem(what, do, where=where)
