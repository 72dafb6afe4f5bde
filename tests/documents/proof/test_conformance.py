"""The verdict on a PDF, without outside programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.documents.proof.conformance import failures

EXAMPLES = Path(__file__).resolve().parents[2] / "verapdf"


def test_the_known_good_file_keeps_both_profiles():
    assert failures((EXAMPLES / "known-pass.pdf").read_bytes(), ["2a", "ua1"]) == ()


def test_the_known_bad_file_fails_with_the_rule_that_it_breaks():
    (failure,) = failures((EXAMPLES / "known-fail.pdf").read_bytes(), ["2a"])
    assert failure.startswith("PDF/A-2a: ")
    assert ".notdef" in failure


def test_a_failure_never_repeats_the_text_of_the_document():
    assert "Callum" not in " ".join(failures((EXAMPLES / "known-fail.pdf").read_bytes(), ["2a", "ua1"]))


def test_a_file_that_is_not_a_pdf_fails_each_profile():
    assert failures(b"not a PDF", ["2a", "ua1"]) == (
        "PDF/A-2a: the file could not be read (ParseError)",
        "PDF/UA-1: the file could not be read (ParseError)",
    )


def test_an_unknown_profile_is_a_bug_and_not_a_pass():
    with pytest.raises(ValueError, match="9z"):
        failures((EXAMPLES / "known-pass.pdf").read_bytes(), ["9z"])


def test_a_stream_that_ends_in_a_carriage_return_is_no_fault():
    assert failures((EXAMPLES / "stream-ending-in-cr.pdf").read_bytes(), ["2a", "ua1"]) == ()


def test_a_stream_with_a_wrong_length_is_a_fault():
    pdf = (EXAMPLES / "stream-ending-in-cr.pdf").read_bytes()
    assert "STREAM-LENGTH-001" in " ".join(failures(pdf.replace(b"/Length 82", b"/Length 83"), ["2a"]))


def test_two_streams_that_end_in_a_carriage_return_are_no_fault():
    assert failures((EXAMPLES / "two-streams-ending-in-cr.pdf").read_bytes(), ["2a", "ua1"]) == ()
