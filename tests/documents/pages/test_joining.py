"""One mark for a paragraph, one string for a line: no word moves, and nothing is said in another order."""

from __future__ import annotations

import re
from io import BytesIO
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pypdfium2
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Pdf

from pipeline.documents.engines.engine import engine
from pipeline.documents.pages.finishing import finish
from pipeline.documents.pages.joining import join_words
from pipeline.documents.proof.conformance import failures
from pipeline.documents.proof.words import differing_words
from pipeline.documents.reading.docx import read_docx
from pipeline.documents.reading.model import SOFT
from pipeline.documents.reading.pdf import read_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LOGO = Path(__file__).resolve().parents[3] / "samples" / "logo.png"
_UNSEEN = 0.02
"""Points: a hundredth of a millimetre is less than any printer draws."""
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


def _joined(pdf: bytes) -> bytes:
    joined = join_words(pdf)
    with Pdf.open(BytesIO(joined.pdf)) as document:
        joined.put_into(document)
        buffer = BytesIO()
        document.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _edited(pdf: bytes, edits: Mapping[int, Callable[[bytes], bytes]]) -> bytes:
    """Return a PDF as the embedded engine writes it, with the code of some objects changed."""
    *objects, _ = pdf.split(b"endobj")
    codes, places = [], []
    for code in objects:
        number = int(code.split(maxsplit=1)[0] if b"%PDF" not in code else re.search(rb"\n([0-9]+) 0 obj", code)[1])
        codes.append(edits.get(number, bytes)(code) + b"endobj")
        places.append(sum(map(len, codes[:-1])) + codes[-1].index(b"%d 0 obj" % number))
    table = b"".join(b"%010d 00000 n\r\n" % place for place in places)
    end = b"\n\nxref\n0 %d\n0000000000 65535 f\r\n%b" % (len(places) + 1, table)
    trailer = pdf[pdf.rindex(b"trailer") : pdf.rindex(b"startxref")]
    body = b"".join(codes)
    return body + end + trailer + b"startxref\n%d\n%%%%EOF" % (len(body) + 2)


def _number_of_contents(pdf: bytes, page: int) -> int:
    with Pdf.open(BytesIO(pdf)) as document:
        return document.pages[page].obj.Contents.objgen[0]


def _with_content(pdf: bytes, page: int, change: Callable[[bytes], bytes]) -> bytes:
    number, content = _number_of_contents(pdf, page), change(_contents(pdf)[page])
    code = b"\n\n%d 0 obj\n<< /Length %d >>\nstream\n%b\nendstream\n" % (number, len(content), content)
    return _edited(pdf, {number: lambda _: code})


def _word_places(pdf: bytes) -> list[tuple[float, float]]:
    """Return where the first letter of each word begins on its page, and its lower edge."""
    places = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            letters = [text.get_text_range(nth, 1) for nth in range(text.count_chars())]
            begins = [
                nth
                for nth, letter in enumerate(letters)
                if letter.strip() and not "".join(letters[nth - 1 : nth]).strip()
            ]
            places += [text.get_charbox(nth)[:2] for nth in begins]
    return places


def _moved(before: bytes, after: bytes) -> float:
    """Return the farthest that any word went, in points."""
    places = zip(_word_places(before), _word_places(after), strict=True)
    return max((hypot(x - its_x, y - its_y) for (x, y), (its_x, its_y) in places), default=0)


def _said(pdf: bytes) -> list[str]:
    return [" ".join(paragraph.text.replace(SOFT, "").split()) for paragraph in read_pdf(pdf).body]


def _contents(pdf: bytes) -> list[bytes]:
    with Pdf.open(BytesIO(pdf)) as document:
        return [page.Contents.read_bytes() for page in document.pages]


def _marks(pdf: bytes) -> list[list[int]]:
    return [[int(number) for _, number in _MARK.findall(content)] for content in _contents(pdf)]


def test_no_word_moves(before, after):
    assert _moved(before, after) < _UNSEEN


def test_the_paragraphs_say_the_same_in_the_same_order(before, after):
    assert _said(after) == _said(before)


def test_a_paragraph_of_many_words_on_one_page_has_one_mark(after):
    assert _contents(after)[1].count(b"BDC") == 1


def test_most_marks_are_gone_and_those_left_are_numbered_without_a_gap(before, after):
    assert sum(map(len, _marks(after))) * 5 < sum(map(len, _marks(before)))
    assert [sorted(page) for page in _marks(after)] == [list(range(len(page))) for page in _marks(after)]


def _held(document: Pdf) -> list[tuple[tuple[int, int], int]]:
    """Return page and number of every mark that an element of the structure tree holds."""
    held = []
    for element in document.objects:
        if isinstance(element, Dictionary) and element.get("/Type") == "/StructElem":
            kids = element.get("/K", Array())
            for kid in kids if isinstance(kids, Array) else [kids]:
                if isinstance(kid, int):
                    held.append((element["/Pg"].objgen, kid))
                elif "/MCID" in kid:
                    held.append((kid["/Pg"].objgen, int(kid["/MCID"])))
    return held


def test_the_structure_tree_and_its_index_name_the_same_marks_as_the_pages(after):
    with Pdf.open(BytesIO(after)) as document:
        numbers = document.Root.StructTreeRoot.ParentTree.Nums
        of_pages = [
            (page.obj.objgen, mark)
            for page, marks in zip(document.pages, _marks(after), strict=True)
            for mark in range(len(marks))
        ]
        assert sorted(_held(document)) == sorted(of_pages)
        assert [len(numbers[at + 1]) for at in range(0, len(numbers), 2)] == [len(marks) for marks in _marks(after)]


