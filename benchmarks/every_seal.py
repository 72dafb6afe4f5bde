"""Every sample that somebody signed, sealed, and judged by veraPDF, poppler, pyHanko, qpdf, pdfium and `verify`.

Run: python benchmarks/every_seal.py

A few of them run with the tests (tests/signing/test_every_sealed_sample.py). Needs poppler's `pdfsig`, and what
tests/verapdf/run.py needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests" / "signing" / "test_every_sealed_sample.py"


def main() -> int:
    """Make, sign, seal and judge them all; 1 when one is not passed."""
    command = [sys.executable, "-m", "pytest", "-q", "--numprocesses", "0", str(TESTS)]
    wanted = os.environ | {"AGREEMENTS_EVERY_SEAL": "1", "AGREEMENTS_REQUIRE_OUTSIDE_PROGRAMS": "1"}
    return subprocess.run(command, check=False, env=wanted).returncode


if __name__ == "__main__":
    sys.exit(main())
