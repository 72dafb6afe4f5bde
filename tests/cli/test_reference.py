from __future__ import annotations

import subprocess
import sys

from pipeline.shipped import shipped

DOCS = shipped("schemas").parent / "docs"


def test_the_reference_pages_are_what_the_program_says():
    run = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"], capture_output=True, text=True, check=False, timeout=120
    )
    assert (run.returncode, run.stderr) == (0, "")
