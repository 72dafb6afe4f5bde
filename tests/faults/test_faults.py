from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).with_name("run.py")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process")


@pytest.mark.parametrize(
    ("task", "bounds"),
    [
        ("archive-add", ("--most", "2", "--kills", "3")),
        ("archive-dispose", ("--most", "3", "--kills", "3")),
        ("record", ("--most", "4", "--kills", "10")),
        ("generate", ("--most", "1", "--calls", "fsync", "rename", "--kills", "2", "--workers")),
        ("generate-one", ("--most", "1", "--calls", "write", "fsync", "rename", "open")),
        ("sign", ("--most", "1", "--calls", "write", "fsync", "rename", "open")),
        ("seal", ("--most", "1", "--calls", "write", "fsync", "rename", "open")),
    ],
)
def test_after_a_fault_or_a_kill_the_state_is_old_or_new_and_a_rerun_completes(task, bounds):
    run = subprocess.run([sys.executable, str(RUN), task, *bounds], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_task_that_is_not_safe_is_found_out(tmp_path):
    program = f"""
import sys
sys.path.insert(0, {str(RUN.parent)!r})
from pathlib import Path
from harness import Fault, calls_of, in_child, survives

class Careless:
    name = "careless"
    def prepare(self, folder): folder.mkdir(); (folder / "file").write_text("old")
    def act(self, folder): (folder / "file").write_text("new and longer"); return 0
    def left(self, folder):
        return [] if (folder / "file").read_text() in ("old", "new and longer") else ["neither old nor new"]
    done = left

task, before, work = Careless(), Path({str(tmp_path)!r}, "before"), Path({str(tmp_path)!r}, "work")
task.prepare(before)
assert calls_of(task, before, work)["write"] == 1
print(*survives(task, before, work, Fault("write", 1, "kill")))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "careless, kill at write 1: left: neither old nor new"
