"""A stamped copy: the signature in its place, tagged, undistorted, and the file as sound as before."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pytest

from pipeline.copies.plan import plan_copies
from pipeline.documents.engines.engine import EmbeddedEngine
from pipeline.documents.making import make
from pipeline.documents.pages.finishing import finish
from pipeline.documents.pages.typesetting import Lines, set_lines
from pipeline.documents.proof.conformance import failures
from pipeline.documents.proof.places import find_places
from pipeline.documents.reading.pdf import read_pdf
from pipeline.documents.templates.template import load_template
from pipeline.errors import RecordError
from pipeline.records.load import load_record
from pipeline.service.load import load_service
from pipeline.signing.model import ImageMark, SignatureImage, TextMark
from pipeline.signing.stamping import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.signing.model import Mark

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
WIDTH_MM, HEIGHT_MM = 70, 13
POINTS_PER_MM = 72 / 25.4
HELD = "Signed by Ruth, 12 November 2026. The service holds the signed page."
ARABIC = "\u0645\u062d\u0645\u062f \u0639\u0644\u064a"


def picture(width: int = 300, height: int = 100) -> SignatureImage:
    """A diagonal red line on nothing."""
    pixels = bytearray(4 * width * height)
    for across in range(width):
        down = across * height // width
        for row in range(max(0, down - 3), min(height, down + 4)):
            pixels[4 * (row * width + across) : 4 * (row * width + across) + 4] = b"\xc8\x00\x1e\xff"
    return SignatureImage(width, height, bytes(pixels))


def signed_by(caption: str, name: str = "Ruth", image: SignatureImage | None = None) -> ImageMark:
    return ImageMark(caption, image or picture(), name, "12 November 2026", f"Signature of {name}")


def stamped(pdf: bytes, *marks: Mark, **options: object) -> bytes:
    return stamp(pdf, marks, width_mm=WIDTH_MM, height_mm=HEIGHT_MM, language="en", **options)


@pytest.fixture(scope="module")
def copy():
    """Leila's copy of NR-0412: its plan and its finished files."""
    service = load_service(SAMPLES / "agreements.toml")
    agreement = load_record(SAMPLES / "NR-0412.json", extra_fields=service.extra_fields)
    plan = next(each for each in plan_copies(agreement, service) if each.reader_id == "harmed-1")
    template = load_template("standard", "en", service_folder=None)
    return plan, make(plan, template, engine=EmbeddedEngine(), logo=None, paper="A4")


@pytest.fixture(scope="module")
def unsigned(copy) -> bytes:
    return copy[1].pdf


@pytest.fixture(scope="module")
def signed(unsigned) -> bytes:
    return stamped(
        unsigned,
        signed_by("Signature 1"),
        TextMark("Signature 2", (HELD,)),
        signed_by("Signature 3", ARABIC, picture(50, 200)),
    )


def place_of(unsigned: bytes, caption: str):
    (place,), _ = find_places(unsigned, [caption], width_mm=WIDTH_MM, height_mm=HEIGHT_MM)
    return place


