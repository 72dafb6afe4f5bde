"""What a run checks before its first record, and what it checks again."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import docx
import pytest

from pipeline.batch.workshop import Order, open_workshop
from pipeline.errors import SetupError
from pipeline.service.load import load_service
from pipeline.shipped import shipped

SETTINGS = (
    'name = "own"\ncarries = "nothing"\n[titles]\nagreement = "Ours"\n[signature]\nwidth_mm = 70\nheight_mm = 13\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = (shipped("samples") / "agreements.toml").read_text(encoding="utf-8")
    (tmp_path / "agreements.toml").write_text(config.replace("[files]", '[files]\ntemplates = "templates"', 1), "utf-8")
    shutil.copy(shipped("samples") / "logo.png", tmp_path)
    (tmp_path / "templates" / "own").mkdir(parents=True)
    (tmp_path / "templates" / "own" / "template.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def _own(folder: Path, text: str, *, language: str) -> None:
    document = docx.Document()
    document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    (folder / "templates" / "own" / f"own.{language}.docx").write_bytes(written.getvalue())


def _order(folder: Path) -> Order:
    return Order(load_service(folder / "agreements.toml"), folder / "output", template="own")


def test_a_wrong_name_in_any_language_of_the_service_stops_the_run(folder):
    _own(folder, "{{ ref }}", language="en")
    _own(folder, "{{ reff }}", language="cy")

    with pytest.raises(SetupError) as stopped:
        open_workshop(_order(folder))

    assert [problem.where for problem in stopped.value.problems] == ["own.cy.docx, page, near {{ reff }}"]


def test_the_first_language_has_to_have_its_word_file_and_the_others_need_not(folder):
    _own(folder, "{{ ref }}", language="cy")
    with pytest.raises(SetupError):
        open_workshop(_order(folder))

    _own(folder, "{{ ref }}", language="en")
    (folder / "templates" / "own" / "own.cy.docx").unlink()
    assert open_workshop(_order(folder)).template_in("own", "en").language == "en"


def test_a_word_file_that_changed_since_it_was_checked_is_checked_again(folder):
    _own(folder, "{{ ref }}", language="en")
    _own(folder, "{{ ref }} yw hwn", language="cy")
    workshop = open_workshop(_order(folder))

    _own(folder, "{{ reff }} yw hwn", language="cy")

    with pytest.raises(SetupError):
        workshop.template_in("own", "cy")
