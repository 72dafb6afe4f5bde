from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from ended import gone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what stands in for the making reaches forked workers")

PROGRAM = """
import json, os, signal, sys, time
from pathlib import Path
from pipeline.batch import local, worker
from pipeline.batch.model import Result, State
from pipeline.batch.workshop import Order
from pipeline.batch.scan import Scanned
from pipeline.batch.sources import Source
from pipeline.service.load import load_service
from pipeline.shipped import shipped

order = Order(load_service(shipped("samples") / "agreements.toml"), Path(sys.argv[1]))
mark = Path(sys.argv[2])
records = [Scanned(Source(str(nth), None, b""), copies=nth // 3 * (9 - nth)) for nth in range(6)]

class Workshop:
    class engine:
        close = staticmethod(lambda: None)

def make(record, workshop):
    name = record.source.name
    {body}
    return Result(name, State.MADE, notes=(str(os.getpid()),))

local._LONGEST_TIDYING_SECONDS = 2.0
worker.make_one, worker.open_workshop = make, lambda order: Workshop
local._HEAD_START_SECONDS = 1.0
runner = local.Local(order, jobs=2, cores={cores}, limit=lambda record: {limit})
results = list(runner.run(records))
runner.close()
print(json.dumps([[r.source, r.state, [p.what for p in r.problems], r.notes] for r in results]))
"""


@pytest.fixture
def run(tmp_path):
    """A function that runs six records on two workers, with this as what is done for each; it gives the results."""

    def run_program(body, *, limit=60, cores=1):
        text = PROGRAM.replace("{body}", textwrap.indent(textwrap.dedent(body), "    ").strip())
        words = [
            sys.executable,
            "-c",
            text.replace("{limit}", str(limit)).replace("{cores}", str(cores)),
            tmp_path / "out",
            tmp_path / "mark",
        ]
        told = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
        return json.loads(told.stdout)

    return run_program


def states(results):
    return [state for _, state, _, _ in results]


def test_results_come_in_the_order_of_the_records_whoever_is_quicker(run):
    results = run("time.sleep(0.3 if name == '0' else 0)")
    assert [name for name, *_ in results] == list("012345")


def test_two_workers_share_the_records(run):
    assert len({notes[0] for *_, notes in run("time.sleep(0.1)")}) == 2


NOTED = """
    with mark.open("a") as began: began.write(f"{name}<")
    time.sleep(0.1 if name != {slow} else 600)
    with mark.open("a") as ended: ended.write(f"{name}>")
"""


def test_where_one_record_may_have_all_cores_the_first_is_a_quick_one_and_has_them(run, tmp_path):
    results = run(NOTED.replace("{slow}", "''"), cores=2)
    assert (tmp_path / "mark").read_text(encoding="utf-8").startswith("5<5>")
    assert [name for name, *_ in results] == list("012345")


def test_a_first_record_that_hangs_does_not_keep_the_others_back(run, tmp_path):
    assert states(run(NOTED.replace("{slow}", "'5'"), cores=2, limit=2))[5] == "failed"
    told = (tmp_path / "mark").read_text(encoding="utf-8")
    assert told.startswith("5<")
    assert all(told.index(f"{name}>") < told.rindex("5<") for name in "01234")


def test_a_worker_that_segfaults_costs_its_record_only_and_is_tried_twice(run):
    results = run("""
        if name == "2":
            with mark.open("a") as tries: tries.write("x")
            os.kill(os.getpid(), signal.SIGSEGV)
    """)
    assert states(results) == ["made", "made", "failed", "made", "made", "made"]
    assert "was ended by SIGSEGV" in results[2][2][0]


def test_a_record_that_breaks_down_once_is_made_when_it_is_tried_again(run, tmp_path):
    results = run("""
        if name == "2":
            with mark.open("a") as tries: tries.write("x")
            if mark.read_text() == "x": os._exit(3)
    """)
    assert set(states(results)) == {"made"}
    assert (tmp_path / "mark").read_text(encoding="utf-8") == "xx"


def test_the_second_try_is_alone(run, tmp_path):
    run("""
        with mark.open("a") as tries: tries.write(f"{name}<")
        if name == "0" and mark.read_text().count("0<") == 1: os._exit(3)
        time.sleep(0.1)
        with mark.open("a") as tries: tries.write(f"{name}>")
    """)
    told = (tmp_path / "mark").read_text(encoding="utf-8")
    assert "0<0>" in told


def test_a_record_that_hangs_is_given_up_after_its_limit_and_the_others_go_on(run):
    results = run("time.sleep(600 if name == '1' else 0)", limit=0.5)
    assert states(results) == ["made", "failed", "made", "made", "made", "made"]
    assert "took longer than" in results[1][2][0]


def test_a_worker_that_will_not_end_is_killed(run):
    results = run(
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600 if name == '5' else 0)",
        limit=0.5,
    )
    assert states(results)[5] == "failed"


def test_memory_without_end_costs_its_record_only(run):
    results = run("""
        if name == "3":
            try:
                bytearray(3 << 30)
            except MemoryError:
                return Result(name, State.FAILED)
    """)
    assert states(results) == ["made", "made", "made", "failed", "made", "made"]


def test_what_a_library_prints_never_reaches_standard_output(run):
    assert set(states(run("os.write(1, b'noise'); print('noise')"))) == {"made"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process")
def test_workers_end_with_a_process_that_is_killed(tmp_path):
    text = (
        PROGRAM.replace("{limit}", "60")
        .replace("{cores}", "1")
        .replace("{body}", "mark.with_suffix('.' + name).write_text(str(os.getpid())); time.sleep(600)")
    )
    parent = subprocess.Popen([sys.executable, "-c", text, tmp_path / "out", tmp_path / "mark"])
    while not all((tmp_path / f"mark.{name}").exists() for name in "01"):
        assert parent.poll() is None
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    for name in "01":
        worker = (tmp_path / f"mark.{name}").read_text(encoding="utf-8")
        assert worker == "" or gone(int(worker))
