"""The same bytes, however a run is spread: over processes, parts of the records, or machines."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from pipeline.shipped import shipped

pytestmark = pytest.mark.skipif(os.name == "nt", reason="worker processes are ended by signals here")
RECORDS = 6


def run(records, out, *more):
    words = [sys.executable, "-m", "pipeline.cli.main", "generate", records, "--out", out, "--json", *map(str, more)]
    told = subprocess.run(words, capture_output=True, text=True, check=False, timeout=280)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def versions(out):
    """Return every file of every version; what lies beside them tells of the run."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.parent != out
    }


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Some small records, each with its own reference."""
    folder = tmp_path_factory.mktemp("records")
    for name in ("agreements.toml", "logo.png"):
        shutil.copy(shipped("samples") / name, folder)
    record = json.loads((shipped("samples") / "NR-0420.json").read_text(encoding="utf-8"))
    for nth in range(RECORDS):
        record["ref"] = f"NR-{nth:04}"
        (folder / f"{record['ref']}.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def one_job(records, tmp_path_factory):
    """What one process makes, and in which order it tells of it."""
    out = tmp_path_factory.mktemp("one") / "out"
    report = run(records, out, "--jobs", 1)
    return versions(out), [record["ref"] for record in report["records"]]


@pytest.mark.xdist_group("spreading")
def test_two_jobs_give_the_same_bytes_in_the_same_order(records, one_job, tmp_path):
    report = run(records, tmp_path / "out", "--jobs", 2)
    assert (versions(tmp_path / "out"), [record["ref"] for record in report["records"]]) == one_job


@pytest.mark.xdist_group("spreading")
def test_one_record_alone_gives_the_same_bytes_on_all_cores(records, one_job, tmp_path):
    run(records / "NR-0003.json", tmp_path / "out", "--jobs", 2)
    assert versions(tmp_path / "out") == {
        name: data for name, data in one_job[0].items() if name.startswith("NR-0003/")
    }


@pytest.mark.xdist_group("spreading")
def test_parts_at_work_at_the_same_time_give_the_same_bytes_and_each_record_is_in_one(records, one_job, tmp_path):
    words = [
        sys.executable,
        "-m",
        "pipeline.cli.main",
        "generate",
        records,
        "--out",
        tmp_path / "out",
        "--json",
        "--jobs",
        "1",
    ]
    started = [
        subprocess.Popen([*words, "--shard", f"{nth}/10"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for nth in range(1, 11)
    ]
    told = [json.loads(each.communicate(timeout=280)[0]) for each in started]
    assert [each.returncode for each in started] == [0] * 10
    assert versions(tmp_path / "out") == one_job[0]
    assert sorted(record["ref"] for each in told for record in each["records"]) == one_job[1]


@contextmanager
def cluster(number, *, folder):
    """A scheduler and so many workers on the loopback device; gives its address and the processes of the workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    more = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with ExitStack() as stack:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        scheduler = stack.enter_context(subprocess.Popen([*dask, *more], **quiet))
        stack.callback(scheduler.kill)
        words = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1"]
        words += ["--no-dashboard", "--host", "127.0.0.1"]
        workers = [stack.enter_context(subprocess.Popen(words, **quiet)) for _ in range(number)]
        for worker in workers:
            stack.callback(worker.kill)
        yield address, workers


@pytest.mark.xdist_group("spreading")
def test_a_cluster_of_which_a_worker_is_killed_half_way_gives_the_same_bytes(records, one_job, tmp_path):
    with cluster(2, folder=tmp_path) as (address, workers):
        words = [sys.executable, "-m", "pipeline.cli.main", "generate", records, "--out", tmp_path / "out"]
        running = subprocess.Popen(
            [*words, "--cluster", address, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        until = time.monotonic() + 200
        while not any((tmp_path / "out").glob("NR-*/v1")):
            assert running.poll() is None, running.stderr.read()
            assert time.monotonic() < until
            time.sleep(0.05)
        workers[0].kill()
        told, errors = running.communicate(timeout=280)
    assert running.returncode == 0, errors
    assert versions(tmp_path / "out") == one_job[0]
    assert [record["ref"] for record in json.loads(told)["records"]] == one_job[1]


def test_a_cluster_that_does_not_answer_is_said_plainly(records, tmp_path):
    words = [sys.executable, "-m", "pipeline.cli.main", "generate", records, "--out", tmp_path / "out"]
    told = subprocess.run(
        [*words, "--cluster", "tcp://127.0.0.1:9"], capture_output=True, text=True, check=False, timeout=280
    )
    assert told.returncode == 4
    assert "The scheduler of the cluster does not answer" in told.stderr
    assert not Path(tmp_path / "out").exists()
