"""What a schema says, in plain words."""

from __future__ import annotations

import time

import pytest

from pipeline.errors import SetupError
from pipeline.validation.check import faults, problems
from pipeline.validation.fault import Fault, pointer, shown_pointer
from pipeline.validation.schemas import compile_schema, load_schema
from pipeline.validation.words import faults_of

CANARY = "Zephyrine"


def _record(**changes):
    return {
        "schema_version": 1,
        "ref": "NR-0601",
        "version": 1,
        "pathway": "school",
        "process": "circle",
        "meeting_dates": ["2026-11-10"],
        "agreed_language": "en",
        "outcome": "none_wanted",
        "participants": [{"id": "harmed-1", "role": "harmed", "side": "harmed", "display_name": "Kit", "withheld": []}],
        "retention": {"basis": "policy", "start": "closed", "years": 3},
        **changes,
    }


def _item(**changes):
    return {"id": "a", "kind": "action", "text": "Ayo paints the shed.", **changes}


def test_a_fitting_record_has_no_problems():
    assert problems(_record(), "agreement") == []


def test_a_schema_that_does_not_exist_is_a_setup_error():
    with pytest.raises(SetupError):
        load_schema("no-such-schema")


def test_a_schema_is_read_once():
    assert load_schema("agreement") is load_schema("agreement")


@pytest.mark.parametrize("reference", ["http://example.org/x.json", "other.schema.json", "file:///etc/passwd"])
def test_a_schema_that_refers_elsewhere_is_refused(reference):
    with pytest.raises(SetupError):
        compile_schema({"properties": {"a": {"items": {"$ref": reference}}}})


def test_a_line_break_at_the_end_does_not_slip_through_a_pattern():
    assert [problem.where for problem in problems(_record(ref="NR-0601\n"), "agreement")] == ["/ref"]


def test_no_message_repeats_a_value():
    wrong = _record(
        ref=CANARY,
        version=CANARY,
        pathway=CANARY,
        meeting_dates=[CANARY, CANARY],
        sheets=CANARY,
        retention={"basis": CANARY * 40, "start": CANARY, "years": CANARY},
        items=[_item(when={"date": CANARY}), _item(when=CANARY), _item(scope=CANARY), _item(text=CANARY * 200)],
        **{f"{CANARY} Brightwell": 1},
    )
    found = problems(wrong, "agreement")
    assert len(found) >= 12
    assert not [problem for problem in found if CANARY in f"{problem.what} {problem.do} {problem.where}"]


def test_one_present_tag_shows_the_problems_of_that_form_only():
    found = problems(_record(items=[_item(when={"event": "", "latest": "2027-02-30"})]), "agreement")
    assert [problem.where for problem in found] == ["/items/0/when/event", "/items/0/when/latest"]


def test_two_tags_are_one_problem():
    found = problems(_record(items=[_item(when={"event": "", "if": ""})]), "agreement")
    assert [problem.what for problem in found] == ['"When" mixes several forms: event, if.']


def test_no_tag_is_one_problem():
    found = problems(_record(items=[_item(when={"day": ""})]), "agreement")
    assert [problem.where for problem in found] == ["/items/0/when"]


def test_a_misspelt_field_gets_the_nearest_name():
    found = problems(_record(outcom="none_wanted"), "agreement")
    assert [problem.do for problem in found] == ["Take it out, or look up the right name in the reference of fields."]
    record = _record(outcom="none_wanted")
    del record["outcome"]
    assert 'Take it out. Did you mean "outcome"?' in [problem.do for problem in problems(record, "agreement")]


def test_a_fault_of_a_name_is_told_from_a_fault_of_its_value():
    assert [fault.on_key for fault in faults(_record(note=1), "agreement")] == [True]
    assert [fault.on_key for fault in faults(_record(ref=1), "agreement")] == [False]


def test_a_pointer_escapes_what_the_standard_asks():
    assert pointer(("a/b", "c~d", 0)) == "/a~1b/c~0d/0"


def test_a_pointer_stops_before_a_key_that_may_be_a_name():
    assert shown_pointer(("participants", 0, "Ruth Ashdown", "x")) == "/participants/0"
    assert shown_pointer(("participants", 0, "display_name")) == "/participants/0/display_name"


@pytest.mark.parametrize(
    ("schema", "value", "what", "do"),
    [
        (
            {"title": "Hours", "multipleOf": 2},
            3,
            '"Hours" breaks the rule multipleOf of the schema.',
            "Look the field up",
        ),
        ({"title": "Address", "format": "email"}, "x", '"Address" is not written as it must be.', "Look the field up"),
        ({"title": "Code", "minLength": 4}, "x", '"Code" is too short.', "Write at least 4 characters."),
        (
            {"title": "Code", "pattern": "^[0-9]$", "examples": ["7"]},
            "x",
            '"Code" is not written as it must be.',
            'For example: "7"',
        ),
        (
            {"title": "Fields", "maxProperties": 1},
            {"a": 1, "b": 2},
            '"Fields" has too many entries.',
            "Write at most 1.",
        ),
        ({"title": "Share", "maximum": 9}, 10, '"Share" is too large.', "Write 9 or less."),
        ({"type": ["string", "null"]}, 1, "This has the wrong type.", "Write text, in double quotes or null."),
    ],
)
def test_each_rule_of_a_schema_has_plain_words(schema, value, what, do):
    (error,) = compile_schema(schema).iter_errors(value)
    (fault,) = faults_of(error)
    assert fault.what == what
    assert do in fault.do


def test_a_very_long_unknown_name_gets_no_suggestion():
    (fault,) = faults(_record(**{"x" * 100_000: 1}), "agreement")
    assert fault.do == "Take it out, or look up the right name in the reference of fields."


def test_a_fault_is_a_value():
    assert Fault(("a",), "what", "do") == Fault(("a",), "what", "do", on_key=False)


@pytest.mark.parametrize(
    "nasty",
    [
        "a" * 200_000,
        "a-" * 100_000,
        "a" + "-" * 200_000,
        "9" * 200_000,
        "A-" * 100_000,
        "0." * 100_000,
        "en-" * 70_000,
        "\n" * 200_000,
        "a" * 200_000 + "\n",
    ],
)
def test_no_pattern_can_be_made_slow(nasty):
    person = {"id": nasty, "role": nasty, "side": nasty, "display_name": nasty, "withheld": [nasty], "language": nasty}
    item = _item(
        id=nasty,
        text=nasty,
        owners=[nasty],
        when={"date": nasty, "time": nasty, "weekday": nasty},
        translations={nasty: {"text": nasty}},
    )
    payment = {"item": nasty, "total": nasty, "currency": nasty, "payers": [{"person": nasty, "share": nasty}]}
    record = _record(ref=nasty, agreed_language=nasty, participants=[person], items=[item], payments=[payment])
    before = time.perf_counter()
    assert problems(record, "agreement")
    assert time.perf_counter() - before < 1
