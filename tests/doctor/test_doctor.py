"""What `agreements doctor` says of a machine."""

from __future__ import annotations

import json
from importlib import metadata

import pytest

from pipeline.cli.main import main
from pipeline.doctor import examine, fonts
from pipeline.doctor.model import State
from pipeline.documents.engines.engine import EmbeddedEngine
from pipeline.validation.check import problems


@pytest.fixture
def no_libreoffice(monkeypatch):
    """A machine without LibreOffice, so that nothing is started."""
    monkeypatch.setenv("AGREEMENTS_SOFFICE", "/nowhere/soffice")


def told(capsys, *words: str) -> tuple[int, dict]:
    code = main(["doctor", "--json", *words])
    return code, json.loads(capsys.readouterr().out)


def part(report: dict, name: str) -> dict:
    return next(each for each in report["parts"] if each["name"] == name)


@pytest.mark.usefixtures("no_libreoffice")
def test_without_libreoffice_all_that_is_needed_works(capsys):
    code, report = told(capsys)
    assert (code, report["exit_code"]) == (0, 0)
    assert part(report, "embedded")["state"] == "works"
    assert part(report, "embedded")["version"].startswith("rdocx ")
    assert part(report, "libreoffice")["state"] == "missing"


@pytest.mark.usefixtures("no_libreoffice")
def test_an_engine_that_is_asked_for_must_work(capsys):
    code, report = told(capsys, "--engine", "libreoffice")
    assert (code, part(report, "libreoffice")["needed"], part(report, "embedded")["needed"]) == (4, True, False)


@pytest.mark.usefixtures("no_libreoffice")
def test_the_json_keeps_its_schema(capsys):
    assert problems(told(capsys)[1], "doctor") == []


def test_libreoffice_is_tried_and_not_only_found(capsys, outside_program):
    outside_program("soffice")
    code, report = told(capsys, "--engine", "libreoffice")
    assert (code, part(report, "libreoffice")["state"]) == (0, "works")
    assert part(report, "libreoffice")["version"].startswith("LibreOffice ")


@pytest.mark.usefixtures("no_libreoffice")
def test_an_engine_whose_page_says_something_else_is_faulty(capsys, monkeypatch):
    blank = EmbeddedEngine().convert(examine._page())  # noqa: SLF001
    monkeypatch.setattr(examine, "_WORDS", "Something else.")
    monkeypatch.setattr(EmbeddedEngine, "convert", lambda _self, _docx: blank)
    code, report = told(capsys)
    assert (code, part(report, "embedded")["state"]) == (4, "faulty")


@pytest.mark.usefixtures("no_libreoffice")
def test_a_judge_who_finds_nothing_wrong_with_rubbish_is_faulty(capsys, monkeypatch):
    monkeypatch.setattr(examine, "failures", lambda *_: ())
    code, report = told(capsys)
    assert (code, part(report, "page-validation")["state"]) == (4, "faulty")


def test_a_font_that_is_missing_is_said_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(fonts, "_families", lambda: frozenset({"carlito"}))
    found = {each.name: each for each in fonts.font_parts()}
    assert found["Carlito"].state is State.WORKS
    assert found["Arial or Liberation Sans"].state is State.MISSING
    assert found["Arial or Liberation Sans"].get.split()[-1] == "fonts-liberation"


def test_where_nothing_lists_fonts_they_cannot_be_told(monkeypatch):
    monkeypatch.setattr(fonts.shutil, "which", {"apt-get": "/bin/apt-get"}.get)
    assert {each.state for each in fonts.font_parts()} == {State.UNKNOWN}


def test_an_optional_part_is_there_when_all_of_it_is(monkeypatch):
    asked = ["click", 'rich>=15; extra == "pretty"', 'no-such-thing; extra == "strange"', 'pytest; extra == "test"']
    monkeypatch.setattr(examine, "requires", lambda _: asked)
    found = {each.name: each for each in examine._optional_parts()}  # noqa: SLF001
    assert {name: each.state for name, each in found.items()} == {"pretty": State.WORKS, "strange": State.MISSING}
    assert found["pretty"].version == f"rich {metadata.version('rich')}"
    assert found["strange"].get == 'pip install "outcome-agreements[strange]"'


@pytest.mark.usefixtures("no_libreoffice")
def test_the_screen_says_what_to_do(capsys):
    assert main(["doctor", "--engine", "libreoffice"]) == 4
    shown = capsys.readouterr().out
    assert "libreoffice: NEEDED, missing" in shown
    assert "Write the whole path of soffice into it, or unset it." in shown


def test_whoever_uses_libreoffice_is_told_what_is_missing_before_it_starts(monkeypatch):
    monkeypatch.setattr(examine, "bubblewrap", lambda: None)
    monkeypatch.setattr(fonts, "_families", frozenset)
    told = list(examine.cautions("libreoffice"))
    assert [each.partition(":")[0] for each in told] == [
        "bubblewrap does not work here",
        "Calibri or Carlito is not on this machine",
    ]
    assert list(examine.cautions("embedded")) == []
