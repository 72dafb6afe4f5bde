"""Time what a person waits for: `agreements --help`, and the first copy on disk.

Run on a quiet machine: python benchmarks/first_copy.py

Beside the wall clock stands the processor time of the whole command, which other work on the machine hardly moves.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
COMMAND = Path(sys.executable).with_name("agreements")
RUNS = 7
# As for anybody who installed it: modules are compiled once and kept, which a setting of the shell can forbid.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Times:
    """What one command took, in seconds."""

    wall: float
    processor: float


def an_empty_python() -> Times:
    """Time a Python that does nothing, to compare with."""
    return _times([sys.executable, "-c", "pass"])


def the_help() -> Times:
    """Time `agreements --help`."""
    return _times([COMMAND, "--help"])


def the_first_copy() -> Times:
    """Time from the command to the first published PDF; the processor time is that of a run with this record alone."""
    with tempfile.TemporaryDirectory() as folder:
        command = [COMMAND, "generate", ROOT / "samples", "--out", folder]
        start = time.perf_counter()
        with subprocess.Popen(
            command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            while not any(Path(folder).glob("[!.]*/v*/*/*.pdf")):
                if process.poll() is not None:
                    raise RuntimeError("the command ended without a copy")
                time.sleep(0.005)
            wall = time.perf_counter() - start
            process.terminate()  # the other records do not matter here
            process.wait()
    with tempfile.TemporaryDirectory() as folder:
        first = min((ROOT / "samples").glob("*.json"))
        return Times(wall, _times([COMMAND, "generate", first, "--out", folder]).processor)


def _times(command: list[str | Path]) -> Times:
    before, start = os.times(), time.perf_counter()
    subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True)
    wall, after = time.perf_counter() - start, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return Times(wall, spent)


def main() -> None:
    """Print the median of each over several runs, the least of them, and the ratio to an empty Python."""
    empty = _measured(an_empty_python)
    print(f"{'seconds':20} {'wall':>6} {'least':>6} {'ratio':>6}   {'cpu':>6} {'least':>6} {'ratio':>6}")
    for name, times in (
        ("an empty Python", empty),
        ("agreements --help", _measured(the_help)),
        ("first copy on disk", _measured(the_first_copy)),
    ):
        wall = _column([each.wall for each in times], [each.wall for each in empty])
        print(f"{name:20} {wall}   {_column([each.processor for each in times], [each.processor for each in empty])}")


def _measured(measure: Callable[[], Times]) -> list[Times]:
    measure()  # the first run compiles modules and warms the disk's cache
    return [measure() for _ in range(RUNS)]


def _column(seconds: list[float], empty: list[float]) -> str:
    median = statistics.median(seconds)
    return f"{median:6.2f} {min(seconds):6.2f} {median / statistics.median(empty):6.1f}"


if __name__ == "__main__":
    main()
