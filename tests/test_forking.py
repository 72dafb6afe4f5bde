"""What a second core does: the same result, whatever becomes of its process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ALONE = """
import os, signal, sys, time
from pipeline.forking import beside
{work}
with beside(work) as result:
    print(result())
"""


def told(work):
    """Run this in a process of its own, which has one thread, and return what it prints."""
    program = ALONE.format(work=work)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    return run.stdout.strip() or run.stderr.strip().splitlines()[-1]


def test_the_result_is_that_of_the_work():
    assert told("def work(): return ['one', 2]") == "['one', 2]"


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) == 1, reason="one core alone")
def test_the_work_is_done_in_another_process():
    assert told("here = os.getpid()\ndef work(): return os.getpid() != here") == "True"


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(0)", "raise OSError", "sys.exit(1)"])
def test_where_that_process_ends_early_the_work_is_done_here(end):
    assert told(f"here = os.getpid()\ndef work():\n  if os.getpid() != here: {end}\n  return 'done'") == "done"


@pytest.mark.skipif(sys.platform != "linux", reason="it never forks elsewhere")
def test_without_files_left_the_work_is_done_here():
    limit = (
        "import resource\nfrom pipeline.forking import share_out\nresource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))"
    )
    assert told(f"{limit}\ndef work(): return share_out(lambda nth: nth * 2, 3, cores=2)") == "[0, 2, 4]"


def test_an_error_of_the_work_is_that_of_whoever_waits_for_it():
    assert told("def work(): raise ValueError('no such thing')") == "ValueError: no such thing"


def test_a_process_with_several_threads_does_the_work_itself():
    work = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\nhere = os.getpid()"
    assert told(f"{work}\ndef work(): return os.getpid() == here") == "True"


@pytest.mark.skipif(sys.platform != "linux", reason="it never forks elsewhere")
def test_nothing_is_left_of_the_process():
    assert "ChildProcessError" in _after("with beside(int) as result: result()")


@pytest.mark.skipif(sys.platform != "linux", reason="it never forks elsewhere")
def test_nobody_waits_for_work_whose_result_is_not_wanted():
    assert "ChildProcessError" in _after("with beside(lambda: time.sleep(600)): pass")


@pytest.mark.skipif(sys.platform != "linux", reason="it never forks elsewhere")
def test_a_file_that_is_open_here_is_not_held_open_there():
    opened = "lock = open(os.devnull)\ndef work(): return os.path.exists(f'/proc/self/fd/{lock.fileno()}')"
    assert told(f"{opened}\nassert work()") == "False"


def _after(work):
    """Return what is said after this when the process waits for any child there might be."""
    program = f"import os, time\nfrom pipeline.forking import beside\n{work}\nos.waitpid(-1, os.WNOHANG)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    return run.stderr
