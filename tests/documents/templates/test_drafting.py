from __future__ import annotations

import copy
import io
import struct
import zipfile
import zlib
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from pipeline.copies.model import SignaturePlace
from pipeline.documents.templates.drafting import fill
from pipeline.documents.templates.template import Template
from pipeline.documents.word.parts import read_parts, write_parts
from pipeline.errors import RecordError, SetupError

FOOTNOTES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:id="1"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote></w:footnotes>'
)
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def template(
    *paragraphs: str, header: str = "", footer: str = "", note: str = "", logo: bytes | None = None
) -> Template:
    """Make a small template with text on the page, in the header, in the footer and in a note."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].footer.paragraphs[0].text = footer
    if logo is not None:
        picture: Any = document.add_paragraph().add_run().add_picture(io.BytesIO(logo), width=Mm(30), height=Mm(10))
        picture._inline.docPr.set("name", "logo")  # noqa: SLF001
    written = io.BytesIO()
    document.save(written)
    return small(with_note(written.getvalue(), note))


def small(document: bytes) -> Template:
    return Template("small", "en", document, {"agreement": "Small"}, "agreement", 70, 15, "0" * 64)


def with_note(document: bytes, text: str) -> bytes:
    if not text:
        return document
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "[Content_Types].xml":
                part = f'<Override PartName="/word/footnotes.xml" ContentType="{FOOTNOTES_TYPE}"/></Types>'
                data = data.replace(b"</Types>", part.encode())
            if name == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                link = f'<Relationship Id="rId900" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                data = data.replace(b"</Relationships>", link.encode())
            target.writestr(name, data)
        target.writestr("word/footnotes.xml", FOOTNOTES.format(text=text))
    return changed.getvalue()


def filled(made_from: Template, context: dict[str, Any], **options: Any) -> Any:
    return docx.Document(io.BytesIO(write_parts(written(made_from, context, **options))))


def written(made_from: Template, context: dict[str, Any], **options: Any) -> dict[str, bytes]:
    settings: dict[str, Any] = {"places": [], "language": "en", "logo": None, "paper": "A4"}
    return fill(made_from, context, **{**settings, **options})


def page_text(document: Any) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x30" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


LITERAL = [
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{_{ 7*7 }_}",
    "{_% x %_}",
    "A & B",
    "a < b > c",
    "]]>",
    "<w:p/>",
    "\"quoted\" and 'quoted'",
    "ŵ ŷ ł ż é",
    "&amp; &lt; &#39;",
    "  spaces  kept  ",
    "first line\nsecond line",
    "left\tright",
    "مرحبا in English",
]


@pytest.mark.parametrize("value", [value for value in LITERAL if "\t" not in value])
def test_a_value_arrives_letter_by_letter_on_the_page(value: str):
    assert page_text(filled(template("{{ name }}"), {"name": value})) == value


@pytest.mark.parametrize("value", [value for value in LITERAL if "\n" not in value and "\t" not in value])
def test_a_value_arrives_letter_by_letter_in_header_and_footer(value: str):
    document = filled(template("x", header="{{ name }}", footer="{{ name }}"), {"name": value})
    section = document.sections[0]
    assert [section.header.paragraphs[0].text, section.footer.paragraphs[0].text] == [value, value]


@pytest.mark.parametrize("value", ["{{ 7*7 }}", "A & B", "]]>"])
def test_a_value_arrives_letter_by_letter_in_a_note_of_a_page_with_two_sections(value: str):
    made_from = template("x", note="{{ name }}")
    document = docx.Document(io.BytesIO(made_from.docx))
    document.add_section()
    written = io.BytesIO()
    document.save(written)
    two_sections = small(written.getvalue())
    parts = fill(two_sections, {"name": value}, places=[], language="en", logo=None, paper="A4")
    note = parts["word/footnotes.xml"].decode()
    assert value.replace("&", "&amp;").replace(">", "&gt;") in note


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ({"paragraphs": ["{{ cycler.__init__ }}"]}, "small.en.docx, page, near {{ cycler.__init__ }}"),
        ({"header": "{{ cycler.next }}"}, "small.en.docx, header 1, near {{ cycler.next }}"),
        ({"footer": "{{ 'a' * 10**9 }}"}, "small.en.docx, footer 2, near {{ 'a' * 10**9 }}"),
        ({"note": "{{ lipsum() }}"}, "small.en.docx, notes, near {{ lipsum() }}"),
    ],
)
def test_a_payload_is_refused_and_its_part_and_tag_are_named(place: dict[str, Any], where: str):
    paragraphs = place.pop("paragraphs", ["Dear reader"])
    with pytest.raises(SetupError) as raised:
        filled(template(*paragraphs, **place), {})
    assert raised.value.problems[0].where == where


@pytest.mark.parametrize(
    "tag",
    ["{{ nmae }}", "{% if name %}", "{{ name", "{{ name | shout }}", "{{ }}", "{% frobnicate %}", "{{ name is x }}"],
)
def test_a_wrong_tag_is_a_fault_of_the_template(tag: str):
    with pytest.raises(SetupError) as raised:
        filled(template("A line", tag, "Another line"), {"name": "Ruth"})
    assert raised.value.problems[0].where.startswith("small.en.docx, page")


@pytest.mark.parametrize(
    "tag", ["{{ checker }}", "{{ checker.display_name }}", "{% for p in checker %}{% endfor %}", "{{ name | date }}"]
)
def test_a_fault_never_repeats_a_value(tag: str):
    with pytest.raises((RecordError, SetupError)) as raised:
        filled(template(tag), {"name": "Haddad", "checker": None})
    problem = raised.value.problems[0]
    assert "Haddad" not in problem.what + problem.do + problem.where


def test_asking_for_what_this_record_does_not_have_fails_the_record_alone():
    with pytest.raises(RecordError):
        filled(template("{{ checker.display_name }}"), {"checker": None})


def test_a_block_that_begins_and_ends_in_different_levels_is_a_fault_of_the_template():
    with pytest.raises(SetupError):
        filled(template("{% if name %}one", "{%p endif %}"), {"name": ""})


def test_of_several_tags_in_a_line_the_one_that_prints_nothing_is_named():
    made_from = template("{{ ref }}, {{ item.text }} and {% if ref %}{{ item.owner.id }}{% endif %}, {{ ref }}")
    with pytest.raises(RecordError) as raised:
        filled(made_from, {"ref": "NR-0412", "item": {"text": "x", "owner": {"id": None}}})
    assert raised.value.problems[0].where == "small.en.docx, page, near {{ item.owner.id }}"


def test_what_stands_between_raw_and_endraw_is_printed_as_it_is():
    document = filled(template("{% raw %}{{ name }}{% endraw %}"), {"name": "Ruth"})
    assert page_text(document) == "{{ name }}"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ('a {{ "}}" }} b', "a }} b"),
        ("a {{ '{%' }} b", "a {% b"),
        ('a {{ "\\"}}\\"" }} b', 'a "}}" b'),
        ("a {# {{ nobody }} #}{{ name }} b", "a Ruth b"),
        ("a {{- name -}} b", "aRuthb"),
        ("a {% raw %}{{ name }}{% endraw %} {{ name }}", "a {{ name }} Ruth"),
        ("a {%- if name %} {{ name }}{%- endif %} b", "a Ruth b"),
        ("{ {{ name }} }", "{ Ruth }"),
        ("a {% if name == '%}' %}x{% else %}y{% endif %} b", "a y b"),
    ],
)
def test_a_tag_ends_where_the_template_language_says(text: str, printed: str):
    assert page_text(filled(template(text), {"name": "Ruth"})) == printed


@pytest.mark.parametrize("language", ["en", "cy", "ar"])
def test_each_language_words_what_stands_in_the_tags_of_all(language: str):
    words = {"en": "Sunday 3 May 2026", "cy": "dydd Sul 3 Mai 2026", "ar": "الأحد 3 مايو 2026"}
    made_from = replace(template("{{ '2026-05-03' | date }}"), language=language)
    text = page_text(filled(made_from, {}, language=language))
    assert "".join(sign for sign in text if sign.isprintable()) == words[language]


def test_loops_around_long_words_end_at_what_a_document_can_be():
    words = "word " * 100_000
    page = "{% for one in many %}" + words + "{% endfor %}"
    with pytest.raises(SetupError, match="longer than a document can be"):
        filled(template(page), {"many": ["x"] * 100})


def test_text_outside_a_paragraph_is_a_fault_of_the_template():
    made_from = template("x")
    document = docx.Document(io.BytesIO(made_from.docx))
    document.element.body.insert(0, document.paragraphs[0].add_run("Interminable")._r)  # noqa: SLF001
    written = io.BytesIO()
    document.save(written)
    with pytest.raises(SetupError) as raised:
        filled(small(written.getvalue()), {})
    assert raised.value.problems[0].what == "Text stands outside any paragraph."


@pytest.mark.parametrize("cells", [1, 2, 3])
def test_a_table_gets_as_many_columns_as_the_widest_row_has_cells(cells: int):
    document = docx.Document()
    row = document.add_table(rows=1, cols=2).rows[0]
    row.cells[0].text, row.cells[1].text = "{%tc for name in names %}", "{{ name }}"
    row._tr.append(copy.deepcopy(row.cells[0]._tc))  # noqa: SLF001
    row.cells[2].text = "{%tc endfor %}"
    with_loop = io.BytesIO()
    document.save(with_loop)

    (table,) = filled(small(with_loop.getvalue()), {"names": ["Ann"] * cells}).tables

    assert len(table.columns) == len(table.rows[0].cells) == cells


def test_a_control_character_fails_the_record():
    with pytest.raises(RecordError):
        filled(template("{{ name }}"), {"name": "a\x07b"})


def test_each_page_has_the_captions_of_its_own_places():
    people = [{"display_name": "Ruth"}, {"display_name": "Tom"}]
    places = [SignaturePlace("Signature 1", "harmed-1"), SignaturePlace("Signature 2", "responsible-1")]
    made_from = template("{% for p in signatories %}{{ signature(p) }}. {% endfor %}")
    document = filled(made_from, {"signatories": people}, places=places)
    assert page_text(document) == "Signature 1. Signature 2. "


def test_one_readers_page_holds_nothing_of_the_one_before():
    made_from = template("{{ name }}", header="{{ name }}")
    filled(made_from, {"name": "Ruth"})
    document = filled(made_from, {"name": "Tom"})
    assert page_text(document) + document.sections[0].header.paragraphs[0].text == "TomTom"


def test_filling_twice_gives_the_same_parts():
    made_from = template("{{ name }}", note="{{ name }}")
    first, second = (fill(made_from, {"name": "Ruth"}, places=[], language="en", logo=None, paper="A4") for _ in "ab")
    assert first == second


@pytest.mark.parametrize(("paper", "size"), [("A4", (210, 297)), ("Letter", (216, 279))])
def test_every_section_is_set_to_the_paper(paper: str, size: tuple[int, int]):
    section = filled(template("x"), {}, paper=paper).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == size


@pytest.mark.parametrize(
    ("pixels", "millimetres"), [((300, 100), (30, 10)), ((100, 100), (10, 10)), ((400, 40), (30, 3))]
)
def test_the_logo_keeps_its_proportions_inside_the_box(pixels: tuple[int, int], millimetres: tuple[int, int]):
    document = filled(template("x", logo=png(30, 10)), {}, logo=png(*pixels))
    shape = document.inline_shapes[0]
    assert (round(shape.width.mm), round(shape.height.mm)) == millimetres


def test_the_placeholder_leaves_the_file_when_the_logo_takes_its_place():
    placeholder, logo = png(30, 10), png(31, 10)
    parts = fill(template("x", logo=placeholder), {}, places=[], language="en", logo=logo, paper="A4")
    pictures = [part for name, part in parts.items() if name.startswith("word/media/")]
    assert pictures == [logo]


@pytest.mark.parametrize("logo", [b"", b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n", png(4001, 1), b"\xff\xd8\xff"])
def test_what_is_not_a_sensible_picture_is_refused_as_a_logo(logo: bytes):
    with pytest.raises(SetupError) as raised:
        filled(template("x", logo=png(30, 10)), {}, logo=logo)
    assert raised.value.problems[0].where == "agreements.toml, logo"


def test_a_word_too_wide_for_its_line_is_laid_into_runs_and_keeps_every_letter():
    document = filled(template("Dear {{ name }}, hello"), {"name": "W" * 60})
    assert page_text(document) == f"Dear {'W' * 60}, hello"
    assert len(document.paragraphs[0].runs) > 1


def test_words_that_fit_stay_whole():
    document = filled(template("{{ name }}"), {"name": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"})
    assert len(document.paragraphs[0].runs) == 1


def test_the_language_stands_on_the_styles():
    document = filled(template("x"), {}, language="cy")
    assert {lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))} == {"cy-GB"}


@pytest.mark.parametrize("tag", ["{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "{{ 5 % (version - 1) }}"])
def test_a_tag_that_cannot_be_worked_out_is_a_fault_of_the_template(tag: str):
    with pytest.raises(SetupError):
        filled(template(tag), {"version": 1})


def test_a_fault_far_from_any_tag_still_names_its_part():
    with pytest.raises(SetupError) as raised:
        filled(template("{% if name %}", *["a line"] * 30), {"name": "Ruth"})
    assert raised.value.problems[0].where.startswith("small.en.docx, page")


def test_a_landscape_page_stays_landscape():
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(297), Mm(210)
    written = io.BytesIO()
    document.save(written)
    wide = small(written.getvalue())
    section = filled(wide, {}, paper="Letter").sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (279, 216)


def test_copies_made_one_after_the_other_are_the_same_whoever_comes_first():
    words = "Copy for {{ name }}"
    docx_bytes = template(words, header=words, footer=words, note=words, logo=png(10, 10)).docx
    in_order, in_reverse = small(docx_bytes), small(write_parts(read_parts(docx_bytes)))  # the same parts, zipped anew
    ann = {"context": {"name": "Ann Haddad"}, "language": "en", "paper": "Letter", "print_size_pt": 18}
    tomos = {"context": {"name": "Tomos"}, "language": "cy", "logo": png(20, 20)}

    ann_first, tomos_second = [written(in_order, **reader) for reader in (ann, tomos)]
    tomos_first, ann_second = [written(in_reverse, **reader) for reader in (tomos, ann)]

    assert ann_first == ann_second
    assert tomos_first == tomos_second
    assert b"Ann" not in b"".join(tomos_second.values())
    assert b"Tomos" not in b"".join(ann_second.values())
