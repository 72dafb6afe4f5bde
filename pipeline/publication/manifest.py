"""`manifest.json`: what a published version was made from, and what it holds.

It tells whether anything has to be made again, and later whether a file is still the one that was made. No
times, paths, names of input files or names of people stand in it, so that the same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pipeline.validation.check import problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pipeline.copies.model import Copy

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """Everything that decides the bytes of the copies; two equal values mean equal copies.

    `templates` gives the digest of the template for each language that was used. Digests are SHA-256 in hex.
    """

    program: str
    engine: str
    engine_version: str
    profiles: tuple[str, ...]
    template: str
    templates: Mapping[str, str]
    service: str
    record: str


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """One file: its path below the version's folder, its digest and size, and the pages of a PDF.

    `page_codes` holds the small code printed on each page of a PDF, in order: what the code means stands here only.
    """

    name: str
    sha256: str
    bytes: int
    pages: int | None = None
    page_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureEntry:
    """What is on record of one signatory: ids and words of the schema, never a name or a reason.

    `method` is that of the signing record ("pen", "declined", ...), `on` an ISO date, `page` "own" or "shared".
    """

    participant: str
    capacity: str
    method: str
    on: str | None
    page: str


@dataclass(frozen=True, slots=True)
class CopyEntry:
    """One copy: for whom, of which kind, in which language, with which agreement code.

    `files` are the DOCX, the PDF and, for a screen reader, plain text and HTML, in this order. `extra` names a paper
    that nobody signs.
    """

    reader: str
    kind: str
    language: str
    code: str
    files: tuple[ManifestFile, ...]
    signed: ManifestFile | None = None
    sealed: ManifestFile | None = None
    extra: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What tells this copy from the others of the version: the names of its files."""
        return tuple(file.name for file in self.files)


@dataclass(frozen=True, slots=True)
class BuiltCopy:
    """A copy that can be published: its entry and the bytes of its files, by their paths."""

    entry: CopyEntry
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version, in the order in which its copies were planned.

    `signature_mm` is the width and height of the room above a signature's caption. `signatures` is empty until
    somebody signs. `scan` is the signed paper, scanned, which the service holds.
    """

    ref: str
    version: int
    draft: bool
    made_from: MadeFrom
    copies: tuple[CopyEntry, ...]
    signature_mm: tuple[float, float]
    signatures: tuple[SignatureEntry, ...] = ()
    scan: ManifestFile | None = None


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def file_names(copy: Copy) -> tuple[str, ...]:
    """Return where the DOCX and the PDF of a copy lie below the version's folder, then of text and HTML, if any."""
    plain = (".txt", ".html") if copy.format == "screen_reader" else ()
    return tuple(f"{copy.folder}/{copy.stem}{ending}" for ending in (".docx", ".pdf", *plain))


def entry_for(  # noqa: PLR0913 (each is what is known of one file)
    copy: Copy, *, docx: bytes, pdf: bytes, pages: int, page_codes: tuple[str, ...] = (), plain: tuple[bytes, ...] = ()
) -> CopyEntry:
    """Return the entry of a copy that has been made.

    `page_codes` are those printed on the pages of the PDF; `plain` are text and HTML for a screen reader.
    """
    docx_name, pdf_name, *plain_names = file_names(copy)
    return CopyEntry(
        reader=copy.reader_id,
        kind=copy.reader.value,
        language=copy.language,
        code=copy.code,
        extra=copy.extra,
        files=(
            ManifestFile(docx_name, digest(docx), len(docx)),
            ManifestFile(pdf_name, digest(pdf), len(pdf), pages, page_codes),
            *(ManifestFile(name, digest(data), len(data)) for name, data in zip(plain_names, plain, strict=True)),
        ),
    )


def describes(entry: CopyEntry, copy: Copy) -> bool:
    """Say whether the entry is of this copy, in every point that is known before it is made."""
    return (entry.key, entry.reader, entry.kind, entry.language, entry.code, entry.extra) == (
        file_names(copy),
        copy.reader_id,
        copy.reader.value,
        copy.language,
        copy.code,
        copy.extra,
    )


def says_the_same(manifest: Manifest, copies: Iterable[Copy]) -> bool:
    """Say whether the signed copies of a version are those that these copies would be: same files, same agreed words.

    Papers that nobody signs do not count: a service may have more or fewer of them made at any time.
    """
    made = {entry.key: entry.code for entry in manifest.copies if entry.extra is None}
    return made == {file_names(copy): copy.code for copy in copies if copy.extra is None}


