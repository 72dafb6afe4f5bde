"""What a Word file says of its own past, and what stays of it."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image

from pipeline.documents.word.package import normalise
from pipeline.documents.word.parts import read_parts, write_parts

PARTS_OF_THE_DEFAULT_TEMPLATE = [
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/core.xml",
    "word/_rels/document.xml.rels",
    "word/document.xml",
    "word/fontTable.xml",
    "word/numbering.xml",
    "word/settings.xml",
    "word/styles.xml",
    "word/theme/theme1.xml",
]


def tidied(data: bytes, **properties: str) -> bytes:
    return write_parts(normalise(read_parts(data), **properties))


def saved(document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def normalised(document, **changes: str) -> bytes:
    return tidied(saved(document), **{"title": "Outcome agreement NR-0412", "language": "en-GB", **changes})


def reopened(data: bytes):
    return docx.Document(BytesIO(data))


def part(data: bytes, name: str) -> str:
    with ZipFile(BytesIO(data)) as package:
        return package.read(name).decode()


def everything(data: bytes) -> str:
    with ZipFile(BytesIO(data)) as package:
        return "\n".join(package.read(name).decode("latin-1") for name in package.namelist())


@pytest.fixture
def document():
    document = docx.Document()
    document.add_heading("What we agreed", 1)
    document.add_paragraph("Callum will pay £68.00.")
    return document


def test_the_text_stays(document):
    texts = [paragraph.text for paragraph in reopened(normalised(document)).paragraphs]
    assert texts == ["What we agreed", "Callum will pay £68.00."]


def test_only_the_parts_the_text_needs_are_kept(document):
    with ZipFile(BytesIO(normalised(document))) as package:
        assert package.namelist() == PARTS_OF_THE_DEFAULT_TEMPLATE


def test_the_same_input_gives_the_same_bytes(document):
    data = saved(document)
    assert tidied(data, title="A", language="cy") == tidied(data, title="A", language="cy")


def test_a_second_pass_changes_nothing(document):
    once = normalised(document)
    assert tidied(once, title="Outcome agreement NR-0412", language="en-GB") == once


def test_no_entry_carries_the_time_it_was_made(document):
    with ZipFile(BytesIO(normalised(document))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_properties_are_exactly_title_subject_and_language(document):
    core = part(normalised(document, subject="Sheet A"), "docProps/core.xml")
    assert core.endswith(
        "<dc:title>Outcome agreement NR-0412</dc:title><dc:subject>Sheet A</dc:subject>"
        "<dc:language>en-GB</dc:language></cp:coreProperties>"
    )


def test_an_author_and_a_date_of_the_template_are_gone(document):
    document.core_properties.author = "Casey Template"
    document.core_properties.last_modified_by = "Casey Template"
    document.core_properties.modified = dt.datetime(2026, 3, 4)  # noqa: DTZ001 - as Word stores it
    assert "Casey" not in everything(normalised(document))
    assert "2026" not in everything(normalised(document))


def test_a_comment_and_its_author_are_gone(document):
    paragraph = document.paragraphs[1]
    document.add_comment(paragraph.runs, text="Ask Casey", author="Casey Template", initials="CT")
    data = normalised(document)
    assert "Casey" not in everything(data)
    assert "comment" not in part(data, "word/document.xml")


def test_deleted_text_is_gone_and_inserted_text_stays(document):
    document.element.body.p_lst[1].append(
        parse_xml(
            f'<w:ins {nsdecls("w")} w:id="1" w:author="Casey"><w:r><w:t> In May.</w:t></w:r>'
            '<w:del w:id="2" w:author="Casey"><w:r><w:delText> In secret.</w:delText></w:r></w:del></w:ins>'
        )
    )
    data = normalised(document)
    assert reopened(data).paragraphs[1].text == "Callum will pay £68.00. In May."
    assert "secret" not in everything(data)
    assert "Casey" not in everything(data)


def test_a_deleted_table_row_is_gone(document):
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "kept", "dropped"
    deleted = OxmlElement("w:del")
    document.element.body.tbl_lst[0].tr_lst[1].get_or_add_trPr().append(deleted)
    assert [row.cells[0].text for row in reopened(normalised(document)).tables[0].rows] == ["kept"]


def test_revision_ids_document_variables_and_the_path_of_the_template_are_gone(document):
    settings = document.settings.element
    for xml in (
        f'<w:rsids {nsdecls("w")}><w:rsidRoot w:val="00AB12CD"/></w:rsids>',
        f'<w:docVars {nsdecls("w")}><w:docVar w:name="client" w:val="Casey"/></w:docVars>',
        f'<w:attachedTemplate {nsdecls("w", "r")} r:id="rId1"/>',
    ):
        settings.append(parse_xml(xml))
    document.element.body.p_lst[1].set(qn("w:rsidR"), "00AB12CD")
    text = everything(normalised(document))
    assert "00AB12CD" not in text
    assert "Casey" not in text
    assert "attachedTemplate" not in text


def test_headers_footers_and_pictures_stay(document, tmp_path):
    Image.new("RGB", (8, 8), "red").save(tmp_path / "logo.png")
    document.sections[0].header.paragraphs[0].text = "NR-0412"
    document.sections[0].footer.paragraphs[0].add_run().add_picture(str(tmp_path / "logo.png"))
    data = normalised(document)
    assert reopened(data).sections[0].header.paragraphs[0].text == "NR-0412"
    with ZipFile(BytesIO(data)) as package:
        assert package.read("word/media/image1.png") == (tmp_path / "logo.png").read_bytes()
        assert package.getinfo("word/media/image1.png").compress_type == ZIP_STORED


def test_a_header_that_no_section_uses_is_gone(document):
    document.sections[0].header.paragraphs[0].text = "Old case of Casey"
    document.sections[0].header.is_linked_to_previous = False
    for reference in document.element.body.sectPr.findall(qn("w:headerReference")):
        document.element.body.sectPr.remove(reference)
    assert "Casey" not in everything(normalised(document))


def test_a_link_to_a_web_page_stays(document):
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    key = document.part.relate_to("https://example.org/", kind, is_external=True)
    link = f'<w:hyperlink {nsdecls("w", "r")} r:id="{key}"><w:r><w:t>us</w:t></w:r></w:hyperlink>'
    document.element.body.p_lst[1].append(parse_xml(link))
    assert "https://example.org/" in part(normalised(document), "word/_rels/document.xml.rels")


def test_bookmarks_that_a_loop_repeated_are_numbered_and_named_once(document):
    for paragraph in document.element.body.p_lst:
        paragraph.append(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="7" w:name="row"/>'))
        paragraph.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="7"/>'))
    body = reopened(normalised(document)).element.body
    assert [(mark.get(qn("w:id")), mark.get(qn("w:name"))) for mark in body.iter(qn("w:bookmarkStart"))] == [
        ("0", "row")
    ]
    assert [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkEnd"))] == ["0"]


def test_every_part_has_a_content_type_and_every_content_type_a_part(document):
    data = normalised(document)
    with ZipFile(BytesIO(data)) as package:
        names = {f"/{name}" for name in package.namelist()}
    listing = part(data, "[Content_Types].xml")
    overrides = {piece.split('"')[0] for piece in listing.split('PartName="')[1:]}
    assert overrides <= names
    assert {name for name in names - overrides if not name.endswith((".rels", "/[Content_Types].xml"))} == set()


def test_the_setting_that_embeds_fonts_stays(document):
    document.settings.element.append(OxmlElement("w:embedTrueTypeFonts"))
    assert "embedTrueTypeFonts" in part(normalised(document), "word/settings.xml")


_DECLARED = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:wp14="http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing" mc:Ignorable="w14 wp14"'
)


def page_of(body: str) -> str:
    """Return the body part of a tidied file whose page Word has declared its newer namespaces on."""
    parts = read_parts(saved(docx.Document()))
    page = f"<w:document {nsdecls('w')} {_DECLARED}><w:body>{body}</w:body></w:document>"
    tidy = normalise({**parts, "word/document.xml": page.encode()}, title="T", language="en")
    assert len(reopened(write_parts(tidy)).paragraphs) == 1
    return tidy["word/document.xml"].decode()


def test_namespaces_that_may_be_ignored_go_when_nothing_of_theirs_is_there():
    root = page_of("<w:p/>").partition("<w:document ")[2].partition(">")[0]

    assert root == 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    "body", ['<w:p w14:paraId="00000001"/>', "<w:p><w:r><w:rPr><w14:ligatures/></w:rPr></w:r></w:p>"]
)
def test_a_namespace_that_may_be_ignored_stays_with_what_is_of_it(body: str):
    page = page_of(body)

    assert 'mc:Ignorable="w14"' in page
    assert 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"' in page
    assert "wp14" not in page


def test_a_choice_by_namespace_keeps_every_namespace_it_may_name():
    choice = '<mc:AlternateContent><mc:Choice Requires="wp14"><w:t>a</w:t></mc:Choice></mc:AlternateContent>'
    page = page_of(f"<w:p><w:r>{choice}</w:r></w:p>")

    assert 'mc:Ignorable="w14 wp14"' in page
    assert "xmlns:wp14=" in page
