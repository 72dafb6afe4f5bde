from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from pipeline.cli.main import main
from pipeline.shipped import shipped

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a process is stopped by a signal here")
SAMPLES = shipped("samples")


@pytest.fixture
def inbox(service_folder):
    folder = service_folder / "inbox"
    folder.mkdir()
    return folder


@contextmanager
def watching(inbox, out, *more):
    words = [sys.executable, "-m", "pipeline.cli.main", "watch", inbox, "--out", out, "--settle", "0.3", *more]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def wait_for(path, process):
    until = time.monotonic() + 120
    while not path.exists():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.05)


def put(inbox, name):
    shutil.copy(SAMPLES / name, inbox / "coming.part")
    (inbox / "coming.part").rename(inbox / name)


@pytest.mark.parametrize("more", [(), ("--poll",)], ids=["told", "polling"])
def test_good_records_go_to_done_bad_ones_to_failed_and_the_watch_goes_on(inbox, out, more):
    with watching(inbox, out, *more) as process:
        (inbox / "bad.json").write_text("{", encoding="utf-8")
        wait_for(inbox / "failed" / "bad.json", process)
        put(inbox, "NR-0421.json")
        wait_for(inbox / "done" / "NR-0421.json", process)
    assert process.returncode == 130
    assert json.loads((inbox / "failed" / "bad.report.json").read_text(encoding="utf-8"))["state"] == "failed"
    assert json.loads((inbox / "done" / "NR-0421.report.json").read_text(encoding="utf-8"))["ref"] == "NR-0421"
    assert sorted(path.name for path in inbox.iterdir()) == ["done", "failed"]


def test_copies_are_made_of_what_is_put_there_before_and_after_the_start(inbox, out):
    put(inbox, "NR-0420.json")
    with watching(inbox, out, "--jobs", "1") as process:
        wait_for(inbox / "done" / "NR-0420.report.json", process)
    made = {path.parent.name for path in (out / "NR-0420" / "v1").rglob("*.pdf")}
    assert made == {"harmed-1", "responsible-1", "service"}


def test_what_is_no_whole_file_of_its_own_is_left_alone(inbox, out, tmp_path):
    shutil.copy(SAMPLES / "NR-0420.json", tmp_path / "elsewhere.json")
    (inbox / "link.json").symlink_to(tmp_path / "elsewhere.json")
    for name in (".hidden.json", "~$open.json", "half.tmp.json", "notes.txt", "manifest.json", "whole.json.part"):
        (inbox / name).write_text("{", encoding="utf-8")
    before = {path.name for path in inbox.iterdir()}
    with watching(inbox, out) as process:
        put(inbox, "NR-0421.json")
        wait_for(inbox / "done" / "NR-0421.json", process)
    assert {path.name for path in inbox.iterdir()} == before | {"done"}


def test_a_file_that_still_grows_is_not_read(inbox, out):
    with watching(inbox, out, "--settle", "1") as process, (inbox / "slow.json").open("w", encoding="utf-8") as file:
        for part in ("{", " ", " ", " "):
            file.write(part)
            file.flush()
            time.sleep(0.5)
            assert (inbox / "slow.json").exists()
        file.write((SAMPLES / "NR-0421.json").read_text(encoding="utf-8").lstrip()[1:])
        file.close()
        wait_for(inbox / "done" / "slow.json", process)


def test_a_record_of_the_same_name_takes_the_place_of_none(inbox, out):
    with watching(inbox, out) as process:
        for name in ("NR-0421.json", "NR-0421-2.json"):
            put(inbox, "NR-0421.json")
            wait_for(inbox / "done" / name, process)
    assert (inbox / "done" / "NR-0421-2.report.json").exists()


@pytest.mark.parametrize("out", ["inbox/output", "inbox", "."])
def test_an_output_within_the_watched_folder_or_around_it_is_refused(inbox, out, capsys):
    assert main(["watch", str(inbox), "--out", str(inbox.parent / out)]) == 4
    assert "Give two folders beside each other" in capsys.readouterr().err
