from __future__ import annotations

import json

import pytest

from pipeline.copies.model import Reader, SignaturePlace
from pipeline.copies.plan import copies_not_made, plan_copies
from pipeline.errors import RecordError


def by_reader(copies):
    return {copy.stem: copy for copy in copies}


def with_two_sheets(record):
    """Two people harmed who must not know of each other, one person responsible."""
    record["participants"].insert(
        1,
        {"id": "harmed-2", "role": "harmed", "side": "harmed", "display_name": "Rosalind", "withheld": ["Fennimore"],
         "no_contact": {"applies": False}},
    )  # fmt: skip
    for entry in record["sharing"]:
        if entry["what"] in {"background", "admission"}:
            entry["agreed_by"].append("harmed-2")
    everybody_else = ["responsible-1", "parent-1", "outside-1", "referrer-1"]
    record["sheets"] = [
        {"people": ["harmed-1", "supporter-1", "interpreter-1", *everybody_else]},
        {"people": ["harmed-2", *everybody_else]},
    ]
    for item in record["items"]:
        item["scope"] = ["harmed-1", "responsible-1"]
    record["items"][0]["scope"] = "all"
    record["items"].append(
        {"id": "d", "kind": "statement", "text": "Callum said he is sorry.", "speaker": "responsible-1",
         "scope": ["harmed-2", "responsible-1"]}
    )  # fmt: skip
    return record


def test_file_names_hold_reference_version_and_reader_id(record, load, service):
    assert plan_copies(load(record), service)[0].stem == "NR-0900-v2-harmed-1"


def test_a_reader_of_two_sheets_gets_files_numbered_among_their_own_sheets(record, load, service):
    copies = plan_copies(load(with_two_sheets(record)), service)
    assert [copy.stem for copy in copies if copy.reader_id == "responsible-1"] == [
        "NR-0900-v2-responsible-1",
        "NR-0900-v2-responsible-1-sheet-2",
    ]


def test_a_reader_of_one_sheet_gets_no_sheet_number_even_if_it_is_the_second(record, load, service):
    copies = plan_copies(load(with_two_sheets(record)), service)
    assert [copy.stem for copy in copies if copy.reader_id == "harmed-2"] == ["NR-0900-v2-harmed-2"]


def test_nothing_in_a_sheet_names_the_people_of_another(record, load, service):
    copies = by_reader(plan_copies(load(with_two_sheets(record)), service))
    assert "Rosalind" not in json.dumps(copies["NR-0900-v2-harmed-1"].context, ensure_ascii=False)


def test_the_name_of_somebody_on_another_sheet_is_searched_for(record, load, service):
    copies = by_reader(plan_copies(load(with_two_sheets(record)), service))
    assert "Leila" in copies["NR-0900-v2-harmed-2"].withheld.names


def test_printed_numbers_run_without_a_gap_on_every_sheet(record, load, service):
    copies = by_reader(plan_copies(load(with_two_sheets(record)), service))
    assert [item["number"] for item in copies["NR-0900-v2-harmed-2"].context["items"]] == [1, 2]


def test_every_copy_of_a_sheet_has_the_same_code(record, load, service):
    assert len({copy.code for copy in plan_copies(load(record), service)}) == 1


def test_each_sheet_has_a_code_of_its_own(record, load, service):
    assert len({copy.code for copy in plan_copies(load(with_two_sheets(record)), service)}) == 2


def test_the_agreed_words_are_the_same_in_every_copy(record, load, service):
    texts = [copy.agreed_texts for copy in plan_copies(load(record), service) if copy.reader not in
             {Reader.OUTSIDE, Reader.REFERRER}]  # fmt: skip
    assert set(texts) == {tuple(item["text"] for item in record["items"])}


def test_an_outside_reader_sees_one_row_with_the_number_one(record, load, service):
    record["items"].reverse()
    copy = by_reader(plan_copies(load(record), service))["NR-0900-v2-outside-1"]
    assert [item["number"] for item in copy.context["items"]] == [1]


