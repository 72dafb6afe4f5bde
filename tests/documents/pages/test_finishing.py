"""What a finished PDF says of itself, and what it does not."""

from __future__ import annotations

import subprocess
from io import BytesIO

import docx
import pikepdf
import pypdfium2
import pytest

from pipeline.documents.engines.engine import engine
from pipeline.documents.pages.finishing import finish
from pipeline.documents.proof.conformance import failures
from pipeline.errors import RecordError

TITLE = "Outcome agreement NR-0412 & <more> ŵ"


@pytest.fixture(scope="module")
def unfinished() -> bytes:
    document = docx.Document()
    document.core_properties.author = "Casey Template"
    document.core_properties.title = "Old title"
    document.add_heading("What we agreed", 1)
    document.add_paragraph("Callum will repaint the fence.")
    document.add_page_break()
    document.add_heading("What happens next", 1)
    buffer = BytesIO()
    document.save(buffer)
    return engine("embedded").convert(buffer.getvalue())


@pytest.fixture(scope="module")
def finished(unfinished) -> bytes:
    return finish(unfinished, title=TITLE, language="en-GB")


@pytest.fixture
def opened(finished):
    with pikepdf.open(BytesIO(finished)) as pdf:
        yield pdf


def test_it_keeps_pdf_a_2a_and_pdf_ua_1(finished):
    assert failures(finished, ["2a", "ua1"]) == ()


def test_the_same_input_gives_the_same_bytes(unfinished, finished):
    assert finish(unfinished, title=TITLE, language="en-GB") == finished


def test_the_file_id_follows_the_content(unfinished, opened):
    other = finish(unfinished, title="Another", language="en-GB")
    with pikepdf.open(BytesIO(other)) as pdf:
        assert bytes(pdf.trailer.ID[0]) != bytes(opened.trailer.ID[0])


def test_the_language_is_that_of_the_copy(opened):
    assert opened.Root.Lang == "en-GB"


def test_readers_show_the_title(opened):
    assert opened.Root.ViewerPreferences.DisplayDocTitle


def test_the_tab_key_follows_the_tags_on_every_page(opened):
    assert [page.Tabs for page in opened.pages] == ["/S", "/S"]


def test_the_information_is_exactly_title_and_producer(opened):
    assert {key: str(value) for key, value in opened.docinfo.items()} == {
        "/Title": TITLE,
        "/Creator": "outcome-agreements",
        "/Producer": "outcome-agreements",
    }


def test_the_metadata_is_exactly_title_language_producer_and_the_marks_of_the_profiles(opened):
    with opened.open_metadata() as metadata:
        found = {key.rpartition("}")[2]: value for key, value in metadata.items()}
    assert found == {
        "format": "application/pdf",
        "title": TITLE,
        "language": {"en-GB"},
        "CreatorTool": "outcome-agreements",
        "Producer": "outcome-agreements",
        "part": "1",
        "conformance": "A",
        "schemas": {"\n"},  # says what the mark of PDF/UA means; pikepdf does not read into it
    }


def test_no_name_of_a_person_is_left(finished):
    with pikepdf.open(BytesIO(finished)) as pdf:
        buffer = BytesIO()
        pdf.save(buffer, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False)
    assert b"Casey" not in buffer.getvalue()
    assert "Casey".encode("utf-16-be") not in buffer.getvalue()


def test_bookmarks_come_from_the_headings(finished):
    with pypdfium2.PdfDocument(finished) as pdf:
        assert [item.get_title() for item in pdf.get_toc()] == ["What we agreed", "What happens next"]


def test_scripts_attached_files_and_forms_are_gone(unfinished):
    with pikepdf.open(BytesIO(unfinished)) as pdf:
        pdf.attachments["notes.txt"] = b"secret"
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(2)"))
        buffer = BytesIO()
        pdf.save(buffer)
    with pikepdf.open(BytesIO(finish(buffer.getvalue(), title=TITLE, language="en-GB"))) as pdf:
        assert not pdf.attachments
        assert "/OpenAction" not in pdf.Root
        assert "/AA" not in pdf.pages[0]


def test_an_object_that_nothing_uses_is_gone(unfinished):
    with pikepdf.open(BytesIO(unfinished)) as pdf:
        pdf.make_indirect(pikepdf.String("Casey was here"))
        buffer = BytesIO()
        pdf.save(buffer, preserve_pdfa=False)
        used = len(pikepdf.open(BytesIO(finish(buffer.getvalue(), title=TITLE, language="en-GB"))).objects)
    assert used == len(pikepdf.open(BytesIO(finish(unfinished, title=TITLE, language="en-GB"))).objects)


def test_poppler_has_nothing_to_complain_of(finished, outside_program, tmp_path):
    (tmp_path / "copy.pdf").write_bytes(finished)
    told = subprocess.run(
        [outside_program("pdfinfo"), tmp_path / "copy.pdf"], capture_output=True, check=True, timeout=60
    )
    assert told.stderr == b""


def test_output_that_is_not_a_pdf_fails_the_record():
    with pytest.raises(RecordError, match="not a PDF"):
        finish(b"nothing", title=TITLE, language="en-GB")
