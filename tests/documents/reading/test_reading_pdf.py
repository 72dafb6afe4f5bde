"""What is read back from a PDF: paragraphs by its tags, letters by its fonts, strings in every notation."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.documents.pages.pdf_strings import decode_string, strings
from pipeline.documents.reading.model import SOFT
from pipeline.documents.reading.pdf import read_pdf, without_streams
from pipeline.documents.reading.pdf_content import marked_texts
from pipeline.documents.reading.pdf_fonts import Fonts
from pipeline.documents.reading.pdf_objects import codes, listed
from pipeline.documents.reading.pdf_tags import tagged_paragraphs
from pipeline.errors import RecordError

sys.path.insert(0, str(Path(__file__).parents[1]))
from hiding_places import DOCX_PLACES, converted


def _shown(code: bytes, resources: Dictionary | None = None) -> str:
    return "".join(each.text for each in marked_texts(code, resources, Fonts())).replace(SOFT, "")


@pytest.mark.parametrize(
    "code",
    [
        b"BT (Haddad) Tj ET",
        b"BT [(Had) -20 (dad)] TJ ET",
        b"BT [<486164> 3.5 <646164>]TJ ET",
        b"BT <48 61 64 64 61 64> Tj ET",
        b"BT (H\\141\\144d\\\nad) Tj ET",
        b"BT (Haddad) ' ET",
        b'BT 1 2 (Haddad) " ET',
        b"% BT (no) Tj\nBT (Haddad) Tj ET",
        b"BI /W 1 /H 1 ID (no) Tj \x00 EI BT (Haddad) Tj ET",
        b"/Artifact BMC 0 0 m 1 1 l S EMC BT (Haddad) Tj ET",
        b"/Span <</ActualText (Haddad)>> BDC BT (x) Tj ET EMC",
        b"/Span <</ActualText <feff004800610064006400610064>>> BDC BT (x) Tj ET EMC",
        b"/Span <</ActualText (Haddad)>> BDC /Span <</ActualText (no)>> BDC (x) Tj EMC EMC",
    ],
)
def test_text_is_read_in_every_notation(code: bytes) -> None:
    assert _shown(code) == "Haddad"


def test_brackets_and_escapes_inside_a_string_are_kept() -> None:
    assert _shown(rb"BT (a \(b\) (c) \\ d) Tj ET") == "a (b) (c) \\ d"


def test_text_belongs_to_the_innermost_numbered_mark() -> None:
    code = b"/P <</MCID 4>> BDC (a) Tj /Span <</Lang (cy)>> BDC (b) Tj EMC EMC /Artifact BMC (c) Tj EMC (d) Tj"

    marked = {(each.mcid, each.artifact): each.text for each in marked_texts(code, None, Fonts())}

    assert marked == {(4, False): "ab", (None, True): "c", (None, False): "d"}


def test_glyph_codes_are_read_by_characters_ranges_and_lists() -> None:
    pdf = pikepdf.new()
    cmap = (
        b"2 beginbfchar <0001> <0048> <0002> <00660069> endbfchar "
        b"2 beginbfrange <0010> <0012> <0061> <0020> <0021> [<0078> <D83DDE00>] endbfrange"
    )
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type0, ToUnicode=Stream(pdf, cmap)))
    resources = Dictionary(Font=Dictionary(F1=font))

    assert _shown(b"BT /F1 9 Tf <000100020010001100120020002100FF> Tj ET", resources) == "Hfiabcx\U0001f600\ufffd"


def test_a_font_ends_with_its_graphics_state() -> None:
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type0, ToUnicode=Stream(pdf, b"beginbfchar <0041> <0042> endbfchar"))
    )

    assert _shown(b"q /F1 9 Tf <0041> Tj Q (A) Tj", Dictionary(Font=Dictionary(F1=font))) == "BA"


@pytest.mark.parametrize("begin", [b"/P <</MCID 3>> BDC", b"/Artifact BMC"])
def test_a_paragraph_read_in_one_step_says_what_its_operators_say(begin: bytes) -> None:
    pdf = pikepdf.new()
    fonts = {
        name: pdf.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.Type0, ToUnicode=Stream(pdf, b"beginbfchar <0041> <%b> endbfchar" % to)
            )
        )
        for name, to in (("F1", b"0042"), ("F2", b"00430020"))
    }
    resources = Dictionary(Font=Dictionary(**fonts))
    code = (
        begin + b"\nq\nBT\n0.1 0 0 rg\n/F1 9 Tf\n1 0 0 -1 5 5 Tm\n[<00410041> 3.5 <0041>] TJ\n"
        b"1 0 0 -1 9 5 Tm\n[(\\000A)] TJ\n1 0 0 rg\n/F2 9 Tf\n1 0 0 -1 9 15 Tm\n[<0041>] TJ\nET\nQ\nEMC\n"
    )
    around = b"/Span <</ActualText (said)>> BDC %b EMC"

    step_by_step = code.replace(b"ET\n", b"0 Tr\nET\n")

    def said(what: bytes) -> list[tuple[int | None, bool, str, str]]:
        marked = marked_texts(what, resources, Fonts())
        texts = [(each.text.replace(SOFT, ""), each.glyphs.replace(SOFT, "")) for each in marked]
        return [(each.mcid, each.artifact, *text) for each, text in zip(marked, texts, strict=True)]

    for each in (b"%b", around):
        assert said(each % code) == said(each % step_by_step)
    assert marked_texts(code, resources, Fonts())[1].text.strip(SOFT).split(SOFT) == ["BBB", "B", "C "]
    assert _shown(code, resources) == "BBBBC "


def test_a_form_that_draws_itself_is_read_and_ends() -> None:
    pdf = pikepdf.new()
    form = pdf.make_stream(b"(again ) Tj /Fm1 Do")
    form.Subtype = Name.Form
    form.Resources = Dictionary(XObject=Dictionary(Fm1=form))

    assert _shown(b"/Fm1 Do", form.Resources).startswith("again again ")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Zo\xeb", "Zo\u00eb"),
        (b"\xfe\xff\x00Z\x00o\x00\xeb", "Zo\u00eb"),
        (b"\xff\xfeZ\x00o\x00\xeb\x00", "Zo\u00eb"),
        (b"\xef\xbb\xbfZo\xc3\xab", "Zo\u00eb"),
        (b"\x80", "\u2022"),
    ],
)
def test_a_text_string_is_read_in_every_encoding(data: bytes, text: str) -> None:
    assert decode_string(data) == text


def test_all_strings_of_an_object_are_found() -> None:
    assert list(strings(b"<< /A (one) /B <74776f> /C [ (three) (f\\157ur) ] /D << /E () >> >>")) == [
        b"one",
        b"two",
        b"three",
        b"four",
        b"",
    ]


@pytest.mark.parametrize("code", [b"(" * 5000, b"[" + b"(a" * 5000, b"<" * 5000, b"\\" * 5000, b"/MCID " * 3000])
def test_broken_code_is_read_to_its_end_in_good_time(code: bytes) -> None:
    assert isinstance(_shown(code), str)


def test_the_paragraphs_come_in_reading_order_with_their_pages() -> None:
    pdf = read_pdf(converted(DOCX_PLACES["table cell"][0]("Tom")))

    assert [(each.place, each.text.replace(SOFT, "")) for each in pdf.body] == [
        ("PDF, page 1", "An ordinary day."),
        ("PDF, page 1", "with Tom"),
    ]


@pytest.mark.parametrize(
    "place", ["item text", "table cell", "header", "footnote", "text box", "link", "alternative text"]
)
def test_elements_read_as_code_say_what_each_says_when_asked(place: str) -> None:
    pdf = pikepdf.open(io.BytesIO(converted(DOCX_PLACES[place][0]("Tom and Ruth"))))
    marked = [marked_texts(page.Contents.read_bytes(), page.obj.Resources, Fonts()) for page in pdf.pages]

    as_code, asked = (tagged_paragraphs(pdf, marked, given) for given in (codes(listed(pdf)), {}))

    assert as_code == asked
    assert as_code[0]


def test_an_element_s_own_replacement_text_stands_for_what_it_holds() -> None:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(converted(DOCX_PLACES["item text"][0]("Tom")))) as pdf:
        element = next(each for each in pdf.objects if isinstance(each, Dictionary) and each.get("/S") == Name.P)
        element.ActualText = pikepdf.String("Other words.")
        pdf.save(file)

    assert [each.text for each in read_pdf(file.getvalue()).body] == ["Other words."]


def test_a_page_of_several_content_streams_is_read_as_one() -> None:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(converted(DOCX_PLACES["item text"][0]("Tom")))) as pdf:
        content = pdf.pages[0].obj.Contents.read_bytes()
        middle = content.index(b"EMC") + 3
        pdf.pages[0].obj.Contents = Array([Stream(pdf, content[:middle]), Stream(pdf, content[middle:])])
        pdf.save(file)
    read = read_pdf(file.getvalue())

    assert [each.text.replace(SOFT, "") for each in read.body] == ["He will ring Tom."]
    assert not read.faults


def test_headers_and_footers_are_furniture() -> None:
    read = read_pdf(converted(DOCX_PLACES["header"][0]("Tom")))

    assert read.furniture.replace(SOFT, "") == "with Tom"
    assert [each.text.replace(SOFT, "") for each in read.body] == ["An ordinary day."]


@pytest.mark.parametrize("broken", [b"", b"no PDF", b"%PDF-1.7\n%%EOF"])
def test_a_file_that_cannot_be_opened_is_refused(broken: bytes) -> None:
    with pytest.raises(RecordError):
        read_pdf(broken)


def test_an_encrypted_file_is_refused() -> None:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(converted(DOCX_PLACES["item text"][0]("Tom")))) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(owner="owner", user="user"))

    with pytest.raises(RecordError):
        read_pdf(file.getvalue())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=20), max_size=4), st.lists(st.text(max_size=5), max_size=3))
def test_every_string_of_an_object_is_found_as_qpdf_writes_it(held: list[bytes], keys: list[str]) -> None:
    inner = pikepdf.Dictionary({f"/K{key.encode().hex()}": pikepdf.Dictionary() for key in keys})
    written = pikepdf.Dictionary(A=pikepdf.Array([*map(pikepdf.String, held), inner]), B=pikepdf.Name("/Name"))

    assert list(strings(written.unparse())) == held


@pytest.mark.parametrize(
    ("file", "left"),
    [
        (b"1 stream\nab\nendstream 2", b"1  2"),
        (b"1 stream\r\n stream\n endstream\n3 stream\nab endstream", b"1 \n3 "),
        (b"upstream\n1 endstream 2", b"upstream\n1 endstream 2"),
        (b"stream\n upendstream 1 endstreams 2", b"stream\n upendstream 1 endstreams 2"),
        (b"stream\nabc", b"stream\nabc"),
    ],
)
def test_remarks_are_looked_for_outside_of_streams_only(file: bytes, left: bytes) -> None:
    assert without_streams(file) == left


@pytest.mark.parametrize(
    ("string", "texts"),
    [
        ("<9be8662aae40aa2e57de693e490fc51b>", 0),  # a digest that reads as an e-mail address
        ("<5357314120324141a7e9ffd391b48ef0>", 0),  # one that reads as a postcode
        ("<d8add8afd8a7d8af20d8b1d8add8a920>", 1),  # sixteen bytes of Arabic in UTF-8
        ("<feff00480061006400640061006400>", 1),  # sixteen bytes and one: Haddad in UTF-16
        ("<feff0048006100640064006100640021>", 1),
        ("<4dfc6c6c65722d4dfc6c6c657273736f>", 1),  # sixteen letters
        ("(ruth@example.org)", 1),
        ("(Haddad)", 1),
    ],
)
def test_the_digest_that_is_the_id_of_a_file_is_no_text_but_words_in_its_place_are(string: str, texts: int) -> None:
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(converted(DOCX_PLACES["item text"][0]("Tom")))) as pdf:
        pdf.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    data = plain.getvalue()
    start = data.rindex(b"/ID [") + len(b"/ID [")
    data = data[:start] + string.encode() + b"<00>" + data[data.index(b"]", start) :]
    assert sum(text.place == "PDF, trailer" and len(text.text) > 1 for text in read_pdf(data).texts) == texts
