"""The rules of a page: each once and whole, where the engine drew it."""

from __future__ import annotations

import re
from io import BytesIO

import docx
import pypdfium2
import pytest

from pipeline.documents.engines.engine import engine
from pipeline.documents.pages.finishing import finish
from pipeline.documents.pages.rules import draw_rules_once

_PEN = b"0.7 0.75 0.79 RG\n0.5 w\n"


def _piece(left: float, top: float, right: float, bottom: float, pen: bytes = _PEN) -> bytes:
    line = f"{left} {top} m\n{right} {bottom} l\n".encode()
    return b"/Artifact BMC\nq\n" + pen + line + b"S\nQ\nEMC\n"


def _page(*pieces: bytes) -> bytes:
    return b"q\n1 0 0 -1 0 841.9 cm\n" + b"".join(pieces) + b"Q"


def _rules(content: bytes) -> list[tuple[float, ...]]:
    found = re.findall(rb"([0-9.]+) ([0-9.]+) m\n([0-9.]+) ([0-9.]+) l\n", content)
    return [tuple(map(float, rule)) for rule in found]


@pytest.mark.parametrize(
    ("pieces", "rules"),
    [
        ([(0, 5, 10, 5), (0, 5, 10, 5)], [(0, 5, 10, 5)]),
        ([(10, 5, 20, 5), (0, 5, 10, 5), (20, 5, 30, 5)], [(0, 5, 30, 5)]),
        ([(20, 5, 10, 5), (0, 5, 10, 5)], [(0, 5, 20, 5)]),
        ([(0, 5, 30, 5), (10, 5, 20, 5)], [(0, 5, 30, 5)]),
        ([(5, 0, 5, 10), (5, 10, 5, 20)], [(5, 0, 5, 20)]),
        ([(0, 5, 10, 5), (11, 5, 20, 5)], [(0, 5, 10, 5), (11, 5, 20, 5)]),
        ([(0, 5, 10, 5), (10, 6, 20, 6)], [(0, 5, 10, 5), (10, 6, 20, 6)]),
        ([(0, 0, 10, 10), (0, 0, 10, 10)], [(0, 0, 10, 10)]),
    ],
)
def test_pieces_of_one_line_are_one_rule(pieces, rules):
    assert _rules(draw_rules_once(_page(*(_piece(*piece) for piece in pieces)))) == rules


def test_rules_of_other_colours_or_widths_stay_apart():
    content = draw_rules_once(_page(_piece(0, 5, 10, 5), _piece(10, 5, 20, 5, b"0 0 0 RG\n1 w\n")))
    assert _rules(content) == [(0, 5, 10, 5), (10, 5, 20, 5)]
    assert content.count(b"BMC") == content.count(b"EMC") == 2


def test_what_else_is_on_the_page_stays_in_its_order():
    first, second = b"/Artifact BMC\nq\n0 0 5 5 re\nf\nQ\nEMC\n", b"/P <</MCID 0>> BDC\nEMC\n"
    content = draw_rules_once(_page(first, _piece(0, 5, 10, 5), second))
    assert content == _page(first, second, _piece(0, 5, 10, 5))


@pytest.mark.parametrize(
    "moved", [b"q\n1 0 0 1 9 9 cm\n%bQ\n", b"q\n0 0 9 9 re\nW\nn\n%bQ\n"], ids=["moved", "cut off"]
)
def test_a_page_where_a_rule_may_be_moved_or_cut_off_stays_as_it_is(moved):
    page = _page(moved % (_piece(0, 5, 10, 5) * 2))
    assert draw_rules_once(page) == page


def test_a_page_that_says_something_after_its_marks_stays_as_it_is():
    page = _page(_piece(0, 5, 10, 5), b"0 0 5 5 re\nf\n")
    assert draw_rules_once(page) == page


@pytest.fixture(scope="module")
def grid() -> tuple[bytes, bytes]:
    """Return a table of three columns and four rows as the engine writes it, and finished."""
    document = docx.Document()
    table = document.add_table(rows=4, cols=3, style="Table Grid")
    for cell in (cell for row in table.rows for cell in row.cells):
        cell.text = "Says this."
    buffer = BytesIO()
    document.save(buffer)
    pdf = engine("embedded").convert(buffer.getvalue())
    return pdf, finish(pdf, title="A table", language="en")


def _drawn_lines(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return sum(obj.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH for obj in document[0].get_objects())


def _ink(pdf: bytes) -> list[bool]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [value < 0xFF for value in bytes(document[0].render(scale=3, grayscale=True).buffer)]


def test_a_table_has_its_rules_where_the_engine_drew_them(grid):
    before, after = grid
    assert _ink(after) == _ink(before)


def test_the_borders_of_twelve_cells_are_one_drawing(grid):
    before, after = grid
    assert (_drawn_lines(before) > 12, _drawn_lines(after)) == (True, 1)
