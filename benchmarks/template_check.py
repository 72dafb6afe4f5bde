"""How long `agreements template check standard` takes from start to end: the limit is 2 s on a quiet machine."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

RUNS = 7
COMMAND = [sys.executable, "-m", "pipeline.cli.main", "template", "check", "standard"]


def main() -> None:
    """Print wall clock and processor time of each run, and the median."""
    walls, cores = [], []
    for _ in range(RUNS):
        before, started = os.times(), time.perf_counter()
        subprocess.run(COMMAND, check=True, capture_output=True)
        after = os.times()
        walls.append(time.perf_counter() - started)
        cores.append(
            after.children_user + after.children_system - before.children_user - before.children_system,
        )
    print(f"load {os.getloadavg()[0]:.1f}, {RUNS} runs")
    print(f"wall       median {statistics.median(walls):.2f} s, least {min(walls):.2f} s")
    print(f"processor  median {statistics.median(cores):.2f} s, least {min(cores):.2f} s")


if __name__ == "__main__":
    main()