def images_mm(pdf: bytes) -> list[tuple[int, tuple[float, ...]]]:
    """Page, and left, bottom, right and top in millimetres, of every picture after the first page with its logo."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            (number, tuple(edge / POINTS_PER_MM for edge in each.get_bounds()))
            for number, page in enumerate(document, 1)
            if number > 1
            for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        ]


def elements(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    waiting, seen = [pdf.Root.StructTreeRoot], []
    while waiting:
        element = waiting.pop()
        if element.get("/S") == kind:
            seen.append(element)
        kids = element.get("/K")
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        waiting += [kid for kid in reversed(kids) if isinstance(kid, pikepdf.Dictionary) and "/MCID" not in kid]
    return seen


def test_a_picture_stands_within_half_a_millimetre_of_its_place(unsigned, signed):
    place = place_of(unsigned, "Signature 1")
    page, (left, bottom, right, top) = images_mm(signed)[0]
    assert page == place.page
    assert (left, bottom) == (pytest.approx(place.left_mm + 1, abs=0.5), pytest.approx(place.bottom_mm + 0.8, abs=0.5))
    assert right <= place.left_mm + WIDTH_MM
    assert top <= place.bottom_mm + HEIGHT_MM + 0.5


@pytest.mark.parametrize(("index", "shape"), [(0, 300 / 100), (1, 50 / 200)])
def test_a_picture_keeps_its_proportions_and_fills_its_room(signed, index, shape):
    _, (left, bottom, right, top) = images_mm(signed)[index]
    assert (right - left) / (top - bottom) == pytest.approx(shape, rel=0.01)
    assert right - left == pytest.approx(0.6 * (WIDTH_MM - 2) - 1, abs=0.5) or top - bottom == pytest.approx(
        HEIGHT_MM - 0.8, abs=0.5
    )


def test_every_pixel_of_the_picture_is_there_and_no_other(signed):
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        page = pdf.pages[-1]
        image = page.Resources.XObject["/Signature1"]
        colours, mask = image.read_bytes(), image.SMask.read_bytes()
    rgba = picture().rgba
    assert (colours[0::3], colours[2::3], mask) == (rgba[0::4], rgba[2::4], rgba[3::4])


def test_the_ground_is_transparent(unsigned, signed):
    place = place_of(unsigned, "Signature 1")

    def corner(pdf: bytes) -> bytes:
        """The upper right of the picture's box, where it has no ink, with the page below."""
        with pypdfium2.PdfDocument(pdf) as document:
            image = document[place.page - 1].render(scale=4).to_pil()
        left = (place.left_mm + 20) * POINTS_PER_MM * 4
        top = image.height - (place.bottom_mm + 12) * POINTS_PER_MM * 4
        return image.crop((int(left), int(top), int(left) + 120, int(top) + 16)).tobytes()

    assert corner(signed) == corner(unsigned)


def test_a_picture_is_a_figure_with_its_alternative_text_on_its_page(signed):
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        figures = [each for each in elements(pdf, "/Figure") if str(each.get("/Alt", "")).startswith("Signature of")]
        told = [(str(each.Alt), each.Pg.objgen == pdf.pages[-1].obj.objgen) for each in figures]
    assert told == [("Signature of Ruth", True), (f"Signature of {ARABIC}", True)]


def test_a_figure_comes_before_its_caption_in_the_same_cell(signed):
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        figure = next(each for each in elements(pdf, "/Figure") if each.get("/Alt") == "Signature of Ruth")
        kinds = [str(kid.S) for kid in figure.P.K]
    assert kinds[kinds.index("/Figure") :] == ["/Figure", "/P", "/P", "/P"]  # picture, name, date, caption


def test_the_parent_tree_knows_every_stamped_content(signed):
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        page = pdf.pages[1]
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        tree = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        content = b"".join(stream.read_bytes() for stream in page.Contents)
        used = {int(each) for each in re.findall(rb"/MCID (\d+)", content)}
        assert used == set(range(len(tree[int(page.obj.StructParents)])))


def test_name_date_and_sentence_are_real_text(signed):
    with pypdfium2.PdfDocument(signed) as document:
        text = " ".join(document[1].get_textpage().get_text_range().split())
    assert "Ruth 12 November 2026" in text
    assert HELD in text


def test_what_is_read_back_is_the_unsigned_copy_and_the_stamped_words(unsigned, signed):
    before, after = read_pdf(unsigned), read_pdf(signed)
    added = [each.text.replace("\ue000", " ") for each in after.body if each not in before.body]
    assert after.faults == ()
    assert [paragraph for paragraph in after.body if paragraph in before.body] == list(before.body)
    assert [" ".join(re.findall(r"\w+", each)) for each in added] == [
        "Ruth",
        "12 November 2026",
        " ".join(re.findall(r"\w+", HELD)),
        ARABIC,
        "12 November 2026",
    ]


def test_words_in_another_language_say_so(unsigned):
    pdf = stamped(
        unsigned, TextMark("Signature 1", ("Podpisano",), language="pl"), TextMark("Signature 2", ("Signed",))
    )
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert [str(each.Lang) for each in elements(opened, "/P") if "/Lang" in each] == ["pl"]


@pytest.mark.parametrize(
    "name",
    [
        "Ruth",
        "\u0141ukasz \u017b\u00f3\u0142\u0107",
        "\u0415\u043b\u0435\u043d\u0430",
        "\u0395\u03bb\u03ad\u03bd\u03b7",
        ARABIC,
        "\u0906\u0930\u0924\u0940",
        "Nguy\u1ec5n",
    ],
    ids=["English", "Polish", "Cyrillic", "Greek", "Arabic", "Devanagari", "Vietnamese"],
)
def test_a_name_in_its_own_script_keeps_the_profiles(unsigned, name):
    pdf = stamped(unsigned, signed_by("Signature 1", name))
    assert failures(pdf, ("2a", "ua1")) == ()
    assert any(name in each.text for each in read_pdf(pdf).texts)


