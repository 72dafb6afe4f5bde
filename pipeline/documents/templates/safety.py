"""Refuse a Word template that is more than a page of words, before anything parses it."""

from __future__ import annotations

import io
import posixpath
import re
import stat
import zipfile
import zlib
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from pipeline.documents.word.names import W
from pipeline.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_MEMBERS: Final = 500
_LARGEST_MEMBER: Final = 20 * 1024 * 1024
_LARGEST_FILE: Final = 20 * 1024 * 1024
_LARGEST_TOTAL: Final = 60 * 1024 * 1024
_HIGHEST_RATIO: Final = 100
# A short part may shrink very well; only a large one is a bomb.
_RATIO_MATTERS_ABOVE: Final = 1024 * 1024

_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_HARMFUL_RELATIONSHIPS: Final = {
    "oleObject": "an embedded object",
    "package": "an embedded file",
    "aFChunk": "another document pasted in as a whole (altChunk)",
    "attachedTemplate": "a link to another template",
    "subDocument": "a link to another document",
    "frame": "a frame",
    "control": "an ActiveX control",
    "vbaProject": "a macro",
    "mailMergeSource": "a mail-merge source",
    "mailMergeHeaderSource": "a mail-merge source",
}
# Fields that take what they show from the page itself; every other kind may fetch a file, or changes by itself.
_FIELD: Final = re.compile(
    r"(?i)\s*((PAGE|NUMPAGES|SECTION|SECTIONPAGES|STYLEREF|REF|PAGEREF|NOTEREF|SEQ|TOC|SYMBOL)(\s.*)?"
    r'|HYPERLINK\s+(\\l\s.*|"(https?://|mailto:).*))',
    re.DOTALL,
)
_SUFFIXES: Final = (".xml", ".rels", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".odttf", ".ttf", ".otf")
_XML_ENCODING: Final = re.compile(rb"""\A(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)""")
# What a tag would never be filled in. docxtpl fills the body, headers and footers; drafting.py the notes.
_NEVER_FILLED: Final = re.compile(
    r"(docProps/.*|word/comments.*|word/styles|word/numbering|word/glossary/.*)\.xml", re.IGNORECASE
)
_TAG: Final = re.compile(rb"\{[\{%]")


_OPENS: Final = re.compile(rb"\{")
_CLOSES: Final = re.compile(rb"\}")
_MOST_OPENINGS: Final = 20_000
_FARTHEST: Final = 20_000_000
"""Bytes from every brace to the next one that closes, all together: a page has some hundred thousand."""


def harms(docx: bytes, file_name: str) -> Iterator[Problem]:
    """Find everything that keeps a Word file from being used; each problem names the part."""
    if len(docx) > _LARGEST_FILE:
        yield _problem("The file is larger than 20 MB.", "Use smaller pictures.", file_name)
        return
    try:
        package = zipfile.ZipFile(io.BytesIO(docx))
    except (zipfile.BadZipFile, NotImplementedError):
        yield _problem("This is not a Word file.", "Save it from Word as .docx.", file_name)
        return
    with package:
        shape = list(_harms_of_shape(package, file_name))
        yield from shape
        if shape:
            return
        for member in package.infolist():
            yield from _harms_of_part(package, member, file_name)


def _harms_of_shape(package: zipfile.ZipFile, file_name: str) -> Iterator[Problem]:
    members = package.infolist()
    names = [member.filename.casefold() for member in members]
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _LARGEST_TOTAL:
        yield _problem("The file unpacks to more than a template needs.", "Make it again in Word.", file_name)
    if len(set(names)) != len(names):
        yield _problem("A part is there twice.", "Make the file again in Word.", file_name)
    if "word/document.xml" not in names:
        yield _problem("There is no page in this file.", "Save it from Word as .docx.", file_name)
    for member in members:
        where = f"{file_name}, {member.filename}"
        parts = member.filename.split("/")
        if member.filename.startswith("/") or "\\" in member.filename or ":" in parts[0] or ".." in parts:
            yield _problem("A part lies outside the file.", "Make the file again in Word.", where)
        if member.flag_bits & 0x1:
            yield _problem("A part is encrypted.", "Save the file without a password.", where)
        if stat.S_ISLNK(member.external_attr >> 16):
            yield _problem("A part is a link.", "Make the file again in Word.", where)
        large = member.file_size > _RATIO_MATTERS_ABOVE
        if member.file_size > _LARGEST_MEMBER or (
            large and member.file_size > _HIGHEST_RATIO * max(member.compress_size, 1)
        ):
            yield _problem("A part unpacks to more than a template needs.", "Make the file again in Word.", where)


