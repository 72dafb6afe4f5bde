"""Nothing is published unproven: what makes a proof fail, and what does not."""

from __future__ import annotations

import io
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.shared import Mm, Pt
from hypothesis import example, given
from hypothesis import strategies as st
from pikepdf import Dictionary, Name, Stream, String

from pipeline.copies.model import Copy, Reader, SignaturePlace, Withheld
from pipeline.documents.pages.finishing import finish
from pipeline.documents.proof.places import PlaceOnPage, find_places
from pipeline.documents.proof.prove import Proof, prove
from pipeline.documents.proof.words import differing_words, missing_agreed_texts
from pipeline.documents.reading.docx import WordFile, read_docx
from pipeline.documents.reading.model import COUNTED, SOFT, Paragraph
from pipeline.documents.reading.pdf import PdfFile, read_pdf
from pipeline.documents.reading.pdf_drawn import drawn_pages
from pipeline.errors import Problem, RecordError

sys.path.insert(0, str(Path(__file__).parents[1]))
from hiding_places import WORD, add_content, converted, with_parts

ARABIC = "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645"
PROFILES = ("2a", "ua1")


def _copy(
    *,
    agreed: tuple[str, ...] = (),
    captions: tuple[str, ...] = (),
    words: tuple[str, ...] = (),
    stem: str = "NR-0412-v1",
) -> Copy:
    return Copy(
        ref="NR-0412",
        version=1,
        reader=Reader.HARMED,
        reader_id="harmed-1",
        folder="harmed-1",
        stem=stem,
        language="en",
        code="K7QM-4TXW-9HDR",
        context={},
        agreed_texts=agreed,
        places=tuple(SignaturePlace(caption, "harmed-1") for caption in captions),
        withheld=Withheld(words=words, names=(), own_details=()),
        notes=(),
    )


def _prove(
    copy: Copy, docx_bytes: bytes, pdf: bytes, profiles: tuple[str, ...] = (), *, carries_agreement: bool = True
) -> Proof:
    with drawn_pages(pdf) as pages:
        return prove(
            copy=copy,
            docx=docx_bytes,
            pdf=pdf,
            pages=pages,
            carries_agreement=carries_agreement,
            signature_width_mm=60,
            signature_height_mm=15,
            profiles=profiles,
        )


def _document() -> Any:
    document = docx.Document()
    document.core_properties.title = "An agreement"
    return document


def _saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _with_words(*paragraphs: str) -> bytes:
    document = _document()
    for each in paragraphs:
        document.add_paragraph(each)
    return _saved(document)


def _differences(docx_bytes: bytes, pdf: bytes) -> list[str]:
    return [f"{each.where}: {each.what}" for each in differing_words(read_docx(docx_bytes), read_pdf(pdf))]


def _edited(pdf_bytes: bytes, edit: Any) -> bytes:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        edit(pdf)
        pdf.save(file)
    return file.getvalue()


