"""What surrounds a batch fails: the disk, the clock, the limits of the system, the one who stops it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.shipped import shipped

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and mounts are those of Linux")
COMMAND = [sys.executable, "-m", "pipeline.cli.main"]


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Three small records."""
    folder = tmp_path_factory.mktemp("records")
    for name in ("agreements.toml", "logo.png"):
        shutil.copy(shipped("samples") / name, folder)
    record = json.loads((shipped("samples") / "NR-0420.json").read_text(encoding="utf-8"))
    for nth in range(3):
        record["ref"] = f"NR-{nth:04}"
        (folder / f"{record['ref']}.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def undisturbed(records, tmp_path_factory):
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    assert run(records, out).returncode == 0
    return versions(out)


def words(records, out):
    return [*COMMAND, "generate", str(records), "--out", str(out), "--jobs", "2"]


def run(records, out, *, before=(), **more):
    return subprocess.run(
        [*before, *words(records, out)], capture_output=True, text=True, check=False, timeout=250, **more
    )


def versions(out):
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in Path(out).rglob("*")
        if path.is_file() and path.parent != Path(out)
    }


@pytest.mark.xdist_group("batch-faults")
@pytest.mark.parametrize("most", [10, 16, 24])
def test_without_file_descriptors_the_run_says_so_and_a_rerun_completes(records, undisturbed, tmp_path, most):
    limit = f"import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_NOFILE, ({most}, {most})); "
    limit += "sys.argv = sys.argv[1:]; runpy.run_module('pipeline.cli.main', run_name='__main__')"
    told = subprocess.run(
        [sys.executable, "-c", limit, "x", *words(records, tmp_path / "out")[3:]],
        capture_output=True, text=True, check=False, timeout=250,
    )  # fmt: skip
    assert told.returncode in {0, 1, 3, 4}, told.stderr
    assert "Traceback" not in told.stderr
    assert run(records, tmp_path / "out").returncode == 0
    assert versions(tmp_path / "out") == undisturbed


@pytest.mark.xdist_group("batch-faults")
def test_a_read_only_output_is_said_before_the_first_record(records, undisturbed, tmp_path, outside_program):
    del undisturbed
    out = tmp_path / "out"
    out.mkdir()
    mount = [outside_program("bwrap"), "--dev-bind", "/", "/", "--ro-bind", str(out), str(out)]
    told = run(records, out, before=mount)
    assert told.returncode == 4
    assert "written" in told.stderr or "locked" in told.stderr
    assert list(out.iterdir()) == []


@pytest.mark.xdist_group("batch-faults")
@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no second file system to be had")  # noqa: S108
def test_the_output_may_lie_on_another_file_system(records, undisturbed, request):
    out = Path(f"/dev/shm/agreements-test-{os.getpid()}")  # noqa: S108
    request.addfinalizer(lambda: shutil.rmtree(out, ignore_errors=True))
    assert run(records, out).returncode == 0
    assert versions(out) == undisturbed


@pytest.mark.xdist_group("batch-faults")
def test_a_clock_that_runs_backwards_changes_nothing(records, undisturbed, tmp_path):
    program = """
import runpy, sys, time
now = [time.time()]
def back():
    now[0] -= 3600
    return now[0]
time.time = back
sys.argv = sys.argv[1:]
runpy.run_module("pipeline.cli.main", run_name="__main__")
"""
    command = [sys.executable, "-c", program, "x", *words(records, tmp_path / "out")[3:]]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=250)
    assert told.returncode == 0, told.stderr
    assert versions(tmp_path / "out") == undisturbed


# A shell that starts the tests in the background lets them ignore Ctrl-C, and what they start with them.
HEARS_CTRL_C = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
)


@pytest.mark.xdist_group("batch-faults")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_run_that_is_told_to_end_ends_cleanly_and_a_rerun_goes_on(records, undisturbed, tmp_path, number):
    out = tmp_path / "out"
    command = [sys.executable, "-c", HEARS_CTRL_C, *map(str, words(records, out))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        until = time.monotonic() + 200
        while not any(out.glob(".NR-*")) and not any(out.glob("NR-*/v1")):
            assert running.poll() is None
            assert time.monotonic() < until
            time.sleep(0.005)
        running.send_signal(number)
        _, errors = running.communicate(timeout=200)
    assert running.returncode == 130, errors
    assert b"Traceback" not in errors
    assert list(out.glob(".NR-*")) == []
    assert not (out / ".lock").exists()
    assert run(records, out).returncode == 0
    assert versions(out) == undisturbed


@pytest.mark.xdist_group("batch-faults")
def test_of_two_runs_into_one_folder_the_second_is_told_who_holds_it(records, undisturbed, tmp_path):
    out = tmp_path / "out"
    with subprocess.Popen(words(records, out), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as first:
        until = time.monotonic() + 200
        while not (out / ".lock").exists():
            assert first.poll() is None
            assert time.monotonic() < until
            time.sleep(0.005)
        first.send_signal(signal.SIGSTOP)  # so that it cannot be done before the second begins
        second = run(records, out)
        first.send_signal(signal.SIGCONT)
        first.communicate(timeout=250)
    assert (first.returncode, second.returncode) == (0, 4)
    assert f"process {first.pid} on " in second.stderr
    assert versions(out) == undisturbed
