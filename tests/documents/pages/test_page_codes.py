"""The small code on every page: where it is, what it tells, and what it never touches."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import partial

import docx
import pikepdf
import pypdfium2
import pytest
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.copies.model import Copy, Reader, Withheld
from pipeline.documents.engines.engine import engine
from pipeline.documents.pages.finishing import finish
from pipeline.documents.pages.page_codes import (
    BOTTOM_MM,
    LEFT_MM,
    SIZE_MM,
    draw_code,
    page_code,
    prove_codes,
    read_codes,
)
from pipeline.documents.proof.conformance import failures
from pipeline.documents.reading.pdf import read_pdf
from pipeline.errors import RecordError

RUTH = Copy(
    ref="NR-0412",
    version=1,
    reader=Reader.HARMED,
    reader_id="harmed-1",
    folder="harmed-1",
    stem="NR-0412-v1-harmed-1",
    language="en",
    code="K7QM-4TXW-9HDR",
    context={},
    agreed_texts=(),
    places=(),
    withheld=Withheld((), (), ()),
    notes=(),
)
CODES = (page_code(RUTH, 1), page_code(RUTH, 2))
MM = 72 / 25.4


def converted(*, left_mm=20, footer="NR-0412, version 1", width_mm=210, height_mm=297):
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(width_mm), Mm(height_mm)
    section.left_margin, section.footer_distance = Mm(left_mm), Mm(9)
    section.footer.paragraphs[0].add_run(footer).font.size = Pt(10)
    document.add_paragraph("Callum will repaint the fence.")
    document.add_page_break()
    document.add_paragraph("Ruth will bring the paint.")
    buffer = io.BytesIO()
    document.save(buffer)
    return engine("embedded").convert(buffer.getvalue())


def finished(pdf):
    return finish(pdf, title="An agreement", language="en", code_of=partial(page_code, RUTH))


@pytest.fixture(scope="module")
def plain():
    return finish(converted(), title="An agreement", language="en")


@pytest.fixture(scope="module")
def coded():
    return finished(converted())


def grey(pdf, page=0, scale=200 / 72):
    """Return a page as grey bytes, with width and height."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[page].render(scale=scale, grayscale=True).to_pil()
    return picture.tobytes(), picture.width, picture.height


def read_back(pdf, page=0):
    pixels, width, height = grey(pdf, page)
    return read_codes(pixels, width=width, height=height)


def prove(pdf, codes):
    with pypdfium2.PdfDocument(pdf) as pages:
        prove_codes(pages, codes)


def test_every_page_shows_its_own_code(coded):
    assert [read_back(coded, page) for page in (0, 1)] == [(CODES[0],), (CODES[1],)]


def test_the_codes_pass_their_own_proof(coded):
    prove(coded, CODES)


def test_a_code_is_twelve_digits_and_capitals():
    assert re.fullmatch("[0-9A-Z]{12}", CODES[0])


def test_a_code_never_changes_from_one_run_or_machine_to_another():
    assert CODES == ("VTEFCBU7HYNI", "75K4MXV1F3SN")


@pytest.mark.parametrize(
    "other",
    [
        replace(RUTH, ref="NR-0413"),
        replace(RUTH, version=2),
        replace(RUTH, reader_id="harmed-2"),
        replace(RUTH, stem="NR-0412-v1-harmed-1-sheet-2"),
        replace(RUTH, code="K7QM-4TXW-9HDX"),
    ],
    ids=["reference", "version", "reader", "sheet", "agreed words"],
)
def test_another_reference_version_reader_sheet_or_wording_has_another_code(other):
    assert page_code(other, 1) != page_code(RUTH, 1)


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1, max_value=999), st.integers(min_value=1, max_value=400))
def test_any_code_that_is_drawn_is_read(version, page):
    code = page_code(replace(RUTH, version=version), page)
    with pikepdf.new() as document:
        document.add_blank_page()
        draw_code(document, document.pages[0], code)
        buffer = io.BytesIO()
        document.save(buffer)
    prove(buffer.getvalue(), [code])


