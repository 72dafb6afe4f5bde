from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_report_json_and_exit_code_tell_what_was_planted():
    words = [sys.executable, Path(__file__).with_name("mixed_batch.py"), "300", "--few-copies"]
    run = subprocess.run(words, capture_output=True, text=True, check=False, timeout=280)
    assert run.returncode == 0, run.stdout + run.stderr
