"""Templates made to do harm: refused, in bounded time and memory, with nothing run, written or fetched.

Each test has a control, which shows that the same file does its harm where nothing guards against it.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import time
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from lxml import etree

from pipeline.documents.templates.drafting import fill
from pipeline.documents.templates.names import wrong_names
from pipeline.documents.templates.template import load_template
from pipeline.documents.word.parts import write_parts
from pipeline.errors import SetupError
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS = """
name = "own"
carries = "nothing"
[titles]
agreement = "Ours"
[signature]
width_mm = 70
height_mm = 13
"""
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PLACES = ("page", "header", "footer", "footnote", "title", "author")
MOST_SECONDS = 20
MEGABYTES_TO_START = 150
MOST_MEGABYTES = 200
"""Data a file may take beside what the program takes before it looks at one; more is refused by the system."""

PAYLOADS = (
    "{{ cycler.__init__.__globals__.os.popen('touch MARK') }}",
    "{{ joiner.__init__.__globals__.os.system('touch MARK') }}",
    "{{ lipsum.__globals__['os'].popen('touch MARK').read() }}",
    "{{ lipsum.__globals__.__builtins__.open('MARK', 'w') }}",
    "{{ namespace.__init__.__globals__.os.popen('touch MARK') }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os').system('touch MARK') }}",
    "{{ self._TemplateReference__context.cycler.__init__.__globals__.os }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ref.__class__.__base__.__subclasses__() }}",
    "{{ ref['__class__'] }}",
    "{{ ref | attr('__class__') }}",
    "{{ ref | attr('format') }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(ref) }}",
    "{{ '{x.__class__}'.format_map({'x': ref}) }}",
    "{{ ('%s' | attr('format'))(ref) }}",
    "{{ sig.tpl.save('MARK') }}",
    "{{p sig.tpl.new_subdoc('MARK') }}",
    "{{ sig.tpl.docx.save('MARK') }}",
    "{{ sig.image_descriptor }}",
    "{{ signature.__call__.__globals__ }}",
    "{{ signature.__init__.__globals__['__builtins__'] }}",
    "{% include 'MARK' %}",
    "{% import 'MARK' as other %}",
    "{% extends 'MARK' %}",
    "{% macro call() %}{{ caller.__globals__ }}{% endmacro %}{{ call() }}",
    "{% set run = cycler.__init__ %}{{ run.__globals__ }}",
    "{% for each in ().__class__.__base__.__subclasses__() %}{{ each }}{% endfor %}",
    "{% autoescape false %}{{ ref }}{% endautoescape %}",
    "{{ ref | safe }}",
    "{{ items | map(attribute='__class__') | list }}",
)


def template_with(words: str, place: str = "page") -> bytes:
    """Return a Word file that says this in one place."""
    document = docx.Document()
    section = document.sections[0]
    match place:
        case "page":
            document.add_paragraph(words)
        case "header":
            section.header.paragraphs[0].text = words
        case "footer":
            section.footer.paragraphs[0].text = words
        case "title":
            document.core_properties.title = words
        case "author":
            document.core_properties.author = words
    buffer = io.BytesIO()
    document.save(buffer)
    return with_footnote(buffer.getvalue(), words) if place == "footnote" else buffer.getvalue()


def with_footnote(data: bytes, words: str) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    parts = parts_of(data)
    added = (
        ("[Content_Types].xml", "</Types>", f"<Override PartName='/word/footnotes.xml' ContentType='{kind}'/>"),
        (
            "word/_rels/document.xml.rels",
            "</Relationships>",
            f"<Relationship Id='rIdF' Type='{relation}' Target='footnotes.xml'/>",
        ),
    )
    for name, end, more in added:
        parts[name] = parts[name].replace(end.encode(), (more + end).encode())
    note = f"<w:footnote w:id='2'><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:footnote>"
    parts["word/footnotes.xml"] = f"<w:footnotes xmlns:w='{W}'>{note}</w:footnotes>".encode()
    return zipped(parts)


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return buffer.getvalue()


def kept(folder: Path, data: bytes) -> Path:
    """Put a template called own into the service's folder."""
    (folder / "own").mkdir(exist_ok=True)
    (folder / "own" / "template.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "own" / "own.en.docx").write_bytes(data)
    return folder


def filled(folder: Path) -> bytes:
    """Do with the template what a run does, as far as its Word file."""
    template = load_template("own", "en", service_folder=folder)
    problems = wrong_names(template, extra_fields=())
    if problems:
        raise SetupError(problems)
    context = {"ref": "NR-0001", "items": [{"text": "Callum will repaint the fence."}], "signatories": []}
    return write_parts(fill(template, context, places=(), language="en", logo=None, paper="A4"))


# --- code in a template


@pytest.mark.parametrize("payload", PAYLOADS)
def test_code_in_a_template_is_refused_and_never_run(payload: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    kept(tmp_path, template_with(payload))
    with pytest.raises(SetupError) as raised:
        filled(tmp_path)
    assert all(problem.where.startswith("own.en.docx, ") for problem in raised.value.problems)
    assert [path.name for path in tmp_path.iterdir()] == ["own"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("payload", [PAYLOADS[0], "{{ sig.tpl.save('MARK') }}"])
def test_code_is_refused_wherever_it_stands_and_the_part_is_named(
    payload: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    kept(tmp_path, template_with(payload, place))
    with pytest.raises(SetupError) as raised:
        filled(tmp_path)
    part = {"footnote": "notes", "title": "docProps/core.xml", "author": "docProps/core.xml"}.get(place, place)
    assert all(part in problem.where for problem in raised.value.problems)
    assert not (tmp_path / "MARK").exists()


@pytest.mark.parametrize("place", ["page", "header", "footer", "title", "author"])
def test_control_docxtpl_alone_runs_the_code_in_every_place(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    payload = "{{ cycler.__init__.__globals__.os.system('touch MARK') }}"
    DocxTemplate(io.BytesIO(template_with(payload, place))).render({})
    assert (tmp_path / "MARK").exists()


def test_control_an_object_of_docxtpl_in_the_context_writes_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    draft = DocxTemplate(io.BytesIO(template_with("{{ sig.tpl.save('MARK') }}")))
    draft.render({"sig": InlineImage(draft, str(shipped("samples") / "logo.png"), width=Mm(10))})
    assert (tmp_path / "MARK").exists()


def test_control_a_plain_template_is_filled(tmp_path: Path):
    kept(tmp_path, template_with("{{ ref }}"))
    assert "NR-0001" in docx.Document(io.BytesIO(filled(tmp_path))).paragraphs[-1].text


# --- files that are made to fill the memory or the time


@cache
def bomb() -> bytes:
    """Return a page of 300 MB in a file of less than one."""
    parts = parts_of(template_with("x"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name in parts:
            if name != "word/document.xml":
                package.writestr(name, parts[name])
        with package.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(300):
                member.write(bytes(1 << 20))
    return buffer.getvalue()


def lying_bomb() -> bytes:
    """Return the same, but its list of contents says that the page is small."""
    data = bytearray(bomb())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        size = package.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    place = data.rfind(size)
    data[place : place + 4] = (5000).to_bytes(4, "little")
    return bytes(data)


def with_page(page: bytes) -> bytes:
    return zipped({**parts_of(template_with("x")), "word/document.xml": page})


def paragraph(words: str) -> bytes:
    return f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>'.encode()


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
ENTITIES = b'<!DOCTYPE w:document [<!ENTITY l0 "ha">' + LAUGHS + b"]>"


def xxe(file: Path) -> bytes:
    page = paragraph("&secret;")
    return f'<!DOCTYPE w:document [<!ENTITY secret SYSTEM "{file.as_uri()}">]>'.encode() + page


def encrypted() -> bytes:
    """Return a file whose parts say that they are encrypted."""
    data = bytearray(template_with("x"))
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(start)
        while place >= 0:
            data[place + flags] |= 1
            place = data.find(start, place + 4)
    return bytes(data)


def twice() -> bytes:
    buffer = io.BytesIO(template_with("x"))
    with zipfile.ZipFile(buffer, "a") as package, pytest.warns(UserWarning, match="Duplicate name"):
        package.writestr("word/document.xml", paragraph("another page"))
    return buffer.getvalue()


def nested_ifs(depth: int) -> str:
    return "{% if ref %}" * depth + "{% endif %}" * depth


HOSTILE: dict[str, Any] = {
    "zip bomb": bomb,
    "zip bomb that lies": lying_bomb,
    "ten thousand parts": lambda: zipped(
        {**parts_of(template_with("x")), **{f"word/media/{number}.png": b"" for number in range(10_000)}},
        zipfile.ZIP_STORED,
    ),
    "a million elements deep": lambda: with_page(b"<a>" * 1_000_000 + b"</a>" * 1_000_000),
    "billion laughs": lambda: with_page(ENTITIES + paragraph("&l11;")),
    "billion laughs in a header": lambda: zipped({**parts_of(template_with("x")), "word/header9.xml": ENTITIES}),
    "a part twice": twice,
    "a part outside": lambda: zipped({**parts_of(template_with("x")), "../../outside.xml": b"<a/>"}),
    "encrypted": encrypted,
    "cut short": lambda: template_with("x")[:-400],
    "cut in half": lambda: template_with("x")[: len(template_with("x")) // 2],
    "HTML": lambda: b"<html><body><img src='http://127.0.0.1:1/'></body></html>",
    "RTF": lambda: rb"{\rtf1\ansi {\field{\*\fldinst INCLUDETEXT \"/etc/passwd\"}}}",
    "ODT": lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
    "old Word": lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(5000),
    "random bytes": lambda: os.urandom(100_000),
    "nothing": lambda: b"",
    "a thousand million letters": lambda: template_with("{{ 'a' * 10**9 }}"),
    "a list of a thousand million": lambda: template_with("{% for a in items | batch(1000000000, 1) %}{% endfor %}"),
    "a number of 5,000 digits": lambda: template_with("{{ " + "9" * 5000 + " }}"),
    "range": lambda: template_with("{% for a in range(999999999) %}{% endfor %}"),
    "loops in loops in loops": lambda: template_with(
        "{% set l = [" + "1," * 300 + "] %}" + "{% for a in l %}" * 4 + "{% endfor %}" * 4
    ),
    "a page that grows": lambda: template_with(
        "{% set l = [" + "1," * 300 + "] %}{% for a in l %}{% for b in l %}" + "y" * 2000 + "{% endfor %}{% endfor %}"
    ),
    "ten thousand tags that never end": lambda: template_with("{%p " * 10_000),
    "tags split ten thousand times": lambda: with_page(paragraph("{%</w:t><w:t>" * 10_000)),
    "a hundred thousand values in a tag": lambda: template_with("{{ [" + "1," * 100_000 + "] }}"),
    "blocks nested too deeply": lambda: template_with(nested_ifs(150)),
    "brackets nested too deeply": lambda: template_with("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_bounded_time_and_memory(name: str, tmp_path: Path):
    kept(tmp_path, HOSTILE[name]())
    most = (MEGABYTES_TO_START + MOST_MEGABYTES) * 1024**2
    judge = subprocess.run(
        [sys.executable, __file__, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (most, most)),
    )
    told = json.loads(judge.stdout)
    assert told["refused"], told
    assert told["seconds"] < MOST_SECONDS


def test_control_the_same_judge_accepts_a_plain_template(tmp_path: Path):
    kept(tmp_path, template_with("{{ ref }}"))
    judge = subprocess.run([sys.executable, __file__, str(tmp_path)], capture_output=True, text=True, check=True)
    assert json.loads(judge.stdout)["refused"] == []


def test_control_the_bomb_is_one():
    with zipfile.ZipFile(io.BytesIO(bomb())) as package:
        assert package.getinfo("word/document.xml").file_size == 300 * 1024**2


def test_an_entity_that_reads_a_file_is_refused(tmp_path: Path):
    (tmp_path / "secret").write_text("a secret", encoding="utf-8")
    page = xxe(tmp_path / "secret")
    for part in ("word/document.xml", "word/header9.xml", "docProps/core.xml"):
        kept(tmp_path, zipped({**parts_of(template_with("x")), part: page}))
        with pytest.raises(SetupError) as raised:
            filled(tmp_path)
        assert [problem.where for problem in raised.value.problems] == [f"own.en.docx, {part}"]


def test_control_a_parser_that_follows_entities_reads_the_file(tmp_path: Path):
    (tmp_path / "secret").write_text("a secret", encoding="utf-8")
    read = etree.fromstring(xxe(tmp_path / "secret"), etree.XMLParser(resolve_entities=True))
    assert "".join(read.itertext()) == "a secret"


def judge(folder: Path) -> None:
    """Print what is refused of the template in a folder, and how long it took."""
    start = time.monotonic()
    refused: list[str] = []
    try:
        filled(folder)
    except SetupError as error:
        refused = [f"{problem.where}: {problem.what}" for problem in error.problems[:3]]
    sys.stdout.write(json.dumps({"refused": refused, "seconds": time.monotonic() - start}))


if __name__ == "__main__":
    judge(Path(sys.argv[1]))
