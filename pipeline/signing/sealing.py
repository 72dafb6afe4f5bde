"""Put the seal of the service on a signed copy: a PAdES signature, added at the end of the file, over all of it.

The seal is invisible and forbids every later change (DocMDP, P = 1). The signed copy stays as it is: its bytes are
the beginning of the sealed file. Only a file as this program makes it is sealed, in one revision and without scripts,
forms or attachments, so that nothing can lie hidden in it and come up later (shadow attacks).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSigningSession, SigDSSPlacementPreference
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko_certvalidator import ValidationContext

from pipeline.copies.matcher import Matcher
from pipeline.documents.proof.conformance import failures
from pipeline.documents.proof.leak_scan import leaks
from pipeline.documents.reading.model import Text
from pipeline.documents.reading.pdf import read_pdf
from pipeline.errors import Problem, RecordError
from pipeline.signing.reading_seal import read_seal
from pipeline.signing.sealable import refuse_unfit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyhanko.pdf_utils.writer import BasePdfFileWriter
    from pyhanko.sign.timestamps import TimeStamper

    from pipeline.copies.model import Copy
    from pipeline.signing.seal_key import SealKey

FIELD = "Seal"
SAID_OF_IT = "Electronic seal of the service"
_TIME_STAMP_TIMEOUT_S = 20
_DIGEST = "sha256"
_AGAIN = "Seal it again. If this stays, say so to those who make this program."
# page-validation asks for a form tag around every widget; ISO 14289-1, 7.18.4, exempts one that nobody can see.
_EXEMPT = "PDFUA1-WIDGET-FORM-TAG-001"


@dataclass(frozen=True, slots=True)
class SealOrder:
    """How to seal. `timestamp_url` is that of an RFC 3161 authority.

    With `long_term` the answers of the issuers, whether the certificates were valid, are kept in the file too
    (PAdES B-LT), so that the seal can be judged when they no longer answer.
    """

    key: SealKey
    timestamp_url: str | None = None
    long_term: bool = False


def seal_pdf(signed: bytes, order: SealOrder) -> bytes:
    """Return the sealed file, which begins with the bytes of the signed one.

    Raises RecordError for a file that must not be sealed, when the time-stamp authority does not answer, and when the
    certificates cannot be confirmed for the long term.
    """
    refuse_unfit(signed)
    stamper = None
    if order.timestamp_url is not None:
        stamper = HTTPTimeStamper(order.timestamp_url, timeout=_TIME_STAMP_TIMEOUT_S)
    try:
        return asyncio.run(_sealed(signed, order, stamper))
    except TimestampRequestError as error:
        raise _refusal(
            "The time-stamp authority did not give a time stamp.", "Check --timestamp-url, or try again later."
        ) from error
    except SigningError as error:
        do = "Put all certificates of the issuer into the .p12 file, check the connection, or leave --long-term out."
        raise _refusal("The certificates could not be confirmed, so nothing was sealed.", do) from error
    except (PdfError, ValueError) as error:
        raise _refusal("The file cannot be sealed: it is not as this program makes it.", "Sign it again.") from error


def prove_sealed(sealed: bytes, *, signed: bytes, copy: Copy, key: SealKey, profiles: Sequence[str]) -> None:
    """Raise RecordError with every proof that failed of a sealed copy.

    Proven is that it begins with the signed copy; that its seal is whole, over the entire file and made with this
    key; that its pages show the same words; that nothing this reader must not see came in with the seal; and that it
    keeps the profiles.
    """
    reading = read_seal(sealed)
    before, after = read_pdf(signed), read_pdf(sealed)
    problems = [*reading.problems]
    if reading.seal is None or reading.seal.fingerprint != key.fingerprint or not sealed.startswith(signed):
        problems.append(_problem("The seal cannot be read back as it was made.", _AGAIN))
    # One fault is new and meant to be there: the file has a second revision, which is the seal.
    if (after.body, after.pages) != (before.body, before.pages) or len({*after.faults} - {*before.faults}) > 1:
        problems.append(_problem("The seal changed what the pages show.", _AGAIN))
    names = [Text("PDF, certificate of the seal", name) for name in key.names]
    problems += leaks(Matcher(copy.withheld), (*_searched(before.texts, after.texts), *_as_technical(names)))
    problems += [
        _problem(f"The sealed PDF fails its profile: {failure}", _AGAIN) for failure in _broken(sealed, profiles)
    ]
    if problems:
        raise RecordError(problems)


def _searched(before: Iterable[Text], after: Iterable[Text]) -> list[Text]:
    """Return every text of the sealed file; what the seal brought in is searched for words and names alone.

    It holds numbers and addresses of those who issue certificates, and long numbers that look like telephone numbers.
    """
    known = set(before)
    texts = list(after)
    return [*(text for text in texts if text in known), *_as_technical(text for text in texts if text not in known)]


def _as_technical(texts: Iterable[Text]) -> list[Text]:
    return [Text(text.place, text.text, technical=True) for text in texts]


def _broken(sealed: bytes, profiles: Sequence[str]) -> list[str]:
    return [failure for failure in failures(sealed, profiles) if _EXEMPT not in failure]


class _Writer(IncrementalPdfFileWriter):
    """Leaves title, dates and producer as they are: pyHanko would add its name and the time zone of the computer."""

    def _update_meta(self) -> None:
        pass


class _Signer(PdfSigner):
    """Gives the time in UTC: the zone of the computer is nobody's business."""

    def init_signing_session(
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: bool = False,  # noqa: FBT001, FBT002 - pyHanko's own
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = datetime.now(UTC)
        return session


async def _sealed(signed: bytes, order: SealOrder, stamper: TimeStamper | None) -> bytes:
    brought = [] if stamper is None else await _certificates_of(stamper)
    if not order.long_term:
        return await _signed(signed, order, stamper, {})
    context = _context(order.key, brought)
    long_term = {
        "embed_validation_info": True,
        "validation_context": context,
        "signer_key_usage": set(),
        # in the revision of the seal itself, so that the seal still covers the entire file
        "dss_settings": DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        ),
    }
    try:
        return await _signed(signed, order, stamper, long_term)
    finally:
        await context.aclose()  # type: ignore[no-untyped-call]


