"""The fonts beside a template: in every copy, or refused with the reason."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from pipeline.documents.engines.engine import engine
from pipeline.documents.templates.template import load_template
from pipeline.documents.word.characters import place_characters
from pipeline.documents.word.fonts import embedded_fonts
from pipeline.documents.word.package import normalise
from pipeline.documents.word.parts import read_parts, write_parts
from pipeline.errors import SetupError

FAMILY = "Northwater Hand"
WORDS = "Callum will repaint the fence"
SETTINGS = """
name = "own"
carries = "nothing"
[titles]
agreement = "Ours"
[signature]
width_mm = 70
height_mm = 13
"""


def drawn(*corners: tuple[int, int]) -> Any:
    """Return a glyph with these corners."""
    pen = TTGlyphPen(None)
    pen.moveTo(corners[0])
    for corner in corners[1:]:
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def font(*, rights: int = 0, style: str = "Regular", family: str = FAMILY) -> bytes:
    """Return a TrueType font whose letters are boxes."""
    box, letters = drawn((50, 0), (50, 600), (450, 600), (450, 0)), sorted({*WORDS, "A", "."})
    names = {letter: f"letter{number}" for number, letter in enumerate(letters)}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(letter): name for letter, name in names.items()})
    builder.setupGlyf({".notdef": drawn((50, 0), (250, 600), (450, 0))} | dict.fromkeys(names.values(), box))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (500, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    full = f"{family} {style}"
    builder.setupNameTable(
        {"familyName": family, "styleName": style, "uniqueFontIdentifier": full, "fullName": full}
        | {"psName": full.replace(" ", "-"), "version": "Version 1"}
    )
    bold, italic = "Bold" in style, "Italic" in style
    builder.setupOS2(
        fsType=rights, fsSelection=(0x20 if bold else 0) | (0x01 if italic else 0) or 0x40, usWeightClass=400
    )
    builder.setupPost()
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


def kept(folder: Path, *fonts: bytes, names: tuple[str, ...] = ("one.ttf", "two.ttf", "three.ttf")) -> Path:
    """Put a template in this font into the service's folder, with font files beside it."""
    (folder / "own" / "fonts").mkdir(parents=True)
    (folder / "own" / "template.toml").write_text(SETTINGS, encoding="utf-8")
    document = docx.Document()
    document.add_paragraph().add_run(WORDS).font.name = FAMILY
    document.save(str(folder / "own" / "own.en.docx"))
    for name, data in zip(names, fonts, strict=False):
        (folder / "own" / "fonts" / name).write_bytes(data)
    return folder


def tidied(page: bytes) -> bytes:
    """Do with a Word file what is done before it is converted."""
    return write_parts(place_characters(normalise(read_parts(page), title="T", language="en")))


def refused(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(SetupError) as raised:
        load_template("own", "en", service_folder=folder)
    return [(problem.what, problem.where) for problem in raised.value.problems]


def fonts_of(pdf: bytes) -> set[str]:
    """Return the names of the fonts in a PDF, without the marks of a subset and of a regular face."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = [entry for entry in opened.objects if isinstance(entry, pikepdf.Dictionary) and "/FontFile2" in entry]
        names = {str(entry.FontName).lstrip("/").rpartition("+")[2] for entry in found}
    return {name.replace("-", "").removesuffix("Regular") for name in names}


@pytest.mark.parametrize("name", ["embedded", "libreoffice"])
def test_both_engines_set_the_page_in_the_font_beside_the_template(name: str, tmp_path: Path, outside_program: Any):
    if name == "libreoffice":
        outside_program("soffice")
    template = load_template("own", "en", service_folder=kept(tmp_path, font()))
    page = tidied(template.docx)
    used = engine(name)
    try:
        assert fonts_of(used.convert(page)) == {"NorthwaterHand"}
    finally:
        used.close()


@pytest.mark.parametrize("name", ["embedded", "libreoffice"])
def test_control_without_the_file_another_font_takes_its_place(name: str, tmp_path: Path, outside_program: Any):
    if name == "libreoffice":
        outside_program("soffice")
    template = load_template("own", "en", service_folder=kept(tmp_path))
    used = engine(name)
    try:
        assert "NorthwaterHand" not in fonts_of(used.convert(tidied(template.docx)))
    finally:
        used.close()


def test_the_font_is_in_the_word_file_for_its_readers_too(tmp_path: Path):
    template = load_template("own", "en", service_folder=kept(tmp_path, font(), font(style="Bold")))
    parts = read_parts(tidied(template.docx))
    assert set(embedded_fonts(parts)) >= {FAMILY.lower()}
    assert sorted(name for name in parts if name.endswith(".odttf")) == [
        "word/fonts/own1.odttf",
        "word/fonts/own2.odttf",
    ]
    assert parts["word/fonts/own1.odttf"][:4] != font()[:4]
    assert b"embedRegular" in parts["word/fontTable.xml"]
    assert b"embedBold" in parts["word/fontTable.xml"]
    assert docx.Document(io.BytesIO(template.docx)).paragraphs[-1].text == WORDS


@pytest.mark.parametrize("rights", [0x0002, 0x0004, 0x0006, 0x0100, 0x0108, 0x0200])
def test_a_font_whose_licence_forbids_it_is_refused_by_name(rights: int, tmp_path: Path):
    assert refused(kept(tmp_path, font(rights=rights))) == [
        ("The licence of this font forbids embedding it in a file that can be edited.", "own/fonts/one.ttf")
    ]


@pytest.mark.parametrize("rights", [0x0000, 0x0008, 0x000A, 0x000C])
def test_a_font_whose_licence_allows_it_is_embedded(rights: int, tmp_path: Path):
    template = load_template("own", "en", service_folder=kept(tmp_path, font(rights=rights)))
    assert FAMILY.lower() in embedded_fonts(read_parts(template.docx))


@pytest.mark.parametrize(
    "data", [b"", b"OTTO" + bytes(400), b"wOF2" + bytes(400), font()[:200], b"\0\1\0\0" + bytes(400), b"<svg/>"]
)
def test_what_is_no_truetype_font_is_refused(data: bytes, tmp_path: Path):
    [(_, where)] = refused(kept(tmp_path, data))
    assert where == "own/fonts/one.ttf"


def test_every_font_that_cannot_be_used_is_told_at_once(tmp_path: Path):
    found = refused(kept(tmp_path, b"junk", font(rights=2), font()))
    assert [where for _, where in found] == ["own/fonts/one.ttf", "own/fonts/two.ttf"]


def test_two_files_of_one_style_are_refused(tmp_path: Path):
    assert refused(kept(tmp_path, font(), font())) == [
        ("There are two files of Northwater Hand in one style.", "own/fonts")
    ]


def test_a_licence_beside_the_fonts_is_no_font(tmp_path: Path):
    folder = kept(tmp_path, font(), b"SIL OPEN FONT LICENSE", names=("one.ttf", "OFL.txt"))
    assert load_template("own", "en", service_folder=folder).name == "own"


def test_another_font_makes_another_template(tmp_path: Path):
    one = load_template("own", "en", service_folder=kept(tmp_path / "a", font()))
    two = load_template("own", "en", service_folder=kept(tmp_path / "b", font(), font(style="Bold")))
    assert one.digest != two.digest


def test_the_same_font_gives_the_same_file(tmp_path: Path):
    folder = kept(tmp_path, font())
    one, two = (load_template("own", "en", service_folder=folder) for _ in range(2))
    assert one.docx == two.docx
