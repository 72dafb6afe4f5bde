"""Signed paper comes back as a scan: its pages are recognised, and what is wrong with it is named."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from functools import partial

import docx
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter

from pipeline.copies.model import Copy, Reader, Withheld
from pipeline.documents.engines.engine import engine
from pipeline.documents.pages import scanned_pages
from pipeline.documents.pages.finishing import finish
from pipeline.documents.pages.page_codes import page_code
from pipeline.errors import RecordError
from pipeline.publication.manifest import MadeFrom, Manifest, digest, entry_for, from_bytes, to_bytes
from pipeline.signing.scans import PrintedPage, match, read_file, scan_entry

MADE_FROM = MadeFrom("0.1.0", "embedded", "rdocx 1", ("2a", "ua1"), "standard", {"en": "a" * 64}, "b" * 64, "c" * 64)
RUTH = Copy(
    ref="NR-0412",
    version=1,
    reader=Reader.HARMED,
    reader_id="harmed-1",
    folder="harmed-1",
    stem="NR-0412-v1-harmed-1",
    language="en",
    code="K7QM-4TXW-9HDR",
    context={},
    agreed_texts=(),
    places=(),
    withheld=Withheld((), (), ()),
    notes=(),
)
CALLUM = replace(
    RUTH,
    reader=Reader.RESPONSIBLE,
    reader_id="responsible-1",
    folder="responsible-1",
    stem="NR-0412-v1-responsible-1",
)
STRANGER = replace(RUTH, ref="NR-0999", stem="NR-0999-v1-harmed-1")
RUTHS, CALLUMS = ("harmed-1/NR-0412-v1-harmed-1.pdf", "responsible-1/NR-0412-v1-responsible-1.pdf")
WHITE = Image.new("L", (1654, 2339), 250)


@pytest.fixture(scope="module")
def unfinished():
    document = docx.Document()
    document.add_heading("What we agreed", 1)
    document.add_paragraph("Callum will repaint the fence.")
    document.add_page_break()
    document.add_paragraph("Ruth will bring the paint.")
    buffer = io.BytesIO()
    document.save(buffer)
    return engine("embedded").convert(buffer.getvalue())


@pytest.fixture(scope="module")
def paper(unfinished):
    """Return the printed pages of each copy, in 300 dpi."""

    def printed(copy):
        pdf = finish(unfinished, title="T", language="en", code_of=partial(page_code, copy))
        with pypdfium2.PdfDocument(pdf) as document:
            return [page.render(scale=300 / 72, grayscale=True).to_pil() for page in document]

    return {copy.stem: printed(copy) for copy in (RUTH, CALLUM, STRANGER)}


@pytest.fixture(scope="module")
def ruths(paper):
    return paper[RUTH.stem]


@pytest.fixture(scope="module")
def callums(paper):
    return paper[CALLUM.stem]


@pytest.fixture(scope="module")
def manifest():
    entries = tuple(
        entry_for(copy, docx=b"d", pdf=b"p", pages=2, page_codes=(page_code(copy, 1), page_code(copy, 2)))
        for copy in (RUTH, CALLUM)
    )
    return Manifest("NR-0412", 1, draft=False, made_from=MADE_FROM, copies=entries, signature_mm=(70.0, 15.0))


def scanned(*pages, dpi=200, quality=75):
    """Return a PDF as a scanner makes it: each page a JPEG picture."""
    buffer = io.BytesIO()
    pictures = [
        page.resize((page.width * dpi // 300, page.height * dpi // 300), Image.Resampling.BOX) for page in pages
    ]
    pictures[0].save(
        buffer, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi, quality=quality, title="Scan"
    )
    return buffer.getvalue()


def turned(page, degrees):
    return page.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def noisy(page, strength):
    blurred = page.filter(ImageFilter.GaussianBlur(1.5))
    return ImageChops.add(blurred, Image.effect_noise(blurred.size, strength), 1, -128)


def saved(pdf):
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def refusal(scan, manifest):
    with pytest.raises(RecordError) as error:
        match(scan, manifest)
    (problem,) = error.value.problems
    return problem.what


# What is found


def test_every_page_of_two_copies_is_found_in_any_order(ruths, callums, manifest):
    result = match(scanned(callums[1], ruths[0], ruths[1], callums[0]), manifest)
    assert [(page.printed.name, page.printed.page, page.scanned) for page in result.found] == [
        (CALLUMS, 2, 1),
        (RUTHS, 1, 2),
        (RUTHS, 2, 3),
        (CALLUMS, 1, 4),
    ]
    assert result.readers == ("responsible-1", "harmed-1")
    assert result.problems == ()


@pytest.mark.parametrize("degrees", [1.5, -4, 30, 90, 91, 180, 183, 270])
def test_a_page_is_recognised_however_it_lies_on_the_glass(degrees, ruths, manifest):
    result = match(scanned(turned(ruths[0], degrees), turned(ruths[1], degrees)), manifest)
    assert [page.printed for page in result.found] == [PrintedPage(RUTHS, 1), PrintedPage(RUTHS, 2)]


@pytest.mark.parametrize("strength", [5, 15, 30])
def test_150_dpi_in_grey_with_noise_and_a_strong_jpeg_are_enough(strength, ruths, manifest):
    result = match(scanned(*(noisy(turned(page, 1.2), strength) for page in ruths), dpi=150, quality=40), manifest)
    assert len(result.found) == 2


def test_black_and_white_is_enough(ruths, manifest):
    fax = [page.resize((page.width * 2 // 3, page.height * 2 // 3)).convert("1") for page in ruths]
    buffer = io.BytesIO()
    fax[0].save(buffer, "PDF", save_all=True, append_images=fax[1:], resolution=200)
    assert len(match(buffer.getvalue(), manifest).found) == 2


def test_a_scanner_that_takes_a_pixel_for_a_point_is_understood(ruths, manifest):
    buffer = io.BytesIO()
    ruths[0].save(buffer, "PDF", save_all=True, append_images=ruths[1:], resolution=72)
    assert len(match(buffer.getvalue(), manifest).found) == 2


def test_two_pages_on_one_sheet_are_both_found(ruths, manifest):
    sheet = Image.new("L", (ruths[0].width * 2, ruths[0].height), 255)
    sheet.paste(ruths[0], (0, 0))
    sheet.paste(ruths[1], (ruths[0].width, 0))
    assert match(scanned(sheet), manifest).problems == ()


def test_the_copy_of_one_reader_alone_is_complete(ruths, manifest):
    assert match(scanned(*ruths), manifest).problems == ()


def test_empty_backs_are_no_problem(ruths, manifest):
    result = match(scanned(ruths[0], WHITE, ruths[1], WHITE), manifest)
    assert (result.blank, result.problems) == ((2, 4), ())


# What is wrong


def test_a_missing_page_is_named(ruths, callums, manifest):
    result = match(scanned(ruths[0], callums[0], callums[1]), manifest)
    assert result.missing == (PrintedPage(RUTHS, 2),)
    assert [problem.where for problem in result.problems] == [f"{RUTHS}, page 2"]


def test_a_page_of_another_agreement_is_named(paper, ruths, manifest):
    result = match(scanned(*ruths, paper[STRANGER.stem][0]), manifest)
    assert result.foreign == (3,)
    assert [problem.where for problem in result.problems] == ["scan, page 3"]


def test_a_page_of_another_version_is_named(ruths, manifest):
    other = replace(manifest, copies=(replace(manifest.copies[1]),))
    assert match(scanned(*ruths), other).foreign == (1, 2)


def test_a_page_that_is_there_twice_is_named_with_both_places(ruths, manifest):
    result = match(scanned(ruths[0], ruths[1], ruths[0]), manifest)
    assert result.doubled == (PrintedPage(RUTHS, 1),)
    assert "pages 1, 3 of the scan" in result.problems[0].what


def test_a_page_whose_code_cannot_be_read_is_named(ruths, manifest):
    torn = ruths[1].copy()
    torn.paste(255, (0, torn.height - 300, 300, torn.height))
    result = match(scanned(ruths[0], torn), manifest)
    assert (result.unreadable, result.missing) == ((2,), (PrintedPage(RUTHS, 2),))


def test_a_version_without_page_codes_says_so(ruths, manifest):
    plain = replace(manifest, copies=(entry_for(RUTH, docx=b"d", pdf=b"p", pages=2),))
    assert "carry no codes" in refusal(scanned(*ruths), plain)


def test_messages_hold_no_code(paper, ruths, manifest):
    result = match(scanned(ruths[0], ruths[0], paper[STRANGER.stem][0]), manifest)
    said = " ".join(f"{problem.what} {problem.do} {problem.where}" for problem in result.problems)
    assert not [code for copy in (RUTH, STRANGER) for code in (page_code(copy, 1), page_code(copy, 2)) if code in said]


# What is kept


def test_the_scan_lies_with_the_copy_of_the_service(ruths, manifest):
    scan = scanned(*ruths)
    entry = scan_entry(scan, match(scan, manifest), manifest)
    assert (entry.name, entry.sha256, entry.pages) == ("service/signed/NR-0412-v1-scan.pdf", digest(scan), 2)


def test_the_manifest_says_what_the_codes_mean_and_which_scan_there_is(ruths, manifest):
    scan = scanned(*ruths)
    full = replace(manifest, scan=scan_entry(scan, match(scan, manifest), manifest))
    assert from_bytes(to_bytes(full)) == full


# Who means harm


def test_what_is_no_pdf_is_refused(manifest):
    assert "not a PDF" in refusal(b"nothing", manifest)


def test_an_empty_file_is_refused(manifest):
    assert "not a PDF" in refusal(b"", manifest)


def test_a_truncated_scan_is_refused_or_read_in_part_but_never_taken_as_whole(ruths, manifest):
    scan = scanned(*ruths)
    try:
        result = match(scan[: len(scan) // 2], manifest)
    except RecordError:
        return
    assert result.problems


def test_a_protected_scan_is_refused(ruths, manifest):
    with pikepdf.open(io.BytesIO(scanned(*ruths))) as pdf:
        buffer = io.BytesIO()
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert "password" in refusal(buffer.getvalue(), manifest)


def test_a_scan_that_only_its_owner_may_change_is_refused(ruths, manifest):
    with pikepdf.open(io.BytesIO(scanned(*ruths))) as pdf:
        buffer = io.BytesIO()
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="o", user=""))
    assert "password" in refusal(buffer.getvalue(), manifest)


@pytest.mark.parametrize(
    "action",
    [
        {"/S": "/JavaScript", "/JS": "app.alert(1)"},
        {"/S": "/Launch", "/F": "run.exe"},
        {"/S": "/SubmitForm", "/F": "http://example.org"},
    ],
    ids=["script", "launch", "submit"],
)
def test_a_scan_with_an_action_is_refused(action, ruths, manifest):
    with pikepdf.open(io.BytesIO(scanned(*ruths))) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(
            {key: pikepdf.Name(value) if key == "/S" else pikepdf.String(value) for key, value in action.items()}
        )
        assert "script" in refusal(saved(pdf), manifest)


def test_a_scan_with_an_attached_file_is_refused(ruths, manifest):
    with pikepdf.open(io.BytesIO(scanned(*ruths))) as pdf:
        pdf.attachments["more.txt"] = b"more"
        assert "attached" in refusal(saved(pdf), manifest)


def test_a_picture_beyond_all_measure_is_refused_before_it_is_decoded(manifest):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        picture = pikepdf.Stream(
            pdf, b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=30000, Height=30000
        )
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(picture)))
        assert "larger than any page" in refusal(saved(pdf), manifest)


def test_too_many_pages_are_refused(manifest):
    with pikepdf.new() as pdf:
        for _ in range(scanned_pages.MOST_PAGES + 1):
            pdf.add_blank_page()
        assert "more than 200" in refusal(saved(pdf), manifest)


def test_a_file_without_pages_is_refused(manifest):
    with pikepdf.new() as pdf:
        assert "no page" in refusal(saved(pdf), manifest)


def test_a_page_tree_that_bites_its_tail_is_refused(manifest):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Pages.Kids.append(pdf.Root.Pages)
        assert "damaged" in refusal(saved(pdf), manifest)


def test_a_page_of_endless_drawing_is_given_up(monkeypatch, manifest):
    monkeypatch.setattr(scanned_pages, "LONGEST_S", 3)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].obj.Contents = pikepdf.Stream(pdf, b"0 0 m 600 800 l 600 0 l 0 800 l b\n" * 3_000_000)
        scan = saved(pdf)
    begun = time.monotonic()
    assert "could not be read within" in refusal(scan, manifest)
    assert time.monotonic() - begun < 20


def test_a_stream_that_unpacks_to_a_thousand_times_its_size_harms_nothing(ruths, manifest):
    with pikepdf.open(io.BytesIO(scanned(*ruths))) as pdf:
        pdf.add_blank_page()
        pdf.pages[2].obj.Contents = pikepdf.Stream(pdf, b" " * 100_000_000)
        assert match(saved(pdf), manifest).blank == (3,)


def test_an_enormous_page_takes_no_more_room_than_any_other(ruths, manifest):
    with pikepdf.open(io.BytesIO(scanned(*ruths))) as pdf:
        pdf.pages[1].MediaBox = pikepdf.Array([0, 0, 2_000_000, 2_000_000])
        assert match(saved(pdf), manifest).missing == (PrintedPage(RUTHS, 2),)


def test_a_folder_is_no_scan(tmp_path):
    with pytest.raises(RecordError):
        read_file(tmp_path)


def test_a_file_that_is_too_large_is_not_even_read(tmp_path):
    file = tmp_path / "scan.pdf"
    with file.open("wb") as stream:
        stream.truncate(scanned_pages.LARGEST_BYTES + 1)
    with pytest.raises(RecordError):
        read_file(file)


def test_a_file_is_read_as_it_is(tmp_path):
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"%PDF-")
    assert read_file(file) == b"%PDF-"
