from __future__ import annotations

import pytest

from pipeline.batch.model import CopyMade, Finding, Result, State, Tally, exit_code_of_checking, exit_code_of_making
from pipeline.batch.report import record_report, report
from pipeline.errors import ExitCode, Problem
from pipeline.validation.check import problems

COPY = CopyMade("harmed-1", "harmed", "en", ("NR-0412/v1/harmed-1/NR-0412-v1-harmed-1.pdf",), ("a note",))


def finding(severity, *, accepted=False):
    return Finding("some-rule", severity, "/items/0", 3, 5, "a", "what", "better", accepted=accepted)


MADE = Result("a.json", State.MADE, "NR-0412", 1, (COPY,), (), (finding("note"),), ("a sentence",))
FAILED = Result("b.json", State.FAILED, problems=(Problem("what", "do", "/ref", 2, 3),), trace="File secret")
BOTH = Tally.of([MADE, FAILED])


def test_the_report_keeps_its_own_schema():
    assert (
        problems(
            report("generate", BOTH, exit_code=ExitCode.SOME_FAILED, records=map(record_report, (MADE, FAILED))),
            "report",
        )
        == []
    )


def test_the_report_of_a_faulty_set_up_keeps_the_schema():
    document = report("check", Tally(), exit_code=ExitCode.SETUP, problems=[Problem("what", "do")])
    assert problems(document, "report") == []


def test_records_are_counted_by_state():
    assert report("generate", BOTH, exit_code=ExitCode.OK)["counts"] == {"made": 1, "failed": 1}


def test_a_trace_never_reaches_the_report():
    assert "secret" not in str(record_report(FAILED))


def test_making_is_all_right_when_every_record_is_done():
    states = [State.MADE, State.UP_TO_DATE, State.NO_AGREEMENT, State.SIGNED, State.NEW, State.CHANGED]
    assert exit_code_of_making(Tally.of([Result("x", state) for state in states])) is ExitCode.OK


def test_one_failure_among_others_is_1_and_failures_alone_are_3():
    assert exit_code_of_making(Tally.of([MADE, FAILED])) is ExitCode.SOME_FAILED
    assert exit_code_of_making(Tally.of([FAILED, Result("c", State.REFUSED)])) is ExitCode.ALL_FAILED


@pytest.mark.parametrize(("severity", "code"), [("note", ExitCode.OK), ("warning", ExitCode.SOME_FAILED)])
def test_a_note_is_no_finding_and_a_warning_is_one(severity, code):
    checked = Result("x", State.CHECKED, advice=(finding(severity),))
    assert exit_code_of_checking(Tally.of([checked])) is code


def test_an_accepted_stop_is_no_finding():
    checked = Result("x", State.CHECKED, advice=(finding("stop", accepted=True),))
    assert exit_code_of_checking(Tally.of([checked])) is ExitCode.OK


def test_checking_records_that_all_have_problems_is_3():
    assert exit_code_of_checking(Tally.of([FAILED])) is ExitCode.ALL_FAILED
