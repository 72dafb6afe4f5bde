"""Read the seal of a PDF file back, as strictly as can be: one seal, over every byte, and nothing after it.

A seal that covers only an earlier state of the file would let somebody add a page or a note behind it
(incremental saving and annotation attacks), and a library may still call that valid. So it counts for nothing here.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from pipeline.errors import Problem
from pipeline.signing.sealable import LARGEST_FILE, UNREADABLE

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus

# pyHanko writes a whole trace into its log for a certificate it does not know; what matters comes back as a value.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

REVISIONS = 2  # the signed copy, and the seal
_UNVERIFIABLE = (SigningError, SignatureValidationError)
_END_OF_REVISION = re.compile(rb"startxref\s+[0-9]+\s+%%EOF")


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal that is in order: whole, over the entire file, and forbidding every later change.

    `owner` is whom the certificate names, `fingerprint` the certificate's SHA-256 in hex. `made_at` is the time the
    sealing computer gave; `stamped_at` that of a time-stamp authority, where there is one.
    """

    owner: str
    fingerprint: str
    made_at: datetime | None
    stamped_at: datetime | None


@dataclass(frozen=True, slots=True)
class SealReading:
    """What was found: a seal that is in order, or what is wrong; neither when the file has none."""

    seal: Seal | None = None
    problems: tuple[Problem, ...] = ()


def read_seal(pdf: bytes) -> SealReading:
    """Return the seal of a PDF file. Whom the certificate belongs to is not judged here.

    Never raises for what stands in the file.
    """
    if len(pdf) > LARGEST_FILE:
        return _bad("The file is too large to be one of our copies.")
    try:
        found = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if not found:
            return SealReading()
        if len(found) > 1:
            return _bad("The file carries more than one electronic signature; ours carry one seal.")
        return _judged(pdf, found[0])
    except (*UNREADABLE, *_UNVERIFIABLE):
        return _bad("The file is damaged, or its seal cannot be read.")


def _judged(pdf: bytes, signature: EmbeddedPdfSignature) -> SealReading:
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    status = asyncio.run(async_validate_pdf_signature(signature, context))
    faults = list(_faults(pdf, signature, status))
    if faults:
        return SealReading(problems=tuple(Problem(fault, _DO) for fault in faults))
    certificate = signature.signer_cert
    return SealReading(
        Seal(
            owner=_owner(certificate.subject.native),
            fingerprint=certificate.sha256.hex(),
            made_at=_utc(status.signer_reported_dt),
            stamped_at=_utc(status.timestamp_validity.timestamp) if status.timestamp_validity else None,
        )
    )


_DO = "Do not rely on this file. Ask the service for its own copy."


def _faults(pdf: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> list[str]:
    time_stamp = status.timestamp_validity
    sub_filter = signature.sig_object.get("/SubFilter")
    broken = {
        "The file was changed after it was sealed, or its seal was made for another file.": not (
            status.intact and status.valid
        ),
        "The seal does not cover the entire file: something was added after it.": (
            status.coverage != SignatureCoverageLevel.ENTIRE_FILE
            or len(_END_OF_REVISION.findall(pdf)) != REVISIONS
            or signature.reader.xrefs.total_revisions != REVISIONS
        ),
        "The seal allows later changes; ours forbid every one.": signature.docmdp_level is not MDPPerm.NO_CHANGES,
        "The seal is not of the kind that the service makes (PAdES).": sub_filter != SigSeedSubFilter.PADES.value,
        "The time stamp in the seal is not valid.": (
            time_stamp is not None and not (time_stamp.intact and time_stamp.valid)
        ),
    }
    return [fault for fault, is_so in broken.items() if is_so]


def _owner(subject: dict[str, object]) -> str:
    return str(subject.get("common_name") or subject.get("organization_name") or "somebody without a name")


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


def _bad(what: str) -> SealReading:
    return SealReading(problems=(Problem(what, _DO),))
