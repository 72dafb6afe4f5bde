"""Every character in a run whose font has it."""

from __future__ import annotations

import unicodedata
from io import BytesIO

import docx
import pikepdf
import pypdfium2
import pytest
import rdocx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.documents.engines.engine import engine
from pipeline.documents.pages.finishing import finish
from pipeline.documents.proof.conformance import failures
from pipeline.documents.word.characters import place_characters
from pipeline.documents.word.fonts import bundled_fonts
from pipeline.documents.word.parts import read_parts, write_parts
from pipeline.errors import RecordError

FAMILIES = ["Calibri", "Cambria", "Arial", "Times New Roman", "Courier New", "Segoe UI", "Georgia", "Unheard Of"]
LEFT_TO_RIGHT = [
    "Zack & Tyler <x> “quotes” ‘single’ – £68.00 €",  # noqa: RUF001
    "Ŵyn a Ŷnys, ŵ ŷ",
    "Zażółć gęślą jaźń",
    "Привет, Олена",
    "Καλημέρα, Ελένη",
    "Done ✓ or ☐ or ☑, here→there",
    "{{ 7*7 }}",
    "thin\u2009space, no\u00a0break, no\u2011break",
]
READ_FROM_ACTUAL_TEXT = [  # lines that the engine shapes; a reader takes their words from /ActualText
    "He said مرحبا بالعالم to her",
    "She answered שלום עולם (twice)",
    "नमस्ते दुनिया and สวัสดีชาวโลก",
    "Farsi with a joiner: می\u200cخواهم today",  # noqa: RUF001
]


def place(data):
    return write_parts(place_characters(read_parts(data)))


def word_file(*texts: str, family: str | None = None) -> bytes:
    document = docx.Document()
    for text in texts:
        document.add_paragraph().add_run(text).font.name = family
    return saved(document)


def saved(document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def runs_of(data: bytes) -> list[tuple[str, str | None]]:
    paragraph = docx.Document(BytesIO(data)).paragraphs[0]
    return [(run.text, run.font.name) for run in paragraph.runs]


def pdf_of(data: bytes) -> bytes:
    return finish(engine("embedded").convert(data), title="T", language="en-GB")


def lines_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return [" ".join(unicodedata.normalize("NFC", line).split()) for line in text.splitlines()]


def actual_texts_of(pdf: bytes) -> list[str]:
    found = []
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "BDC" and "/ActualText" in operands[1]:
                    found.append(str(operands[1]["/ActualText"]))
    return [text for text in found if text]


@pytest.mark.parametrize("family", FAMILIES)
def test_no_character_is_an_empty_box_in_any_font_a_template_may_use(family):
    placed = place(word_file(*LEFT_TO_RIGHT, *READ_FROM_ACTUAL_TEXT, family=family))
    assert failures(pdf_of(placed), ["2a", "ua1"]) == ()


def test_the_word_file_reads_as_before():
    texts = [*LEFT_TO_RIGHT, *READ_FROM_ACTUAL_TEXT]
    placed = docx.Document(BytesIO(place(word_file(*texts))))
    assert [paragraph.text for paragraph in placed.paragraphs] == texts


@pytest.mark.parametrize("text", LEFT_TO_RIGHT)
def test_the_pdf_reads_as_the_word_file(text):
    expected = " ".join(unicodedata.normalize("NFC", text).split())
    assert lines_of(pdf_of(place(word_file(text)))) == [expected]


@pytest.mark.parametrize("text", READ_FROM_ACTUAL_TEXT)
def test_a_line_of_a_shaped_script_reads_as_the_word_file(text):
    assert actual_texts_of(pdf_of(place(word_file(text)))) == [text]


def test_without_placing_a_symbol_costs_the_letters_of_its_run():
    assert any(".notdef" in failure for failure in failures(pdf_of(word_file("☐ Callum", family="Calibri")), ["2a"]))


def test_a_symbol_gets_a_run_of_its_own():
    assert runs_of(place(word_file("☐ Callum", family="Calibri"))) == [
        ("☐", "Noto Sans Symbols 2"),
        (" Callum", "Calibri"),
    ]


def test_a_word_with_a_letter_its_font_lacks_is_written_in_one_font():
    assert runs_of(place(word_file("Ask Олена soon", family="Cambria"))) == [
        ("Ask ", "Cambria"),
        ("Олена", "Times New Roman"),
        (" soon", "Cambria"),
    ]


def test_a_combining_mark_stays_with_its_letter():
    texts = [text for text, _ in runs_of(place(word_file("a x\u0302 b", family="Calibri")))]
    assert texts == ["a ", "x\u0302", " b"]


def test_right_to_left_words_and_what_stands_between_them_share_a_run():
    placed = docx.Document(BytesIO(place(word_file("Say مرحبا، 12 بالعالم (now)."))))
    marked = [run.text for run in placed.paragraphs[0].runs if run.font.rtl]
    assert marked == ["مرحبا، 12 بالعالم"]


def test_a_bold_right_to_left_word_stays_bold_in_word():
    document = docx.Document()
    document.add_paragraph().add_run("Say مرحبا").bold = True
    placed = docx.Document(BytesIO(place(saved(document))))
    assert placed.paragraphs[0].runs[1].font.cs_bold


def test_tabs_breaks_and_fields_stay_in_their_place():
    document = docx.Document()
    run = document.add_paragraph().add_run("one ✓")
    run.add_tab()
    run.add_text("two")
    run.add_break()
    run.add_text("☐ three")
    assert docx.Document(BytesIO(place(saved(document)))).paragraphs[0].text == "one ✓\ttwo\n☐ three"


def test_a_hyphen_that_keeps_a_line_together_is_drawn():
    document = docx.Document()
    run = document.add_paragraph().add_run("co")
    run.element.append(OxmlElement("w:noBreakHyphen"))
    run.add_text("worker")
    placed = place(saved(document))
    assert failures(pdf_of(placed), ["2a"]) == ()
    assert docx.Document(BytesIO(placed)).paragraphs[0].text == "co-worker"


@pytest.mark.parametrize("part", ["header", "footer"])
def test_headers_and_footers_are_placed_too(part):
    document = docx.Document()
    getattr(document.sections[0], part).paragraphs[0].text = "☐ Callum"
    assert failures(pdf_of(place(saved(document))), ["2a"]) == ()


def test_the_font_of_a_style_is_known():
    document = docx.Document()
    document.styles["Normal"].font.name = "Courier New"
    document.add_paragraph("≤ 3 days")
    assert len(docx.Document(BytesIO(place(saved(document)))).paragraphs[0].runs) == 1


def test_a_document_that_needs_nothing_comes_back_as_it_was():
    data = word_file("Callum will repaint the fence.")
    assert place_characters(read_parts(data)) == read_parts(data)


def test_a_symbol_that_the_file_writes_as_a_number_is_placed_too():
    parts = read_parts(word_file("Callum BOX did it"))
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"BOX", b"&#x2610;")
    placed = docx.Document(BytesIO(write_parts(place_characters(parts))))
    assert [run.text for run in placed.paragraphs[0].runs] == ["Callum ", "☐", " did it"]


