"""Put the signatures of a version on its copies: from the unsigned originals to signed, proven, published PDFs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.copies.plan import plan_copies
from pipeline.documents.proof.signed import prove_signed
from pipeline.errors import Problem, RecordError, refused_by_the_system
from pipeline.publication import journal
from pipeline.publication.manifest import (
    NAME,
    CopyEntry,
    Manifest,
    ManifestFile,
    SignatureEntry,
    digest,
    file_names,
    says_the_same,
    to_bytes,
    unchanged,
)
from pipeline.publication.place import Place, add_to
from pipeline.signing.images import read_image
from pipeline.signing.model import ImageMark, Mark
from pipeline.signing.record import NAME as SIGNING
from pipeline.signing.record import SigningRecord, check_against, load_signing_record
from pipeline.signing.scans import match, read_file, scan_entry
from pipeline.signing.stamping import stamp
from pipeline.signing.versions import find_record, manifest_of
from pipeline.signing.who_sees import marks_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.copies.model import Copy
    from pipeline.records.model import Agreement
    from pipeline.service.model import Service
    from pipeline.signing.model import SignatureImage

_SIGNING_FOLDER = "signed"


@dataclass(frozen=True, slots=True)
class Desk:
    """What every version is signed with: the service, where signing records lie, and where agreement records lie.

    `scan` is the signed paper, scanned; it is of one version, so only one may be signed with it.
    """

    service: Service
    signatures: Path
    records: tuple[Path, ...]
    scan: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one version.

    `state` is "signed" (everybody's signature is settled), "partly_signed", "up_to_date", "no_signatures" or
    "failed". `waiting` holds the ids of those who have not signed yet.
    """

    ref: str
    version: int
    state: str
    copies: int = 0
    waiting: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def sign(places: Iterable[Place], desk: Desk) -> Iterator[Outcome]:
    """Sign each version, one after the other; whatever is wrong with one is its outcome, and the others go on."""
    for place in places:
        try:
            outcome = _sign_one(place, desk)
        except RecordError as error:
            outcome = Outcome(place.ref, place.version, "failed", problems=error.problems)
        except OSError as error:
            outcome = Outcome(place.ref, place.version, "failed", problems=(refused_by_the_system(error),))
        if outcome.state not in {"no_signatures", "up_to_date"}:
            event = "signing_failed" if outcome.state == "failed" else outcome.state
            journal.append(place.out, [journal.entry(event, ref=place.ref, version=place.version)])
        yield outcome


def _sign_one(place: Place, desk: Desk) -> Outcome:
    record = _signing_record(place, desk.signatures)
    if record is None:
        if desk.scan is not None:
            what = "There is a scan, and no signing record that says who signed."
            raise RecordError([Problem(what, "Write signing.json for this version first.", SIGNING)])
        return Outcome(place.ref, place.version, "no_signatures")
    manifest = manifest_of(place)
    agreement = find_record(desk.records, place.ref, place.version, extra_fields=desk.service.extra_fields)
    copies = plan_copies(agreement, desk.service)
    _check_version(manifest, agreement, copies, place)
    check_against(record, agreement, copies)
    _check_nothing_lost(manifest, record)
    images = _images(record)
    signed = _signed_copies(manifest, copies, record, images, place)
    new = _with_signatures(manifest, signed, record)
    files = dict(signed)
    if desk.scan is not None:
        scan, data = _scan(desk.scan, manifest)
        files[scan.name], new = data, replace(new, scan=scan)
    waiting = _waiting(copies, record)
    if new == manifest and _stands(files, place):
        return Outcome(place.ref, place.version, "up_to_date", waiting=waiting)
    add_to(place, files | {NAME: to_bytes(new)})
    return Outcome(place.ref, place.version, "partly_signed" if waiting else "signed", len(signed), waiting)


def _signing_record(place: Place, folder: Path) -> SigningRecord | None:
    """Return the signing record of this version: DIR/REF-vN, else DIR/REF, else DIR itself; None if there is none."""
    for candidate in (folder / f"{place.ref}-v{place.version}", folder / place.ref, folder):
        if (candidate / SIGNING).is_file():
            record = load_signing_record(candidate / SIGNING)
            if (record.ref, record.version) == (place.ref, place.version):
                return record
            if candidate != folder and record.ref != place.ref:
                what = "This signing record is of another reference than its folder."
                do = "Correct the reference, or move the record to the folder of that reference."
                raise RecordError([record.placed(Problem(what, do, "/ref"))])
    return None


def _check_version(manifest: Manifest, agreement: Agreement, copies: Sequence[Copy], place: Place) -> None:
    if agreement.read_back_on is None or manifest.draft:
        problem = Problem(
            "A draft is not signed: nobody has read the whole text aloud yet.",
            "Read it aloud, fill 'read_back' in the record, and generate the copies again.",
            "/read_back",
        )
        raise RecordError([problem])
    if not says_the_same(manifest, copies):
        problem = Problem(
            "The record says something else than the copies that were published.",
            "If nobody has signed yet, generate the copies again; else make a new version.",
            "/version",
        )
        raise RecordError([problem])
    if not unchanged(manifest.copies, place.folder):
        problem = Problem(
            "A copy is not the one that was published.", "Bring it back from your backup, or generate it again.", NAME
        )
        raise RecordError([problem])
    if any(entry.sealed for entry in manifest.copies):
        problem = Problem("This version is sealed, so no signature can be added.", "Make a new version.", "/version")
        raise RecordError([problem])


