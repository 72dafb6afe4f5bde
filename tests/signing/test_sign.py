"""Signing whole versions: what stands on which copy afterwards, and what makes signing stop with nothing changed."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw

from pipeline.batch.run import generate
from pipeline.batch.sources import find_sources
from pipeline.batch.workshop import Order
from pipeline.copies.plan import plan_copies
from pipeline.documents.proof.signed import prove_signed
from pipeline.documents.reading.model import SOFT
from pipeline.documents.reading.pdf import read_pdf
from pipeline.errors import RecordError
from pipeline.publication.manifest import digest
from pipeline.records.load import load_record
from pipeline.service.load import load_service
from pipeline.shipped import shipped
from pipeline.signing.model import TextMark
from pipeline.signing.record import load_signing_record
from pipeline.signing.signing import Desk, sign
from pipeline.signing.stamping import stamp
from pipeline.signing.verifying import verify_file
from pipeline.signing.versions import find_places

SAMPLES = shipped("samples")
SIGNATURES = SAMPLES / "signatures"
POINTS_PER_MM = 72 / 25.4
pytestmark = pytest.mark.xdist_group("signed samples")


def make(out, *records):
    service = load_service(SAMPLES / "agreements.toml")
    sources = find_sources([str(record) for record in records], recursive=False, standard_input=BytesIO())
    order = Order(service, out, "standard", "embedded", None, again=False)
    return [result.state for result in generate(sources, order)]


def sign_in(out, signatures=SIGNATURES, *, service=None):
    service = service or load_service(SAMPLES / "agreements.toml")
    return list(sign(find_places([out]), Desk(service, signatures, (service.folder,))))


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory):
    """The copies of all samples, before anybody signs. Nobody changes it."""
    out = tmp_path_factory.mktemp("unsigned")
    make(out, SAMPLES)
    return out


@pytest.fixture(scope="module")
def samples(unsigned, tmp_path_factory):
    """The copies of all samples, signed as the samples say. Nobody changes it."""
    out = tmp_path_factory.mktemp("signed") / "out"
    shutil.copytree(unsigned, out)
    assert [outcome.problems for outcome in sign_in(out) if outcome.problems] == []
    return out


@pytest.fixture
def out(unsigned, tmp_path):
    """The copies of NR-0420 alone, before anybody signs: three people in a shuttle process."""
    shutil.copytree(unsigned / "NR-0420", tmp_path / "out/NR-0420")
    shutil.copy(unsigned / "journal.jsonl", tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def signatures(tmp_path):
    """A folder with the signing record of NR-0420 and its pictures."""
    shutil.copytree(SIGNATURES / "NR-0420", tmp_path / "signatures/NR-0420")
    return tmp_path / "signatures"


def change(signatures, how):
    path = signatures / "NR-0420/signing.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    how(value["signatures"])
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")


def refusal(out, signatures, **more):
    """Return the problems of signing NR-0420, after seeing that nothing but the journal changed."""
    before = files_in(out / "NR-0420")
    [outcome] = sign_in(out, signatures, **more)
    assert outcome.state == "failed"
    assert files_in(out / "NR-0420") == before
    return outcome.problems


# ------------------------------------------------------------------------------------------------- reading pages


class Page:
    """One page of a PDF as pdfium sees it: its captions, pictures and pixels. Points, from the lower left corner."""

    def __init__(self, pdf, page):
        self.page = page
        text = page.get_textpage()
        self.captions = {}
        for number, word in itertools.product(range(1, 10), ("Signature", "Llofnod", "Podpis")):
            found = text.search(f"{word} {number}", match_whole_word=True).get_next()
            if found:
                boxes = [text.get_charbox(at) for at in range(found[0], found[0] + found[1])]
                self.captions[f"Signature {number}"] = (min(box[0] for box in boxes), max(box[3] for box in boxes))
        self.pictures = [each.get_bounds() for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
        self._pdf = pdf

    def room(self, caption, width_mm, height_mm):
        left, top = self.captions[caption]
        return (left, top, left + width_mm * POINTS_PER_MM, top + height_mm * POINTS_PER_MM)

    def pictures_in(self, room, *, within_mm=0.5):
        slack = within_mm * POINTS_PER_MM
        return [
            box
            for box in self.pictures
            if box[0] >= room[0] - slack
            and box[1] >= room[1] - slack
            and box[2] <= room[2] + slack
            and box[3] <= room[3] + slack
        ]

    def pixels(self):
        return self.page.render(scale=2).to_pil().convert("RGB")


def pages(path):
    pdf = pypdfium2.PdfDocument(path)
    return [Page(pdf, page) for page in pdf]


def text_of(path):
    pdf = pypdfium2.PdfDocument(path)
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)


def alternative_texts(path):
    with pikepdf.open(path) as pdf:
        return [str(each["/Alt"]) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]


def pictures_of(path):
    """Return the digests of all pictures in a PDF file, soft masks left out."""
    with pikepdf.open(path) as pdf:
        images = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Stream)
            and each.get("/Subtype") == "/Image"
            and each.get("/ColorSpace") != "/DeviceGray"
        ]
        return {digest(each.read_bytes()) for each in images}


def signed(out, ref, reader, version=1):
    return out / ref / f"v{version}" / reader / "signed" / f"{ref}-v{version}-{reader}.pdf"


def original(path):
    return path.parent.parent / path.name


# -------------------------------------------------------------------------------------------- what stands where


def test_every_picture_stands_within_half_a_millimetre_of_its_place_on_every_copy_that_may_show_it(samples):
    checked = 0
    for manifest_file in sorted(samples.glob("*/v*/manifest.json")):
        manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
        folder = manifest_file.parent
        ref, version = manifest["ref"], manifest["version"]
        records = map(load_signing_record, sorted(SIGNATURES.glob("*/signing.json")))
        record = next((each for each in records if (each.ref, each.version) == (ref, version)), None)
        if record is None:  # a sample that nobody has signed yet
            continue
        stem = ref if version == 1 else f"{ref}-v{version}"
        service = load_service(SAMPLES / "agreements.toml")
        agreement = load_record(SAMPLES / f"{stem}.json", extra_fields=service.extra_fields)
        for copy in manifest["copies"]:
            if "signed" not in copy:
                continue
            people = sorted(
                (each.participant for each in record.signatures if each.code == copy["code"]),
                key=[person.id for person in agreement.participants].index,
            )
            seen = pages(folder / copy["signed"]["name"])
            for caption, participant in zip((f"Signature {n}" for n in range(1, 10)), people, strict=False):
                signature = next(
                    each for each in record.signatures if (each.participant, each.code) == (participant, copy["code"])
                )
                shown = signature.image is not None and (
                    copy["reader"] in {participant, "service"} or signature.page == "shared"
                )
                [page] = [page for page in seen if caption in page.captions]
                room = page.room(caption, *manifest["signature_mm"])
                assert len(page.pictures_in(room)) == shown, (copy["signed"]["name"], caption)
                checked += shown
    assert checked >= 60


def test_a_picture_is_on_the_page_of_its_caption_and_keeps_its_proportions(samples):
    path = signed(samples, "NR-0412", "harmed-1")
    [page] = [page for page in pages(path) if page.captions]
    [box] = page.pictures_in(page.room("Signature 1", 70, 13))
    with pikepdf.open(path) as pdf:
        shapes = {
            round(int(each["/Width"]) / int(each["/Height"]), 2)
            for each in pdf.objects
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        }
    assert round((box[2] - box[0]) / (box[3] - box[1]), 2) in shapes


def test_a_picture_has_an_alternative_text_with_name_and_day(samples):
    assert alternative_texts(signed(samples, "NR-0412", "responsible-1"))[-3:] == [
        "Signature of Leila, 10 November 2026",
        "Signature of Callum, 12 November 2026",
        "Signature of Priya, 10 November 2026",
    ]


def test_an_own_page_is_told_in_the_words_that_are_fixed(samples):
    for reader in ("responsible-1", "harmed-38"):
        text = text_of(signed(samples, "NR-0455", reader))
        assert ("Signed by Ruth, 18 November 2026. The service holds the signed page." in text) is (
            reader != "harmed-38"
        )


@pytest.mark.parametrize("ref", ["NR-0420", "NR-0455", "NR-0470"])
def test_in_a_shuttle_process_no_side_gets_a_picture_of_anybody_else(samples, ref):
    for path in sorted(samples.glob(f"{ref}/v1/*/signed/*.pdf")):
        reader = path.parent.parent.name
        added = pictures_of(path) - pictures_of(original(path))
        assert len(added) <= (99 if reader == "service" else 1), path.name


def test_a_copy_whose_reader_may_see_no_signature_has_no_picture_more_than_before(samples):
    path = signed(samples, "NR-0420", "harmed-1")
    assert pictures_of(path) == pictures_of(original(path))


def test_not_one_byte_of_a_copy_depends_on_a_signature_that_its_reader_may_not_see(out, signatures):
    sign_in(out, signatures)
    before = files_in(out / "NR-0420")
    shutil.copy(SIGNATURES / "NR-0412/responsible-1.jpg", signatures / "NR-0420/other.jpg")
    change(signatures, lambda all_of_them: all_of_them[1].update(image="other.jpg"))
    sign_in(out, signatures)
    after = files_in(out / "NR-0420")
    changed = {name.split("/")[1] for name in after if before[name] != after[name]}
    assert changed == {"responsible-1", "service", "manifest.json"}


def test_outside_the_places_to_sign_no_pixel_changes(samples):
    for ref, reader in (("NR-0412", "harmed-1"), ("SC-0097", "service"), ("NR-0455", "responsible-1")):
        path = signed(samples, ref, reader)
        for before, after in zip(pages(original(path)), pages(path), strict=True):
            difference = ImageChops.difference(before.pixels(), after.pixels())
            height = difference.height
            for caption in before.captions:
                left, bottom, right, top = (2 * edge for edge in before.room(caption, 70, 13))
                ImageDraw.Draw(difference).rectangle((left - 2, height - top - 2, right + 2, height - bottom + 2), 0)
            assert difference.getbbox() is None


def test_the_place_of_a_signature_held_by_the_service_gains_black_letters_and_no_ink(samples):
    path = signed(samples, "NR-0412", "harmed-1")
    [before] = [page for page in pages(original(path)) if page.captions]
    [after] = [page for page in pages(path) if page.captions]
    height = after.pixels().height
    left, bottom, right, top = (2 * edge for edge in after.room("Signature 2", 70, 13))
    place = (int(left), int(height - top), int(right), int(height - bottom))
    was, now = (page.pixels().crop(place).tobytes() for page in (before, after))
    gained = {now[at : at + 3] for at in range(0, len(now), 3) if now[at : at + 3] != was[at : at + 3]}
    assert gained
    assert [colour for colour in gained if max(colour) - min(colour) > 8] == []


IN_LANGUAGES = {
    "supporter-2-cy": (
        *("Llofnodwyd gan: Amal, 26 Tachwedd 2026.", "Mae\u2019r gwasanaeth yn cadw\u2019r dudalen a lofnodwyd."),
        "Dim llofnod",
    ),
    "supporter-1-pl": (
        *("Podpis: Amal, 26 listopada 2026.", "Podpisaną stronę przechowuje służba."),
        *("wpisano z klawiatury, 27 listopada 2026", "Brak podpisu"),
    ),
    "harmed-1-ar": (
        *("توقيع: Imran، بتاريخ 26 نوفمبر 2026.", "تحتفظ الخدمة بالصفحة الموقّعة.", "لا يوجد توقيع"),
        *("Amal، علامة، بحضور شاهد: Gwen", "26 نوفمبر 2026"),
    ),
    "responsible-1-ur": (
        *("دستخط: Amal، بتاریخ 26 نومبر 2026\u06d4", "دستخط شدہ صفحہ سروس کے پاس ہے\u06d4", "دستخط نہیں ہوئے"),
        *("Imran: زبانی رضامندی", "26 نومبر 2026، گواہ: Gwen"),
    ),
}


def in_language(out, name):
    reader = name.rpartition("-")[0]
    return out / "NR-0481/v1" / reader / "signed" / f"NR-0481-v1-{name}.pdf"


def added_words(path):
    """Return the paragraphs that signing added, in the order in which a screen reader reads their letters."""
    before, after = (read_pdf(each.read_bytes()).body for each in (original(path), path))
    shown = [each.text for each in after if each not in before]
    return {"".join(text.replace(SOFT, "").replace("\u200e", "").split()) for text in shown}


@pytest.mark.parametrize("name", IN_LANGUAGES)
def test_what_is_stamped_is_in_the_language_of_the_copy_and_read_back_in_its_order(samples, name):
    wanted = {"".join(sentence.split()) for sentence in IN_LANGUAGES[name]}
    assert wanted - added_words(in_language(samples, name)) == set()


@pytest.mark.parametrize("name", IN_LANGUAGES)
def test_no_stamped_word_is_marked_as_of_another_language_than_its_page(samples, name):
    def marked(path):
        with pikepdf.open(path) as pdf:
            return sum(
                isinstance(each, pikepdf.Dictionary) and "/S" in each and "/Lang" in each for each in pdf.objects
            )

    path = in_language(samples, name)
    assert marked(path) == marked(original(path))


def test_the_alternative_text_of_a_picture_is_in_the_language_of_the_copy(samples):
    told = alternative_texts(in_language(samples, "harmed-1-ar"))[-1]
    assert told.replace("\u200e", "") == "علامة Amal، بتاريخ 26 نوفمبر 2026"


@pytest.mark.parametrize("name", ["harmed-1-ar", "responsible-1-ur"])
def test_on_a_right_to_left_page_stamped_words_begin_at_the_right_of_their_room(samples, name):
    path = in_language(samples, name)
    for before, after in zip(pages(original(path)), pages(path), strict=True):
        for caption in before.captions:
            room = [2 * edge for edge in before.room(caption, 70, 13)]
            box = ImageChops.difference(before.pixels(), after.pixels()).getbbox()
            assert room[2] - 4 * POINTS_PER_MM < box[2] <= room[2]


def test_digits_and_names_in_a_right_to_left_stamp_are_not_reversed(samples):
    with pypdfium2.PdfDocument(in_language(samples, "harmed-1-ar")) as pdf:
        text = pdf[1].get_textpage()
        letters = [(text.get_charbox(at, loose=True), text.get_text_range(at, 1)) for at in range(text.count_chars())]
    lines = {}
    for (left, bottom, _, top), letter in letters:
        lines.setdefault(round((bottom + top) / 8), []).append((left, letter))
    seen = ["".join(letter for _, letter in sorted(line)) for line in lines.values()]
    assert any(re.search("2026.*26.*Imran", line) for line in seen)


@pytest.mark.parametrize("name", IN_LANGUAGES)
def test_a_signed_copy_in_another_language_is_verified(samples, name):
    verdict = verify_file(in_language(samples, name), None)
    assert (verdict.issued, verdict.unchanged, verdict.stage, verdict.problems) == ("yes", "yes", "signed", ())


def test_a_withheld_arabic_word_that_is_stamped_is_found(samples):
    service = load_service(SAMPLES / "agreements.toml")
    agreement = load_record(SAMPLES / "NR-0481.json", extra_fields=service.extra_fields)
    copy = next(each for each in plan_copies(agreement, service) if each.reader_id == "responsible-1")
    before = original(in_language(samples, "responsible-1-ur")).read_bytes()
    words = ("أمل درويش",)
    after = stamp(before, [TextMark("Signature 1", words)], width_mm=70, height_mm=13, language="ur")
    with pytest.raises(RecordError) as caught:
        prove_signed(copy=copy, original=before, signed=after, stamped=words, profiles=("2a", "ua1"))
    assert {problem.where.split(",")[0] for problem in caught.value.problems} == {"PDF"}
    assert all("درويش" not in str(problem) for problem in caught.value.problems)


def test_an_arabic_stamp_with_other_words_than_were_meant_is_refused(samples):
    service = load_service(SAMPLES / "agreements.toml")
    agreement = load_record(SAMPLES / "NR-0481.json", extra_fields=service.extra_fields)
    copy = next(each for each in plan_copies(agreement, service) if each.reader_id == "harmed-1")
    before = original(in_language(samples, "harmed-1-ar")).read_bytes()
    after = stamp(before, [TextMark("Signature 2", ("لا يوجد توقيع",))], width_mm=70, height_mm=13, language="ar")
    with pytest.raises(RecordError, match="words that nobody put there"):
        prove_signed(copy=copy, original=before, signed=after, stamped=("يوجد توقيع",), profiles=("2a", "ua1"))


def test_why_somebody_did_not_sign_stands_in_the_copy_of_the_service_alone(samples):
    for path in sorted(samples.glob("NR-0440/v1/*/signed/*.pdf")):
        text = text_of(path)
        assert "Not signed" in text
        told = [word for word in ("think about it", "did not wish") if word in text]
        assert bool(told) is (path.parent.parent.name == "service")


def test_verapdf_passes_every_signed_sample(samples, verapdf):
    files = sorted(samples.glob("*/v*/*/signed/*.pdf"))
    assert len(files) == 46
    verdicts = verapdf(*files).splitlines()
    assert [line for line in verdicts if not line.startswith("PASS")] == []
    assert len(verdicts) == 2 * len(files)


def test_qpdf_opens_every_signed_sample_without_a_warning(samples):
    for path in sorted(samples.glob("*/v*/*/signed/*.pdf")):
        with pikepdf.open(path) as pdf:
            assert pdf.check_pdf_syntax() == [], path.name


def test_the_manifest_names_the_signed_files_and_no_reason(samples):
    manifest = json.loads((samples / "NR-0440/v1/manifest.json").read_text(encoding="utf-8"))
    for copy in (each for each in manifest["copies"] if "extra" not in each):
        data = (samples / "NR-0440/v1" / copy["signed"]["name"]).read_bytes()
        assert (copy["signed"]["sha256"], copy["signed"]["bytes"]) == (digest(data), len(data))
    assert [each["method"] for each in manifest["signatures"]] == ["typed", "drawn", "declined", "bsl_yes", "typed"]
    assert "week" not in json.dumps(manifest)


def test_two_signings_give_the_same_bytes(out, samples):
    sign_in(out)
    assert files_in(out / "NR-0420") == files_in(samples / "NR-0420")


# ------------------------------------------------------------------------------------------- one after the other


def test_whoever_has_not_signed_yet_is_waited_for_and_added_later(out, signatures):
    whole = (signatures / "NR-0420/signing.json").read_text(encoding="utf-8")
    change(signatures, lambda all_of_them: all_of_them.pop(0))
    [first] = sign_in(out, signatures)
    assert (first.state, first.waiting) == ("partly_signed", ("harmed-1",))
    (signatures / "NR-0420/signing.json").write_text(whole, encoding="utf-8")
    [second] = sign_in(out, signatures)
    assert (second.state, second.waiting) == ("signed", ())
    assert "Alana said yes aloud" in text_of(signed(out, "NR-0420", "service"))


def test_signing_later_gives_the_same_bytes_as_signing_at_once(out, signatures, samples):
    whole = (signatures / "NR-0420/signing.json").read_text(encoding="utf-8")
    change(signatures, lambda all_of_them: all_of_them.pop(0))
    sign_in(out, signatures)
    (signatures / "NR-0420/signing.json").write_text(whole, encoding="utf-8")
    sign_in(out, signatures)
    assert files_in(out / "NR-0420") == files_in(samples / "NR-0420")


def test_signing_twice_changes_nothing(out):
    sign_in(out)
    before = files_in(out), {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    [outcome] = sign_in(out)
    assert outcome.state == "up_to_date"
    assert (files_in(out), {path: path.stat().st_mtime_ns for path in out.rglob("*")}) == before


def test_a_signed_copy_that_was_damaged_is_made_again(out):
    sign_in(out)
    before = files_in(out / "NR-0420")
    signed(out, "NR-0420", "service").write_bytes(b"damaged")
    [outcome] = sign_in(out)
    assert outcome.state == "signed"
    assert files_in(out / "NR-0420") == before


def test_a_wrong_entry_can_be_corrected(out, signatures):
    sign_in(out, signatures)
    change(signatures, lambda all_of_them: all_of_them[0].update(on="2026-11-14"))
    [outcome] = sign_in(out, signatures)
    assert outcome.state == "signed"
    assert "14 November 2026" in text_of(signed(out, "NR-0420", "service"))


def test_a_signature_that_is_on_the_copies_does_not_silently_disappear(out, signatures):
    sign_in(out, signatures)
    change(signatures, lambda all_of_them: all_of_them.pop(1))
    [problem] = refusal(out, signatures)
    assert problem.what == "A signature that stands on the copies is missing from the signing record."


def test_the_unsigned_originals_stay_as_they_are(out):
    before = files_in(out / "NR-0420")
    sign_in(out)
    after = files_in(out / "NR-0420")
    assert {name for name in before if before[name] != after[name]} == {"v1/manifest.json"}


def test_a_signed_version_is_left_alone_by_generate(out):
    sign_in(out)
    before = files_in(out / "NR-0420")
    assert make(out, SAMPLES / "NR-0420.json") == ["signed"]
    assert files_in(out / "NR-0420") == before


def test_generate_refuses_other_terms_under_a_signed_version(out, tmp_path):
    sign_in(out)
    before = files_in(out / "NR-0420")
    record = (SAMPLES / "NR-0420.json").read_text(encoding="utf-8").replace("is sorry", "is very sorry")
    (tmp_path / "NR-0420.json").write_text(record, encoding="utf-8")
    assert make(out, tmp_path / "NR-0420.json") == ["refused"]
    assert files_in(out / "NR-0420") == before


def test_the_journal_says_what_was_signed_and_nobodys_name(out, signatures):
    sign_in(out, signatures)
    lines = (out / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    last = json.loads(lines[-1])
    assert (last["event"], last["ref"], last["version"]) == ("signed", "NR-0420", 1)
    assert [name for name in ("Alana", "Pete", "Owen") if name in lines[-1]] == []


# ------------------------------------------------------------------------------------------------- what is refused


def test_an_agreement_without_signing_record_has_no_signatures_yet(out, tmp_path):
    (tmp_path / "none").mkdir()
    before = files_in(out)
    [outcome] = sign_in(out, tmp_path / "none")
    assert outcome.state == "no_signatures"
    assert files_in(out) == before


def test_a_wrong_code_is_refused(out, signatures):
    change(signatures, lambda all_of_them: all_of_them[0].update(code="WPQC-NFRW-T36G"))
    [problem] = refusal(out, signatures)
    assert (problem.where, problem.line) == ("/signatures/0/code", 12)


def test_a_signing_record_in_the_folder_of_another_reference_is_refused(out, signatures):
    path = signatures / "NR-0420/signing.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"NR-0420"', '"NR-0421"'), encoding="utf-8")
    [problem] = refusal(out, signatures)
    assert problem.what == "This signing record is of another reference than its folder."


def test_an_original_that_was_changed_is_refused(out, signatures):
    path = out / "NR-0420/v1/harmed-1/NR-0420-v1-harmed-1.pdf"
    path.write_bytes(path.read_bytes() + b"\n")
    [problem] = refusal(out, signatures)
    assert problem.what == "A copy is not the one that was published."


def test_an_original_that_is_gone_is_refused(out, signatures):
    (out / "NR-0420/v1/harmed-1/NR-0420-v1-harmed-1.pdf").unlink()
    [problem] = refusal(out, signatures)
    assert problem.what == "A copy is not the one that was published."


def test_a_damaged_manifest_is_refused(out, signatures):
    (out / "NR-0420/v1/manifest.json").write_text("{}", encoding="utf-8")
    [problem] = refusal(out, signatures)
    assert problem.what == "The manifest of this version is missing or damaged."


def service_with(tmp_path, text):
    """Return the service of a folder whose only record is this text, as NR-0420."""
    folder = tmp_path / "our-service"
    folder.mkdir()
    for name in ("agreements.toml", "logo.png"):
        shutil.copy(SAMPLES / name, folder)
    if text is not None:
        (folder / "NR-0420.json").write_text(text, encoding="utf-8")
    return load_service(folder / "agreements.toml")


def test_a_draft_is_refused_because_nobody_has_read_it_aloud(tmp_path, signatures):
    record = json.loads((SAMPLES / "NR-0420.json").read_text(encoding="utf-8"))
    del record["read_back"]
    service = service_with(tmp_path, json.dumps(record))
    draft = tmp_path / "draft"
    make(draft, service.folder / "NR-0420.json")
    [problem] = refusal(draft, signatures, service=service)
    assert (problem.where, problem.what) == (
        "/read_back",
        "A draft is not signed: nobody has read the whole text aloud yet.",
    )


def test_a_record_that_says_something_else_than_the_copies_is_refused(out, signatures, tmp_path):
    text = (SAMPLES / "NR-0420.json").read_text(encoding="utf-8").replace("is sorry", "is very sorry")
    [problem] = refusal(out, signatures, service=service_with(tmp_path, text))
    assert problem.what == "The record says something else than the copies that were published."


def test_a_record_that_cannot_be_found_is_refused(out, signatures, tmp_path):
    [problem] = refusal(out, signatures, service=service_with(tmp_path, None))
    assert (problem.what, "--records" in problem.do) == ("The record of this version was not found.", True)


def test_a_record_that_is_there_twice_is_refused(out, signatures, tmp_path):
    service = service_with(tmp_path, (SAMPLES / "NR-0420.json").read_text(encoding="utf-8"))
    shutil.copy(service.folder / "NR-0420.json", service.folder / "copy.json")
    [problem] = refusal(out, signatures, service=service)
    assert problem.what == "More than one record has this version."


HOSTILE = {
    "missing": None,
    "empty": b"",
    "words": b"This is no picture.",
    "cut-off": (SIGNATURES / "NR-0420/responsible-1.png").read_bytes()[:200],
    "too-large": b"\x89PNG\r\n\x1a\n" + bytes(2_000_001),
    "pdf": b"%PDF-1.7\n",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_picture_that_cannot_be_used_is_named_by_its_line_and_nothing_changes(out, signatures, kind):
    picture = signatures / "NR-0420/responsible-1.png"
    picture.unlink()
    if HOSTILE[kind] is not None:
        picture.write_bytes(HOSTILE[kind])
    [problem] = refusal(out, signatures)
    assert (problem.where, problem.line is not None) == ("/signatures/1/image", True)


def test_a_link_in_the_place_of_a_picture_is_not_followed(out, signatures, tmp_path):
    picture = signatures / "NR-0420/responsible-1.png"
    picture.rename(tmp_path / "elsewhere.png")
    picture.symlink_to(tmp_path / "elsewhere.png")
    [problem] = refusal(out, signatures)
    assert problem.where == "/signatures/1/image"


def test_a_withheld_word_in_a_reason_stops_the_version_and_is_not_repeated(unsigned, tmp_path):
    shutil.copytree(unsigned / "NR-0455", tmp_path / "out/NR-0455")
    shutil.copytree(SIGNATURES / "NR-0455", tmp_path / "signatures/NR-0455")
    path = tmp_path / "signatures/NR-0455/signing.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    first = value["signatures"][0]
    value["signatures"][0] = {name: first[name] for name in ("participant", "capacity", "code")} | {
        "method": "declined",
        "reason": "The Ashdown family wants to wait.",
    }
    path.write_text(json.dumps(value), encoding="utf-8")
    before = files_in(tmp_path / "out/NR-0455")
    [outcome] = sign_in(tmp_path / "out", tmp_path / "signatures")
    assert outcome.state == "failed"
    assert any("must not see" in problem.what for problem in outcome.problems)
    assert "Ashdown" not in repr(outcome)
    assert files_in(tmp_path / "out/NR-0455") == before


def test_a_sealed_version_takes_no_more_signatures(out, signatures):
    sign_in(out, signatures)
    path = out / "NR-0420/v1/manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    copy = manifest["copies"][0]
    copy["sealed"] = copy["signed"] | {"name": copy["signed"]["name"].replace("/signed/", "/sealed/")}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    change(signatures, lambda all_of_them: all_of_them[0].update(on="2026-11-14"))
    [problem] = refusal(out, signatures)
    assert problem.what == "This version is sealed, so no signature can be added."


def test_one_version_that_fails_does_not_stop_the_others(unsigned, tmp_path):
    for ref in ("NR-0420", "NR-0460"):
        shutil.copytree(unsigned / ref, tmp_path / "out" / ref)
    (tmp_path / "out/NR-0420/v1/manifest.json").write_text("{}", encoding="utf-8")
    outcomes = sign_in(tmp_path / "out")
    assert [(outcome.ref, outcome.state) for outcome in outcomes] == [("NR-0420", "failed"), ("NR-0460", "signed")]


def test_every_picture_of_the_samples_is_small_and_without_metadata():
    for path in sorted([*SIGNATURES.glob("*/*.png"), *SIGNATURES.glob("*/*.jpg")]):
        with Image.open(path) as picture:
            assert not picture.getexif(), path.name
            assert set(picture.info) <= {"dpi", "jfif", "jfif_version", "jfif_unit", "jfif_density", "transparency"}
        assert path.stat().st_size < 40_000, path.name


def test_no_message_of_signing_repeats_a_name(out, signatures):
    change(signatures, lambda all_of_them: all_of_them[0].update(code="WPQC-NFRW-T36G", witness="facilitator-7"))
    told = repr(refusal(out, signatures))
    assert re.findall("Alana|Pete|Owen", told) == []


def test_a_signing_record_may_lie_in_the_folder_itself(out, signatures):
    [outcome] = sign_in(out, Path(signatures / "NR-0420"))
    assert outcome.state == "signed"


# -------------------------------------------------------------------------------------------------- signed on paper


def scan_of(*copies, path):
    """Write what a scanner makes of the printed pages of these copies: grey pictures in a PDF."""
    sheets = [
        page.render(scale=150 / 72).to_pil().convert("L") for copy in copies for page in pypdfium2.PdfDocument(copy)
    ]
    sheets[0].save(path, "PDF", resolution=150, save_all=True, append_images=sheets[1:])
    return path


def sign_with_scan(out, signatures, scan):
    service = load_service(SAMPLES / "agreements.toml")
    return list(sign(find_places([out]), Desk(service, signatures, (service.folder,), scan)))


def test_a_scan_of_the_signed_paper_is_kept_with_the_copy_of_the_service_alone(out, signatures, tmp_path):
    scan = scan_of(out / "NR-0420/v1/harmed-1/NR-0420-v1-harmed-1.pdf", path=tmp_path / "scan.pdf")
    [outcome] = sign_with_scan(out, signatures, scan)
    assert outcome.state == "signed"
    kept = [name for name, data in files_in(out).items() if data == scan.read_bytes()]
    assert kept == ["NR-0420/v1/service/signed/NR-0420-v1-scan.pdf"]
    manifest = json.loads((out / "NR-0420/v1/manifest.json").read_text(encoding="utf-8"))
    assert manifest["scan"]["sha256"] == digest(scan.read_bytes())


def test_signing_again_without_the_scan_keeps_it(out, signatures, tmp_path):
    scan = scan_of(out / "NR-0420/v1/harmed-1/NR-0420-v1-harmed-1.pdf", path=tmp_path / "scan.pdf")
    sign_with_scan(out, signatures, scan)
    before = files_in(out / "NR-0420")
    assert [outcome.state for outcome in sign_in(out, signatures)] == ["up_to_date"]
    assert files_in(out / "NR-0420") == before


def test_a_scan_of_another_agreement_is_refused(out, signatures, unsigned, tmp_path):
    foreign = scan_of(unsigned / "NR-0470/v1/harmed-1/NR-0470-v1-harmed-1.pdf", path=tmp_path / "scan.pdf")
    before = files_in(out / "NR-0420")
    [outcome] = sign_with_scan(out, signatures, foreign)
    assert {problem.what for problem in outcome.problems} == {
        "This page belongs to another agreement or another version."
    }
    assert files_in(out / "NR-0420") == before


def test_a_scan_without_a_signing_record_is_refused(out, tmp_path):
    (tmp_path / "none").mkdir()
    scan = scan_of(out / "NR-0420/v1/harmed-1/NR-0420-v1-harmed-1.pdf", path=tmp_path / "scan.pdf")
    [outcome] = sign_with_scan(out, tmp_path / "none", scan)
    assert [problem.what for problem in outcome.problems] == [
        "There is a scan, and no signing record that says who signed."
    ]
