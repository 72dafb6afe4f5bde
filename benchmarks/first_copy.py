"""Time what a person waits for: `agreements --help`, and the first copy on disk.

Run: python benchmarks/first_copy.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = Path(sys.executable).with_name("agreements")
RUNS = 7


def seconds_for_help() -> float:
    """Return the wall-clock seconds of `agreements --help`."""
    start = time.perf_counter()
    subprocess.run([COMMAND, "--help"], check=True, capture_output=True)
    return time.perf_counter() - start


def seconds_for_an_empty_python() -> float:
    """Return the wall-clock seconds of a Python that does nothing, to compare with."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True, capture_output=True)
    return time.perf_counter() - start


def seconds_to_the_first_copy() -> float:
    """Return the wall-clock seconds from the command to the first published PDF."""
    with tempfile.TemporaryDirectory() as folder:
        command = [COMMAND, "generate", ROOT / "samples", "--out", folder]
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while not any(Path(folder).glob("*/v*/*/*.pdf")):
                if process.poll() is not None:
                    raise RuntimeError("the command ended without a copy")
                time.sleep(0.005)
            elapsed = time.perf_counter() - start
            process.wait()
    return elapsed


def main() -> None:
    """Print the median of each over several runs, and its ratio to an empty Python."""
    empty = statistics.median(seconds_for_an_empty_python() for _ in range(RUNS))
    for name, measure in (("agreements --help", seconds_for_help), ("first copy on disk", seconds_to_the_first_copy)):
        median = statistics.median(measure() for _ in range(RUNS))
        print(f"{name:20} {median:6.2f} s   {median / empty:6.1f} times an empty Python")


if __name__ == "__main__":
    main()
