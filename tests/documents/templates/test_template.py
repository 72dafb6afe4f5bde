from __future__ import annotations

import errno
import hashlib
import io
import zipfile
from pathlib import Path

import docx
import pytest

from pipeline.copies.model import Copy, Reader, Withheld
from pipeline.documents.templates.template import load_template
from pipeline.errors import SetupError

SETTINGS = """
name = "own"
carries = "agreement"

[titles]
agreement = "Our agreement"

[signature]
width_mm = 70
height_mm = 16
"""
RELATIONSHIP = (
    '<Relationship Id="rId901" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"{mode}/></Relationships>'
)


def ordinary() -> dict[str, bytes]:
    written = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("{{ ref }}")
    document.save(written)
    with zipfile.ZipFile(written) as package:
        return {name: package.read(name) for name in package.namelist()}


def keep(folder: Path, parts: dict[str, bytes], *, settings: str = SETTINGS) -> Path:
    (folder / "own").mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / "own" / "own.en.docx", "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    (folder / "own" / "template.toml").write_text(settings, encoding="utf-8")
    return folder


def refused(folder: Path, parts: dict[str, bytes]) -> tuple[str, str]:
    with pytest.raises(SetupError) as raised:
        load_template("own", "en", service_folder=keep(folder, parts))
    problem = raised.value.problems[0]
    return problem.what, problem.where


def related(kind: str, target: str, *, outside: bool) -> dict[str, bytes]:
    parts = ordinary()
    mode = ' TargetMode="External"' if outside else ""
    link = RELATIONSHIP.format(kind=kind, target=target, mode=mode)
    name = "word/_rels/document.xml.rels"
    parts[name] = parts[name].replace(b"</Relationships>", link.encode())
    return parts


def test_the_services_own_template_comes_first(tmp_path: Path):
    template = load_template("own", "en", service_folder=keep(tmp_path, ordinary()))
    expected = ({"agreement": "Our agreement"}, "agreement", 16)
    assert (template.titles, template.carries, template.signature_height_mm) == expected


def test_the_shipped_template_is_used_where_the_service_has_none(tmp_path: Path):
    assert load_template("standard", "en", service_folder=tmp_path).titles["agreement"] == "Outcome agreement"


def copy(reader: Reader, outcome: str) -> Copy:
    return Copy(
        ref="NR-0412",
        version=1,
        reader=reader,
        reader_id="x",
        folder="x",
        stem="NR-0412-v1-x",
        language="en",
        code="K7QM-4TXW-9HDR",
        context={"outcome": outcome},
        agreed_texts=(),
        places=(),
        withheld=Withheld(words=(), names=(), own_details=()),
        notes=(),
    )


@pytest.mark.parametrize(
    ("reader", "outcome", "title"),
    [
        (Reader.HARMED, "agreement", "Outcome agreement"),
        (Reader.OUTSIDE, "agreement", "Your part in an outcome agreement"),
        (Reader.HARMED, "statement_only", "What was said and heard"),
        (Reader.OUTSIDE, "statement_only", "What was said and heard"),
    ],
)
def test_a_copy_is_titled_by_its_outcome_and_its_reader(reader: Reader, outcome: str, title: str):
    assert load_template("standard", "en", service_folder=None).title_for(copy(reader, outcome)) == title


def test_a_template_with_one_title_gives_it_to_every_copy(tmp_path: Path):
    template = load_template("own", "en", service_folder=keep(tmp_path, ordinary()))
    assert template.title_for(copy(Reader.OUTSIDE, "agreement")) == "Our agreement"


def test_the_digest_is_of_the_word_file_and_its_settings(tmp_path: Path):
    template = load_template("own", "en", service_folder=keep(tmp_path, ordinary()))
    expected = hashlib.sha256(template.docx + b"\0" + (tmp_path / "own" / "template.toml").read_bytes())
    assert template.digest == expected.hexdigest()


@pytest.mark.parametrize("name", ["..", "../standard", "a/b", "a\\b", "", ".", "Standard", "standard.en", "C:x", "-x"])
def test_a_template_is_named_by_a_plain_folder_name(tmp_path: Path, name: str):
    with pytest.raises(SetupError) as raised:
        load_template(name, "en", service_folder=tmp_path)
    assert raised.value.problems[0].where == "--template"


@pytest.mark.parametrize("language", ["zz", "../en"])
def test_a_template_that_lacks_a_language_says_which_it_has(language: str):
    with pytest.raises(SetupError) as raised:
        load_template("standard", language, service_folder=None)
    problem = raised.value.problems[0]
    assert problem.what == "This template is not there in this language."
    assert problem.do.startswith("It is there in these: ar, cy, en, pl, ur.")


