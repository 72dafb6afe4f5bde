"""A LibreOffice that misbehaves costs one copy, says why, and leaves nothing behind."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from pipeline.batch.run import generate
from pipeline.batch.sources import Source
from pipeline.batch.workshop import Order
from pipeline.documents.engines import found, office
from pipeline.documents.engines.engine import engine
from pipeline.documents.engines.office import log_file
from pipeline.errors import RecordError, SetupError
from pipeline.service.load import load_service
from pipeline.shipped import shipped

FAKE = Path(__file__).with_name("fake_soffice.py")
SAMPLES = shipped("samples")


@pytest.fixture
def private(tmp_path, monkeypatch):
    """A folder for temporary files and one for logs, so that whatever is left behind shows."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "tmp"


@pytest.fixture
def fake(tmp_path, monkeypatch, private):  # noqa: ARG001 - what it leaves behind shows in there
    """A function that puts a LibreOffice with this fault in the place of the true one, and returns its folder."""

    def put(fault: str) -> Path:
        folder = tmp_path / "fake"
        folder.mkdir()
        shutil.copy(FAKE, folder / "soffice")
        (folder / "soffice").chmod(0o755)
        (folder / "fault").write_text(fault, encoding="utf-8")
        monkeypatch.setenv("AGREEMENTS_SOFFICE", str(folder / "soffice"))
        return folder

    monkeypatch.setattr(office, "_LONGEST_CONVERSION_S", 1.5)
    monkeypatch.setattr(office, "_LONGEST_START_S", 5.0)
    return put


def pdf_of(pages: int, keywords: str = "M" * 32) -> bytes:
    """Return a PDF of empty pages that is marked with this word."""
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        return marked(document, keywords)


def marked(document: pikepdf.Pdf, keywords: str = "M" * 32) -> bytes:
    """Return the PDF with a word among its properties, and nothing compressed."""
    document.trailer.Info = document.make_indirect(pikepdf.Dictionary(Keywords=pikepdf.String(keywords)))
    buffer = BytesIO()
    document.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return buffer.getvalue()


def refused(docx: bytes) -> str:
    """Convert a file and return what the engine says of it."""
    used = engine("libreoffice")
    try:
        with pytest.raises(RecordError) as error:
            used.convert(docx)
    finally:
        used.close()
    return str(error.value)


FAULTS = {
    "hangs": "was not done with this copy after 2 seconds and was ended",
    "ignores every wish to end": "was not done with this copy after 2 seconds and was ended",
    "starts others and hangs": "was not done with this copy after 2 seconds and was ended",
    "is killed": "came back without a PDF of this copy",
    "ends with 0 and nothing": "came back without a PDF of this copy",
    "gives junk": "What LibreOffice made of this copy is not a PDF",
    "gives half a file": "LibreOffice",  # enough of it may be left to be opened and found wanting
    "gives no page at all": "has no page",
    "gives the PDF of another record": "LibreOffice gave the PDF of something else",
    "never opens": "LibreOffice did not start in time",
    "ends at once": "LibreOffice ended while it was starting",
}


