from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.records.load import load_record
from pipeline.service.load import load_service
from pipeline.shipped import shipped
from pipeline.wording.advice import advise, stops

SAMPLES = shipped("samples")
DRAFT = Path(__file__).resolve().parent / "refused" / "NR-0470-draft.json"
EXTRA_FIELDS = load_service(SAMPLES / "agreements.toml").extra_fields


def rules_of(path: Path) -> set[tuple[str, str]]:
    return {(advice.rule, advice.where) for advice in advise(load_record(path, extra_fields=EXTRA_FIELDS))}


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.name)
def test_a_sample_loads_and_nothing_stops_it(path: Path) -> None:
    assert stops(advise(load_record(path, extra_fields=EXTRA_FIELDS))) == ()


def test_the_driving_case_is_asked_about_four_things() -> None:
    assert rules_of(SAMPLES / "NR-0412.json") == {
        ("event-without-fallback", "/items/1/when"),
        ("conflict-not-checked", "/items/2"),
        ("outside-consent-missing", "/items/3/beneficiary"),
        ("open-promise", "/retention"),
    }


def test_an_agreement_of_one_statement_is_asked_about_nothing() -> None:
    assert rules_of(SAMPLES / "NR-0420.json") == set()


def test_a_payment_on_new_years_day_and_a_mother_who_pays_get_a_note_and_nothing_else() -> None:
    assert rules_of(SAMPLES / "NR-0440.json") == {
        ("bank-holiday", "/payments/0/schedule/1/due"),
        ("paid-by-another", "/payments/0/payers/1/paid_by"),
    }


def test_the_corrected_record_of_the_safe_distance_is_asked_about_nothing() -> None:
    assert rules_of(SAMPLES / "NR-0470.json") == set()


def test_direct_contact_against_the_licence_stops_the_draft() -> None:
    (stop,) = stops(advise(load_record(DRAFT, extra_fields=EXTRA_FIELDS)))
    assert (stop.rule, stop.item) == ("no-contact", "b")


def test_the_draft_is_asked_about_the_places_it_gives_away_and_the_hope_it_holds() -> None:
    assert {
        ("reveals-place", "/items/0/text"),
        ("vague-task", "/items/2/text"),
        ("no-checker", "/items/2"),
        ("event-without-fallback", "/items/2/when"),
    } <= rules_of(DRAFT)