@pytest.mark.parametrize("language", ["cy-GB", "ar-EG"])
def test_a_narrow_language_is_served_by_the_wider_one(language: str):
    assert load_template("standard", language, service_folder=None).language == language[:2]


def test_a_missing_template_names_those_there_are(tmp_path: Path):
    with pytest.raises(SetupError) as raised:
        load_template("nowhere", "en", service_folder=keep(tmp_path, ordinary()))
    problem = raised.value.problems[0]
    assert problem.what == "There is no template of this name."
    assert problem.do.startswith("Choose one of these: change, closing-note, counterpart,")
    assert ", own, own-progress, own-tasks, " in problem.do


@pytest.mark.parametrize("missing", ["agreement", "carries", "width_mm", "height_mm"])
def test_a_missing_setting_is_named(tmp_path: Path, missing: str):
    settings = "\n".join(line for line in SETTINGS.splitlines() if not line.startswith(missing))
    with pytest.raises(SetupError) as raised:
        load_template("own", "en", service_folder=keep(tmp_path, ordinary(), settings=settings))
    tables = {"agreement": "titles.", "carries": "", "width_mm": "signature.", "height_mm": "signature."}
    assert [problem.where for problem in raised.value.problems] == [f"template.toml, {tables[missing]}{missing}"]


@pytest.mark.parametrize(
    ("kind", "target", "outside"),
    [
        ("image", "http://example.org/a.png", True),
        ("image", "file:///etc/passwd", True),
        ("attachedTemplate", "http://example.org/a.dotx", True),
        ("subDocument", "b.docx", True),
        ("oleObject", "embeddings/oleObject1.bin", False),
        ("package", "embeddings/a.xlsx", False),
        ("aFChunk", "chunk.html", False),
        ("vbaProject", "vbaProject.bin", False),
        ("control", "activeX/a.xml", False),
        ("hyperlink", "file:///etc/passwd", True),
        ("hyperlink", "javascript:alert(1)", True),
        ("frame", "http://example.org", True),
    ],
)
def test_a_link_to_more_than_a_web_page_is_refused(tmp_path: Path, kind: str, target: str, outside: bool):  # noqa: FBT001
    _, where = refused(tmp_path, related(kind, target, outside=outside))
    assert where == "own.en.docx, word/_rels/document.xml.rels"


@pytest.mark.parametrize("target", ["https://example.org", "http://example.org", "mailto:hello@example.org"])
def test_a_link_to_a_web_page_or_an_email_address_is_fine(tmp_path: Path, target: str):
    parts = related("hyperlink", target, outside=True)
    assert load_template("own", "en", service_folder=keep(tmp_path, parts)).name == "own"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("word/vbaProject.bin", b"x"),
        ("word/media/a.svg", b"<svg/>"),
        ("word/media/a.emf", b"x"),
        ("word/afchunk.html", b"<p>"),
        ("../../evil.xml", b"<a/>"),
        ("/etc/evil.xml", b"<a/>"),
        ("word/header9.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        ("word/header9.xml", "<!DOCTYPE a><a/>".encode("utf-16")),
        ("word/comments.xml", b"<a>{{ ref }}</a>"),
        ("docProps/custom.xml", b"<a>{% if ref %}</a>"),
        ("word/fixed.HTML", b"<p>"),
        ("word/Header9.XML", b"<!DOCTYPE a><a/>"),
        ("word/header9.xml", "<a/>".encode("utf-16")),
        ("word/header9.xml", "<a/>".encode("utf-16-le")),
        ("word/header9.xml", b'<?xml version="1.0" encoding="UTF-7"?><a/>'),
        ("word/header9.xml", b"<a>caf\xe9</a>"),
        ("word/header9.xml", b"<a>"),
        ("WORD/DOCUMENT.XML", b"<a/>"),
        ("word/media/zeros.png", b"\0" * 3_000_000),
    ],
)
def test_a_part_that_is_more_than_words_and_pictures_is_refused(tmp_path: Path, name: str, data: bytes):
    _, where = refused(tmp_path, {**ordinary(), name: data})
    assert where.startswith("own.en.docx")


def test_too_many_parts_are_refused(tmp_path: Path):
    parts = {f"word/media/{number}.png": b"x" for number in range(600)}
    what, _ = refused(tmp_path, {**ordinary(), **parts})
    assert what == "The file unpacks to more than a template needs."


@pytest.mark.parametrize("data", [b"", b"junk", b"PK\x03\x04"])
def test_what_is_not_a_word_file_is_refused(tmp_path: Path, data: bytes):
    keep(tmp_path, ordinary())
    (tmp_path / "own" / "own.en.docx").write_bytes(data)
    with pytest.raises(SetupError) as raised:
        load_template("own", "en", service_folder=tmp_path)
    assert raised.value.problems[0].what == "This is not a Word file."


