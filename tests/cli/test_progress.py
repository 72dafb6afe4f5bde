from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import partial

import pytest

from pipeline.batch.model import Batch, Result, State
from pipeline.cli.progress import TimeLeft, progress

COLOUR = b"\x1b[3"
BAR = """
from pipeline.batch.model import Batch, Result, State
from pipeline.cli.progress import progress
results = [Result("first", State.MADE), Result("second", State.MADE)]
with progress(Batch(2, 2, iter(results))) as step:
    for each in results:
        step(each, lambda: print(each.source, flush=True))
"""


def batch(*names):
    return Batch(len(names), len(names), iter([Result(name, State.MADE) for name in names]))


def test_off_a_terminal_there_is_no_bar(capsys):
    ready = batch("first", "second")
    with progress(ready) as step:
        for result in ready.results:
            step(result, partial(print, result.source))
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


@pytest.mark.parametrize(
    ("gone_s", "worked", "at_work", "words"),
    [
        (4.0, 20, 100, ""),
        (60.0, 4, 100, ""),
        (60.0, 60, 60, ""),
        (10.0, 10, 30, "about 20 s left"),
        (60.0, 10, 100, "about 9 min left"),
        (600.0, 100, 1900, "about 3.0 h left"),
    ],
)
def test_the_time_left_is_said_when_enough_is_known_and_as_roughly_as_it_is(gone_s, worked, at_work, words):
    left = TimeLeft(at_work, worked, time.monotonic() - gone_s)
    assert left.words() == words


def test_a_record_that_was_up_to_date_says_nothing_about_the_time_left():
    left = TimeLeft(10)
    left.add(Result("a", State.UP_TO_DATE))
    left.add(Result("b", State.MADE))
    assert left.worked == 1
