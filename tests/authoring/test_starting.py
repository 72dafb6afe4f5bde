from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.authoring.starting import start_template, templates
from pipeline.cli.main import main
from pipeline.documents.templates.template import load_template
from pipeline.errors import SetupError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_template_can_be_used_at_once_under_its_own_name(tmp_path: Path):
    start_template("ours", source="standard", service_folder=tmp_path)
    assert load_template("ours", "en", service_folder=tmp_path).titles["agreement"] == "Outcome agreement"


@pytest.mark.parametrize("name", ["Ours", "../ours", "our standard", ""])
def test_a_new_template_is_named_by_a_plain_folder_name(tmp_path: Path, name: str):
    with pytest.raises(SetupError, match="cannot be the name"):
        start_template(name, source="standard", service_folder=tmp_path)


def test_a_folder_that_is_there_is_never_written_into(tmp_path: Path):
    (tmp_path / "ours").mkdir()
    with pytest.raises(SetupError, match="a folder of this name already"):
        start_template("ours", source="standard", service_folder=tmp_path)
    assert list((tmp_path / "ours").iterdir()) == []


def test_a_source_that_is_not_there_names_those_that_are(tmp_path: Path):
    with pytest.raises(SetupError) as raised:
        start_template("ours", source="nothing", service_folder=tmp_path)
    assert "standard" in raised.value.problems[0].do


def test_the_services_folder_wins_over_the_shipped_one(tmp_path: Path):
    start_template("standard", source="standard", service_folder=tmp_path)
    told = [(each.own, each.used) for each in templates(tmp_path) if each.name == "standard"]
    assert told == [(True, True), (False, False)]


def test_the_list_says_where_a_template_comes_from(capsys: pytest.CaptureFixture[str]):
    assert main(["template", "list"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("standard "))
    assert line.endswith("comes with the program")


def test_the_command_writes_into_the_folder_it_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["template", "new", "ours", "--from", "standard", "--into", str(tmp_path)]) == 0
    written = capsys.readouterr().out.splitlines()
    assert str(tmp_path / "ours" / "ours.en.docx") in written
    assert main(["template", "new", "ours", "--into", str(tmp_path)]) == 4
