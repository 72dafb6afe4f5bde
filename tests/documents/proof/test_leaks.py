"""A withheld word is found in every place of a finished copy, and only where it stands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.copies.matcher import Matcher
from pipeline.copies.model import Withheld
from pipeline.documents.proof.leak_scan import leaks
from pipeline.documents.reading.docx import read_docx
from pipeline.documents.reading.model import Text
from pipeline.documents.reading.pdf import read_pdf
from pipeline.errors import Problem

sys.path.insert(0, str(Path(__file__).parents[1]))
from hiding_places import DOCX_PLACES, PDF_PLACES, converted

WITHHELD = "Haddadowicz"
HARMLESS = "Quillfeather"
ARABIC = "\u0641\u0627\u0637\u0645\u0629"
HEBREW = "\u05db\u05d4\u05e0\u05d5\u05d1"

Hide = Callable[[str], bytes]


def _scan_docx(docx: bytes, *words: str) -> list[Problem]:
    return leaks(Matcher(Withheld(words=words, names=(), own_details=())), read_docx(docx).texts)


def _scan_pdf(pdf: bytes, *words: str) -> list[Problem]:
    return leaks(Matcher(Withheld(words=words, names=(), own_details=())), read_pdf(pdf).texts)


def _check(problems: list[Problem], place: str) -> None:
    assert any(problem.where.startswith(place) for problem in problems), [problem.where for problem in problems]
    for problem in problems:
        assert problem.what == "this copy shows a withheld word that its reader must not see"
        assert WITHHELD.lower() not in f"{problem.what} {problem.do} {problem.where}".lower()


@pytest.mark.parametrize(("hide", "place"), DOCX_PLACES.values(), ids=DOCX_PLACES.keys())
def test_a_withheld_word_in_a_word_file_is_found_where_it_stands(hide: Hide, place: str) -> None:
    _check(_scan_docx(hide(WITHHELD), WITHHELD), place)


@pytest.mark.parametrize("hide", [hide for hide, _ in DOCX_PLACES.values()], ids=DOCX_PLACES.keys())
def test_another_word_in_the_same_place_of_a_word_file_is_no_leak(hide: Hide) -> None:
    assert not _scan_docx(hide(HARMLESS), WITHHELD)


@pytest.mark.parametrize(("hide", "place"), PDF_PLACES.values(), ids=PDF_PLACES.keys())
def test_a_withheld_word_in_a_pdf_is_found_where_it_stands(hide: Hide, place: str) -> None:
    _check(_scan_pdf(hide(WITHHELD), WITHHELD), place)


@pytest.mark.parametrize("hide", [hide for hide, _ in PDF_PLACES.values()], ids=PDF_PLACES.keys())
def test_another_word_in_the_same_place_of_a_pdf_is_no_leak(hide: Hide) -> None:
    assert not _scan_pdf(hide(HARMLESS), WITHHELD)


@pytest.mark.parametrize("word", [ARABIC, HEBREW], ids=["Arabic", "Hebrew"])
@pytest.mark.parametrize(
    "sentence", ["{word}", "He will ring {word} on Friday.", "\u0643\u062a\u0627\u0628 {word} \u0647\u0646\u0627"]
)
def test_a_withheld_word_in_right_to_left_text_is_found_in_both_files(word: str, sentence: str) -> None:
    docx = DOCX_PLACES["item text"][0](sentence.format(word=word))

    assert _scan_docx(docx, word)
    assert _scan_pdf(converted(docx), word)


def test_a_withheld_word_in_a_file_name_is_found() -> None:
    matcher = Matcher(Withheld(words=(WITHHELD,), names=(), own_details=()))

    (problem,) = leaks(matcher, (), file_names=["NR-0412-v1-harmed-1.docx", f"nr-0412-{WITHHELD}.pdf"])

    assert problem.where == "name of the file"


def test_a_word_that_stands_twice_in_a_place_is_reported_once() -> None:
    docx = DOCX_PLACES["item text"][0](f"{WITHHELD} and {WITHHELD}")

    assert [problem.where for problem in _scan_docx(docx, WITHHELD)] == ["DOCX, body"]


@pytest.mark.parametrize("word", ["Shruti", "Link", "Strong", "Light", "Green", "Table", "Black", "Page", "Office"])
def test_a_name_that_is_also_a_word_of_the_file_format_is_no_leak(word: str) -> None:
    docx = DOCX_PLACES["table cell"][0](HARMLESS)

    assert not _scan_docx(docx, word)
    assert not _scan_pdf(converted(docx), word)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("telephone", "ring 01632 960999"),
        ("email", "write to someone@example.com"),
        ("postcode", "near AB99 9ZZ"),
        ("street address", "come to 14 Mill Lane"),
    ],
)
def test_a_contact_detail_that_is_not_the_service_s_is_a_leak_in_both_files(kind: str, text: str) -> None:
    docx = DOCX_PLACES["item text"][0](text)
    expected = f"this copy shows a {kind} that its reader must not see"

    assert expected in {problem.what for problem in _scan_docx(docx)}
    assert expected in {problem.what for problem in _scan_pdf(converted(docx))}


def test_a_row_number_beside_a_place_is_no_address():
    found = leaks(Matcher(Withheld((), (), ())), [Text("PDF, page 1", "1 Victoria Park is where they met.")])
    assert found == []


def test_the_same_in_one_paragraph_is_an_address():
    found = leaks(Matcher(Withheld((), (), ())), [Text("DOCX, body", "Come to 1 Victoria Park.")])
    assert [problem.where for problem in found] == ["DOCX, body"]
