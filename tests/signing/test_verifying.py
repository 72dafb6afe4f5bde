"""What `verify` says of files that were changed, exchanged or forged, with the manifest and by the seal alone."""

from __future__ import annotations

import json
import shutil
import zlib
from io import BytesIO

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from pipeline.publication.manifest import digest
from pipeline.signing.reading_seal import read_seal
from pipeline.signing.seal_key import load_seal_key
from pipeline.signing.sealing import SealOrder, seal_pdf
from pipeline.signing.verifying import Answer, Stage, known_in, verify_bytes, verify_file

SEALED = "harmed-1/sealed/NR-0412-v1-harmed-1.pdf"
SIGNED = "harmed-1/signed/NR-0412-v1-harmed-1.pdf"
ORIGINAL = "harmed-1/NR-0412-v1-harmed-1.pdf"


def said(verdict):
    return " ".join(problem.what for problem in verdict.problems)


def pkcs7_span(pdf):
    """Return where the only bytes lie that the seal does not cover: the seal itself, in hex."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    return start, pdf.index(b">", start) + 1


def byte_ranges(pdf):
    start, end = pkcs7_span(pdf)
    return range(start), range(end, len(pdf))


# What is in order


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        (SEALED, Stage.SEALED),
        (SIGNED, Stage.SIGNED),
        (ORIGINAL, Stage.UNSIGNED),
        ("harmed-1/NR-0412-v1-harmed-1.docx", Stage.UNSIGNED),
    ],
)
def test_each_file_of_a_version_is_ours_and_unchanged(sealed_place, name, stage):
    verdict = verify_file(sealed_place.folder / name, None)
    assert (verdict.issued, verdict.unchanged, verdict.problems) == (Answer.YES, Answer.YES, ())
    assert (verdict.ref, verdict.version, verdict.reader, verdict.stage) == ("NR-0412", 1, "harmed-1", stage)


def test_a_sealed_copy_is_known_elsewhere_by_the_manifest(sealed_place, tmp_path):
    copy = shutil.copy(sealed_place.folder / SEALED, tmp_path / "from an e-mail.pdf")
    verdict = verify_file(tmp_path / copy, known_in(sealed_place.folder))
    assert (verdict.issued, verdict.reader, verdict.problems) == (Answer.YES, "harmed-1", ())


def test_a_sealed_copy_speaks_for_itself_to_whoever_has_the_certificate(sealed_pdf, seal_identity):
    verdict = verify_bytes(sealed_pdf, None, certificates={seal_identity.fingerprint})
    assert (verdict.issued, verdict.unchanged, verdict.problems) == (Answer.YES, Answer.YES, ())


def test_an_unsigned_copy_says_that_signatures_came_later(sealed_place):
    assert "Signatures were added" in verify_file(sealed_place.folder / ORIGINAL, None).notes[0]


def test_a_newer_version_is_named(sealed_place):
    newer = sealed_place.folder.parent / "v2"
    shutil.copytree(sealed_place.folder, newer)
    manifest = json.loads((newer / "manifest.json").read_bytes()) | {"version": 2, "draft": False}
    (newer / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert verify_file(sealed_place.folder / SEALED, None).superseded_by == 2


def test_a_newer_draft_takes_no_place(sealed_place):
    newer = sealed_place.folder.parent / "v2"
    shutil.copytree(sealed_place.folder, newer)
    manifest = json.loads((newer / "manifest.json").read_bytes()) | {"version": 2, "draft": True}
    (newer / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert verify_file(sealed_place.folder / SEALED, None).superseded_by is None


# What cannot be told


def test_without_the_certificate_a_whole_seal_alone_does_not_say_whose_it_is(sealed_pdf):
    verdict = verify_bytes(sealed_pdf, None)
    assert (verdict.issued, verdict.unchanged) == (Answer.UNKNOWN, Answer.YES)
    assert "cannot tell whose" in said(verdict)


def test_a_file_without_seal_and_without_manifest_cannot_be_told(signed_pdf):
    assert verify_bytes(signed_pdf, None).issued is Answer.UNKNOWN
    assert verify_bytes(signed_pdf, None).problems != ()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04", b"\x00" * 2000])
def test_what_is_no_pdf_gets_a_plain_answer(data):
    assert verify_bytes(data, None).problems != ()


def test_a_disposed_version_has_nothing_left_to_compare_with(sealed_place):
    (sealed_place.folder / "disposed.json").write_text("{}", encoding="utf-8")
    assert "disposed of" in said(verify_file(sealed_place.folder / SEALED, None))


def test_a_damaged_manifest_is_said(sealed_place):
    (sealed_place.folder / "manifest.json").write_text("{", encoding="utf-8")
    assert "manifest is missing or damaged" in said(verify_file(sealed_place.folder / SEALED, None))


# Attacks: what the seal alone notices


def incremental(pdf, change):
    """Return the file with a further revision, written by a program that knows nothing of seals."""
    writer = PdfWriter(BytesIO(pdf), incremental=True)
    change(writer)
    output = BytesIO()
    writer.write(output)
    assert output.getvalue().startswith(pdf)
    return output.getvalue()


def other_page(writer):
    writer.add_blank_page(200, 200)


def note_on_the_page(writer):
    writer.add_annotation(0, FreeText(text="And nothing else.", rect=(50, 550, 200, 650)))


def other_title(writer):
    writer.add_metadata({"/Title": "Another title"})


def rewritten(pdf):
    output = BytesIO()
    PdfWriter(clone_from=PdfReader(BytesIO(pdf))).write(output)
    return output.getvalue()


def with_range(pdf, ranges):
    start = pdf.rindex(b"/ByteRange [")
    end = pdf.index(b"]", start) + 1
    return pdf[:start] + (b"/ByteRange " + ranges).ljust(end - start) + pdf[end:]


def no_byte_range(pdf):
    return pdf.replace(b"/ByteRange", b"/ByteRangX")


def zero_contents(pdf):
    start, end = pkcs7_span(pdf)
    return pdf[: start + 1] + b"0" * (end - start - 2) + pdf[end - 1 :]


def wrapped(pdf):
    """Put room between the covered parts, for other content (signature wrapping)."""
    _, end = pkcs7_span(pdf)
    return pdf[:end] + b"\n9 0 obj\n<< >>\nendobj\n" + pdf[end:]


def sealed_again(pdf):
    return pdf + pdf[pdf.index(b"%%EOF") + 5 :]


ATTACKS = {
    "a page added (ISA)": lambda pdf: incremental(pdf, other_page),
    "a note added (EAA)": lambda pdf: incremental(pdf, note_on_the_page),
    "another title": lambda pdf: incremental(pdf, other_title),
    "a newline appended": lambda pdf: pdf + b"\n",
    "a remark appended": lambda pdf: pdf + b"% nothing\n",
    "zeros appended": lambda pdf: pdf + bytes(10),
    "written anew by another program": rewritten,
    "no byte range (USF)": no_byte_range,
    "a byte range over nothing (USF)": lambda pdf: with_range(pdf, b"[0 0 0 0]"),
    "a byte range over a part (USF)": lambda pdf: with_range(pdf, b"[0 100 200 100]"),
    "a negative byte range (USF)": lambda pdf: with_range(pdf, b"[0 -1 -1 -1]"),
    "an empty seal (USF)": zero_contents,
    "room made beside the seal (SWA)": wrapped,
    "the seal's revision twice": sealed_again,
    "the last byte lost": lambda pdf: pdf[:-1],
    "cut off in the seal": lambda pdf: pdf[: pkcs7_span(pdf)[0] + 100],
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_noticed_by_the_seal_alone(name, sealed_pdf, seal_identity):
    forged = ATTACKS[name](sealed_pdf)
    verdict = verify_bytes(forged, None, certificates={seal_identity.fingerprint})
    assert forged != sealed_pdf
    assert verdict.problems != ()
    assert verdict.issued is not Answer.YES


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_noticed_with_the_manifest(name, sealed_place, tmp_path):
    path = tmp_path / "NR-0412-v1-harmed-1.pdf"
    path.write_bytes(ATTACKS[name]((sealed_place.folder / SEALED).read_bytes()))
    verdict = verify_file(path, known_in(sealed_place.folder))
    assert (verdict.issued, verdict.unchanged) == (Answer.NO, Answer.NO)
    assert "something in it was changed" in said(verdict)


def test_a_seal_of_somebody_else_is_noticed(signed_pdf, seal_examples, seal_identity):
    own = seal_examples.curve_identity()
    forged = seal_pdf(signed_pdf, SealOrder(load_seal_key(own.pkcs12(), seal_examples.PASSPHRASE)))
    verdict = verify_bytes(forged, None, certificates={seal_identity.fingerprint})
    assert (verdict.issued, said(verdict)) == (
        Answer.NO,
        "The seal was made with another certificate than the one you gave.",
    )


def test_a_stripped_seal_is_noticed(sealed_place, tmp_path, seal_identity):
    path = tmp_path / "NR-0412-v1-harmed-1.pdf"
    path.write_bytes((sealed_place.folder / SIGNED).read_bytes())
    known = known_in(sealed_place.folder)
    assert "seal of the service is missing" in said(verify_file(path, known))
    assert "carries no seal" in said(verify_file(path, None, certificates={seal_identity.fingerprint}))


def test_a_stripped_seal_in_its_own_place_is_noticed(sealed_place):
    shutil.copy(sealed_place.folder / SIGNED, sealed_place.folder / SEALED)
    verdict = verify_file(sealed_place.folder / SEALED, None)
    assert "another one belongs in this place" in said(verdict)
    assert "seal of the service is missing" in said(verdict)


def test_two_exchanged_copies_are_noticed(sealed_place):
    other = sealed_place.folder / "responsible-1/sealed/NR-0412-v1-responsible-1.pdf"
    shutil.copy(other, sealed_place.folder / SEALED)
    assert "another one belongs in this place" in said(verify_file(sealed_place.folder / SEALED, None))


def test_a_file_that_was_never_issued_is_noticed(sealed_place, tmp_path):
    path = tmp_path / "agreement.pdf"
    path.write_bytes((sealed_place.folder / SEALED).read_bytes() + b"\n")
    assert "was not issued with this version" in said(verify_file(path, known_in(sealed_place.folder)))


def test_a_manifest_with_another_agreement_code_is_noticed(sealed_place, seal_examples):
    def other_code(document):
        for copy in document["copies"]:
            copy["code"] = "K7QM-4TXW-9HDR"

    seal_examples.change_manifest(sealed_place, other_code)
    assert "agreement code" in said(verify_file(sealed_place.folder / SEALED, None))


def test_a_manifest_that_calls_a_changed_file_ours_is_contradicted_by_the_seal(sealed_place, seal_examples):
    path = sealed_place.folder / SEALED
    forged = incremental(path.read_bytes(), other_title)
    path.write_bytes(forged)

    def speak_for_it(document):
        for copy in document["copies"]:
            if copy["reader"] == "harmed-1" and "sealed" in copy:
                copy["sealed"] |= {"sha256": digest(forged), "bytes": len(forged)}

    seal_examples.change_manifest(sealed_place, speak_for_it)
    assert "does not cover the entire file" in said(verify_file(path, None))


def test_a_manifest_that_calls_an_unsealed_file_sealed_is_contradicted(sealed_place, seal_examples):
    forged = (sealed_place.folder / SIGNED).read_bytes()
    shutil.copy(sealed_place.folder / SIGNED, sealed_place.folder / SEALED)

    def speak_for_it(document):
        for copy in document["copies"]:
            if copy["reader"] == "harmed-1" and "sealed" in copy:
                copy["sealed"] |= {"sha256": digest(forged), "bytes": len(forged)}

    seal_examples.change_manifest(sealed_place, speak_for_it)
    assert "carries no seal" in said(verify_file(sealed_place.folder / SEALED, None))


# Any one byte

WHERE = st.floats(0, 1, exclude_max=True)
FLIPS = st.integers(1, 255)
BOUNDED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def flipped(pdf, position, bits):
    return pdf[:position] + bytes([pdf[position] ^ bits]) + pdf[position + 1 :]


@given(where=WHERE, bits=FLIPS)
@BOUNDED
def test_any_one_byte_is_noticed_with_the_manifest(sealed_pdf, on_record, where, bits):
    forged = flipped(sealed_pdf, int(where * len(sealed_pdf)), bits)
    assert verify_bytes(forged, on_record, name="NR-0412-v1-harmed-1.pdf").unchanged is Answer.NO


@pytest.fixture(scope="module")
def on_record(_sealed_once):
    return known_in(_sealed_once / "NR-0412" / "v1")


@given(where=WHERE, bits=FLIPS)
@BOUNDED
def test_any_one_byte_that_the_seal_covers_is_noticed_by_the_seal_alone(sealed_pdf, where, bits):
    before, after = byte_ranges(sealed_pdf)
    covered = [*before, *after]
    assert read_seal(flipped(sealed_pdf, covered[int(where * len(covered))], bits)).seal is None


@given(where=WHERE, bits=FLIPS)
@BOUNDED
def test_any_one_byte_of_the_part_that_the_seal_added_is_noticed(signed_pdf, sealed_pdf, where, bits):
    _, after = byte_ranges(sealed_pdf)
    start, _ = pkcs7_span(sealed_pdf)
    covered = [*range(len(signed_pdf), start), *after]
    assert read_seal(flipped(sealed_pdf, covered[int(where * len(covered))], bits)).seal is None


@given(where=WHERE, bits=FLIPS)
@BOUNDED
def test_no_change_of_one_byte_in_the_seal_itself_makes_the_program_fail(sealed_pdf, where, bits):
    start, end = pkcs7_span(sealed_pdf)
    read_seal(flipped(sealed_pdf, start + int(where * (end - start)), bits))


@given(data=st.binary(max_size=400))
@BOUNDED
def test_bytes_that_begin_like_a_pdf_never_make_the_program_fail(data):
    assert verify_bytes(b"%PDF-1.7\n" + data, None).problems != ()


# Hostile files


def bomb():
    """Return a small PDF whose object stream holds a thousand times as much."""
    data = zlib.compress(zlib.compress(bytes(200_000_000), 9), 9)
    head = b"<< /Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode] /Length %d >>" % len(data)
    body = b"%PDF-1.7\n1 0 obj\n" + head + b"\nstream\n" + data + b"\nendstream\nendobj\n"
    entries = b"\x00\x00\x00\x00\x00" + b"\x01\x00\x00\x00\x09" + b"\x02\x00\x00\x00\x01"
    xref = b"<< /Type /XRef /Size 3 /W [1 3 1] /Root 2 0 R /Length %d >>\nstream\n" % len(entries)
    start = len(body)
    return body + b"3 0 obj\n" + xref + entries + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % start


def circle_of_revisions():
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    start = len(body)
    table = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
    return body + table + b"trailer\n<< /Size 2 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF" % (start, start)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("make", [bomb, circle_of_revisions], ids=["a bomb", "revisions in a circle"])
def test_a_hostile_file_gets_a_plain_answer(make):
    assert verify_bytes(make(), None).problems != ()


@pytest.mark.timeout(60)
def test_an_encrypted_file_gets_a_plain_answer(signed_pdf):
    output = BytesIO()
    with pikepdf.open(BytesIO(signed_pdf)) as opened:
        opened.save(output, encryption=pikepdf.Encryption(owner="x", user="y"))
    assert verify_bytes(output.getvalue(), None).problems != ()
