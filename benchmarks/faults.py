"""Everything that can fail, failing once: every write, fsync, rename, open, mkdir, unlink and statement of SQLite.

Run: python benchmarks/faults.py                        all of them; 100 SIGKILLs each
     python benchmarks/faults.py archive-add            one of them
     python benchmarks/faults.py --full-disk            besides, on disks of every size that is too small (root, Linux)

The bounded part runs with the tests (tests/faults). Needs a system that can fork.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).resolve().parent.parent / "tests" / "faults" / "run.py"
TASKS = ("generate", "generate-one", "sign", "seal", "archive-add", "archive-dispose", "record")


def main() -> int:
    """Run each task with every fault; 1 when something did not hold."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("tasks", nargs="*", choices=[*TASKS, []], default=TASKS)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--full-disk", action="store_true")
    given = asked.parse_args()
    more = ["--workers", *(["--full-disk"] if given.full_disk else [])]
    codes = [
        subprocess.run([sys.executable, RUN, task, "--kills", str(given.kills), *more], check=False).returncode
        for task in given.tasks
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
