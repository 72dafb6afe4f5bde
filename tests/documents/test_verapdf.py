"""VeraPDF, the arbiter, agrees with the verdicts that the program gives itself."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "verapdf"


def test_verapdf_passes_the_file_that_is_known_to_pass(verapdf):
    path = EXAMPLES / "known-pass.pdf"
    assert verapdf(path).splitlines() == [f"PASS 2a {path}", f"PASS ua1 {path}"]


def test_verapdf_fails_the_file_that_is_known_to_fail(verapdf):
    path = EXAMPLES / "known-fail.pdf"
    assert verapdf(path).startswith(f"FAIL 2a {path}\n    6.2.11.8-1: ")