def test_an_outside_person_who_has_not_said_yes_gets_no_copy(record, load, service):
    record["items"][0]["consents"][0]["answer"] = "not_yet"
    agreement = load(record)
    assert (
        "NR-0900-v2-outside-1" not in by_reader(plan_copies(agreement, service)),
        copies_not_made(agreement),
    ) == (True, ("outside-1: no copy, because no yes of this person is recorded under consents",))


def test_a_referrer_without_a_consented_item_gets_no_copy(record, load, service):
    record["sharing"] = []
    assert "NR-0900-v2-referrer-1" not in by_reader(plan_copies(load(record), service))


def test_a_supporter_without_consent_is_a_role_without_a_name_for_the_person_responsible(record, load, service):
    record["sharing"] = []
    copy = by_reader(plan_copies(load(record), service))["NR-0900-v2-responsible-1"]
    assert [(person["display_name"], person["label"]) for person in copy.context["signatories"]] == [
        ("Leila", "person harmed"),
        ("Callum", "person responsible"),
        (None, "supporter"),
        (None, "parent or guardian"),
        ("Dee", "facilitator"),
    ]


def test_everybody_who_signs_has_a_place_of_their_own(record, load, service):
    copy = plan_copies(load(record), service)[0]
    assert copy.places == tuple(
        SignaturePlace(f"Signature {number}", person)
        for number, person in enumerate(
            ["harmed-1", "responsible-1", "supporter-1", "parent-1", "facilitator-1"], start=1
        )
    )


def test_an_outside_copy_has_no_signature_place(record, load, service):
    assert by_reader(plan_copies(load(record), service))["NR-0900-v2-outside-1"].places == ()


def test_the_notice_is_the_same_in_every_copy(record, load, service):
    assert {copy.context["notice"] for copy in plan_copies(load(record), service)} == {
        "Some details are held by the service and are not printed on any copy."
    }


def test_without_read_back_every_copy_is_a_draft(record, load, service):
    del record["read_back"]
    assert {copy.context["draft"] for copy in plan_copies(load(record), service)} == {True}


def test_a_copy_asked_for_in_another_language_says_so(record, load, service):
    assert plan_copies(load(record), service)[0].notes[0] == (
        "harmed-1: asked for ar; made in en, as agreed: agreements.toml does not list ar under languages"
    )


@pytest.mark.parametrize("pointer", ["/items/0/text", "/closing_words", "/items/0/how_checked"])
def test_a_withheld_word_in_a_printed_text_is_refused_at_its_place(pointer, record, load, service):
    target = record
    *steps, last = [int(step) if step.isdigit() else step for step in pointer[1:].split("/")]
    for step in steps:
        target = target[step]
    target[last] = "Ask Mrs qorvath lune about it."
    with pytest.raises(RecordError) as refused:
        plan_copies(load(record), service)
    assert [problem.where for problem in refused.value.problems] == [pointer]


def test_the_refusal_does_not_repeat_the_withheld_word(record, load, service):
    record["closing_words"] = "Goodbye, Qorvath-Lune."
    with pytest.raises(RecordError) as refused:
        plan_copies(load(record), service)
    assert "qorvath" not in str(refused.value.problems).lower()


@pytest.mark.parametrize("outcome", ["none_wanted", "none_reached", "adjourned"])
def test_an_outcome_without_an_agreement_has_no_copies(outcome, record, load, service):
    record["outcome"] = outcome
    for name in ("items", "payments", "attachments", "sharing"):
        del record[name]
    assert plan_copies(load(record), service) == ()


def test_an_interpreter_stands_on_the_certificate_page_alone(record, load, service):
    context = by_reader(plan_copies(load(record), service))["NR-0900-v2-service"].context
    assert (
        [person["display_name"] for person in context["certificates"]],
        "Nadia" in {person["display_name"] for person in context["participants"]},
    ) == (["Nadia"], False)
