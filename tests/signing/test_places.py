"""A place to sign is found for certain, or refused: a signature in the wrong place is somebody else's."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pypdf import PdfReader

from pipeline.documents.pages.finishing import finish
from pipeline.documents.pages.typesetting import Lines, set_lines
from pipeline.documents.proof.places import find_places
from pipeline.signing.places import POINTS_PER_MM, Asked, Place, find

AGREED = "Callum cleans the wall of the hall by Friday."
ROOM = ("", "", "", "")
TWO = (AGREED, *ROOM, "Signature 1", *ROOM, "Signature 2")
TURNS = {
    0: (1, 0, 0, 1, 0, 0),
    90: (0, 1, -1, 0, 842, 0),
    180: (-1, 0, 0, -1, 595, 842),
    270: (0, -1, 1, 0, 0, 595),
}


def page_of(*lines: str, width_mm: float = 210) -> bytes:
    pdf = set_lines((Lines(lines, width_mm, 297),), size_pt=10, font="Calibri")
    return finish(pdf, title="Agreement", language="en")


def changed(
    pdf: bytes, *, turn: int = 0, shift: tuple[float, float] = (0, 0), crop: list[float] | None = None
) -> bytes:
    """The same page, drawn turned and moved, with the /Rotate and the boxes that show it as before."""
    a, b, c, d, e, f = TURNS[turn]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        matrix = f"q {a} {b} {c} {d} {e + shift[0]:g} {f + shift[1]:g} cm\n"
        page.contents_add(matrix.encode(), prepend=True)
        page.contents_add(b"\nQ")
        width, height = (595, 842) if turn % 180 == 0 else (842, 595)
        page.mediabox = [shift[0], shift[1], shift[0] + width, shift[1] + height]
        page.Rotate = turn
        if crop:
            page.CropBox = crop
        buffer = io.BytesIO()
        document.save(buffer)
    return buffer.getvalue()


def found(pdf: bytes, *captions: str, width_mm: float = 70, height_mm: float = 13, agreed: tuple[str, ...] = (AGREED,)):
    asked = Asked(
        participants={caption: f"person-{number}" for number, caption in enumerate(captions, 1)},
        width_mm=width_mm,
        height_mm=height_mm,
        agreed_texts=agreed,
        template="standard",
    )
    places, problems = find(pdf, PdfReader(io.BytesIO(pdf)).pages, asked)
    return places, [(problem.what, problem.where) for problem in problems]


def corner_mm(place: Place) -> tuple[float, float]:
    return place.origin[0] / POINTS_PER_MM, place.origin[1] / POINTS_PER_MM


def test_a_place_lies_where_the_proof_of_the_unsigned_copy_found_it():
    pdf = page_of(*TWO)
    places, problems = found(pdf, "Signature 1", "Signature 2")
    proven, _ = find_places(pdf, ["Signature 1", "Signature 2"], width_mm=70, height_mm=13)
    assert problems == []
    assert [corner_mm(place) for place in places] == [
        (pytest.approx(each.left_mm, abs=0.5), pytest.approx(each.bottom_mm, abs=0.5)) for each in proven
    ]


def test_a_caption_is_found_in_the_middle_of_a_line():
    places, problems = found(page_of(AGREED, *ROOM, "Ruth, person harmed Signature 1 here"), "Signature 1")
    assert problems == []
    assert corner_mm(places[0])[0] > 20


@pytest.mark.parametrize("shift", [(0, 0), (100, -50)])
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_turned_has_its_places_where_the_upright_page_has_them(turn, shift):
    upright, _ = found(page_of(*TWO), "Signature 1", "Signature 2")
    places, problems = found(changed(page_of(*TWO), turn=turn, shift=shift), "Signature 1", "Signature 2")
    a, b, c, d, e, f = TURNS[turn]
    assert problems == []
    assert [place.right for place in places] == [(a, b)] * 2
    assert [place.origin for place in places] == [
        (
            pytest.approx(a * x + c * y + e + shift[0], abs=0.1),
            pytest.approx(b * x + d * y + f + shift[1], abs=0.1),
        )
        for x, y in (place.origin for place in upright)
    ]


def test_a_missing_place_is_named_with_its_signatory():
    assert found(page_of(*TWO), "Signature 3")[1] == [
        ("this place to sign is missing", "PDF, Signature 3, person-1"),
    ]


def test_a_longer_number_is_another_caption():
    assert found(page_of(AGREED, *ROOM, "Signature 12"), "Signature 1")[1] == [
        ("this place to sign is missing", "PDF, Signature 1, person-1"),
    ]


def test_a_place_that_is_there_twice_is_refused():
    assert found(page_of(AGREED, *ROOM, "Signature 1", *ROOM, "Signature 1"), "Signature 1")[1] == [
        ("this place to sign is there more than once", "PDF, Signature 1, person-1"),
    ]


def test_a_place_beyond_the_edge_of_the_page_is_refused():
    assert found(page_of(AGREED, *ROOM, "Signature 1"), "Signature 1", width_mm=215)[1] == [
        ("the room for this signature reaches beyond the page", "PDF, page 1, Signature 1, person-1"),
    ]


def test_a_place_outside_the_shown_part_of_the_page_is_refused():
    pdf = changed(page_of(*TWO), crop=[0, 0, 150, 842])
    assert ("the room for this signature reaches beyond the page", "PDF, page 1, Signature 1, person-1") in found(
        pdf, "Signature 1"
    )[1]


def test_words_in_the_room_are_refused():
    assert found(page_of("", "", AGREED, "", "Signature 1"), "Signature 1")[1] == [
        ("words stand in the room for this signature", "PDF, page 1, Signature 1, person-1"),
    ]


def test_two_rooms_that_overlap_are_refused():
    side_by_side = f"Signature 1{' ' * 20}Signature 2"
    assert found(page_of(AGREED, *ROOM, side_by_side), "Signature 1", "Signature 2")[1] == [
        ("the rooms for two signatures overlap", "PDF, page 1, Signature 2, person-2"),
    ]


def test_a_page_without_any_agreed_words_is_refused():
    assert found(page_of("What happens next", *ROOM, "Signature 1"), "Signature 1")[1] == [
        ("this signature would stand on a page without any of the agreed words", "PDF, page 1, Signature 1, person-1"),
    ]


def test_the_end_of_an_agreed_text_that_began_on_the_page_before_is_enough():
    assert found(page_of("the hall by Friday.", *ROOM, "Signature 1"), "Signature 1")[1] == []


def test_agreed_words_in_a_running_header_alone_are_not_enough():
    with pikepdf.open(io.BytesIO(page_of(*TWO))) as document:
        page = document.pages[0]
        content = page.Contents.read_bytes()
        assert b"/P <</MCID 0>> BDC" in content
        page.Contents = document.make_stream(content.replace(b"/P <</MCID 0>> BDC", b"/Artifact BMC"))
        buffer = io.BytesIO()
        document.save(buffer)
    assert found(buffer.getvalue(), "Signature 1")[1] == [
        ("this signature would stand on a page without any of the agreed words", "PDF, page 1, Signature 1, person-1"),
    ]


def test_a_slanted_caption_is_refused():
    with pikepdf.open(io.BytesIO(page_of(*TWO))) as document:
        document.pages[0].contents_add(b"q 0.9848 0.1736 -0.1736 0.9848 100 -50 cm\n", prepend=True)
        document.pages[0].contents_add(b"\nQ")
        buffer = io.BytesIO()
        document.save(buffer)
    assert ("the caption of this place cannot be read for certain", "PDF, page 1, Signature 1, person-1") in found(
        buffer.getvalue(), "Signature 1"
    )[1]


def test_a_mirrored_caption_is_refused():
    with pikepdf.open(io.BytesIO(page_of(*TWO))) as document:
        document.pages[0].contents_add(b"q -1 0 0 1 595 0 cm\n", prepend=True)
        document.pages[0].contents_add(b"\nQ")
        buffer = io.BytesIO()
        document.save(buffer)
    assert found(buffer.getvalue(), "Signature 1")[0] == []


def test_the_template_to_be_changed_is_named():
    asked = Asked({"Signature 9": "harmed-1"}, 70, 13, (), "card")
    pdf = page_of(*TWO)
    (problem,) = find(pdf, PdfReader(io.BytesIO(pdf)).pages, asked)[1]
    assert "the template 'card'" in problem.do
