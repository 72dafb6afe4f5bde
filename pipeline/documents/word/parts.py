"""Read and write the parts of a Word file, always in the same bytes."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTENT_TYPES = "[Content_Types].xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"

_MOST_NAMES = 256
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a ZIP file can hold
_UNIX = 3
_OWNER_ONLY = 0o600 << 16
_COMPRESSED_ALREADY = frozenset({".png", ".jpg", ".jpeg", ".gif"})
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


def read_parts(docx: bytes) -> dict[str, bytes]:
    """Return every part by its name, in the order of the file."""
    with ZipFile(BytesIO(docx)) as package:
        return {name: package.read(name) for name in package.namelist() if not name.endswith("/")}


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return a Word file of these parts: no dates, no names of machines, the same order whatever order they came in.

    Pictures that are compressed already are stored as they are.
    """
    buffer = BytesIO()
    with ZipFile(buffer, "w") as package:
        for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name != "_rels/.rels", name)):
            entry = ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _OWNER_ONLY
            stored = PurePosixPath(name).suffix.lower() in _COMPRESSED_ALREADY
            package.writestr(entry, parts[name], ZIP_STORED if stored else ZIP_DEFLATED, 6)
    return buffer.getvalue()


def parse(part: bytes) -> etree._Element:
    """Return the root of an XML part; entities and outside references are never followed."""
    return etree.fromstring(part, _PARSER)


def serialise(root: etree._Element) -> bytes:
    """Return an XML part as Word writes it."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


@lru_cache(maxsize=_MOST_NAMES)
def relationships_of(name: str) -> str:
    """Return the name of the part that holds a part's relationships; "" is the package itself."""
    path = PurePosixPath(name)
    return str(path.parent / "_rels" / f"{path.name}.rels") if name else "_rels/.rels"


@lru_cache(maxsize=_MOST_NAMES)
def target_of(source: str, target: str) -> str:
    """Return the name of the part a relationship of `source` leads to."""
    if target.startswith("/"):
        return target[1:]
    steps: list[str] = []
    for step in (*PurePosixPath(source).parent.parts, *PurePosixPath(target).parts):
        if step == "..":
            del steps[-1:]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def name_in_words(name: str) -> str:
    """Return what a reader calls a part: "DOCX, body", "DOCX, header 1", "DOCX, footnotes"."""
    stem = PurePosixPath(name).stem
    if stem == "document":
        return "DOCX, body"
    kind = stem.rstrip("0123456789")
    return f"DOCX, {kind} {stem[len(kind) :]}".rstrip()
