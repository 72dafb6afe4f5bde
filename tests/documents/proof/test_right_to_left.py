"""LibreOffice draws right-to-left words from the left: what the proof sees through, and what it does not."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from pipeline.documents.engines.engine import Engine
from pipeline.documents.proof.words import differing_words
from pipeline.documents.reading.docx import read_docx
from pipeline.documents.reading.pdf import read_pdf

PAGE = "\u0635\u0641\u062d\u0629"
FROM = "\u0645\u0646"
FOR = "\u0644\u0640"
COPY = "\u0627\u0644\u0646\u0633\u062e\u0629"
FURNITURE = ["PDF, headers and footers"]


def page(text: str, *, header: str = "") -> bytes:
    """Return a Word file with a right-to-left paragraph and a running header, Arabic letters in a font of their own."""
    document: Any = docx.Document()
    for paragraph, words in ((document.add_paragraph(), text), (document.sections[0].header.paragraphs[0], header)):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001
        for letters in re.findall("[\u0600-\u06ff ]+|[^\u0600-\u06ff]+", words):
            run = paragraph.add_run(letters)
            if letters[0] > "\u0600":
                run.font.name = "Noto Sans Arabic"
                run._r.rPr.rFonts.set(qn("w:cs"), "Noto Sans Arabic")  # noqa: SLF001
                run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))  # noqa: SLF001
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def where_they_differ(written: bytes, shown: bytes, used: Engine) -> list[str | None]:
    return [each.where for each in differing_words(read_docx(written), read_pdf(used.convert(shown)))]


@pytest.mark.parametrize("header", [f"{COPY} {FOR}:", f"{COPY} {FOR}: Kasia", f"({COPY})", f"{PAGE}\u060c {COPY}"])
def test_a_sign_at_a_right_to_left_word_of_a_header_may_be_drawn_apart(libreoffice, header):
    word = page(COPY, header=header)
    assert where_they_differ(word, word, libreoffice) == []


@pytest.mark.parametrize("shown", [f"{PAGE} {FOR}:", f"{COPY} {COPY}{FOR}:", f"{COPY} {FOR}: Kasia"])
def test_another_word_in_a_right_to_left_header_is_seen(libreoffice, shown):
    written = page(COPY, header=f"{COPY} {FOR}:")
    assert where_they_differ(written, page(COPY, header=shown), libreoffice) == FURNITURE


def test_a_faithful_right_to_left_paragraph_agrees_over_all_its_lines(libreoffice):
    word = page(f"{COPY} {FOR}: Kasia, {PAGE} 15 {FROM} 51 (\u00a368.00). " * 12)
    assert where_they_differ(word, word, libreoffice) == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"{COPY} \u00a368.00", f"{COPY} \u00a386.00"),
        (f"{PAGE} 15 {FROM} 51", f"{PAGE} 51 {FROM} 15"),
        (f"{COPY} Kasia", f"{COPY} Kaisa"),
        (f"{COPY} {PAGE} Tom {FROM} Kasia", f"{COPY} {PAGE} Kasia {FROM} Tom"),
        (f"{COPY} 1 {PAGE}", f"{PAGE} 1 {COPY}"),
        (f"{COPY} {PAGE}", f"{PAGE} {COPY}"),
    ],
    ids=["an amount", "two numbers", "a name", "two names", "two words with a number between them", "two words"],
)
def test_letters_in_another_order_are_seen_on_a_right_to_left_page(libreoffice, written, shown):
    assert len(where_they_differ(page(written), page(shown), libreoffice)) == 1
