from __future__ import annotations

import subprocess
import sys

import click
import pytest

from pipeline import __version__
from pipeline.cli.main import COMMANDS, agreements, main


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name):
    command = agreements.get_command(click.Context(agreements), name)
    assert command.help.partition("\n")[0] == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example(name, capsys):
    assert main([name, "--help"]) == 0
    assert f"Example: agreements {name}" in capsys.readouterr().out


def _below(name):
    command = agreements.get_command(click.Context(agreements), name)
    return [f"{name} {each}" for each in command.commands] if isinstance(command, click.Group) else []


@pytest.mark.parametrize("words", [words for name in COMMANDS for words in _below(name)])
def test_every_command_of_a_command_has_an_example(words, capsys):
    assert main([*words.split(), "--help"]) == 0
    assert f"Example: agreements {words}" in capsys.readouterr().out


def test_help_imports_nothing_it_does_without():
    program = "import sys; from pipeline.cli.main import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    heavy = {
        "rich",
        "docxtpl",
        "rdocx",
        "pikepdf",
        "pypdfium2",
        "jsonschema",
        "lxml",
        "page",
        "phonenumbers",
        "babel",
        "openpyxl",
    }
    assert heavy.isdisjoint(run.stderr.split())


def test_making_copies_brings_in_nothing_that_the_embedded_engine_does_without():
    program = "import sys, pipeline.cli.generate; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    unwanted = {"ssl", "fontTools", "babel.messages", "pypdf", "pyhanko", "PIL", "openpyxl", "icalendar"}
    assert unwanted.isdisjoint(run.stdout.split())


def test_the_version_is_told(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"agreements {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["generate"],
        ["check"],
        ["generate", "not-there.json"],
        ["generate", ".", "--engine", "typewriter"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_2(words, capsys):
    assert main(words) == 2
    assert capsys.readouterr().out == ""


def test_a_folder_without_records_is_2_and_says_where_it_looked(tmp_path, capsys):
    assert main(["check", str(tmp_path)]) == 2
    assert ".json files directly in it" in capsys.readouterr().err


def test_an_interrupt_is_130(monkeypatch, capsys):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(click.Group, "invoke", interrupted)
    assert main(["check", "."]) == 130
    assert "nothing is half-published" in capsys.readouterr().err


def test_a_mistake_of_the_program_tells_its_type_and_line_and_no_message():
    program = (
        "import sys, click\n"
        "from pipeline.cli import main as command\n"
        "def fail(*a, **k): raise KeyError('Ruth Ashdown')\n"
        "click.Group.invoke = fail\n"
        "sys.exit(command.main(['check', '.']))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 1
    assert "KeyError in pipeline/cli/main.py, line" in run.stderr
    assert "Ashdown" not in run.stderr