def test_a_name_that_no_font_has_is_refused_by_its_characters(unsigned):
    with pytest.raises(RecordError) as caught:
        stamped(unsigned, signed_by("Signature 1", "\u4e2d"))
    assert "U+4E2D" in str(caught.value.problems)


def test_words_that_do_not_fit_are_refused_at_their_place(unsigned):
    with pytest.raises(RecordError) as caught:
        stamped(unsigned, TextMark("Signature 1", ("Signed",)), TextMark("Signature 2", ("very " * 100,)))
    assert [(problem.what, problem.where) for problem in caught.value.problems] == [
        ("the words are too long for the room of this signature", "PDF, page 2, Signature 2"),
    ]


def test_a_long_name_is_set_smaller_so_that_it_fits(unsigned):
    name = "Representative of the Northwater Community Centre Association"
    pdf = stamped(unsigned, signed_by("Signature 1", name))
    assert any(name.rsplit(maxsplit=1)[-1] in each.text for each in read_pdf(pdf).texts)


def test_the_same_marks_give_the_same_bytes(unsigned, signed):
    again = stamped(
        unsigned,
        signed_by("Signature 1"),
        TextMark("Signature 2", (HELD,)),
        signed_by("Signature 3", ARABIC, picture(50, 200)),
    )
    assert again == signed


def test_a_place_without_a_mark_stays_empty(unsigned):
    pdf = stamped(unsigned, signed_by("Signature 2"))
    assert len(images_mm(pdf)) == 1


def test_a_picture_alone_has_the_whole_room(unsigned):
    pdf = stamped(unsigned, ImageMark("Signature 1", picture(900, 100), "", "", "Signature of Ruth"))
    _, (left, _, right, _) = images_mm(pdf)[0]
    assert right - left == pytest.approx(WIDTH_MM - 2, abs=0.5)


def test_properties_stay_and_no_earlier_revision_or_unused_object_is_left(unsigned, signed):
    def properties(data: bytes) -> Mapping[str, object]:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            root = pdf.Root
            return {
                "info": {key: str(value) for key, value in pdf.docinfo.items()},
                "xmp": root.Metadata.read_bytes(),
                "root": sorted(root.keys()),
                "lang": str(root.Lang),
                "tabs": [str(page.obj.Tabs) for page in pdf.pages],
                "version": pdf.pdf_version,
            }

    assert properties(signed) == properties(unsigned)
    assert signed.count(b"startxref") == 1