def test_placing_twice_changes_nothing_more():
    once = place(word_file(*LEFT_TO_RIGHT, *READ_FROM_ACTUAL_TEXT))
    assert place(once) == once


def test_characters_no_font_has_are_named_with_what_to_do():
    with pytest.raises(RecordError) as raised:
        place(word_file("Well done 😀 ਸਤ"))
    smile, script = raised.value.problems
    assert smile.what == "No font has U+1F600 (GRINNING FACE), so the PDF would show an empty box."
    assert script.what.startswith("No font has U+0A38 (GURMUKHI LETTER SA), U+0A24 (GURMUKHI LETTER TA)")
    assert "embed a font" in smile.do
    assert smile.where == "DOCX, body"


def test_a_missing_character_in_a_header_says_so():
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "😀"
    with pytest.raises(RecordError) as raised:
        place(saved(document))
    assert [problem.where for problem in raised.value.problems] == ["DOCX, header 1"]


def test_a_font_embedded_in_the_word_file_counts(tmp_path):
    font = tmp_path / "font.ttf"
    font.write_bytes(font_with("ਸ😀"))
    document = rdocx.Document.from_bytes(word_file("Well done 😀 ਸ"))
    document.embed_font(
        "Small Script", font, license=rdocx.FontEmbeddingLicense(authorized=True, identity="made for this test")
    )
    placed = place(document.to_bytes())
    assert failures(pdf_of(placed), ["2a"]) == ()


def test_an_embedded_font_that_cannot_be_read_counts_as_empty():
    parts = read_parts(word_file("Well done 😀"))
    parts["word/fontTable.xml"] = (
        f'<w:fonts {nsdecls("w", "r")}><w:font w:name="Broken"><w:embedRegular r:id="rId1"'
        ' w:fontKey="{00000000-0000-0000-0000-000000000001}"/></w:font></w:fonts>'
    ).encode()
    parts["word/_rels/fontTable.xml.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/font" Target="fonts/f.odttf"/>'
        b"</Relationships>"
    )
    parts["word/fonts/f.odttf"] = b"nothing"
    with pytest.raises(RecordError):
        place(write_parts(parts))


def test_text_in_a_hyperlink_is_placed():
    document = docx.Document()
    link = '<w:hyperlink w:anchor="x"><w:r><w:t>☐ here</w:t></w:r></w:hyperlink>'
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{link}</w:p>"))
    placed = docx.Document(BytesIO(place(saved(document))))
    assert [run.text for run in placed.paragraphs[0].hyperlinks[0].runs] == ["☐", " here"]


def test_the_listing_of_fonts_is_that_of_the_installed_engine(bundled_fonts_script):
    assert bundled_fonts_script.listing() == bundled_fonts_script.LISTING.read_text(encoding="utf-8")


KNOWN = sorted(set().union(*bundled_fonts().values()) - set(range(0x20)) - {0x7F, 0xFEFF})


@settings(max_examples=40, deadline=None)
@given(
    text=st.text(
        st.one_of(
            st.sampled_from(KNOWN).map(chr),
            st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]),
            st.just(" "),
        ),
        min_size=1,
        max_size=30,
    ),
    family=st.sampled_from(FAMILIES),
)
@example(text="a\u200d✓\u0301 مرحبا", family="Calibri")
def test_any_text_is_either_refused_by_name_or_drawn_without_empty_boxes(text, family):
    data = word_file(text, family=family)
    try:
        placed = place(data)
    except RecordError as error:
        named = [problem.what.startswith("No font has U+") for problem in error.problems]
        assert named
        assert all(named)
    else:
        assert not [failure for failure in failures(pdf_of(placed), ["2a"]) if ".notdef" in failure]


def font_with(characters: str) -> bytes:
    """Return a small font in which every one of these characters is a square."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (700, 700), (700, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    names = [f"u{ord(character):04X}" for character in characters]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({ord(character): name for character, name in zip(characters, names, strict=True)})
    builder.setupGlyf(dict.fromkeys([".notdef", *names], square))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names], (800, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Small Script", "styleName": "Regular", "psName": "SmallScript-Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    buffer = BytesIO()
    builder.font.save(buffer)
    return buffer.getvalue()
