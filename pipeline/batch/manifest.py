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
    from collections.abc import Iterable, Mapping, Sequence
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
    """One file: its path below the version's folder, its digest and size, and the pages of a PDF."""

    name: str
    sha256: str
    bytes: int
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class CopyEntry:
    """One copy: for whom, of which kind, in which language, with which agreement code."""

    reader: str
    kind: str
    language: str
    code: str
    files: tuple[ManifestFile, ...]
    notes: tuple[str, ...]

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
    """One version, in the order in which its copies were planned."""

    ref: str
    version: int
    draft: bool
    made_from: MadeFrom
    copies: tuple[CopyEntry, ...]


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def file_names(copy: Copy) -> tuple[str, str]:
    """Return where the DOCX and the PDF of a copy lie below the version's folder."""
    return f"{copy.folder}/{copy.stem}.docx", f"{copy.folder}/{copy.stem}.pdf"


def entry_for(copy: Copy, *, docx: bytes, pdf: bytes, pages: int) -> CopyEntry:
    """Return the entry of a copy that has been made."""
    docx_name, pdf_name = file_names(copy)
    return CopyEntry(
        reader=copy.reader_id,
        kind=copy.reader.value,
        language=copy.language,
        code=copy.code,
        files=(
            ManifestFile(docx_name, digest(docx), len(docx)),
            ManifestFile(pdf_name, digest(pdf), len(pdf), pages),
        ),
        notes=copy.notes,
    )


def describes(entry: CopyEntry, copy: Copy) -> bool:
    """Say whether the entry is of this copy, in every point that is known before it is made."""
    return (entry.key, entry.reader, entry.kind, entry.language, entry.code, entry.notes) == (
        file_names(copy),
        copy.reader_id,
        copy.reader.value,
        copy.language,
        copy.code,
        copy.notes,
    )


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
        "copies": [_copy_document(entry) for entry in manifest.copies],
    }
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest in a version's folder; None where there is none that this program could have written."""
    try:
        document = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return None if problems(document, "manifest") else _from(document)


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
    return (NAME, *(file.name for entry in manifest.copies for file in entry.files))


def _copy_document(entry: CopyEntry) -> Mapping[str, Any]:
    document = asdict(entry)
    document["notes"] = list(entry.notes)
    document["files"] = [
        {key: value for key, value in asdict(file).items() if value is not None} for file in entry.files
    ]
    return document


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
    )


def _entry(document: Mapping[str, Any]) -> CopyEntry:
    files: Sequence[Mapping[str, Any]] = document["files"]
    return CopyEntry(
        reader=document["reader"],
        kind=document["kind"],
        language=document["language"],
        code=document["code"],
        files=tuple(ManifestFile(each["name"], each["sha256"], each["bytes"], each.get("pages")) for each in files),
        notes=tuple(document["notes"]),
    )
