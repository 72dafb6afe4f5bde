"""The second engine, as it is installed: what it makes, what it keeps to itself, what it leaves behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time

import pypdfium2
import pytest

from pipeline.cli.main import main
from pipeline.documents.engines import libreoffice, office
from pipeline.documents.engines.engine import engine
from pipeline.documents.engines.office import pipe_of
from pipeline.documents.pages.finishing import finish
from pipeline.documents.proof.places import find_places
from pipeline.publication.manifest import read_manifest
from pipeline.shipped import shipped

SAMPLES = shipped("samples")
RECORDS = ("NR-0412", "SC-0097", "NR-0455")
"""Two pages; a young person and six who sign; two sheets."""

CAPTIONS = tuple(f"Signature {number}" for number in range(1, 8))


@pytest.fixture
def used(outside_program):
    """The engine, closed at the end of the test."""
    outside_program("soffice")
    opened = engine("libreoffice")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """The samples as both engines make them from the standard template, and the keepsake of one."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("embedded", "libreoffice")}
    files = [str(SAMPLES / f"{name}.json") for name in RECORDS]
    options = ["--template", "standard"]
    for name, folder in folders.items():
        if name == "embedded" or office.shutil.which("soffice"):
            assert main(["generate", *files, *options, "--out", str(folder), "--engine", name]) == 0
    return folders


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as opened:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in opened).split())


def test_the_words_are_on_the_page(used, word_file):
    assert words_of(used.convert(word_file("Callum will repaint the fence."))) == "Callum will repaint the fence."


def test_the_same_file_gives_the_same_bytes_from_another_office_too(used, word_file, monkeypatch):
    docx = word_file("Callum will repaint the fence.")
    first = finish(used.convert(docx), title="T", language="en")
    monkeypatch.setattr(libreoffice, "_MOST_DOCUMENTS", 1)
    assert finish(used.convert(docx), title="T", language="en") == first


def test_an_office_that_was_killed_between_two_files_is_started_again(used, word_file, running):
    used.convert(word_file("One."))
    [folder] = {str(used._office.folder)}  # noqa: SLF001 - the one thing nobody else knows of it
    for number in running(folder):
        os.kill(number, signal.SIGKILL)
    assert words_of(used.convert(word_file("Two."))) == "Two."


@pytest.mark.parametrize("shut_in", [True, False], ids=["shut in", "without bubblewrap"])
def test_its_folder_is_private_and_gone_in_the_end(shut_in, outside_program, word_file, tmp_path, monkeypatch, request):
    outside_program("soffice")
    place = tmp_path / "a b#c%41 ĝ"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    if not shut_in:
        request.getfixturevalue("without_bubblewrap")
    used = engine("libreoffice")
    try:
        assert words_of(used.convert(word_file("One."))) == "One."
        [folder] = place.iterdir()
        pipe = pipe_of(folder / "profile")
        assert pipe.exists() is not shut_in  # shut in, it has folders for temporary files of its own
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert [path.name for path in (folder / "files").iterdir() if path.suffix in {".docx", ".pdf"}] == []
    finally:
        used.close()
    assert (list(place.iterdir()), pipe.exists()) == ([], False)


def test_a_worker_that_is_killed_leaves_no_office_and_no_folder(outside_program, tmp_path, running):
    outside_program("soffice")
    work = (
        "import sys, tempfile, time\n"
        "from pipeline.documents.engines.office import open_office\n"
        "from pipeline.documents.engines.found import find_soffice\n"
        "tempfile.tempdir = sys.argv[1]\n"
        "open_office(find_soffice())\n"
        "print('open', flush=True)\n"
        "time.sleep(600)\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", work, str(tmp_path)], stdout=subprocess.PIPE)
    assert worker.stdout.readline() == b"open\n"
    [folder] = tmp_path.iterdir()
    assert running(str(folder))
    worker.kill()
    worker.communicate()
    latest = time.monotonic() + 20
    while (running(str(folder)) or folder.exists()) and time.monotonic() < latest:
        time.sleep(0.05)
    assert (running(str(folder)), list(tmp_path.iterdir())) == ([], [])


def test_both_engines_put_each_signature_on_the_same_page_within_5_mm(outputs, outside_program):
    outside_program("soffice")
    far, seen = [], 0
    for ours in sorted(outputs["embedded"].rglob("*.pdf")):
        theirs = outputs["libreoffice"] / ours.relative_to(outputs["embedded"])
        pairs = zip(
            *(find_places(file.read_bytes(), CAPTIONS, width_mm=70, height_mm=13)[0] for file in (ours, theirs)),
            strict=True,
        )
        for one, other in pairs:
            seen += 1
            apart = max(abs(one.left_mm - other.left_mm), abs(one.bottom_mm - other.bottom_mm))
            if (one.caption, one.page) != (other.caption, other.page) or apart > 5:
                far.append((ours.name, one, other))
    assert far == []
    assert seen > 40


def test_verapdf_passes_every_copy_as_pdf_a_2a_and_pdf_ua_1(outputs, outside_program, verapdf):
    outside_program("soffice")
    files = sorted(outputs["libreoffice"].rglob("*.pdf"))
    assert [line for line in verapdf(*files).splitlines() if not line.startswith("PASS")] == []
    assert len(files) == 4 + 1 + 7 + 6


def test_the_manifest_says_which_libreoffice_it_was_and_what_it_keeps(outputs, outside_program):
    outside_program("soffice")
    made_from = read_manifest(outputs["libreoffice"] / "NR-0412/v1").made_from
    assert (made_from.engine, made_from.profiles) == ("libreoffice", ("2a", "ua1"))
    assert made_from.engine_version.startswith("LibreOffice ")


def test_its_pages_are_signed(outputs, outside_program, tmp_path):
    outside_program("soffice")
    office.shutil.copytree(outputs["libreoffice"], tmp_path / "out")
    code = main(
        [
            "sign",
            str(tmp_path / "out"),
            "--signatures",
            str(SAMPLES / "signatures"),
            "--config",
            str(SAMPLES / "agreements.toml"),
        ]
    )
    assert code == 0
    assert len(list((tmp_path / "out").rglob("signed/*.pdf"))) == 15