def _harms_of_part(package: zipfile.ZipFile, member: zipfile.ZipInfo, file_name: str) -> Iterator[Problem]:
    where = f"{file_name}, {member.filename}"
    try:
        with package.open(member) as stream:
            data = stream.read(_LARGEST_MEMBER + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError):
        yield _problem("A part cannot be unpacked.", "Make the file again in Word.", where)
        return
    name = member.filename
    if len(data) > _LARGEST_MEMBER:
        yield _problem("A part unpacks to more than a template needs.", "Make the file again in Word.", where)
        return
    if not name.casefold().endswith((*_SUFFIXES, "/")):
        yield _problem(
            "This part may carry a macro, a program or an outside picture.",
            "Take it out; pictures are PNG or JPEG.",
            where,
        )
    if not name.casefold().endswith((".xml", ".rels")):
        return
    tree = _parsed(data)
    if tree is None:
        what = "A part is damaged, or written as Word never writes: not in UTF-8, or with a document type."
        yield _problem(what, "Make the file again in Word.", where)
        return
    if name.casefold().endswith(".rels"):
        yield from (problem for problem, _ in harmful_relationships(tree, where))
    else:
        yield from _harms_of_page(name, data, tree, where)


def _harms_of_page(name: str, data: bytes, tree: Any, where: str) -> Iterator[Problem]:
    if _NEVER_FILLED.fullmatch(name) and _TAG.search(data):
        yield _problem("A tag stands where none is ever filled in.", "Move it to the page, a header or a note.", where)
    if name.casefold() == "[content_types].xml" and b"macroenabled" in data.lower():
        yield _problem("This is a file with macros.", "Save it from Word as .docx.", where)
    if _tags_are_endless(data):
        yield _problem("The tags of this part are too many, or do not end.", "Close every tag with }} or %}.", where)
    yield from (problem for problem, _ in list(harmful_fields(tree, where))[:1])
    if any(next(text.iterancestors(f"{W}p"), None) is None for text in tree.iter(f"{W}t")):
        yield _problem("Text stands outside any paragraph.", "Make the file again in Word.", where)


def _tags_are_endless(data: bytes) -> bool:
    """Say whether looking for the end of each tag would take for ever: docxtpl looks from each one anew."""
    opening = [found.start() for found in _OPENS.finditer(data)]
    closing = [found.start() for found in _CLOSES.finditer(data)] + [len(data)]
    if len(opening) > _MOST_OPENINGS:
        return True
    return sum(closing[bisect_left(closing, place)] - place for place in opening) > _FARTHEST


def _parsed(data: bytes) -> Any:
    """Parse a part that is plain UTF-8 without a document type; None for anything else."""
    encoding = _XML_ENCODING.match(data)
    if (encoding and encoding[1].lower() != b"utf-8") or b"\0" in data or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return None
    try:
        data.decode("utf-8")
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (UnicodeDecodeError, etree.XMLSyntaxError):
        return None


def harmful_fields(tree: Any, where: str) -> Iterator[tuple[Problem, Any]]:
    """Find each field of a part that fetches something or has no business on a page, with the element it begins at."""
    for instruction, element in _instructions(tree):
        if not _FIELD.fullmatch(instruction):
            what = "A field fetches something, or is of a kind no page needs."
            do = "Take the field out; page numbers and web addresses may stay."
            yield _problem(what, do, where), element


def harmful_relationships(tree: Any, where: str) -> Iterator[tuple[Problem, str]]:
    """Find each relationship of a part that leads to something harmful, with its id."""
    for relationship in tree.iter(_RELATIONSHIP):
        kind = posixpath.basename(relationship.get("Type", ""))
        target = relationship.get("Target", "")
        if kind in _HARMFUL_RELATIONSHIPS:
            problem = _problem(f"It holds {_HARMFUL_RELATIONSHIPS[kind]}.", "Take it out of the template.", where)
            yield problem, relationship.get("Id", "")
        elif relationship.get("TargetMode") == "External" and not (
            kind == "hyperlink" and target.casefold().startswith(("https://", "http://", "mailto:"))
        ):
            problem = _problem(
                "It points to something outside the file.",
                "Put pictures into the file; links may be web or e-mail addresses only.",
                where,
            )
            yield problem, relationship.get("Id", "")


def _instructions(tree: Any) -> Iterator[tuple[str, Any]]:
    """Give what each field of a part says, however many runs it is spread over, and where it begins."""
    open_fields: list[tuple[list[str], Any]] = []
    for element in tree.iter("{*}fldSimple", "{*}fldChar", "{*}instrText", "{*}delInstrText"):
        values = {etree.QName(key).localname: value for key, value in element.attrib.items()}
        kind = etree.QName(element).localname
        if kind == "fldSimple":
            yield values.get("instr", ""), element
        elif kind == "fldChar" and values.get("fldCharType") == "begin":
            open_fields.append(([], element))
        elif kind == "fldChar" and values.get("fldCharType") == "end" and open_fields:
            texts, begin = open_fields.pop()
            yield "".join(texts), begin
        elif kind != "fldChar" and open_fields:
            open_fields[-1][0].append(element.text or "")
        elif kind != "fldChar":
            yield element.text or "", element
    yield from (("".join(texts), begin) for texts, begin in open_fields)


def _problem(what: str, do: str, where: str) -> Problem:
    return Problem(what=what, do=do, where=where)
