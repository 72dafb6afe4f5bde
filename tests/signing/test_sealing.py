"""The seal of the service: what it adds, what other programs say of it, and what is refused."""

from __future__ import annotations

import asyncio
import subprocess
import warnings
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfWriter

from pipeline.copies.model import Withheld
from pipeline.errors import RecordError, SetupError
from pipeline.publication.place import Place
from pipeline.signing.reading_seal import read_seal
from pipeline.signing.seal_key import load_seal_key
from pipeline.signing.sealing import SealOrder, prove_sealed, seal_pdf

PROFILES = ("2a", "ua1")


def judged_by_pyhanko(pdf, trusted):
    """Return pyHanko's own verdict, with this certificate as the root of trust."""
    [signature] = PdfFileReader(BytesIO(pdf)).embedded_signatures
    anchor = asn1_x509.Certificate.load(trusted.certificate.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[anchor], allow_fetching=False)
    return asyncio.run(async_validate_pdf_signature(signature, context))


@pytest.fixture(scope="module")
def harmed_copy(seal_examples, _signed_once):
    copies = seal_examples.copies_of(Place(_signed_once, "NR-0412", 1))
    [copy] = [each for each in copies if each.reader_id == "harmed-1" and each.extra is None]
    return copy


def test_the_sealed_file_begins_with_the_signed_one(signed_pdf, sealed_pdf):
    assert sealed_pdf.startswith(signed_pdf)
    assert len(sealed_pdf) > len(signed_pdf)


def test_pyhanko_calls_the_seal_valid_trusted_and_over_the_entire_file(sealed_pdf, root):
    status = judged_by_pyhanko(sealed_pdf, root)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE


