from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import docx
from PIL import Image

from pipeline.authoring.starting import start_template
from pipeline.cli.main import main

if TYPE_CHECKING:
    import pytest

READER = ["--reader", "harmed-1"]


def own(folder: Path) -> Path:
    start_template("ours", source="standard", service_folder=folder)
    return folder / "ours"


def with_another_heading(folder: Path) -> Path:
    template = own(folder)
    document = docx.Document(str(template / "ours.en.docx"))
    heading = next(each for each in document.paragraphs if each.text == "Signatures")
    heading.runs[0].text = "Sign here"
    document.save(str(template / "ours.en.docx"))
    return template


def red(picture: Path) -> int:
    with Image.open(picture) as page:
        return sum(number for number, colour in page.getcolors(page.width * page.height) if colour == (200, 30, 30))


def test_a_preview_is_a_pdf_and_a_picture_of_each_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["template", "preview", "standard", "--out", str(tmp_path), *READER]) == 0
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.name for path in written] == [
        "NR-0412-v1-harmed-1.pdf",
        "NR-0412-v1-harmed-1-page-1.png",
        "NR-0412-v1-harmed-1-page-2.png",
    ]
    with Image.open(written[1]) as page:
        assert page.size == (827, 1170)


def test_the_same_template_rehearsed_against_itself_differs_in_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    command = ["template", "rehearse", str(own(tmp_path)), "--against", "standard", "--out", str(tmp_path / "out")]
    assert main([*command, *READER]) == 0
    assert capsys.readouterr().out == "NR-0412-v1-harmed-1  the same, 2 pages\n"
    assert not (tmp_path / "out").exists()


def test_words_lost_and_gained_are_told_and_the_page_is_framed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    new = with_another_heading(tmp_path)
    command = ["template", "rehearse", str(new), "--against", "standard", "--out", str(tmp_path / "out")]
    assert main([*command, *READER]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[:3] == [
        "NR-0412-v1-harmed-1  2 pages before, 2 now",
        "  words lost: Signatures",
        "  words gained: Sign here",
    ]
    pictures = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in pictures] == ["NR-0412-v1-harmed-1-page-2.png"]
    assert red(pictures[0]) > 100


def test_a_template_that_cannot_make_a_copy_is_told_and_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    new = own(tmp_path)
    document = docx.Document(str(new / "ours.en.docx"))
    document.paragraphs[0].runs[0].text = "{{ incident_line }}"
    document.save(str(new / "ours.en.docx"))
    assert main(["template", "rehearse", str(new), "--against", "standard", *READER]) == 1
    assert "The new template cannot make this copy" in capsys.readouterr().out


def test_a_reader_without_a_copy_is_a_usage_error(tmp_path: Path):
    assert main(["template", "preview", "standard", "--reader", "nobody-1", "--out", str(tmp_path)]) == 2


def test_a_language_that_is_not_there_ends_with_four(tmp_path: Path):
    assert main(["template", "preview", "standard", "--language", "tlh", "--out", str(tmp_path)]) == 4
