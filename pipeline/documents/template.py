"""Find a Word template, and refuse one that is more than a page of words before anything parses it."""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from pipeline.copies.model import Reader
from pipeline.errors import Problem, SetupError
from pipeline.service.toml import read_toml
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pipeline.copies.model import Copy

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
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
_HARMFUL_FIELDS: Final = re.compile(rb"(?i)>\s*(INCLUDE\w*|LINK|DDE\w*|DATABASE|RD)\s")
# What a tag would never be filled in. docxtpl fills the body, headers and footers; drafting.py the notes.
_NEVER_FILLED: Final = re.compile(r"(docProps/.*|word/comments.*|word/styles|word/numbering|word/glossary/.*)\.xml")
_TAG: Final = re.compile(rb"\{[\{%]")


@dataclass(frozen=True, slots=True)
class Template:
    """A Word template that is safe to fill.

    `titles` are what a document calls itself: "agreement", and "statement_only" and "outside" where they differ.
    `carries` says what a document made from it must hold ("agreement": every agreed word). Sizes are those of
    the free room above a signature's caption. `digest` is the SHA-256 of the Word file and its settings.
    """

    name: str
    language: str
    docx: bytes
    titles: Mapping[str, str]
    carries: str
    signature_width_mm: float
    signature_height_mm: float
    digest: str

    def title_for(self, copy: Copy) -> str:
        """Return what this copy calls itself, without its reference."""
        if copy.context["outcome"] == "statement_only":
            kind = "statement_only"
        else:
            kind = "outside" if copy.reader is Reader.OUTSIDE else "agreement"
        return self.titles.get(kind, self.titles["agreement"])


def load_template(name: str, language: str, *, service_folder: Path | None) -> Template:
    """Load the template `name` in `language`: the service's own where there is one, else the shipped one.

    Raises SetupError when there is none, or when it holds anything but words, pictures and tags.
    """
    if not _NAME.fullmatch(name):
        raise _fault(
            "The name of the template is not the name of a folder.",
            "Use small letters, digits and hyphens, such as standard.",
            "--template",
        )
    folder = _find(name, language, service_folder)
    file = folder / f"{name}.{language}.docx"
    settings_file = folder / "template.toml"
    docx, settings = file.read_bytes(), read_toml(settings_file)
    problems = tuple(_harms(docx, file.name))
    if problems:
        raise SetupError(problems)
    signature = settings.get("signature", {})
    return Template(
        name=name,
        language=language,
        docx=docx,
        titles=_titles(settings),
        carries=_setting(settings, "carries", str),
        signature_width_mm=float(_setting(signature, "width_mm", int | float)),
        signature_height_mm=float(_setting(signature, "height_mm", int | float)),
        digest=hashlib.sha256(docx + b"\0" + settings_file.read_bytes()).hexdigest(),
    )


def _find(name: str, language: str, service_folder: Path | None) -> Path:
    homes = [home for home in (service_folder, shipped("templates")) if home is not None]
    for home in homes:
        folder = home / name
        if _LANGUAGE.fullmatch(language) and (folder / f"{name}.{language}.docx").is_file():
            if not (folder / "template.toml").is_file():
                raise _fault("The template has no settings.", "Put a template.toml beside the Word file.", name)
            return folder
    raise _fault(
        "There is no template of this name in this language.",
        f"Look for a folder {name} with {name}.{language}.docx in it, or see 'agreements template list'.",
        name,
    )


def _titles(settings: dict[str, Any]) -> Mapping[str, str]:
    titles = settings.get("titles", {})
    _setting(titles, "agreement", str)
    return MappingProxyType({kind: _setting(titles, kind, str) for kind in titles})


def _setting(settings: dict[str, Any], key: str, kind: Any) -> Any:
    value = settings.get(key) if isinstance(settings, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _fault(
            f"The setting '{key}' is missing or of the wrong kind.",
            'A template.toml has carries = "agreement", agreement under [titles], and width_mm and height_mm under '
            "[signature].",
            f"template.toml, {key}",
        )
    return value


def _harms(docx: bytes, file_name: str) -> Iterator[Problem]:
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
    if name.casefold().endswith((".bin", ".exe", ".js", ".vbs", ".svg", ".emf", ".wmf", ".html", ".htm", ".rtf")):
        yield _problem(
            "This part may carry a macro, a program or an outside picture.",
            "Take it out; pictures are PNG or JPEG.",
            where,
        )
    if not name.endswith((".xml", ".rels")):
        return
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        yield _problem("A part begins with a document type, which Word never writes.", "Make it again in Word.", where)
        return
    if name.endswith(".rels"):
        yield from _harmful_relationships(data, where)
    elif _NEVER_FILLED.fullmatch(name) and _TAG.search(data):
        yield _problem("A tag stands where none is ever filled in.", "Move it to the page, a header or a note.", where)
    if name == "[Content_Types].xml" and b"macroEnabled" in data:
        yield _problem("This is a file with macros.", "Save it from Word as .docx.", where)
    if b"instrText" in data and _HARMFUL_FIELDS.search(data):
        yield _problem("A field fetches something from another file.", "Take the field out.", where)


def _harmful_relationships(data: bytes, where: str) -> Iterator[Problem]:
    try:
        tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        yield _problem("A part is damaged.", "Make the file again in Word.", where)
        return
    for relationship in tree.iter(_RELATIONSHIP):
        kind = posixpath.basename(relationship.get("Type", ""))
        target = relationship.get("Target", "")
        if kind in _HARMFUL_RELATIONSHIPS:
            yield _problem(f"It holds {_HARMFUL_RELATIONSHIPS[kind]}.", "Take it out of the template.", where)
        elif relationship.get("TargetMode") == "External" and not (
            kind == "hyperlink" and target.casefold().startswith(("https://", "http://", "mailto:"))
        ):
            yield _problem(
                "It points to something outside the file.",
                "Put pictures into the file; links may be web or e-mail addresses only.",
                where,
            )


def _problem(what: str, do: str, where: str) -> Problem:
    return Problem(what=what, do=do, where=where)


def _fault(what: str, do: str, where: str) -> SetupError:
    return SetupError([_problem(what, do, where)])
