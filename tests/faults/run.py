"""Strike a task at its calls, and print what does not hold.

python tests/faults/run.py archive-add                every call of every kind fails, then kills
python tests/faults/run.py archive-add --most 4       four of each, spread from the first to the last
python tests/faults/run.py archive-add --kills 100    so many SIGKILLs at random moments, besides
python tests/faults/run.py archive-add --full-disk    on disks of sizes that are too small, besides (root, Linux)
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import tasks
import tasks_follow_up
import tasks_generate
import tasks_signing
from harness import (
    CALLS,
    Fault,
    calls_of,
    fresh,
    full_disk_sizes,
    in_child,
    killed_at,
    moments,
    on_a_disk_of,
    spread,
    survives,
    worker_killed_at,
)

TASKS = tasks.TASKS | tasks_generate.TASKS | tasks_signing.TASKS | tasks_follow_up.TASKS


def main() -> int:
    """Run one task with every fault that is asked for; 1 when something does not hold."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("task", choices=TASKS)
    asked.add_argument("--most", type=int)
    asked.add_argument("--kills", type=int, default=0)
    asked.add_argument("--workers", action="store_true", help="every other SIGKILL goes to a process the task started")
    asked.add_argument("--full-disk", action="store_true")
    asked.add_argument("--calls", nargs="*", choices=CALLS, default=CALLS)
    given = asked.parse_args()
    task, found, struck = TASKS[given.task], [], 0
    with tempfile.TemporaryDirectory() as folder:
        before, work = Path(folder) / "before", Path(folder) / "work"
        in_child(lambda: task.prepare(before) or 0)
        calls = calls_of(task, before, work) | getattr(task, "of_workers", Counter())
        for call in given.calls:
            for kind in ("fail", "kill"):
                for nth in spread(calls[call], given.most):
                    found += survives(task, before, work, Fault(call, nth, kind))
                    struck += 1
            print(f"{task.name}: {struck} faults after every {call}, {len(found)} broken", file=sys.stderr)
        for nth, seconds in enumerate(moments(_seconds(task, before, work), given.kills)):
            strike = worker_killed_at if nth % 2 and given.workers else killed_at
            found += strike(task, before, work, seconds)
            struck += 1
        print(f"{task.name}: {struck} faults after every SIGKILL, {len(found)} broken", file=sys.stderr)
        if given.full_disk:
            for size in full_disk_sizes(before):
                found += on_a_disk_of(task, before, Path(folder) / "disk", size)
                struck += 1
    print(f"{task.name}: {struck} faults, {len(found)} broken; calls: {dict(calls)}")
    print(*found, sep="\n")
    return 1 if found else 0


def _seconds(task, before: Path, work: Path) -> float:
    fresh(before, work)
    start = time.perf_counter()
    in_child(lambda: task.act(work))
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
