from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.copies.plan import plan_copies
from pipeline.errors import RecordError
from pipeline.records.load import load_record
from pipeline.service.load import load_service
from pipeline.shipped import shipped
from pipeline.signing.record import check_against, load_signing_record, shared_pages_possible

SAMPLES = shipped("samples")
SIGNED = sorted((SAMPLES / "signatures").glob("*/signing.json"))
CASES = Path(__file__).resolve().parents[1] / "cases" / "signing"
BAD = sorted(path for path in CASES.glob("*.json") if not path.name.endswith(".expected.json"))

each_sample = pytest.mark.parametrize("path", SIGNED, ids=lambda path: path.parent.name)


@pytest.fixture(scope="module")
def service():
    return load_service(SAMPLES / "agreements.toml")


@pytest.fixture
def of_record(service):
    """A function that gives the agreement in a sample and its copies."""

    def load(name):
        agreement = load_record(SAMPLES / f"{name}.json", extra_fields=service.extra_fields)
        return agreement, plan_copies(agreement, service)

    return load


@pytest.fixture
def changed(tmp_path, of_record):
    """A function that changes a sample's signing record and gives the problems of holding it against its agreement."""

    def problems_of(name, how):
        value = json.loads((SAMPLES / "signatures" / name / "signing.json").read_text(encoding="utf-8"))
        how(value["signatures"])
        path = tmp_path / "signing.json"
        path.write_text(json.dumps(value, indent=2), encoding="utf-8")
        try:
            check_against(load_signing_record(path), *of_record(name))
        except RecordError as error:
            return [(problem.where, problem.what) for problem in error.problems]
        return []

    return problems_of


def test_there_are_at_least_thirty_bad_signing_records():
    assert len(BAD) >= 30


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_signing_record_gives_its_exact_messages(path):
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text(encoding="utf-8"))
    with pytest.raises(RecordError) as caught:
        load_signing_record(path)
    found = [
        {name: getattr(problem, name) for name in ("where", "line", "column", "what", "do")}
        for problem in caught.value.problems
    ]
    assert found == expected["problems"]


def test_the_samples_show_every_method_and_both_pages():
    signatures = [each for path in SIGNED for each in load_signing_record(path).signatures]
    assert len(SIGNED) >= 8
    assert {each.method for each in signatures} == {
        *("pen", "drawn", "mark", "typed", "spoken_yes", "bsl_yes"),
        *("declined", "unable", "not_asked"),
    }
    assert {each.page for each in signatures if each.image} == {"own", "shared"}


@each_sample
def test_the_codes_of_a_sample_still_fit_its_agreement(path, service):
    record = load_signing_record(path)
    stem = record.ref if record.version == 1 else f"{record.ref}-v{record.version}"
    agreement = load_record(SAMPLES / f"{stem}.json", extra_fields=service.extra_fields)
    check_against(record, agreement, plan_copies(agreement, service))


@each_sample
def test_every_picture_beside_a_sample_is_used_and_there(path):
    named = {each.image for each in load_signing_record(path).signatures if each.image}
    assert {file.name for file in path.parent.iterdir()} == named | {"signing.json"}


def test_an_id_that_nobody_has_is_refused(changed):
    found = changed("NR-0412", lambda all_of_them: all_of_them[0].update(participant="harmed-9"))
    assert found == [("/signatures/0/participant", "Nobody with this id signs this agreement.")]


def test_somebody_who_does_not_sign_is_refused(changed):
    found = changed("NR-0412", lambda all_of_them: all_of_them[0].update(participant="outside-1"))
    assert found == [("/signatures/0/participant", "Nobody with this id signs this agreement.")]


def test_the_code_of_another_agreement_is_refused(changed):
    found = changed("NR-0412", lambda all_of_them: all_of_them[1].update(code="RYNN-HQMH-7GCV"))
    assert found == [("/signatures/1/code", "This is not the code of the page that this person was given.")]


def test_the_code_of_a_sheet_on_which_a_person_has_no_place_is_refused(changed):
    found = changed("NR-0455", lambda all_of_them: all_of_them[0].update(code="74G7-MKJG-DGQK"))
    assert found == [("/signatures/0/code", "This is not the code of the page that this person was given.")]


def test_a_witness_whom_the_record_does_not_have_is_refused(changed):
    found = changed("NR-0420", lambda all_of_them: all_of_them[0].update(witness="observer-1"))
    assert found == [("/signatures/0/witness", "The record has nobody with this id.")]


def test_nobody_signs_before_the_meeting(changed):
    found = changed("NR-0455", lambda all_of_them: all_of_them[0].update(on="2026-11-02"))
    assert found == [("/signatures/0/on", "The day of signing is before the meeting.")]


def test_nobody_signs_before_the_text_was_read_aloud(changed):
    found = changed("NR-0455", lambda all_of_them: all_of_them[0].update(on="2026-11-16"))
    assert found == [
        ("/signatures/0/on", "The day of signing is before the day on which the whole text was read aloud.")
    ]


@pytest.mark.parametrize("name", ["NR-0420", "NR-0455", "NR-0470"])
def test_a_shared_page_is_refused_in_a_shuttle_process(changed, name):
    found = changed(name, lambda all_of_them: all_of_them[-1].update(page="shared", shared_page_chosen_on="2026-11-11"))
    assert [where.rpartition("/")[2] for where, _ in found] == ["page"]


def test_a_shared_page_is_refused_where_contact_is_ruled_out(changed):
    found = changed(
        "NR-0460", lambda all_of_them: all_of_them[2].update(page="shared", shared_page_chosen_on="2026-11-19")
    )
    what = "A shared page is not possible where people did not meet, or where contact is ruled out."
    assert found == [("/signatures/2/page", what)]


@pytest.mark.parametrize(("name", "possible"), [("NR-0412", True), ("NR-0420", False), ("NR-0460", False)])
def test_a_shared_page_is_possible_only_where_people_met_and_contact_is_not_ruled_out(of_record, name, possible):
    assert shared_pages_possible(of_record(name)[0]) is possible


def test_a_parent_never_signs_as_the_child(changed):
    found = changed("SC-0097", lambda all_of_them: all_of_them[1].update(capacity="self"))
    assert found == [
        ("/signatures/1/capacity", "A parent or an appropriate adult supports; nobody signs in a child's place.")
    ]


def test_a_problem_with_the_agreement_has_its_line(tmp_path, of_record):
    value = json.loads((SAMPLES / "signatures/NR-0412/signing.json").read_text(encoding="utf-8"))
    value["signatures"][0]["code"] = "RYNN-HQMH-7GCV"
    path = tmp_path / "signing.json"
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        check_against(load_signing_record(path), *of_record("NR-0412"))
    [problem] = caught.value.problems
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "RYNN-HQMH-7GCV" in lines[problem.line - 1]