def test_a_file_without_a_page_is_refused(tmp_path: Path):
    what, _ = refused(tmp_path, {"a.xml": b"<a/>"})
    assert what == "There is no page in this file."


def test_every_harm_of_a_template_is_said_at_once(tmp_path: Path):
    parts = {**ordinary(), "word/a.svg": b"x", "word/b.bin": b"x"}
    with pytest.raises(SetupError) as raised:
        load_template("own", "en", service_folder=keep(tmp_path, parts))
    assert [problem.where for problem in raised.value.problems] == [
        "own.en.docx, word/a.svg",
        "own.en.docx, word/b.bin",
    ]


def test_a_template_without_settings_is_refused(tmp_path: Path):
    keep(tmp_path, ordinary())
    (tmp_path / "own" / "template.toml").unlink()
    with pytest.raises(SetupError) as raised:
        load_template("own", "en", service_folder=tmp_path)
    assert raised.value.problems[0].what == "The template has no settings."


@pytest.mark.parametrize("name", ["standard.en.docx", "template.toml"])
def test_a_template_that_the_disk_does_not_give_is_said_without_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    opened = io.open

    def failing(file: object, *rest: object, **more: object) -> object:
        if Path(str(file)).name == name:
            raise OSError(errno.EIO, "Input/output error")
        return opened(file, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(io, "open", failing)
    with pytest.raises(SetupError, match=r"cannot be read: Input/output error\."):
        load_template("standard", "en", service_folder=tmp_path)


def test_a_part_that_is_a_link_is_refused(tmp_path: Path):
    keep(tmp_path, ordinary())
    link = zipfile.ZipInfo("word/link.xml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "own" / "own.en.docx", "a") as package:
        package.writestr(link, "/etc/passwd")
    with pytest.raises(SetupError) as raised:
        load_template("own", "en", service_folder=tmp_path)
    assert raised.value.problems[0].what == "A part is a link."


def test_a_part_that_does_not_unpack_is_refused(tmp_path: Path):
    keep(tmp_path, ordinary())
    file = tmp_path / "own" / "own.en.docx"
    data = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as package:
        start = package.getinfo("word/document.xml").header_offset
    data[start + 60 : start + 90] = b"\xff" * 30
    file.write_bytes(bytes(data))
    with pytest.raises(SetupError) as raised:
        load_template("own", "en", service_folder=tmp_path)
    assert "own.en.docx, word/document.xml" in [problem.where for problem in raised.value.problems]


def test_a_damaged_list_of_links_is_refused(tmp_path: Path):
    _, where = refused(tmp_path, {**ordinary(), "word/_rels/document.xml.rels": b"<Relationships>"})
    assert where == "own.en.docx, word/_rels/document.xml.rels"


def test_a_file_with_macros_is_refused(tmp_path: Path):
    parts = ordinary()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"wordprocessingml.document", b"macroEnabled")
    what, _ = refused(tmp_path, parts)
    assert what == "This is a file with macros."


SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BEGIN, END = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))


def code(*texts: str) -> str:
    return "".join(f"<w:r><w:instrText>{text}</w:instrText></w:r>" for text in texts)


def with_paragraph(inside: str) -> dict[str, bytes]:
    return {**ordinary(), "word/footnotes.xml": f"<w:footnotes {SPACE}><w:p>{inside}</w:p></w:footnotes>".encode()}


@pytest.mark.parametrize(
    "field",
    [
        BEGIN + code(" INCLUDETEXT c.docx ") + END,
        BEGIN + code("DDEAUTO c") + END,
        BEGIN + code("INCLUDE", 'TEXT "/etc/passwd"') + END,
        BEGIN + code("{{ ref }}") + END,
        BEGIN + BEGIN + code("PAGE") + END + code('TEXT "/etc/passwd"') + END,
        BEGIN + code('HYPERLINK "file:///etc/passwd"') + END,
        "<w:fldSimple w:instr='INCLUDETEXT \"/etc/passwd\"'><w:r><w:t>x</w:t></w:r></w:fldSimple>",
        code("INCLUDEPICTURE x"),
    ],
)
def test_a_field_that_fetches_something_is_refused(tmp_path: Path, field: str):
    what, where = refused(tmp_path, with_paragraph(field))
    assert (what, where) == (
        "A field fetches something, or is of a kind no page needs.",
        "own.en.docx, word/footnotes.xml",
    )


@pytest.mark.parametrize(
    "field",
    [
        BEGIN + code(" PA", "GE ") + END,
        "<w:fldSimple w:instr=' NUMPAGES \\* MERGEFORMAT '/>",
        BEGIN + code('HYPERLINK "https://example.org"') + END,
        BEGIN + code(r"HYPERLINK \l top") + END,
    ],
)
def test_a_field_that_stays_on_the_page_is_fine(tmp_path: Path, field: str):
    assert load_template("own", "en", service_folder=keep(tmp_path, with_paragraph(field))).name == "own"