def test_poppler_calls_the_seal_valid(sealed_pdf, outside_program, tmp_path):
    (tmp_path / "sealed.pdf").write_bytes(sealed_pdf)
    said = subprocess.run(
        [outside_program("pdfsig"), "-nocert", "sealed.pdf"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    ).stdout
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_qpdf_finds_nothing_to_complain_of(sealed_pdf):
    with warnings.catch_warnings(), pikepdf.open(BytesIO(sealed_pdf)) as opened:
        warnings.simplefilter("error")
        assert opened.check_pdf_syntax() == []
        assert opened.get_warnings() == []


def test_pdfium_shows_the_same_words_as_before(signed_pdf, sealed_pdf):
    def words(pdf):
        with pypdfium2.PdfDocument(pdf) as document:
            return [page.get_textpage().get_text_range() for page in document]

    assert words(sealed_pdf) == words(signed_pdf)


def test_pdfium_draws_the_same_pixels_as_before(signed_pdf, sealed_pdf):
    def pixels(pdf):
        with pypdfium2.PdfDocument(pdf) as document:
            return [bytes(page.render(may_draw_forms=True).buffer) for page in document]

    assert pixels(sealed_pdf) == pixels(signed_pdf)


def test_the_seal_forbids_every_later_change(sealed_pdf):
    with pikepdf.open(BytesIO(sealed_pdf)) as opened:
        assert opened.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1


def test_the_seal_is_invisible_and_has_a_name_for_screen_readers(sealed_pdf):
    with pikepdf.open(BytesIO(sealed_pdf)) as opened:
        [field] = opened.Root.AcroForm.Fields
        assert [int(side) for side in field.Rect] == [0, 0, 0, 0]
        assert str(field.TU) == "Electronic seal of the service"


def test_the_seal_leaves_title_producer_and_dates_as_they_were(signed_pdf, sealed_pdf):
    with pikepdf.open(BytesIO(signed_pdf)) as before, pikepdf.open(BytesIO(sealed_pdf)) as after:
        assert dict(after.trailer.Info) == dict(before.trailer.Info)
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()


def test_the_seal_gives_the_time_in_utc(sealed_pdf):
    with pikepdf.open(BytesIO(sealed_pdf)) as opened:
        assert str(opened.Root.AcroForm.Fields[0].V.M).endswith("Z")


def test_the_seal_is_read_back_with_its_owner_and_its_time(sealed_pdf, seal_identity, seal_examples):
    seal = read_seal(sealed_pdf).seal
    assert (seal.owner, seal.fingerprint) == (seal_examples.SERVICE_NAME, seal_identity.fingerprint)
    assert abs((datetime.now(UTC) - seal.made_at).total_seconds()) < 3600


def test_an_elliptic_curve_key_seals_too(signed_pdf, seal_examples):
    own = seal_examples.curve_identity()
    sealed = seal_pdf(signed_pdf, SealOrder(load_seal_key(own.pkcs12(), seal_examples.PASSPHRASE)))
    assert read_seal(sealed).seal.fingerprint == own.fingerprint


def test_a_time_stamp_stands_in_the_seal(signed_pdf, seal_order, seal_examples, root):
    authority = seal_examples.identity("Test clock", issuer=root, stamping=True)
    with seal_examples.time_stamp_authority(authority) as url:
        sealed = seal_pdf(signed_pdf, replace(seal_order, timestamp_url=url))
    assert abs((datetime.now(UTC) - read_seal(sealed).seal.stamped_at).total_seconds()) < 3600
    stamp = judged_by_pyhanko(sealed, root).timestamp_validity
    assert (stamp.intact, stamp.valid, stamp.trusted) == (True, True, True)


@pytest.mark.parametrize("answer", [("text/html", b"<p>no"), ("application/timestamp-reply", b"\x30\x03\x02\x01\x02")])
def test_an_authority_that_gives_no_time_stamp_seals_nothing(signed_pdf, seal_order, seal_examples, answer):
    with (
        seal_examples.serving(lambda _body: answer) as url,
        pytest.raises(RecordError, match="did not give a time stamp"),
    ):
        seal_pdf(signed_pdf, replace(seal_order, timestamp_url=url))


def test_an_authority_that_is_not_there_seals_nothing(signed_pdf, seal_order):
    with pytest.raises(RecordError, match="did not give a time stamp"):
        seal_pdf(signed_pdf, replace(seal_order, timestamp_url="http://127.0.0.1:9/"))


def test_long_term_data_is_kept_in_the_file_and_under_the_seal(signed_pdf, seal_examples, root, verapdf, tmp_path):
    path = tmp_path / "long-term.pdf"
    with seal_examples.serving(lambda _body: ("application/pkix-crl", seal_examples.revocation_list(root))) as url:
        own = seal_examples.identity("Long seal", issuer=root, crl=url)
        authority = seal_examples.identity("Test clock", issuer=root, stamping=True, crl=url)
        key = load_seal_key(own.pkcs12(), seal_examples.PASSPHRASE)
        with seal_examples.time_stamp_authority(authority) as clock:
            path.write_bytes(seal_pdf(signed_pdf, SealOrder(key, clock, long_term=True)))
    with pikepdf.open(path) as opened:
        assert len(opened.Root.DSS.CRLs) == 1
        assert len(opened.Root.DSS.Certs) >= 2
    assert judged_by_pyhanko(path.read_bytes(), root).coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert verapdf(path).splitlines() == [f"PASS 2a {path}", f"PASS ua1 {path}"]


def test_long_term_data_that_cannot_be_had_seals_nothing(signed_pdf, seal_examples, root):
    own = seal_examples.identity("Long seal", issuer=root, crl="http://127.0.0.1:9/")
    key = load_seal_key(own.pkcs12(), seal_examples.PASSPHRASE)
    with pytest.raises(RecordError, match="could not be confirmed"):
        seal_pdf(signed_pdf, SealOrder(key, long_term=True))


def test_a_sealed_copy_is_proven(signed_pdf, sealed_pdf, harmed_copy, seal_order):
    prove_sealed(sealed_pdf, signed=signed_pdf, copy=harmed_copy, key=seal_order.key, profiles=PROFILES)


def test_a_withheld_word_in_the_certificate_is_a_leak(signed_pdf, harmed_copy, seal_examples):
    copy = replace(harmed_copy, withheld=Withheld(words=("Mill Lane",), names=(), own_details=()))
    key = load_seal_key(seal_examples.identity("Seal of 12 Mill Lane").pkcs12(), seal_examples.PASSPHRASE)
    sealed = seal_pdf(signed_pdf, SealOrder(key))
    with pytest.raises(RecordError) as caught:
        prove_sealed(sealed, signed=signed_pdf, copy=copy, key=key, profiles=PROFILES)
    assert "withheld word" in str(caught.value)
    assert "Mill Lane" not in str(caught.value)


def test_a_seal_of_another_key_is_no_proof(signed_pdf, sealed_pdf, harmed_copy, seal_examples):
    other = load_seal_key(seal_examples.curve_identity().pkcs12(), seal_examples.PASSPHRASE)
    with pytest.raises(RecordError, match="cannot be read back"):
        prove_sealed(sealed_pdf, signed=signed_pdf, copy=harmed_copy, key=other, profiles=PROFILES)


def test_a_seal_over_another_file_is_no_proof(signed_pdf, sealed_pdf, harmed_copy, seal_order):
    with pytest.raises(RecordError, match="cannot be read back"):
        prove_sealed(sealed_pdf, signed=signed_pdf + b"\n", copy=harmed_copy, key=seal_order.key, profiles=PROFILES)


def with_root(signed, change):
    """Return the copy saved anew after a change to its catalogue."""
    output = BytesIO()
    with pikepdf.open(BytesIO(signed)) as opened:
        change(opened)
        opened.save(output, deterministic_id=True)
    return output.getvalue()


def script(opened):
    opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def script_on_a_page(opened):
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    opened.pages[0].obj.AA = pikepdf.Dictionary(O=action)


def launch(opened):
    link = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("x"))
    opened.pages[0].obj.Annots = [pikepdf.Dictionary(Type=pikepdf.Name.Annot, A=link)]