def test_the_symbol_fills_nine_millimetres_in_the_lower_left_corner_and_changes_nothing_else(plain, coded):
    scale = 10 / MM
    (before, width, height), (after, *_) = grey(plain, scale=scale), grey(coded, scale=scale)
    changed = [index for index, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    columns, rows = [index % width for index in changed], [height - index // width for index in changed]
    assert (min(columns), max(columns)) == pytest.approx((LEFT_MM * 10, (LEFT_MM + SIZE_MM) * 10), abs=2)
    assert (min(rows), max(rows)) == pytest.approx((BOTTOM_MM * 10, (BOTTOM_MM + SIZE_MM) * 10), abs=2)


def test_a_page_whose_crop_box_starts_elsewhere_has_its_code_in_the_corner_that_is_seen():
    with pikepdf.open(io.BytesIO(converted())) as document:
        for page in document.pages:
            page.cropbox = [20, 30, 500, 700]
        buffer = io.BytesIO()
        document.save(buffer)
    prove(finished(buffer.getvalue()), CODES)


@pytest.mark.parametrize(("width", "height"), [(215.9, 279.4), (297, 210)], ids=["Letter", "landscape"])
def test_other_papers_have_it_in_the_same_corner(width, height):
    prove(finished(converted(width_mm=width, height_mm=height)), CODES)


def test_the_words_of_the_page_are_the_same_with_and_without_a_code(plain, coded):
    before, after = read_pdf(plain), read_pdf(coded)
    assert (after.body, after.furniture, after.faults) == (before.body, before.furniture, before.faults)


def test_no_text_of_the_file_holds_a_code(coded):
    assert not [text for text in read_pdf(coded).texts for code in CODES if code in text.text]


def test_a_coded_file_keeps_pdf_a_2a_and_pdf_ua_1(coded):
    assert failures(coded, ["2a", "ua1"]) == ()


def test_vera_pdf_agrees(coded, tmp_path, verapdf):
    file = tmp_path / "coded.pdf"
    file.write_bytes(coded)
    assert verapdf(file).split() == ["PASS", "2a", str(file), "PASS", "ua1", str(file)]


def test_the_same_input_gives_the_same_bytes(coded):
    assert finished(converted()) == coded


def test_words_in_that_corner_are_refused_with_page_and_advice():
    with pytest.raises(RecordError) as error:
        prove(finished(converted(left_mm=7)), CODES)
    assert [problem.where for problem in error.value.problems] == ["PDF, page 1", "PDF, page 2"]
    assert "16 millimetres" in error.value.problems[0].do


def test_a_line_that_comes_near_the_code_is_refused(coded):
    with pikepdf.open(io.BytesIO(coded)) as document:
        page = document.pages[1]
        line = f"/Artifact BMC {LEFT_MM * MM} {(BOTTOM_MM + SIZE_MM + 0.4) * MM} 100 0.5 re f EMC".encode()
        page.contents_add(document.make_stream(line))
        buffer = io.BytesIO()
        document.save(buffer)
    with pytest.raises(RecordError) as error:
        prove(buffer.getvalue(), CODES)
    assert [problem.where for problem in error.value.problems] == ["PDF, page 2"]


def test_a_code_of_another_page_is_refused(coded):
    with pytest.raises(RecordError):
        prove(coded, (CODES[1], CODES[0]))


def test_coloured_paper_is_no_obstacle():
    with pikepdf.open(io.BytesIO(converted())) as document:
        for page in document.pages:
            ground = b"/Artifact BMC q 1 0.98 0.88 rg 0 0 1000 1000 re f Q EMC"
            page.contents_add(document.make_stream(ground), prepend=True)
        buffer = io.BytesIO()
        document.save(buffer)
    prove(finished(buffer.getvalue()), CODES)