def _field(paragraph: Any, code: str) -> None:
    """Add a field as Word writes it, spread over five runs, with a stale result."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("result", "1"), ("end", "")):
        run = paragraph.add_run(text if kind == "result" else "")
        if kind == "":
            instruction = OxmlElement("w:instrText")
            instruction.text = text
            run._r.append(instruction)  # noqa: SLF001
        elif kind != "result":
            mark = OxmlElement("w:fldChar")
            mark.set(f"{{{mark.nsmap['w']}}}fldCharType", kind)
            run._r.append(mark)  # noqa: SLF001


def _long_table() -> bytes:
    """Return a table over several pages whose header row repeats, with a running header and page numbers."""
    document = _document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Outcome agreement NR-0412"
    footer = section.footer.paragraphs[0]
    footer.add_run("Page ")
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")
    document.add_heading("What we agreed", 1)
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, ("Action", "Who does it", "By when"), strict=True):
        cell.text = text
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001
    for number in range(70):
        cells = table.add_row().cells
        cells[0].text = f"Callum will do thing {number} and other well-known things that wrap over the line"
        cells[1].text, cells[2].text = "Callum", "Friday 27 November 2026"
    return _saved(document)


def _every_kind_of_text() -> bytes:
    document = _document()
    styles = ("List Bullet", "List Number", "Heading 2", "Quote")
    for style in styles:
        document.add_paragraph(f"In the style {style} office affine caf\u00e9 cafe\u0301 \u0175", style=style)
    document.add_paragraph("soft\u00adhyphen, no\u2011break, nb\u00a0space, tab\there, zero\u200bwidth")
    document.add_paragraph("first line").add_run().add_break()
    document.paragraphs[-1].add_run("second line")
    document.add_paragraph("before the page ends").add_run().add_break(WD_BREAK.PAGE)
    document.paragraphs[-1].add_run("after it")
    document.add_paragraph(ARABIC)
    document.add_paragraph(f"They said {ARABIC} to us")
    document.add_paragraph("averylongwordthatfitsonnoline" * 9)
    document.add_paragraph("in ").add_run("capitals").font.all_caps = True
    document.add_paragraph("seen ").add_run("hidden").font.hidden = True
    counted = document.add_paragraph("This has ")
    _field(counted, "NUMPAGES")
    counted.add_run(" pages.")
    body = document.element.body
    link = f"<w:hyperlink {WORD} w:anchor='here'><w:r><w:t>a link</w:t></w:r></w:hyperlink>"
    content = f"<w:sdt {WORD}><w:sdtContent><w:r><w:t> and a control</w:t></w:r></w:sdtContent></w:sdt>"
    inserted = f"<w:ins {WORD} w:id='90' w:author='A'><w:r><w:t> and new words</w:t></w:r></w:ins>"
    deleted = f"<w:del {WORD} w:id='91' w:author='A'><w:r><w:delText> and old words</w:delText></w:r></w:del>"
    body.insert(0, parse_xml(f"<w:p {WORD}>{link}{content}{inserted}{deleted}</w:p>"))
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "over two columns"
    table.cell(1, 1).text = "inner"
    table.cell(1, 1).add_table(rows=1, cols=1).cell(0, 0).text = "innermost"
    return _with_footnote(document, "a note at the foot")


def _with_footnote(document: Any, text: str) -> bytes:
    reference = "<w:r><w:footnoteReference w:id='2'/></w:r>"
    document.element.body.insert(1, parse_xml(f"<w:p {WORD}><w:r><w:t>noted</w:t></w:r>{reference}</w:p>"))
    docx_bytes = _saved(document)
    with zipfile.ZipFile(io.BytesIO(docx_bytes)) as package:
        types = package.read("[Content_Types].xml").decode()
        links = package.read("word/_rels/document.xml.rels").decode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    note = f"<w:footnote w:id='2'><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> {text}</w:t></w:r></w:p></w:footnote>"
    return with_parts(
        docx_bytes,
        {
            "[Content_Types].xml": types.replace(
                "</Types>", f"<Override PartName='/word/footnotes.xml' ContentType='{kind}'/></Types>"
            ),
            "word/_rels/document.xml.rels": links.replace(
                "</Relationships>",
                f"<Relationship Id='rIdF' Type='{relation}' Target='footnotes.xml'/></Relationships>",
            ),
            "word/footnotes.xml": f"<w:footnotes {WORD}>{note}</w:footnotes>",
        },
    )


# --- (a) the agreed words


def test_an_agreed_text_over_several_lines_and_runs_is_found() -> None:
    document = _document()
    paragraph = document.add_paragraph("Tom will ")
    paragraph.add_run("write").bold = True
    paragraph.add_run(" a letter,").add_break()
    paragraph.add_run("by hand.")

    assert not missing_agreed_texts(["Tom will write a letter,\nby hand."], read_docx(_saved(document)))


@pytest.mark.parametrize("text", ["Tom will write a letter", "tom will write.", "Tom will\u00a0not write.", ""])
def test_an_agreed_text_that_is_changed_is_missed_without_being_repeated(text: str) -> None:
    problems = missing_agreed_texts(["Tom will write."], read_docx(_with_words(text)))

    assert [problem.what for problem in problems] == [
        "agreed text 1 of 1 does not stand in the document as it was agreed"
    ]


def test_two_items_with_the_same_words_must_both_be_there() -> None:
    assert missing_agreed_texts(["Tom will write."] * 2, read_docx(_with_words("Tom will write.")))
    assert not missing_agreed_texts(["Tom will write."] * 2, read_docx(_with_words(*["Tom will write."] * 2)))


def test_an_agreed_text_in_hidden_text_does_not_count() -> None:
    document = _document()
    document.add_paragraph().add_run("Tom will write.").font.hidden = True

    assert missing_agreed_texts(["Tom will write."], read_docx(_saved(document)))


# --- (b) the same words in both files


@pytest.mark.parametrize("make", [_long_table, _every_kind_of_text], ids=["long table", "every kind of text"])
def test_a_faithful_pdf_agrees_with_its_word_file(make: Any) -> None:
    docx_bytes = make()

    assert _differences(docx_bytes, converted(docx_bytes)) == []


def test_the_repeated_header_rows_are_read_once() -> None:
    pdf = read_pdf(converted(_long_table()))

    assert pdf.pages > 3
    assert sum("Who" in paragraph.text for paragraph in pdf.body) == 1


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (["Tom will pay."], ["Tom will not pay."]),
        (["Tom will not pay."], ["Tom will pay."]),
        (["One.", "Two.", "Three."], ["One.", "Three."]),
        (["One.", "Three."], ["One.", "Two.", "Three."]),
        (["One.", "Two."], ["Two.", "One."]),
        (["One."], ["One.", "Two."]),
        (["One.", "Two."], ["One."]),
        (["no where to go"], ["nowhere to go"]),
        (["nowhere to go"], ["no where to go"]),
        (["\u00a368.00"], ["\u00a386.00"]),
        (["resume"], ["r\u00e9sum\u00e9"]),
        ([f"{ARABIC} {ARABIC}"], [ARABIC]),
    ],
)  # fmt: skip
def test_a_word_that_one_file_has_and_the_other_lacks_is_seen(written: list[str], shown: list[str]) -> None:
    differences = _differences(_with_words(*written), converted(_with_words(*shown)))

    assert len(differences) == 1
    assert "from here on" in differences[0]


def test_a_difference_is_named_by_its_paragraph_and_page() -> None:
    docx_bytes = _with_words("One.", "Two.", "Three.")

    (problem,) = differing_words(read_docx(docx_bytes), read_pdf(converted(_with_words("One.", "Too.", "Three."))))

    assert problem == Problem(
        what="from here on the words of the Word file and the PDF differ",
        do="make the copy again; if this stays, simplify this part of the template",
        where="DOCX, body, paragraph 2; PDF, page 1",
    )


def test_a_glyph_removed_from_the_pdf_is_seen() -> None:
    docx_bytes = _with_words("Tom will pay Ruth.")

    def drop_a_word(pdf: pikepdf.Pdf) -> None:
        content = pdf.pages[0].obj.Contents.read_bytes()
        start = content.index(b"/MCID 1")
        shown = content.index(b"[", start)
        pdf.pages[0].obj.Contents = Stream(pdf, content[:shown] + b"[]" + content[content.index(b"] TJ", shown) + 1 :])

    assert _differences(docx_bytes, _edited(converted(docx_bytes), drop_a_word))


def test_a_footnote_that_the_pdf_lacks_is_seen() -> None:
    docx_bytes, other = (_with_footnote(docx.Document(), text) for text in ("a note", "another thing"))

    assert _differences(docx_bytes, converted(other)) == [
        "DOCX, footnote, paragraph 1: this note is not in the PDF word for word",
        "PDF, headers and footers: the PDF's headers and footers have words that the Word file lacks",
    ]


@given(st.characters(exclude_characters=COUNTED))
@example(SOFT)
@example("\u00ad")
@example("\u3000")
def test_a_note_in_the_pdf_may_lack_spaces_and_unseen_signs_and_nothing_else(sign: str) -> None:
    note = WordFile(texts=(), body=(), notes=(Paragraph("DOCX, footnote", f"a{sign}b"),), furniture=())
    pdf = PdfFile(texts=(), body=(Paragraph("PDF, page 1", "ab"),), furniture="", pages=1, faults=())
    normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", sign).casefold())

    is_seen = any(not (each.isspace() or each == SOFT or unicodedata.category(each) == "Cf") for each in normal)
    lacking = [problem.where for problem in differing_words(note, pdf)]
    assert ("DOCX, footnote" in lacking) == is_seen


def test_a_text_box_that_the_engine_drops_is_seen() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent>"
    shape = f"<w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    document = _document()
    document.element.body.insert(0, parse_xml(f"<w:p {WORD}><w:r>{shape}</w:r></w:p>"))

    assert _differences(_saved(document), converted(_with_words("nothing"))) == [
        "DOCX, body, paragraph 2: this text box is not in the PDF word for word",
        "PDF, page 1: from here on the PDF has words that the Word file lacks",
    ]


def test_words_in_a_header_that_only_the_pdf_has_are_seen() -> None:
    document = _document()
    document.sections[0].header.paragraphs[0].text = "Outcome agreement"
    plain = _saved(document)
    document.sections[0].header.paragraphs[0].text = "Outcome agreement of last year"

    assert _differences(plain, converted(_saved(document)))


# --- (c) signature places


def _room(document: Any, *captions: str, height_mm: float = 18, left_mm: float = 0) -> None:
    for caption in captions:
        table = document.add_table(rows=2, cols=1)
        table.rows[0].height, table.rows[0].height_rule = Mm(height_mm), WD_ROW_HEIGHT_RULE.EXACTLY
        paragraph = table.cell(1, 0).paragraphs[0]
        paragraph.paragraph_format.left_indent = Mm(left_mm)
        paragraph.add_run(caption).font.size = Pt(8)


def _places(document: Any, *captions: str) -> tuple[tuple[PlaceOnPage, ...], list[str]]:
    places, problems = find_places(converted(_saved(document)), captions, width_mm=60, height_mm=15)
    return places, [f"{problem.where}: {problem.what}" for problem in problems]


def test_the_room_for_a_signature_stands_on_its_caption() -> None:
    document = _document()
    document.sections[0].left_margin = Mm(20)
    _room(document, "Signature 1", "Signature 2")

    (first, second), problems = _places(document, "Signature 1", "Signature 2")

    assert problems == []
    assert (first.caption, first.page, first.width_mm, first.height_mm) == ("Signature 1", 1, 60, 15)
    assert first.left_mm == pytest.approx(20, abs=0.5)
    assert first.bottom_mm - second.bottom_mm > 15


def test_a_caption_is_not_taken_for_a_longer_one() -> None:
    document = _document()
    _room(document, "Signature 10", "Signature 1")

    (place,), problems = _places(document, "Signature 1")

    assert problems == []
    assert place.caption == "Signature 1"


@pytest.mark.parametrize(
    ("captions", "height_mm", "left_mm", "expected"),
    [
        ((), 18, 0, "PDF, Signature 1: this signature place is missing"),
        (("Signature 1", "Signature 1"), 18, 0, "PDF, Signature 1: this signature place is there more than once"),
        (("Signature 1",), 18, 130, "PDF, page 1, Signature 1: the room for this signature reaches beyond the page"),
        (("Words above", "Signature 1"), 4, 0, "PDF, page 1, Signature 1: words stand in the room for this signature"),
    ],
)
def test_a_signature_place_without_its_room_is_refused(
    captions: tuple[str, ...], height_mm: float, left_mm: float, expected: str
) -> None:
    document = _document()
    document.add_paragraph("Words above.")
    _room(document, *captions, height_mm=height_mm, left_mm=left_mm)

    assert _places(document, "Signature 1")[1] == [expected]


def test_two_rooms_that_overlap_are_refused() -> None:
    document = _document()
    table = document.add_table(rows=2, cols=2)
    table.rows[0].height = Mm(20)
    table.columns[0].width = table.columns[1].width = Mm(40)
    for cell, caption in zip(table.rows[1].cells, ("Signature 1", "Signature 2"), strict=True):
        cell.width, cell.text = Mm(40), caption

    assert _places(document, "Signature 1", "Signature 2")[1] == [
        "PDF, page 1, Signature 2: the rooms for two signatures overlap"
    ]


# --- (e) and what no finished file has


def _faults(pdf: bytes) -> list[str]:
    return [f"{problem.where}: {problem.what}" for problem in read_pdf(pdf).faults]


def test_an_engine_s_finished_pdf_has_no_fault() -> None:
    assert _faults(finish(converted(_long_table()), title="An agreement", language="en")) == []


def test_text_outside_the_tags_is_a_fault() -> None:
    def draw(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Resources.Font.F9 = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        add_content(pdf, b"BT /F9 9 Tf 40 40 Td (and more) Tj ET")

    assert _faults(_edited(converted(_with_words("One.")), draw)) == [
        "PDF, page 1: this page shows text that is neither tagged nor page furniture"
    ]


def test_a_page_whose_text_cannot_be_read_back_is_a_fault() -> None:
    def blind(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        page.Contents = Stream(pdf, page.Contents.read_bytes().replace(b" 11 Tf", b" 0 Tf"))

    assert _faults(_edited(converted(_with_words("One.")), blind)) == [
        "PDF, page 1: this page shows text that cannot be read back"
    ]


def test_an_earlier_revision_is_a_fault() -> None:
    pdf = converted(_with_words("One."))
    start = pdf.rindex(b"startxref")

    assert "PDF: the file keeps an earlier revision of itself" in _faults(pdf + b"\n" + pdf[start:])


# --- all together


def _sound(*paragraphs: str, captions: tuple[str, ...] = ()) -> tuple[bytes, bytes]:
    document = _document()
    for each in paragraphs:
        document.add_paragraph(each)
    _room(document, *captions)
    docx_bytes = _saved(document)
    return docx_bytes, finish(converted(docx_bytes), title="An agreement", language="en")


def test_a_sound_copy_is_proven_with_its_profiles_pages_and_places() -> None:
    docx_bytes, pdf = _sound("Tom will write.", captions=("Signature 1",))

    proof = _prove(_copy(agreed=("Tom will write.",), captions=("Signature 1",)), docx_bytes, pdf, PROFILES)

    assert (proof.profiles, proof.pages) == (PROFILES, 1)
    assert [place.caption for place in proof.places] == ["Signature 1"]


def test_the_agreed_words_are_not_asked_of_a_template_that_does_not_carry_them() -> None:
    docx_bytes, pdf = _sound("A keepsake.")

    assert _prove(_copy(agreed=("Tom will write.",)), docx_bytes, pdf, carries_agreement=False)


def test_a_pdf_that_breaks_its_profile_is_refused_with_the_rule() -> None:
    docx_bytes = _with_words("Tom will write.")

    with pytest.raises(RecordError) as raised:
        _prove(_copy(), docx_bytes, converted(docx_bytes), PROFILES)

    assert all("does not keep the profile that was promised" in problem.what for problem in raised.value.problems)


def test_every_failed_proof_is_told_at_once_and_no_word_is_repeated() -> None:
    docx_bytes, _ = _sound("Tom will write.", "about Haddadowicz")
    _, pdf = _sound("Tom will pay.")

    with pytest.raises(RecordError) as raised:
        _prove(
            _copy(agreed=("Tom will ring.",), captions=("Signature 1",), words=("Haddadowicz",), stem="Haddadowicz"),
            docx_bytes,
            pdf,
        )

    assert [problem.where for problem in raised.value.problems] == [
        "DOCX, body",
        "DOCX, body, paragraph 1; PDF, page 1",
        "PDF, Signature 1",
        "DOCX, body",
        "name of the file",
    ]
    assert "addadowicz" not in "".join(f"{each.what}{each.do}{each.where}" for each in raised.value.problems)


@pytest.mark.parametrize("junk", [b"", b"junk", b"%PDF-1.7\n%%EOF", b"PK\x03\x04"])
def test_a_file_that_cannot_be_opened_is_refused_without_a_crash(junk: bytes) -> None:
    docx_bytes, pdf = _sound("One.")

    with pytest.raises(RecordError):
        _prove(_copy(), docx_bytes, junk)
    with pytest.raises(RecordError):
        _prove(_copy(), junk, pdf)


def test_a_string_in_the_trailer_is_read() -> None:
    def note(pdf: pikepdf.Pdf) -> None:
        pdf.trailer.Note = String("Haddadowicz")

    docx_bytes, pdf = _sound("One.")

    with pytest.raises(RecordError) as raised:
        _prove(_copy(words=("Haddadowicz",)), docx_bytes, _edited(pdf, note))

    assert [problem.where for problem in raised.value.problems] == ["PDF, trailer"]