def attachment(opened):
    opened.attachments["x.txt"] = pikepdf.AttachedFileSpec(opened, b"x")


def form(opened):
    opened.Root.AcroForm = pikepdf.Dictionary(Fields=[])


def layers(opened):
    group = opened.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("x")))
    opened.Root.OCProperties = pikepdf.Dictionary(OCGs=[group], D=pikepdf.Dictionary(Order=[group]))


def encrypted(signed):
    output = BytesIO()
    with pikepdf.open(BytesIO(signed)) as opened:
        opened.save(output, encryption=pikepdf.Encryption(owner="x", user=""))
    return output.getvalue()


def earlier_revision(signed):
    writer = PdfWriter(BytesIO(signed), incremental=True)
    writer.add_metadata({"/Title": "Another title"})
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def page_tree_in_a_circle(opened):
    opened.Root.Pages.Kids = [opened.Root.Pages]


HOSTILE = {
    "a script when it opens": (lambda pdf: with_root(pdf, script), "a script"),
    "a script on a page": (lambda pdf: with_root(pdf, script_on_a_page), "a script"),
    "a link that starts a program": (lambda pdf: with_root(pdf, launch), "a script"),
    "an attached file": (lambda pdf: with_root(pdf, attachment), "another file"),
    "a form": (lambda pdf: with_root(pdf, form), "a form"),
    "layers": (lambda pdf: with_root(pdf, layers), "layers"),
    "encrypted": (encrypted, "encrypted"),
    "an earlier revision": (earlier_revision, "earlier revision"),
    "cut off": (lambda pdf: pdf[: len(pdf) // 2], "damaged"),
    "empty": (lambda _pdf: b"", "damaged"),
    "not a PDF": (lambda _pdf: b"PK\x03\x04" * 100, "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_plain_copy_is_refused(name, signed_pdf, seal_order):
    make, word = HOSTILE[name]
    with pytest.raises(RecordError, match=word):
        seal_pdf(make(signed_pdf), seal_order)


def test_what_is_sealed_already_is_refused(sealed_pdf, seal_order):
    with pytest.raises(RecordError, match="a seal already"):
        seal_pdf(sealed_pdf, seal_order)


def test_a_file_far_too_large_is_refused(signed_pdf, seal_order):
    with pytest.raises(RecordError, match="too large"):
        seal_pdf(signed_pdf + bytes(64_000_000), seal_order)


@pytest.mark.timeout(60)
def test_pages_that_lead_in_a_circle_are_refused(signed_pdf, seal_order):
    with pytest.raises(RecordError):
        seal_pdf(with_root(signed_pdf, page_tree_in_a_circle), seal_order)


KEYS = {
    "a wrong passphrase": (lambda make: (make.curve_identity().pkcs12(), "something else"), "passphrase"),
    "no key file": (lambda make: (b"-----BEGIN CERTIFICATE-----", make.PASSPHRASE), "not a PKCS #12 file"),
    "far too large": (lambda make: (bytes(2_000_000), make.PASSPHRASE), "too large"),
    "a weak key": (lambda make: (make.weak_identity().pkcs12(), make.PASSPHRASE), "too weak"),
    "no longer valid": (lambda make: (make.identity("x", days=(-9, -1)).pkcs12(), make.PASSPHRASE), "not valid today"),
    "not yet valid": (lambda make: (make.identity("x", days=(1, 9)).pkcs12(), make.PASSPHRASE), "not valid today"),
    "not for signing": (lambda make: (make.identity("x", signing=False).pkcs12(), make.PASSPHRASE), "not meant"),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_that_cannot_seal_is_refused_in_plain_words(name, seal_examples):
    make, words = KEYS[name]
    data, passphrase = make(seal_examples)
    with pytest.raises(SetupError, match=words) as caught:
        load_seal_key(data, passphrase)
    assert passphrase not in str(caught.value)