@pytest.mark.parametrize("shut_in", [True, False], ids=["shut in", "without bubblewrap"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_libreoffice_costs_one_copy_and_leaves_nothing(
    fault, shut_in, fake, private, word_file, running, outside_program, request
):
    outside_program("soffice")
    if shut_in:
        outside_program("bwrap")
    else:
        request.getfixturevalue("without_bubblewrap")
    folder = fake(fault)
    for name, data in (("own", pdf_of(1)), ("none", pdf_of(0)), ("other", pdf_of(1, "N" * 32))):
        (folder / f"{name}.pdf").write_bytes(data)
    assert FAULTS[fault] in refused(word_file("Callum will repaint the fence."))
    assert (running(str(folder)), list(private.iterdir())) == ([], [])


def test_without_a_fault_the_same_program_is_believed(fake, word_file):
    folder = fake("none at all")
    (folder / "own.pdf").write_bytes(pdf_of(1))
    used = engine("libreoffice")
    try:
        assert used.convert(word_file("Callum will repaint the fence.")).startswith(b"%PDF-")
    finally:
        used.close()


def test_after_a_fault_the_next_copy_is_made_by_a_new_office(fake, word_file):
    folder = fake("none at all")
    (folder / "own.pdf").write_bytes(pdf_of(1))
    used = engine("libreoffice")
    try:
        (folder / "fault").write_text("gives junk", encoding="utf-8")
        with pytest.raises(RecordError, match="not a PDF"):
            used.convert(word_file("One."))
        (folder / "fault").write_text("none at all", encoding="utf-8")
        assert used.convert(word_file("Two.")).startswith(b"%PDF-")
    finally:
        used.close()


def test_an_office_that_does_not_start_is_tried_twice_and_then_no_more(fake, word_file):
    folder = fake("ends at once")
    (folder / "own.pdf").write_bytes(pdf_of(1))
    used = engine("libreoffice")
    for message in ("ended while it was starting", "ended while it was starting", "was not tried again"):
        with pytest.raises(RecordError, match=message):
            used.convert(word_file("One."))


@pytest.mark.parametrize(
    ("fault", "message"),
    [("is no LibreOffice", "does not say which LibreOffice it is"), ("is old", "LibreOffice 6.4.7.2 is too old")],
)
def test_what_is_no_usable_libreoffice_stops_the_run_before_it_starts(fake, fault, message):
    fake(fault)
    with pytest.raises(SetupError, match=message):
        engine("libreoffice")


@pytest.mark.parametrize(
    ("system", "manager", "command"),
    [
        ("linux", "apt-get", "sudo apt-get install libreoffice-writer-nogui"),
        ("linux", "dnf", "sudo dnf install libreoffice-writer"),
        ("darwin", "brew", "brew install --cask libreoffice"),
        ("win32", "winget", "winget install TheDocumentFoundation.LibreOffice"),
    ],
)
def test_a_missing_libreoffice_is_said_with_the_command_that_installs_it(monkeypatch, system, manager, command):
    monkeypatch.delenv("AGREEMENTS_SOFFICE", raising=False)
    monkeypatch.setattr(found.sys, "platform", system)
    monkeypatch.setattr(found.shutil, "which", lambda name: f"/bin/{name}" if name == manager else None)
    with pytest.raises(SetupError) as error:
        engine("libreoffice")
    [problem] = error.value.problems
    assert (problem.what, problem.do) == (
        "LibreOffice is not installed on this machine.",
        f"Install it with: {command}",
    )


def test_a_name_that_leads_nowhere_is_not_passed_over(monkeypatch):
    monkeypatch.setenv("AGREEMENTS_SOFFICE", "/nowhere/soffice")
    with pytest.raises(SetupError, match="AGREEMENTS_SOFFICE names no program"):
        engine("libreoffice")


def test_what_it_said_is_kept_for_whoever_looks_and_for_nobody_else(fake, word_file):
    fake("ends at once")
    used = engine("libreoffice")
    with pytest.raises(RecordError) as error:
        used.convert(word_file("Callum will repaint the fence."))
    assert str(log_file()) in error.value.problems[0].do
    assert log_file().stat().st_mode & 0o077 == 0
    assert b"Callum" not in log_file().read_bytes()


@pytest.mark.parametrize("fault", ["gives a blank page", "gives another page under the right name", "is killed"])
def test_a_fault_costs_one_record_and_the_next_one_is_made(
    fault, fake, tmp_path, word_file, running, outside_program, monkeypatch
):
    outside_program("soffice")
    monkeypatch.setattr(office, "_LONGEST_CONVERSION_S", 60.0)
    monkeypatch.setattr(office, "_LONGEST_START_S", 90.0)
    folder = fake(f"once: {fault}")
    (folder / "blank.pdf").write_bytes(pdf_of(1))
    with pikepdf.open(BytesIO(engine("embedded").convert(word_file("Callum will pay 5,000 pounds.")))) as promise:
        (folder / "other.pdf").write_bytes(marked(promise))
    service = load_service(SAMPLES / "agreements.toml")
    sources = [Source(name, SAMPLES / name) for name in ("NR-0420.json", "NR-0470.json")]
    order = Order(service, tmp_path / "out", engine="libreoffice", only="service")
    results = list(generate(sources, order))
    assert [result.state.value for result in results] == ["failed", "made"]
    assert not (tmp_path / "out" / "NR-0420" / "v1").exists()
    assert running(str(folder)) == []