def test_text_outside_a_paragraph_is_refused(tmp_path: Path):
    parts = ordinary()
    page = parts["word/document.xml"].replace(b"<w:sectPr", b"<w:r><w:t>Interminable</w:t></w:r><w:sectPr", 1)
    what, where = refused(tmp_path, {**parts, "word/document.xml": page})
    assert (what, where) == ("Text stands outside any paragraph.", "own.en.docx, word/document.xml")


@pytest.mark.parametrize(
    ("line", "instead", "where"),
    [
        ('carries = "agreement"', 'carries = "agrement"', "carries"),
        ('carries = "agreement"', "carries = true", "carries"),
        ('carries = "agreement"', 'carries = "agreement"\ncarry = "x"', "carry"),
        ('name = "own"', 'name = "other"', "name"),
        ('agreement = "Our agreement"', 'agreement = " "', "titles.agreement"),
        ('agreement = "Our agreement"', 'agreement = "{{ ref }}"', "titles.agreement"),
        ('agreement = "Our agreement"', 'agreement = "a"\noutsider = "b"', "titles.outsider"),
        ('agreement = "Our agreement"', 'agreement = "a"\noutside = 3', "titles.outside"),
        ("width_mm = 70", "width_mm = inf", "signature.width_mm"),
        ("width_mm = 70", "width_mm = nan", "signature.width_mm"),
        ("width_mm = 70", "width_mm = 0", "signature.width_mm"),
        ("width_mm = 70", "width_mm = 0.5", "signature.width_mm"),
        ("width_mm = 70", "width_mm = 211", "signature.width_mm"),
        ("width_mm = 70", "width_mm = true", "signature.width_mm"),
        ("height_mm = 16", "height_mm = -16", "signature.height_mm"),
        ("height_mm = 16", 'height_mm = "16"', "signature.height_mm"),
        ("height_mm = 16", "height_mm = 298", "signature.height_mm"),
        ("height_mm = 16", "height_mm = 16\nhight_mm = 1", "signature.hight_mm"),
        ("height_mm = 16", "height_mm = 16\n[fonts]\nbody = 4", "fonts.body"),
    ],
)
def test_a_setting_that_cannot_be_is_named(tmp_path: Path, line: str, instead: str, where: str):
    settings = SETTINGS.replace(line, instead)
    with pytest.raises(SetupError) as raised:
        load_template("own", "en", service_folder=keep(tmp_path, ordinary(), settings=settings))
    assert [problem.where for problem in raised.value.problems] == [f"template.toml, {where}"]


def test_a_table_that_is_none_is_named(tmp_path: Path):
    settings = 'name = "own"\ncarries = "agreement"\ntitles = "x"\nsignature = 3\n'
    with pytest.raises(SetupError) as raised:
        load_template("own", "en", service_folder=keep(tmp_path, ordinary(), settings=settings))
    assert [problem.where for problem in raised.value.problems] == [
        "template.toml, titles",
        "template.toml, signature",
    ]


@pytest.mark.parametrize(
    ("line", "instead", "near"),
    [
        ('carries = "agreement"', 'carries = "agrement"', "Did you mean agreement?"),
        ("width_mm = 70", "width_mm = 70\nhight_mm = 1", "Did you mean height_mm?"),
    ],
)
def test_the_nearest_spelling_of_a_setting_is_said(tmp_path: Path, line: str, instead: str, near: str):
    with pytest.raises(SetupError) as raised:
        load_template("own", "en", service_folder=keep(tmp_path, ordinary(), settings=SETTINGS.replace(line, instead)))
    assert raised.value.problems[0].do.endswith(near)


def test_a_template_may_say_that_it_carries_no_agreement(tmp_path: Path):
    settings = SETTINGS.replace('carries = "agreement"', 'carries = "nothing"')
    assert load_template("own", "en", service_folder=keep(tmp_path, ordinary(), settings=settings)).carries == "nothing"


@pytest.mark.parametrize("files", [(), ("template.toml",), ("standard.cy.docx", "template.toml"), ("Standard.docx",)])
def test_a_folder_of_the_service_without_the_word_file_is_said_so(tmp_path: Path, files: tuple[str, ...]):
    (tmp_path / "standard").mkdir()
    for name in files:
        (tmp_path / "standard" / name).touch()
    with pytest.raises(SetupError) as raised:
        load_template("standard", "en", service_folder=tmp_path)
    problem = raised.value.problems[0]
    assert problem.what == "Your folder standard has no Word file called standard.en.docx."
    assert problem.where == "standard"
