"""Completion in the real shells: what appears when somebody presses the tabulator."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli.main import COMMANDS, main


@pytest.fixture
def script(capsys, tmp_path):
    """A function that writes what `agreements completion SHELL` prints into a file, and gives its path."""

    def write(shell, name):
        assert main(["completion", shell]) == 0
        path = tmp_path / name
        path.write_text(capsys.readouterr().out, encoding="utf-8")
        return path

    return write


@pytest.fixture
def environment(tmp_path):
    """Where `agreements` is found, and no set-up of anybody."""
    programs = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path), "TERM": "dumb"}


def _told(command, environment, folder):
    run = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    return run.stdout.split("\n")


def _bash(script, words):
    quoted = " ".join(f"'{word}'" for word in words)
    return (
        f"source {script}; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; "
        '_agreements_completion agreements; printf "%s\\n" "${COMPREPLY[@]}"'
    )


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (("agreements", "exp"), ["export"]),
        (("agreements", "completion", ""), ["bash", "zsh", "fish"]),
        (("agreements", "export", "--xl"), ["--xlsx"]),
        (("agreements", "archive", "veri"), ["verify"]),
    ],
    ids=["command", "choice", "option", "command of a command"],
)
def test_bash_completes(words, completed, script, environment, outside_program, tmp_path):
    bash = outside_program("bash")
    command = [bash, "--norc", "--noprofile", "-c", _bash(script("bash", "completion.bash"), words)]
    assert [line for line in _told(command, environment, tmp_path) if line] == completed


def test_fish_completes_with_what_each_command_is_for(script, environment, outside_program, tmp_path):
    fish = outside_program("fish")
    path = script("fish", "agreements.fish")
    command = [fish, "--no-config", "-c", f"source {path}; complete --do-complete 'agreements exp'"]
    assert [line for line in _told(command, environment, tmp_path) if line] == [f"export\t{COMMANDS['export']}"]


def test_zsh_completes_what_is_typed(script, environment, outside_program, tmp_path):
    pexpect = pytest.importorskip("pexpect", reason="Windows has no pseudo-terminals")
    zsh = outside_program("zsh")
    path = script("zsh", "_agreements")
    shell = pexpect.spawn(zsh, ["-f"], env=environment, cwd=tmp_path, encoding="utf-8", timeout=30)
    shell.sendline(f"PS1='ready> '; autoload -U compinit; compinit -u -D; source {path}; echo set-$((40+2))")
    shell.expect("set-42")
    shell.send("agreements compl\t")
    shell.expect("agreements completion ")
    shell.close(force=True)


def test_the_list_of_commands_imports_none_of_them(environment):
    program = (
        "import sys; from pipeline.cli.main import main\n"
        "try: main()\n"
        "finally: print(*(name for name in sys.modules if name.startswith('pipeline.cli.')), file=sys.stderr)"
    )
    asked = {"_AGREEMENTS_COMPLETE": "bash_complete", "COMP_WORDS": "agreements ", "COMP_CWORD": "1"}
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, **asked},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert [line.partition(",")[2] for line in run.stdout.split()] == list(COMMANDS)
    assert run.stderr.split() == ["pipeline.cli.main"]
