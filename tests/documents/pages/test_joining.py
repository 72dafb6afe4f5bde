"""One mark for the words of a paragraph on a page: nothing moves, and nothing is said in another order."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import docx
import pikepdf
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.shared import RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Pdf

from pipeline.documents.engines.engine import engine
from pipeline.documents.pages.finishing import finish
from pipeline.documents.pages.joining import join_words
from pipeline.documents.pages.marks import structure
from pipeline.documents.proof.conformance import failures
from pipeline.documents.reading.model import SOFT
from pipeline.documents.reading.pdf import read_pdf

LOGO = Path(__file__).resolve().parents[3] / "samples" / "logo.png"
_MARK = re.compile(rb"/(\w+) <<\s*/MCID ([0-9]+)")


def _converted(document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return engine("embedded").convert(buffer.getvalue())


def _many_sorts_of_words() -> bytes:
    document = docx.Document()
    document.add_heading("What we agreed (1) [2] \\ and more", 1)
    paragraph = document.add_paragraph("Callum will repaint ")
    paragraph.add_run("the whole fence").bold = True
    red = paragraph.add_run(" by Friday, with Jo, ")
    red.font.color.rgb = RGBColor(0xC0, 0, 0)
    paragraph.add_run("and then “wait”: ŵ ą ż. " * 30)
    with_logo = document.add_paragraph("Before the logo ")
    with_logo.add_run().add_picture(str(LOGO), width=300000)
    next(with_logo._p.iter(qn("wp:docPr"))).set("descr", "Logo")  # noqa: SLF001 - python-docx knows no other way
    with_logo.add_run(" after the logo.")
    document.add_paragraph("اتفقنا على إصلاح السياج with Callum.")
    table = document.add_table(rows=2, cols=2)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"Cell number {number} says this."
    document.add_page_break()
    document.add_paragraph("The second page has words too.")
    document.sections[0].footer.paragraphs[0].text = "A footer of several words"
    return _converted(document)


@pytest.fixture(scope="module")
def before() -> bytes:
    return _many_sorts_of_words()


@pytest.fixture(scope="module")
def after(before) -> bytes:
    return _joined(before)


def _joined(pdf: bytes, edit=lambda _: None) -> bytes:
    with Pdf.open(BytesIO(pdf)) as document:
        edit(document)
        join_words(document, list(structure(document)))
        buffer = BytesIO()
        document.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _pixels(pdf: bytes) -> list[bytes]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [bytes(page.render(scale=2).buffer) for page in document]


def _said(pdf: bytes) -> list[str]:
    return [" ".join(paragraph.text.replace(SOFT, "").split()) for paragraph in read_pdf(pdf).body]


def _contents(pdf: bytes) -> list[bytes]:
    with Pdf.open(BytesIO(pdf)) as document:
        return [page.Contents.read_bytes() for page in document.pages]


def _marks(pdf: bytes) -> list[list[int]]:
    return [[int(number) for _, number in _MARK.findall(content)] for content in _contents(pdf)]


def test_every_page_looks_the_same_to_the_pixel(before, after):
    assert _pixels(after) == _pixels(before)


def test_the_paragraphs_say_the_same_in_the_same_order(before, after):
    assert _said(after) == _said(before)


def test_a_paragraph_of_many_words_on_one_page_has_one_mark(after):
    assert _contents(after)[1].count(b"BDC") == 1


def test_most_marks_are_gone_and_those_left_are_numbered_without_a_gap(before, after):
    assert sum(map(len, _marks(after))) * 5 < sum(map(len, _marks(before)))
    assert [sorted(page) for page in _marks(after)] == [list(range(len(page))) for page in _marks(after)]


def test_the_structure_tree_and_its_index_name_the_same_marks_as_the_pages(after):
    with Pdf.open(BytesIO(after)) as document:
        numbers = document.Root.StructTreeRoot.ParentTree.Nums
        held = [(page, mark) for element in structure(document) for mark, page in element.marks]
        among_others = [
            (child["/Pg"].objgen, int(child["/MCID"]))
            for element in structure(document)
            if not element.marks and isinstance(element.dictionary.get("/K"), Array)
            for child in element.dictionary["/K"]
            if "/MCID" in child
        ]
        of_pages = [
            (page.obj.objgen, mark)
            for page, marks in zip(document.pages, _marks(after), strict=True)
            for mark in range(len(marks))
        ]
        assert sorted([*held, *among_others]) == sorted(of_pages)
        assert [len(numbers[at + 1]) for at in range(0, len(numbers), 2)] == [len(marks) for marks in _marks(after)]


def test_words_beside_a_picture_keep_marks_of_their_own(after):
    content = _contents(after)[0]
    marks = list(_MARK.finditer(content))
    at = next(nth for nth, found in enumerate(marks) if found[1] == b"Figure")
    before, picture, behind = (content[marks[nth].start() : marks[nth + 1].start()] for nth in (at - 1, at, at + 1))
    assert (before.count(b"TJ"), picture.count(b"Do"), behind.count(b"TJ")) == (1, 1, 1)


def test_the_embedded_engine_s_pages_get_shorter_by_a_third(before, after):
    assert sum(map(len, _contents(after))) * 3 < sum(map(len, _contents(before))) * 2


def test_joining_what_is_joined_changes_nothing(after):
    assert _contents(_joined(after)) == _contents(after)


def _swapped(document: Pdf) -> None:
    page = document.pages[1]
    content = page.Contents.read_bytes()
    first, second = b"/MCID 0\n", b"/MCID 1\n"
    page.Contents = document.make_stream(
        content.replace(first, b"/MCID x\n").replace(second, first).replace(b"/MCID x\n", second)
    )


def _with_a_mark_more(document: Pdf) -> None:
    page = document.pages[1]
    page.Contents = document.make_stream(page.Contents.read_bytes() + b"\n/P <</MCID 99>> BDC EMC")


def _with_two_streams(document: Pdf) -> None:
    page = document.pages[1]
    page.obj.Contents = Array([page.obj.Contents, document.make_stream(b"q Q")])


@pytest.mark.parametrize("edit", [_swapped, _with_a_mark_more, _with_two_streams])
def test_a_page_that_the_engine_would_not_write_stays_as_it_is(before, edit):
    with Pdf.open(BytesIO(before)) as document:
        edit(document)
        as_it_was = document.pages[1].obj.Contents
        unchanged = [each.read_bytes() for each in (as_it_was if isinstance(as_it_was, Array) else [as_it_was])]
        join_words(document, list(structure(document)))
        now = document.pages[1].obj.Contents
        assert [each.read_bytes() for each in (now if isinstance(now, Array) else [now])] == unchanged
        assert document.pages[0].Contents.read_bytes() == _contents(_joined(before))[0]


def test_words_of_two_elements_never_share_a_mark(before):
    def apart(document: Pdf) -> None:
        element = next(
            each for each in structure(document) if each.marks and each.marks[0][1] == document.pages[1].obj.objgen
        )
        kids = element.dictionary["/K"]
        other = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.StructElem, S=pikepdf.Name.P, P=element.dictionary["/P"], K=Array(list(kids)[3:])
            )
        )
        element.dictionary["/K"] = Array(list(kids)[:3])
        document.Root.StructTreeRoot.K["/K"].append(other)

    assert _contents(_joined(before, apart))[1].count(b"BDC") == 2


def test_a_mark_s_number_inside_a_replacement_text_is_left_alone(before):
    said = b"/Span <</ActualText (see /MCID 7 \\(there\\))>> BDC EMC\n"

    def with_words(document: Pdf) -> None:
        page = document.pages[1]
        page.Contents = document.make_stream(
            page.Contents.read_bytes().replace(b"/Artifact BMC", said + b"/Artifact BMC", 1)
        )

    assert said in _contents(_joined(before, with_words))[1]


def test_the_finished_file_keeps_both_profiles(before):
    assert failures(finish(before, title="Agreement", language="en"), ["2a", "ua1"]) == ()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=["Cc", "Cf"]), min_size=1),
        min_size=1,
        max_size=4,
    )
)
def test_any_letters_look_and_say_the_same(paragraphs):
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    before = _converted(document)
    after = _joined(before)

    assert _pixels(after) == _pixels(before)
    assert _said(after) == _said(before)
