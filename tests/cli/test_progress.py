from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipeline.cli.progress import progress

COLOUR = b"\x1b[3"
BAR = """
from pipeline.cli.progress import progress
with progress(2) as step:
    for name in ("first", "second"):
        step(lambda: print(name, flush=True))
"""


def test_off_a_terminal_there_is_no_bar(capsys):
    with progress(2) as step:
        step(lambda: print("first"))
        step(lambda: print("second"))
    assert capsys.readouterr() == ("first\nsecond\n", "")


def on_a_terminal(**more):
    """Run two steps with standard error on a terminal; give what went to standard output and to the terminal."""
    ours, theirs = os.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"} | more
    run = subprocess.run(
        [sys.executable, "-c", BAR], stdout=subprocess.PIPE, stderr=theirs, env=environment, check=True, timeout=60
    )
    os.close(theirs)
    shown = os.read(ours, 65536)
    os.close(ours)
    return run.stdout, shown


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals to be had on this system")
class TestOnATerminal:
    def test_a_bar_counts_the_records_and_keeps_out_of_the_results(self):
        results, terminal = on_a_terminal()
        assert results.decode().split() == ["first", "second"]
        assert b"2/2" in terminal

    def test_no_color_is_honoured(self):
        assert COLOUR in on_a_terminal()[1]
        assert COLOUR not in on_a_terminal(NO_COLOR="1")[1]
