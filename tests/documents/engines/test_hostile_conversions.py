"""A Word file that wants to fetch something: no engine reaches the network or reads another file.

Such a file is refused long before it gets to an engine; here it is handed over all the same.
"""

from __future__ import annotations

import http.server
import subprocess
import threading
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pypdfium2
import pytest
from PIL import Image

from pipeline.documents.engines.engine import engine
from pipeline.errors import RecordError

WORDS = "Callum will repaint the fence."
LINK = '<Relationship Id="{id}" Type="{kind}" Target="{target}" TargetMode="External"/></Relationships>'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def red_picture() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (120, 80), (255, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def listener():
    """A server on this machine that has a red picture and notes who asks; give its address and its notes."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(red_picture())

        do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - the names http.server asks for

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/red.png", asked
        server.shutdown()


def with_linked_picture(target: str) -> bytes:
    """Return a Word file whose picture lies somewhere else."""
    document = docx.Document()
    document.add_paragraph(WORDS)
    blue = BytesIO()
    Image.new("RGB", (120, 80), (0, 0, 255)).save(blue, "PNG")
    blue.seek(0)
    document.add_picture(blue)
    return rewritten(document, {"word/document.xml": ("r:embed=", "r:link=")}, target, "image")


def with_linked_pages(target: str) -> bytes:
    """Return a Word file that takes its template and a part of its text from elsewhere."""
    document = docx.Document()
    document.add_paragraph(WORDS)
    field = f"<w:p><w:fldSimple w:instr='INCLUDETEXT \"{target}\"'><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p><w:sectPr"
    return rewritten(document, {"word/document.xml": ("<w:sectPr", field)}, target, "attachedTemplate")


def rewritten(document, changes: dict[str, tuple[str, str]], target: str, kind: str) -> bytes:
    buffer, result = BytesIO(), BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name in changes:
                text = text.replace(changes[name][0].encode(), changes[name][1].encode(), 1)
            if name == "word/_rels/document.xml.rels":
                kept = [part for part in text.decode().split("<Relationship ") if "media/" not in part]
                used = next((part for part in text.decode().split("<Relationship ") if "media/" in part), 'Id="rId99"')
                name_id = used.partition('Id="')[2].partition('"')[0]
                closing = "" if kept[-1].rstrip().endswith("</Relationships>") else "</Relationships>"
                whole = "<Relationship ".join(kept) + closing
                link = LINK.format(id=name_id, kind=KIND + kind, target=target)
                text = whole.replace("</Relationships>", link).encode()
            new.writestr(name, text)
    return result.getvalue()


def red_dots(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as opened:
        return sum(
            count
            for page in opened
            for count, colour in page.render().to_pil().convert("RGB").getcolors(1 << 24)
            if colour[0] > 200 and max(colour[1:]) < 60
        )


def unprotected(soffice: str, data: bytes, folder: Path) -> bytes:
    """Convert as LibreOffice does by itself."""
    (folder / "in.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, folder / "in.docx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "in.pdf").read_bytes()


@pytest.fixture
def red_file(tmp_path) -> Path:
    (tmp_path / "red.png").write_bytes(red_picture())
    return tmp_path / "red.png"


@pytest.mark.parametrize("how", ["embedded", "libreoffice", "libreoffice without bubblewrap"])
def test_nothing_is_fetched_and_no_other_file_is_read(how, listener, red_file, outside_program, request):
    address, asked = listener
    name, _, rest = how.partition(" ")
    if name == "libreoffice":
        outside_program("soffice")
    if rest:
        request.getfixturevalue("without_bubblewrap")
    used = engine(name)
    dots = []
    try:
        for target in (address, red_file.as_uri()):
            for make in (with_linked_picture, with_linked_pages):
                try:
                    dots.append(red_dots(used.convert(make(target))))
                except RecordError:  # to refuse such a file is as good
                    dots.append(0)
    finally:
        used.close()
    assert (asked, dots) == ([], [0, 0, 0, 0])


def test_control_libreoffice_by_itself_asks_the_network(listener, tmp_path, outside_program):
    address, asked = listener
    unprotected(outside_program("soffice"), with_linked_picture(address), tmp_path)
    assert asked != []


def test_control_libreoffice_by_itself_prints_another_file(red_file, tmp_path, outside_program):
    (tmp_path / "work").mkdir()
    pdf = unprotected(outside_program("soffice"), with_linked_picture(red_file.as_uri()), tmp_path / "work")
    assert red_dots(pdf) > 1000


@pytest.mark.parametrize("rest", ["<html><body>words</body></html>", r"{\rtf1 words}", "words"])
def test_what_is_no_word_file_is_converted_by_neither_engine(rest, outside_program):
    outside_program("soffice")
    for name in ("embedded", "libreoffice"):
        used = engine(name)
        try:
            with pytest.raises(RecordError):
                used.convert(rest.encode())
        finally:
            used.close()