def test_a_paragraph_that_runs_over_two_pages_holds_a_mark_on_each():
    document = docx.Document()
    document.add_paragraph("They talked for a long time. " * 400)
    pdf = _joined(_converted(document))
    with Pdf.open(BytesIO(pdf)) as opened:
        assert sorted(_held(opened)) == [(page.obj.objgen, 0) for page in opened.pages]


def test_words_before_and_after_a_picture_share_a_mark_each(after):
    content = _contents(after)[0]
    marks = list(_MARK.finditer(content))
    at = next(nth for nth, found in enumerate(marks) if found[1] == b"Figure")
    before, picture, behind = (content[marks[nth].start() : marks[nth + 1].start()] for nth in (at - 1, at, at + 1))
    assert (before.count(b"TJ"), picture.count(b"Do"), behind.count(b"TJ")) == (1, 1, 1)


def _lines_and_strings(pdf: bytes, page: int = 0) -> tuple[int, int]:
    content = _contents(pdf)[page]
    return len(set(re.findall(rb"[0-9.]+(?= Tm\n)", content))), content.count(b" TJ\n")


def test_the_words_of_a_line_are_one_string():
    document = docx.Document()
    document.add_paragraph("They talked for a long time. " * 20)
    lines, strings = _lines_and_strings(_joined(_converted(document)))
    assert lines == strings > 3


def test_words_with_a_narrow_tab_between_them_stay_two_words():
    document = docx.Document()
    for tenths in range(220, 260):
        paragraph = document.add_paragraph("Leila\tFarah")
        paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(tenths / 10))
    buffer = BytesIO()
    document.save(buffer)
    pdf = finish(engine("embedded").convert(buffer.getvalue()), title="Tabs", language="en")
    assert list(differing_words(read_docx(buffer.getvalue()), read_pdf(pdf))) == []


def test_words_far_apart_on_a_line_are_strings_of_their_own():
    document = docx.Document()
    document.add_paragraph("Leila Farah\tperson harmed")
    assert _lines_and_strings(_joined(_converted(document))) == (1, 2)


def test_bold_words_in_a_line_are_a_string_of_their_own():
    document = docx.Document()
    paragraph = document.add_paragraph("It ends ")
    paragraph.add_run("on Friday").bold = True
    paragraph.add_run(" at noon.")
    assert _lines_and_strings(_joined(_converted(document))) == (1, 3)


def test_the_embedded_engine_s_pages_get_shorter_by_a_third(before, after):
    assert sum(map(len, _contents(after))) * 3 < sum(map(len, _contents(before))) * 2


def test_joining_what_is_joined_changes_nothing(after):
    assert _contents(_joined(after)) == _contents(after)


def test_no_object_changes_its_length_so_that_each_is_found_where_it_was(before):
    assert [len(code) for code in join_words(before).pdf.split(b"endobj")] == [
        len(code) for code in before.split(b"endobj")
    ]


def _swapped(pdf: bytes) -> bytes:
    first, second = b"/MCID 0\n", b"/MCID 1\n"

    def change(content: bytes) -> bytes:
        return content.replace(first, b"/MCID x\n").replace(second, first).replace(b"/MCID x\n", second)

    return _with_content(pdf, 1, change)


def _with_a_mark_more(pdf: bytes) -> bytes:
    return _with_content(pdf, 1, lambda content: content + b"\n/P <</MCID 99>> BDC EMC")


def _with_two_streams(pdf: bytes) -> bytes:
    with Pdf.open(BytesIO(pdf)) as document:
        page = document.pages[1].obj
        number, contents = page.objgen[0], b"/Contents %d 0 R" % page.Contents.objgen[0]
    twice = contents.replace(b"s ", b"s [") + contents.removeprefix(b"/Contents") + b"]"
    return _edited(pdf, {number: lambda code: code.replace(contents, twice)})


@pytest.mark.parametrize("edit", [_swapped, _with_a_mark_more, _with_two_streams])
def test_a_page_that_the_engine_would_not_write_stays_as_it_is(before, edit):
    edited = edit(before)
    assert _raw_contents(_joined(edited))[1] == _raw_contents(edited)[1]
    assert _raw_contents(_joined(edited))[0] == _raw_contents(_joined(before))[0]


def _raw_contents(pdf: bytes) -> list[list[bytes]]:
    with Pdf.open(BytesIO(pdf)) as document:
        contents = [page.obj.Contents for page in document.pages]
        return [[each.read_bytes() for each in (page if isinstance(page, Array) else [page])] for page in contents]


def test_words_of_two_elements_never_share_a_mark():
    document = docx.Document()
    for _ in range(2):
        document.add_paragraph("The same words in the same letters.")
    assert _contents(_joined(_converted(document)))[0].count(b"BDC") == 2


def test_a_mark_s_number_inside_a_replacement_text_is_left_alone(before):
    said = b"/Span <</ActualText (see /MCID 7 \\(there\\))>> BDC EMC\n"
    with_words = _with_content(before, 1, lambda content: content.replace(b"/Artifact BMC", said + b"/Artifact BMC", 1))
    assert said in _contents(_joined(with_words))[1]


def test_the_finished_file_keeps_both_profiles(before):
    assert failures(finish(before, title="Agreement", language="en"), ["2a", "ua1"]) == ()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=["Cc", "Cf"]), min_size=1),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY]),
)
def test_any_letters_stand_at_the_same_place_and_say_the_same(paragraphs, alignment):
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph).alignment = alignment
    before = _converted(document)
    after = _joined(before)

    assert _moved(before, after) < _UNSEEN
    assert _said(after) == _said(before)
