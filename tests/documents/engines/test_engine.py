"""The seam between a Word file and its PDF."""

from __future__ import annotations

from io import BytesIO

import docx
import pypdfium2
import pytest

from pipeline.documents.engines.engine import engine
from pipeline.errors import RecordError, SetupError


@pytest.fixture
def hello() -> bytes:
    document = docx.Document()
    document.add_paragraph("Callum will repaint the fence.")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_the_embedded_engine_makes_a_pdf_of_the_words(hello):
    with pypdfium2.PdfDocument(engine("embedded").convert(hello)) as pdf:
        assert pdf[0].get_textpage().get_text_bounded().strip() == "Callum will repaint the fence."


def test_the_embedded_engine_makes_the_same_bytes_every_time(hello):
    assert engine("embedded").convert(hello) == engine("embedded").convert(hello)


def test_the_embedded_engine_says_what_it_promises():
    assert engine("embedded").profiles == ("2a", "ua1")
    assert engine("embedded").version == "rdocx 0.16.2"


def test_an_unknown_engine_is_a_fault_of_the_set_up():
    with pytest.raises(SetupError, match="no engine called 'word'"):
        engine("word")


def test_a_file_that_is_not_a_word_file_fails_the_record_only():
    with pytest.raises(RecordError, match="could not turn the Word file into a PDF"):
        engine("embedded").convert(b"PK\x03\x04 not a Word file")