def _check_nothing_lost(manifest: Manifest, record: SigningRecord) -> None:
    """Raise RecordError where a signature that stands on the copies is no longer on record; it may be corrected."""
    before = Counter(each.participant for each in manifest.signatures)
    if before - Counter(each.participant for each in record.signatures):
        problem = Problem(
            "A signature that stands on the copies is missing from the signing record.",
            "Put its entry back; if there is no signature after all, say so by its method, such as 'not_asked'.",
            "/signatures",
        )
        raise RecordError([record.placed(problem)])


def _images(record: SigningRecord) -> dict[str, SignatureImage]:
    """Return the pictures by name. Raises RecordError with what is wrong with each of them."""
    images: dict[str, SignatureImage] = {}
    problems: list[Problem] = []
    for index, each in enumerate(record.signatures):
        if each.image is None or each.image in images:
            continue
        try:
            images[each.image] = read_image(record.folder / each.image)
        except RecordError as error:
            where = f"/signatures/{index}/image"
            problems += [record.placed(replace(problem, where=where)) for problem in error.problems]
    if problems:
        raise RecordError(problems)
    return images


def _scan(path: Path, manifest: Manifest) -> tuple[ManifestFile, bytes]:
    """Return the scan and its entry. Raises RecordError unless it holds whole copies, and each page once."""
    data = read_file(path)
    result = match(data, manifest)
    if result.problems:
        raise RecordError(result.problems)
    return scan_entry(data, result, manifest), data


def _stands(files: Mapping[str, bytes], place: Place) -> bool:
    """Say whether exactly these files are published already."""
    return all(
        (place.folder / name).is_file() and (place.folder / name).read_bytes() == data for name, data in files.items()
    )


def _signed_copies(
    manifest: Manifest,
    copies: Sequence[Copy],
    record: SigningRecord,
    images: Mapping[str, SignatureImage],
    place: Place,
) -> dict[str, bytes]:
    """Return the signed PDFs by their path below the version; each is stamped from the unsigned original."""
    signed = {}
    problems: list[Problem] = []
    for copy in copies:
        marks = marks_for(copy, record.signatures, images)
        if not marks:
            continue
        original = (place.folder / file_names(copy)[1]).read_bytes()
        try:
            signed[_signed_name(copy)] = _stamped(copy, original, marks, manifest)
        except RecordError as error:
            problems += [replace(each, where=f"{copy.stem}, {each.where}".rstrip(", ")) for each in error.problems]
    if problems:
        raise RecordError(problems)
    return signed


def _stamped(copy: Copy, original: bytes, marks: Sequence[Mark], manifest: Manifest) -> bytes:
    width_mm, height_mm = manifest.signature_mm
    pdf = stamp(
        original,
        marks,
        width_mm=width_mm,
        height_mm=height_mm,
        language=copy.language,
        # the agreement code stands for the agreed words: it is made from them, and is on the page they are signed on
        agreed_texts=(*copy.agreed_texts, copy.code),
        participants={place.caption: place.participant for place in copy.places},
        template=_template_of(copy, manifest),
    )
    words = [word for mark in marks for word in _words(mark)]
    prove_signed(copy=copy, original=original, signed=pdf, stamped=words, profiles=manifest.made_from.profiles)
    return pdf


def _template_of(copy: Copy, manifest: Manifest) -> str:
    """Return the name for messages: a run that was asked for no template writes "standard" into the manifest."""
    asked = manifest.made_from.template
    return asked if asked != "standard" and copy.follows_the_run else copy.template


def _words(mark: Mark) -> tuple[str, ...]:
    return (mark.printed_name, mark.on) if isinstance(mark, ImageMark) else mark.lines


def _signed_name(copy: Copy) -> str:
    return f"{copy.folder}/{_SIGNING_FOLDER}/{copy.stem}.pdf"


def _with_signatures(manifest: Manifest, signed: Mapping[str, bytes], record: SigningRecord) -> Manifest:
    return replace(
        manifest,
        copies=tuple(_with_signed(entry, signed) for entry in manifest.copies),
        signatures=tuple(
            SignatureEntry(
                each.participant, each.capacity, each.method, None if each.on is None else str(each.on), each.page
            )
            for each in record.signatures
        ),
    )


def _with_signed(entry: CopyEntry, signed: Mapping[str, bytes]) -> CopyEntry:
    original = entry.files[1]
    folder, _, file = original.name.rpartition("/")
    name = f"{folder}/{_SIGNING_FOLDER}/{file}"
    if name not in signed:
        return entry
    data = signed[name]
    return replace(entry, signed=ManifestFile(name, digest(data), len(data), original.pages, original.page_codes))


def _waiting(copies: Sequence[Copy], record: SigningRecord) -> tuple[str, ...]:
    settled = {(each.participant, each.code) for each in record.signatures}
    due = [(place.participant, copy.code) for copy in copies for place in copy.places]
    return tuple(dict.fromkeys(person for person, code in due if (person, code) not in settled))