def to_bytes(manifest: Manifest) -> bytes:
    """Return the manifest as it stands in the file: JSON, two spaces, UTF-8, in the order of its schema."""
    made_from = manifest.made_from
    document = {
        "manifest": FORMAT,
        "ref": manifest.ref,
        "version": manifest.version,
        "draft": manifest.draft,
        "program": made_from.program,
        "engine": {
            "name": made_from.engine,
            "version": made_from.engine_version,
            "profiles": list(made_from.profiles),
        },
        "template": {"name": made_from.template, "digests": dict(sorted(made_from.templates.items()))},
        "service": made_from.service,
        "record": made_from.record,
        "signature_mm": list(manifest.signature_mm),
        "copies": [_copy_document(entry) for entry in manifest.copies],
    }
    if manifest.signatures:
        document["signatures"] = [_without_none(asdict(entry)) for entry in manifest.signatures]
    if manifest.scan is not None:
        document["scan"] = _file_document(manifest.scan)
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest in a version's folder; None where there is none that this program could have written."""
    try:
        return from_bytes((folder / NAME).read_bytes())
    except OSError:
        return None


def from_bytes(data: bytes) -> Manifest | None:
    """Return the manifest in the bytes of a file; None where this program could not have written it."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return None if problems(document, "manifest") else _from(document)


def from_own_bytes(data: bytes) -> Manifest:
    """Return the manifest in bytes that are known, by their digest, to be those this program wrote."""
    return _from(json.loads(data))


def unchanged(entries: Iterable[CopyEntry], folder: Path) -> bool:
    """Say whether every file of these copies is there, byte for byte as it was made."""
    return all(
        not (folder / file.name).is_symlink()
        and (folder / file.name).is_file()
        and digest((folder / file.name).read_bytes()) == file.sha256
        for entry in entries
        for file in entry.files
    )


def listed(manifest: Manifest | None) -> tuple[str, ...]:
    """Return the paths of everything the manifest speaks for, itself included."""
    if manifest is None:
        return ()
    files = [file for entry in manifest.copies for file in (*entry.files, entry.signed, entry.sealed)]
    return (NAME, *(file.name for file in (*files, manifest.scan) if file is not None))


def _copy_document(entry: CopyEntry) -> Mapping[str, Any]:
    document: dict[str, Any] = {
        "reader": entry.reader,
        "kind": entry.kind,
        "language": entry.language,
        **({} if entry.extra is None else {"extra": entry.extra}),
        "code": entry.code,
        "files": [_file_document(file) for file in entry.files],
    }
    later = {"signed": entry.signed, "sealed": entry.sealed}
    return document | {name: _file_document(file) for name, file in later.items() if file is not None}


def _file_document(file: ManifestFile) -> Mapping[str, Any]:
    document = _without_none(asdict(file))
    document["page_codes"] = list(file.page_codes)
    return document if file.page_codes else {name: value for name, value in document.items() if name != "page_codes"}


def _without_none(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}


def _from(document: Mapping[str, Any]) -> Manifest:
    engine, template = document["engine"], document["template"]
    return Manifest(
        ref=document["ref"],
        version=document["version"],
        draft=document["draft"],
        made_from=MadeFrom(
            program=document["program"],
            engine=engine["name"],
            engine_version=engine["version"],
            profiles=tuple(engine["profiles"]),
            template=template["name"],
            templates=template["digests"],
            service=document["service"],
            record=document["record"],
        ),
        copies=tuple(_entry(copy) for copy in document["copies"]),
        signature_mm=(document["signature_mm"][0], document["signature_mm"][1]),
        signatures=tuple(_signature(each) for each in document.get("signatures", ())),
        scan=_file(document["scan"]) if "scan" in document else None,
    )


def _entry(document: Mapping[str, Any]) -> CopyEntry:
    return CopyEntry(
        reader=document["reader"],
        kind=document["kind"],
        language=document["language"],
        code=document["code"],
        files=tuple(_file(each) for each in document["files"]),
        signed=_file(document["signed"]) if "signed" in document else None,
        sealed=_file(document["sealed"]) if "sealed" in document else None,
        extra=document.get("extra"),
    )


def _file(document: Mapping[str, Any]) -> ManifestFile:
    codes = tuple(document.get("page_codes", ()))
    return ManifestFile(document["name"], document["sha256"], document["bytes"], document.get("pages"), codes)


def _signature(document: Mapping[str, Any]) -> SignatureEntry:
    return SignatureEntry(
        document["participant"], document["capacity"], document["method"], document.get("on"), document["page"]
    )