async def _signed(signed: bytes, order: SealOrder, stamper: TimeStamper | None, more: Mapping[str, Any]) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=_DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        **more,
    )
    signer = _Signer(
        metadata,
        order.key.signer,
        timestamper=stamper,
        new_field_spec=SigFieldSpec(FIELD, readable_field_name=SAID_OF_IT),
    )
    output: BytesIO = await signer.async_sign_pdf(_Writer(BytesIO(signed)))
    return output.getvalue()


async def _certificates_of(stamper: TimeStamper) -> list[Any]:
    """Return the certificates that a time-stamp authority brings along, by asking it once for a stamp on nothing."""
    try:
        answer = await stamper.async_dummy_response(_DIGEST)
        return [each.chosen for each in answer["content"]["certificates"]]
    except (LookupError, TypeError, ValueError) as error:  # what asn1crypto raises on an answer that is none
        raise TimestampRequestError("the answer is not a time stamp") from error


def _context(key: SealKey, brought: Sequence[Any]) -> ValidationContext:
    """Return what to ask the issuers with; trusted are the last certificates that key and authority bring along."""
    own = [key.signer.signing_cert, *key.signer.cert_registry]
    roots = [_last(key.signer.signing_cert, own), *(_last(each, brought) for each in brought)]
    return ValidationContext(
        trust_roots=roots, other_certs=[*own, *brought], allow_fetching=True, revocation_mode="hard-fail"
    )


def _last(certificate: Any, others: Iterable[Any]) -> Any:
    """Follow the issuers of a certificate as far as they are known."""
    by_subject = {each.subject.hashable: each for each in others}
    seen = {certificate.subject.hashable}
    while certificate.issuer.hashable in by_subject and certificate.issuer.hashable not in seen:
        certificate = by_subject[certificate.issuer.hashable]
        seen.add(certificate.subject.hashable)
    return certificate


def _problem(what: str, do: str) -> Problem:
    return Problem(what, do, where="PDF")


def _refusal(what: str, do: str) -> RecordError:
    return RecordError([_problem(what, do)])
