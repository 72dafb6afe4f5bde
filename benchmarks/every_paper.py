"""Every template in every language and format as LibreOffice makes it: proven, and judged by veraPDF.

Run: python benchmarks/every_paper.py [--keep FOLDER]       --keep leaves the PDFs there

A few of them run with the tests (tests/test_every_paper.py). Needs LibreOffice, and what tests/verapdf/run.py needs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests" / "test_every_paper.py"


def main() -> int:
    """Make and judge them all; 1 when one is not proven, or not passed."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--keep", metavar="FOLDER", help="an empty folder, or one that may be emptied")
    given = asked.parse_args()
    kept = ["--basetemp", given.keep] if given.keep else []
    # One process: the papers that were proven are the ones that veraPDF judges.
    command = [sys.executable, "-m", "pytest", "-q", "--numprocesses", "0", "-k", "libreoffice", *kept, str(TESTS)]
    wanted = os.environ | {"AGREEMENTS_EVERY_PAPER": "1", "AGREEMENTS_REQUIRE_OUTSIDE_PROGRAMS": "1"}
    return subprocess.run(command, check=False, env=wanted).returncode


if __name__ == "__main__":
    sys.exit(main())
