"""The copies of one record on all cores: the same copies or problems, whatever becomes of a helping process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from ended import gone

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="copies are shared out between forked processes"
)

PROGRAM = """
import json, os, signal, sys, time
from dataclasses import dataclass
from pathlib import Path
from pipeline.batch import one_record
from pipeline.errors import Problem, RecordError
from pipeline.publication.manifest import BuiltCopy

cores, mark, here, numbers = int(sys.argv[1]), Path(sys.argv[2]), os.getpid(), []

@dataclass(frozen=True)
class Copy:
    stem: str

class Workshop:
    pass

def built(copy, workshop):
    number, helping = int(copy.stem), os.getpid() != here
    {body}
    return BuiltCopy(number, {"process": os.getpid()})

Workshop.cores, one_record._built = cores, built
try:
    made = one_record._all_built([Copy(str(number)) for number in range(5)], Workshop)
    print(json.dumps([[copy.entry, copy.files["process"]] for copy in made]))
except RecordError as error:
    print(json.dumps([[problem.what, problem.where] for problem in error.problems]))
"""


@pytest.fixture
def program(tmp_path):
    """A function that gives the words of a program that makes five copies on some cores, with this for each of them."""

    def words(body, *, cores=2):
        text = PROGRAM.replace("{body}", textwrap.indent(textwrap.dedent(body), "    ").strip())
        return [sys.executable, "-c", text, str(cores), tmp_path / "mark"]

    return words


def told(words):
    return json.loads(subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout)


@pytest.mark.parametrize("cores", [2, 8])
def test_every_core_makes_some_and_they_come_in_the_order_they_were_planned(program, cores):
    made = told(program("time.sleep(0.5)", cores=cores))
    assert [number for number, _ in made] == [0, 1, 2, 3, 4]
    assert len({process for _, process in made}) == min(cores, 5)


def test_with_one_core_nothing_else_is_started(program):
    assert len({process for _, process in told(program("pass", cores=1))}) == 1


@pytest.mark.parametrize("cores", [2, 3])
def test_problems_are_the_same_in_the_same_order_whoever_found_them(program, cores):
    body = """
        problems = [Problem(f"{number % 2}", "Do it."), Problem("all", "Do it.", "PDF")]
        if number != 2: raise RecordError(problems[number == 4:])
    """
    alone = told(program(body, cores=1))
    assert alone == [["0", "0"], ["all", "0 and 1 and 3 and 4, PDF"], ["1", "1 and 3"]]
    assert told(program(body, cores=cores)) == alone


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "raise MemoryError"])
def test_where_a_helping_process_ends_in_the_middle_its_copies_are_made_all_the_same(program, end):
    made = told(program(f"time.sleep(0.5)\nnumbers.append(number)\nif helping and len(numbers) == 2: {end}"))
    assert [number for number, _ in made] == [0, 1, 2, 3, 4]
    assert len({process for _, process in made}) == 1


def test_a_helping_process_ends_with_the_one_it_helps_however_that_ends(program, tmp_path):
    mark = tmp_path / "mark"
    words = program("if helping: mark.write_text(str(os.getpid()))\ntime.sleep(600)")
    with subprocess.Popen(words) as helped:
        helping = _written(mark, helped)
        helped.kill()
    assert gone(helping)


def test_an_interrupt_does_not_wait_for_a_helping_process(program, tmp_path):
    mark = tmp_path / "mark"
    body = "if helping: mark.write_text(str(os.getpid()))\ntime.sleep(600)"
    words = program(f"signal.signal(signal.SIGTERM, signal.default_int_handler)\n{body}")
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as helped:
        helping = _written(mark, helped)
        helped.send_signal(signal.SIGTERM)
        assert helped.wait(timeout=20) != 0
    assert gone(helping)


def _written(mark, process):
    until = time.monotonic() + 60
    while not (mark.exists() and mark.read_text(encoding="utf-8")):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    return int(mark.read_text(encoding="utf-8"))
