"""How long `agreements template check` takes from start to end, for one Word file and for the folder.

The limit of 2 s on a quiet machine is for the template of one language.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

RUNS = 7
COMMAND = [sys.executable, "-m", "pipeline.cli.main", "template", "check"]
CHECKED = ("templates/standard/standard.en.docx", "templates/standard")


def main() -> None:
    """Measure both."""
    for checked in CHECKED:
        measure(checked)


def measure(checked: str) -> None:
    """Print the median and the least of wall clock and processor time; start it where `templates` lies."""
    walls, cores = [], []
    for _ in range(RUNS):
        before, started = os.times(), time.perf_counter()
        subprocess.run([*COMMAND, checked], check=True, capture_output=True)
        after = os.times()
        walls.append(time.perf_counter() - started)
        cores.append(
            after.children_user + after.children_system - before.children_user - before.children_system,
        )
    print(f"{checked}: load {os.getloadavg()[0]:.1f}, {RUNS} runs")
    print(f"wall       median {statistics.median(walls):.2f} s, least {min(walls):.2f} s")
    print(f"processor  median {statistics.median(cores):.2f} s, least {min(cores):.2f} s")


if __name__ == "__main__":
    main()
