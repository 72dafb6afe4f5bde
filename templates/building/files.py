"""The files as they are kept: a Word file with nothing of this machine in it, and the placeholder of a logo."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.document import Document


def packed(document: Document, *, title: str, language: str = "en") -> bytes:
    """Return the Word file with nothing of this machine or this day in it."""
    properties = document.core_properties
    properties.title, properties.language = title, {"en": "en-GB", "cy": "cy-GB"}.get(language, language)
    properties.author = properties.comments = properties.last_modified_by = properties.keywords = ""
    package: Any = document.part.package
    for relations in (package.rels, document.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(("/thumbnail", "/customXml", "/stylesWithEffects", "/numbering")):
                relations.pop(key)
    settings = document.settings.element
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")  # Word 2013 and later, so that Word says nothing of compatibility
    for leftover in ("w:rsids", "w:themeFontLang", "w:savePreviewPicture"):
        for found in settings.findall(qn(leftover)):
            settings.remove(found)
    written = io.BytesIO()
    document.save(written)
    steady = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(steady, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return steady.getvalue()


def placeholder_logo() -> bytes:
    """Draw the placeholder of the logo: a pale box, three times as wide as it is high."""
    width, height = 126, 42
    pale, edge = b"\xee\xf3\xf4", b"\xb9\xc7\xca"
    rows = []
    for y in range(height):
        line = bytearray(b"\0")
        for x in range(width):
            line += edge if x in {0, width - 1} or y in {0, height - 1} else pale
        rows.append(bytes(line))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"".join(rows), 0))
        + chunk(b"IEND", b"")
    )
