"""Say of a file: did we issue it, is it unchanged, which version is it, whose copy, and is there a newer one.

Two things speak. The *digest* that was written down when the file was issued sees every byte. The *seal* in the file
speaks even where nothing was written down, for every byte it covers, but cannot say by itself who holds its key.
docs/sealing.md says what each of them can show, and what neither can.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.documents.reading.docx import read_docx
from pipeline.documents.reading.pdf import read_pdf
from pipeline.errors import Problem, RecordError
from pipeline.publication.disposed import NAME as DISPOSED
from pipeline.publication.manifest import NAME, Manifest, ManifestFile, digest, read_manifest
from pipeline.signing.reading_seal import Seal, read_seal
from pipeline.signing.sealable import LARGEST_FILE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from pipeline.publication.manifest import CopyEntry

_ABOVE = 3  # a sealed copy lies in v1/harmed-1/sealed
_VERSION = re.compile(r"v([1-9][0-9]{0,2})")
_CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}\b")
_PDF = b"%PDF-"
_DISTRUST = "Do not rely on this file. Ask the service for its own copy."


class Stage(StrEnum):
    """How far a file had come when it was issued."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"
    SEALED = "sealed"
    SCAN = "scan"


class Answer(StrEnum):
    """The answer to a question about a file."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Known:
    """What the service has on record of one version, and the newest version that took its place, if any did."""

    manifest: Manifest
    superseded_by: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of one file.

    `problems` says what is wrong or could not be shown; a file is in order when it is empty. `notes` is worth knowing
    and no fault. `reader` is None for the scan of the signed paper.
    """

    issued: Answer
    unchanged: Answer
    ref: str | None = None
    version: int | None = None
    reader: str | None = None
    stage: Stage | None = None
    superseded_by: int | None = None
    seal: Seal | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def verify_file(path: Path, known: Known | None, *, certificates: Collection[str] = ()) -> Verdict:
    """Return the verdict on a file; without `known`, by the manifest of the folder it lies in, if there is one.

    `certificates` are the SHA-256 fingerprints, in hex, of the certificates that the service seals with.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else None
        beside = _folder_of(path)
        known = known or (None if beside is None else known_in(beside))
    except OSError:
        return _undecided("The file cannot be read.", "Check that it is there and that you may open it.")
    except RecordError as error:
        return Verdict(Answer.UNKNOWN, Answer.UNKNOWN, problems=error.problems)
    if data is None:
        return _undecided("The file is too large to be one of our copies.", _DISTRUST)
    place = None if beside is None else path.resolve().relative_to(beside).as_posix()
    return verify_bytes(data, known, name=path.name, place=place, certificates=certificates)


def verify_bytes(
    data: bytes,
    known: Known | None,
    *,
    name: str = "",
    place: str | None = None,
    certificates: Collection[str] = (),
) -> Verdict:
    """Return the verdict on the bytes of a file with this name.

    `place` is its path below the folder of a published version, where it lies in one. Without `known`, only the seal
    in the file can speak, and only `certificates` can tell whose seal it is.
    """
    if known is None:
        return _by_seal_alone(data, certificates)
    manifest = known.manifest
    verdict = Verdict(
        Answer.NO,
        Answer.NO,
        ref=manifest.ref,
        version=manifest.version,
        superseded_by=known.superseded_by,
    )
    issued = list(_issued(manifest))
    sha256 = digest(data)
    same = [each for each in issued if each.file.sha256 == sha256]
    if same:
        found = next((each for each in same if each.file.name == place), same[0])
        verdict = _recognised(verdict, found, data, certificates)
        return replace(verdict, problems=(*_misplaced(found, issued, place), *verdict.problems))
    if any(place == each.file.name or name == each.file.name.rpartition("/")[2] for each in issued):
        problem = Problem(
            "This is not the file that was issued under this name: something in it was changed.",
            f"{_DISTRUST} A copy handed out before the last signatures came in is known to the archive: --archive.",
        )
    else:
        problem = Problem("This file was not issued with this version.", _DISTRUST)
        verdict = replace(verdict, unchanged=Answer.UNKNOWN)
    return replace(verdict, problems=(problem,))


def not_held() -> Verdict:
    """Return the verdict on a file of which neither the bytes nor the name are on record."""
    problem = Problem("Nothing is on record of this file: the service did not issue it, or not as it is.", _DISTRUST)
    return Verdict(Answer.NO, Answer.UNKNOWN, problems=(problem,))


def known_in(folder: Path) -> Known:
    """Return what is on record in the folder of a published version.

    Raises RecordError when its manifest is missing or damaged, and when the version was disposed of.
    """
    if (folder / DISPOSED).exists():
        what = "This version was disposed of when its time was over, so nothing is left to compare with."
        raise RecordError([Problem(what, "A sealed copy can be judged by its seal: take it out of this folder.")])
    manifest = read_manifest(folder)
    if manifest is None:
        what = "The manifest is missing or damaged, so there is nothing to compare with."
        raise RecordError([Problem(what, "Bring it back from your backup, or use --archive.", NAME)])
    return Known(manifest, _newest_after(manifest, folder))


@dataclass(frozen=True, slots=True)
class _Issued:
    file: ManifestFile
    stage: Stage
    entry: CopyEntry | None


def _issued(manifest: Manifest) -> Iterator[_Issued]:
    for entry in manifest.copies:
        yield from (_Issued(file, Stage.UNSIGNED, entry) for file in entry.files)
        if entry.signed is not None:
            yield _Issued(entry.signed, Stage.SIGNED, entry)
        if entry.sealed is not None:
            yield _Issued(entry.sealed, Stage.SEALED, entry)
    if manifest.scan is not None:
        yield _Issued(manifest.scan, Stage.SCAN, None)


def _recognised(verdict: Verdict, found: _Issued, data: bytes, certificates: Collection[str]) -> Verdict:
    """Return the verdict on a file whose digest was written down."""
    entry, seal = found.entry, None
    problems: list[Problem] = []
    notes: list[str] = []
    if entry is not None and found.stage is Stage.UNSIGNED and entry.signed is not None:
        notes.append("Signatures were added after this copy was made; the signed copy is a file of its own.")
    if found.stage is Stage.SEALED:
        reading = read_seal(data)
        seal = reading.seal
        problems += reading.problems or ([] if seal else [Problem("The file carries no seal.", _DISTRUST)])
        if seal is not None and certificates and seal.fingerprint not in certificates:
            problems.append(_another_certificate())
    if entry is not None and entry.code not in _printed_codes(data):
        problems.append(
            Problem("The agreement code in this file is not the one on record: the manifest was changed.", _DISTRUST)
        )
    return replace(
        verdict,
        issued=Answer.YES,
        unchanged=Answer.YES,
        reader=None if entry is None else entry.reader,
        stage=found.stage,
        seal=seal,
        problems=tuple(problems),
        notes=tuple(notes),
    )


def _misplaced(found: _Issued, issued: Iterable[_Issued], place: str | None) -> Iterator[Problem]:
    """Yield what is wrong with where an unchanged file lies: in the place of another, or without its seal."""
    if place == found.file.name:
        return
    if any(each.file.name == place for each in issued):
        yield Problem("This file is one of ours, but another one belongs in this place.", "Bring the right one back.")
    if found.stage is Stage.SIGNED and found.entry is not None and found.entry.sealed is not None:
        yield Problem("The seal of the service is missing from this file.", _DISTRUST)


def _another_certificate() -> Problem:
    return Problem("The seal was made with another certificate than the one you gave.", _DISTRUST)


def _by_seal_alone(data: bytes, certificates: Collection[str]) -> Verdict:
    where_else = "Verify it with --manifest or --archive, at the service that issued it."
    if not data.startswith(_PDF):
        return _undecided("Nothing is on record of this file, and only a PDF can carry a seal.", where_else)
    reading = read_seal(data)
    if reading.problems:
        return Verdict(Answer.UNKNOWN, Answer.NO, problems=reading.problems)
    if reading.seal is None:
        return _undecided("Nothing is on record of this file, and it carries no seal.", where_else)
    verdict = Verdict(Answer.UNKNOWN, Answer.YES, stage=Stage.SEALED, seal=reading.seal)
    if reading.seal.fingerprint in certificates:
        return replace(verdict, issued=Answer.YES)
    if certificates:
        return replace(verdict, issued=Answer.NO, problems=(_another_certificate(),))
    problem = Problem(
        "The seal is whole, but the file alone cannot tell whose it is: anybody can make a certificate.",
        "Give the certificate you have from the service with --certificate, or compare its fingerprint by telephone.",
    )
    return replace(verdict, problems=(problem,))


def _printed_codes(data: bytes) -> set[str]:
    try:
        texts = (read_pdf(data) if data.startswith(_PDF) else read_docx(data)).texts
    except RecordError:
        return set()
    return {code for text in texts for code in _CODE.findall(text.text)}


def _folder_of(path: Path) -> Path | None:
    """Return the folder of the published version in which a file lies."""
    above = path.resolve().parents[:_ABOVE]
    return next((folder for folder in above if (folder / NAME).is_file() or (folder / DISPOSED).is_file()), None)


def _newest_after(manifest: Manifest, folder: Path) -> int | None:
    """Return the newest version beside this one that is more than a draft, if it came later."""
    later = [0]
    for each in folder.parent.iterdir():
        if _VERSION.fullmatch(each.name) and int(each.name[1:]) > manifest.version:
            other = read_manifest(each)
            if other is not None and other.ref == manifest.ref and not other.draft:
                later.append(other.version)
    return max(later) or None


def _undecided(what: str, do: str) -> Verdict:
    return Verdict(Answer.UNKNOWN, Answer.UNKNOWN, problems=(Problem(what, do),))
