"""What is read back from a Word file: the words of the page, and nothing that is not on it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from pipeline.documents.reading.docx import body_words, read_docx
from pipeline.documents.reading.model import COUNTED, SOFT
from pipeline.errors import RecordError

sys.path.insert(0, str(Path(__file__).parents[1]))
from hiding_places import DOCX_PLACES, WORD, with_parts


def _with_body(*elements: str) -> bytes:
    document = docx.Document()
    for position, xml in enumerate(elements):
        document.element.body.insert(position, parse_xml(xml))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _paragraph(content: str) -> str:
    return f"<w:p {WORD}>{content}</w:p>"


def _run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def _complex_field(instruction: str, result: str) -> str:
    return (
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r>"
        f"<w:r><w:instrText> {instruction} </w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r>"
        f"{_run(result)}<w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (_run("Had") + _run("dad"), "Haddad"),
        (_run("one") + "<w:r><w:tab/></w:r>" + _run("two") + "<w:r><w:br/></w:r>" + _run("three"), "one two three"),
        (_run("well") + "<w:r><w:noBreakHyphen/></w:r>" + _run("known"), "well-known"),
        (_run("soft") + "<w:r><w:softHyphen/></w:r>" + _run("ly"), f"soft{SOFT}ly"),
        (_run("seen") + _run(" hidden", "<w:vanish/>"), "seen"),
        (_run("seen") + _run(" again", "<w:vanish w:val='0'/>"), "seen again"),
        (_run("new") + f"<w:del w:id='1' w:author='A'>{_run('old')}</w:del>", "new"),
        (f"<w:ins w:id='1' w:author='A'>{_run('new')}</w:ins>", "new"),
        (f"<w:hyperlink w:anchor='x'>{_run('a link')}</w:hyperlink>", "a link"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{_run('a control')}</w:sdtContent></w:sdt>", "a control"),
        (f"<w:fldSimple w:instr='REF x'>{_run('a reference')}</w:fldSimple>", "a reference"),
        (f"<w:fldSimple w:instr=' NUMPAGES '>{_run('7')}</w:fldSimple>", COUNTED),
        (_run("page ") + _complex_field("PAGE", "7") + _run(" ends"), f"page {COUNTED} ends"),
        (_run("see ") + _complex_field("REF there", "row 2"), "see row 2"),
    ],
)
def test_a_paragraph_reads_as_a_reader_sees_it(content: str, text: str) -> None:
    assert [paragraph.text for paragraph in read_docx(_with_body(_paragraph(content))).body] == [text]


def test_the_words_of_the_page_come_in_order_with_those_of_tables() -> None:
    document = docx.Document()
    document.add_paragraph("first words")
    document.add_table(rows=1, cols=2).cell(0, 1).text = "in a table"
    document.add_paragraph("last")
    file = io.BytesIO()
    document.save(file)

    assert body_words(file.getvalue()) == ("first", "words", "in", "a", "table", "last")


@pytest.mark.parametrize(
    "place", ["header", "footer", "footnote", "endnote", "comment", "hidden text", "core property"]
)
def test_what_is_not_on_the_page_is_not_among_its_words(place: str) -> None:
    assert body_words(DOCX_PLACES[place][0]("Haddadowicz")) == ("An", "ordinary", "day.")


def test_a_numbered_paragraph_is_known_by_its_style_and_the_style_it_is_based_on() -> None:
    document = docx.Document()
    heir = document.styles.add_style("Our list", 1)
    heir.base_style = document.styles["List Bullet"]
    document.add_paragraph("one", style="List Number")
    document.add_paragraph("two", style=heir)
    document.add_paragraph("three")
    file = io.BytesIO()
    document.save(file)

    assert [paragraph.numbered for paragraph in read_docx(file.getvalue()).body] == [True, True, False]


def test_a_text_box_is_a_floating_paragraph() -> None:
    paragraphs = read_docx(DOCX_PLACES["text box"][0]("words")).body

    assert [(each.text, each.floating) for each in paragraphs] == [("with words", True), ("An ordinary day.", False)]


def test_the_fallback_of_a_drawing_is_not_read_twice() -> None:
    content = (
        "<mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<mc:Choice Requires='wps'>{_run('once')}</mc:Choice><mc:Fallback>{_run('twice')}</mc:Fallback>"
        "</mc:AlternateContent>"
    )

    assert body_words(_with_body(_paragraph(content))) == ("once",)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"no zip at all",
        with_parts(DOCX_PLACES["item text"][0]("Tom"), {"word/document.xml": "<w:document"}),
        with_parts(DOCX_PLACES["item text"][0]("Tom"), {"word/styles.xml": "<not closed>"}),
    ],
    ids=["empty", "no zip", "no XML", "a part that is no XML"],
)
def test_a_file_that_cannot_be_read_back_is_refused(broken: bytes) -> None:
    with pytest.raises(RecordError):
        read_docx(broken)


def test_an_external_entity_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Haddadowicz", encoding="utf-8")
    xml = f"<!DOCTYPE d [<!ENTITY e SYSTEM '{secret.as_uri()}'>]><d>&e;</d>"

    texts = read_docx(with_parts(DOCX_PLACES["item text"][0]("Tom"), {"word/strange.xml": xml})).texts

    assert not any("Haddadowicz" in text.text for text in texts)