def test_the_stamped_copy_keeps_the_profiles_by_the_arbiter(signed, verapdf, tmp_path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    assert failures(signed, ("2a", "ua1")) == ()
    assert verapdf(path).splitlines() == [f"PASS 2a {path}", f"PASS ua1 {path}"]


def test_qpdf_finds_nothing_to_complain_of(signed):
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_poppler_reads_it_without_a_warning(signed, tmp_path, outside_program):
    (tmp_path / "signed.pdf").write_bytes(signed)
    read = subprocess.run(
        [outside_program("pdftotext"), tmp_path / "signed.pdf", "-"], capture_output=True, text=True, check=True
    )
    assert (read.stderr, "The service holds" in read.stdout) == ("", True)


def test_a_page_of_libreoffice_is_signed_as_well(copy, tmp_path, outside_program):
    (tmp_path / "copy.docx").write_bytes(copy[1].docx)
    export = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [outside_program("soffice"), profile, "--headless", "--convert-to", export, "--outdir", tmp_path]
    subprocess.run([*command, tmp_path / "copy.docx"], check=True, capture_output=True, timeout=120)
    unsigned = finish((tmp_path / "copy.pdf").read_bytes(), title="Agreement", language="en")
    pdf = stamped(unsigned, signed_by("Signature 1"), TextMark("Signature 2", (HELD,)))
    place = place_of(unsigned, "Signature 1")
    page, (left, bottom, _, _) = images_mm(pdf)[0]
    assert (page, left, bottom) == (
        place.page,
        pytest.approx(place.left_mm + 1, abs=0.5),
        pytest.approx(place.bottom_mm + 0.8, abs=0.5),
    )
    assert set(failures(pdf, ("2a", "ua1"))) <= set(failures(unsigned, ("2a", "ua1")))


def test_a_page_that_is_turned_is_signed_upright():
    pdf = set_lines((Lines(("We agreed this.", "", "", "", "", "Signature 1"), 210, 297),), size_pt=10, font="Calibri")
    upright = finish(pdf, title="Agreement", language="en")
    with pikepdf.open(io.BytesIO(upright)) as document:
        page = document.pages[0]
        page.contents_add(b"q 0 1 -1 0 842 0 cm\n", prepend=True)
        page.contents_add(b"\nQ")
        page.mediabox = [0, 0, 842, 595]
        page.Rotate = 90
        buffer = io.BytesIO()
        document.save(buffer)

    def rendered(data: bytes) -> bytes:
        with pypdfium2.PdfDocument(data) as document:
            return document[0].render(scale=0.5).to_pil().convert("L").point(lambda grey: 255 * (grey > 200)).tobytes()

    first, second = (rendered(stamped(each, signed_by("Signature 1"))) for each in (upright, buffer.getvalue()))
    differing = sum(a != b for a, b in zip(first, second, strict=False))
    assert differing < 0.001 * len(first)


def test_content_that_leaves_the_page_scaled_does_not_move_a_signature(unsigned, signed):
    with pikepdf.open(io.BytesIO(unsigned)) as document:
        document.pages[-1].contents_add(b"\n2 0 0 2 50 50 cm\n")
        buffer = io.BytesIO()
        document.save(buffer)
    assert images_mm(stamped(buffer.getvalue(), signed_by("Signature 1")))[0] == images_mm(signed)[0]


def test_two_marks_for_one_place_are_refused(unsigned):
    with pytest.raises(RecordError, match="two signatures are meant for one place"):
        stamped(unsigned, signed_by("Signature 1"), TextMark("Signature 1", ("Not signed",)))


def test_a_missing_place_is_refused_with_the_id_and_the_template(unsigned):
    with pytest.raises(RecordError) as caught:
        stamped(unsigned, signed_by("Signature 9"), participants={"Signature 9": "harmed-9"}, template="standard")
    (problem,) = caught.value.problems
    assert (problem.what, problem.where) == ("this place to sign is missing", "PDF, Signature 9, harmed-9")
    assert "the template 'standard'" in problem.do


def test_a_page_without_tags_is_refused(unsigned):
    with pikepdf.open(io.BytesIO(unsigned)) as document:
        del document.pages[-1].obj.StructParents
        buffer = io.BytesIO()
        document.save(buffer)
    with pytest.raises(RecordError, match="this page has no tags where the signature belongs"):
        stamped(buffer.getvalue(), signed_by("Signature 1"))


@pytest.mark.parametrize("damage", ["nothing", "text", "cut off", "encrypted"])
def test_a_file_that_cannot_be_signed_is_refused(unsigned, damage):
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(unsigned)) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="x", user="y"))
    data = {
        "nothing": b"",
        "text": b"Signature 1",
        "cut off": unsigned[: len(unsigned) // 2],
        "encrypted": locked.getvalue(),
    }
    with pytest.raises(RecordError):
        stamped(data[damage], signed_by("Signature 1"))


def test_a_structure_tree_that_runs_in_a_circle_is_refused(unsigned):
    with pikepdf.open(io.BytesIO(unsigned)) as document:
        tree = document.make_indirect(pikepdf.Dictionary(Nums=pikepdf.Array([])))
        tree.Kids = pikepdf.Array([tree])
        document.Root.StructTreeRoot.ParentTree = tree
        buffer = io.BytesIO()
        document.save(buffer)
    with pytest.raises(RecordError, match="this page has no tags where the signature belongs"):
        stamped(buffer.getvalue(), signed_by("Signature 1"))


def test_pages_that_run_in_a_circle_are_refused(unsigned):
    with pikepdf.open(io.BytesIO(unsigned)) as document:
        document.Root.Pages.Kids.append(document.Root.Pages)
        buffer = io.BytesIO()
        document.save(buffer)
    with pytest.raises(RecordError, match="the copy is not a PDF that can be signed"):
        stamped(buffer.getvalue(), signed_by("Signature 1"))


def test_a_damaged_file_is_refused_without_a_word_of_it_in_the_log(unsigned, caplog):
    damaged = re.sub(rb"startxref\n\d+", b"startxref\n17", unsigned)
    with pytest.raises(RecordError):
        stamped(damaged, signed_by("Signature 1"))
    assert caplog.text == ""
