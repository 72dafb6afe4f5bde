"""The scenarios of docs/field.md: what a practitioner would be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pipeline.records.model import (
    ByEvent,
    Conditional,
    Consent,
    DoneAtMeeting,
    Instalment,
    Ongoing,
    Payer,
    Payment,
    Retention,
)
from pipeline.wording.advice import advise, stops


def above_notes(made):
    return {(one.item, one.rule) for one in advise(made) if one.severity != "note"}


@pytest.fixture
def the_road(make):
    people = (
        make.person("harmed-1", "Leila"),
        make.person("responsible-1", "Callum", in_custody=True),
        make.person("absent_beneficiary-1", "Danyal's mother", side="harmed", attended="not_present"),
        make.person("checker-1", "Jo", side="outside", attended="not_present"),
        make.person("facilitator-1", "Ana"),
    )
    yes_by_phone = Consent("checker-1", "yes")
    counsellor = make.item(
        "action",
        "Callum will go to the prison counsellor on Wednesday 11 November 2026 and five more times before release.",
        when=ByEvent("his release", latest=date(2027, 4, 30)),
        consents=(yes_by_phone,),
    )
    course = make.item(
        "action",
        "Callum will take a driver course of at least 6 hours within 3 months of his driving ban ending.",
        id="b",
        when=ByEvent("his driving ban ending", within="3 months"),
        consents=(yes_by_phone,),
    )
    grave = make.item(
        "action",
        "Leila will arrange one visit to the grave, through the service, after the licence is checked.",
        id="c",
        owners=("harmed-1",),
        checker="facilitator-1",
        when=ByEvent("the check of his licence", latest=date(2027, 10, 29)),
    )
    mother = make.item(
        "meeting_offer",
        "If Danyal's mother asks, Callum will meet her.",
        id="d",
        beneficiary="absent_beneficiary-1",
        checker="facilitator-1",
        when=Conditional("she asks", "absent_beneficiary-1", "the service", 14, "year"),
        consents=(Consent("absent_beneficiary-1", "not_yet"),),
    )
    retention = Retention(start="completed", years=7, until_age=None, delete_after=None, open_promises=None)
    return make.agreement(counsellor, course, grave, mother, participants=people, retention=retention)


def test_the_road_asks_for_a_fallback_a_check_the_mothers_yes_and_a_decision_on_keeping(the_road):
    assert above_notes(the_road) == {
        ("b", "event-without-fallback"),
        ("c", "conflict-not-checked"),
        ("d", "outside-consent-missing"),
        (None, "open-promise"),
    }


def test_the_road_may_be_printed(the_road):
    assert stops(advise(the_road)) == ()


def test_one_sentence_gets_no_advice_at_all(make):
    people = (make.person("harmed-1", "Alana"), make.person("responsible-1", "Pete"))
    sorry = make.item("statement", "Pete said he is sorry for what he did. Alana heard it.")
    later = make.item("statement", "I may think about accepting it in my own time.", id="b", speaker="harmed-1")
    made = make.agreement(sorry, later, participants=people, outcome="statement_only", review_date=None)
    assert advise(made) == ()


def test_in_the_bike_shed_a_row_for_two_is_to_be_split(make):
    people = (
        make.person("harmed-1", "Kit", is_child=True),
        make.person("supporter-1", "Ana", supports="harmed-1"),
        make.person("responsible-1", "Ayo", is_child=True),
        make.person("parent_guardian-1", "Bea", supports="responsible-1"),
        make.person("checker-1", "Miss Rees"),
    )
    both = make.item(
        "action",
        "If they meet in the corridor, Ayo and Kit will each say hello or walk on.",
        owners=("responsible-1", "harmed-1"),
        when=Ongoing(review_on=date(2026, 12, 18)),
    )
    made = make.agreement(both, participants=people)
    made = replace(made, retention=replace(made.retention, open_promises="set_end"))
    assert [(one.rule, one.severity) for one in advise(made)] == [("several-owners", "note")]


def test_two_payers_get_a_note_on_new_years_day_and_a_question_to_the_mother(make):
    people = (
        make.person("organisation_rep-1", "Grace", side="harmed"),
        make.person("responsible-1", "Tom"),
        make.person("responsible-2", "Lewis", role="responsible", side="responsible"),
        make.person("supporter-1", "Lewis's mother", side="responsible"),
        make.person("checker-1", "Dee"),
    )
    months = [date(2026, 12, 1), *(date(2027, month, 1) for month in range(1, 7))]
    amounts = [Decimal(68)] * 6 + [Decimal(72)]
    payment = Payment(
        item="a",
        total=Decimal(480),
        currency="GBP",
        payers=(
            Payer("responsible-1", Decimal(300), None),
            Payer("responsible-2", Decimal(180), "supporter-1"),
        ),
        joint_liability=False,
        schedule=tuple(Instalment(*one) for one in zip(months, amounts, strict=True)),
        route="service",
        payee="organisation_rep-1",
    )
    row = make.item(
        "payment", "Tom and Lewis will pay £480.00 in 7 payments.", owners=("responsible-1", "responsible-2"), when=None
    )
    yes = tuple(Consent(one, "yes") for one in ("responsible-1", "responsible-2"))
    made = make.agreement(row, participants=people, payments=(payment,), consent_to_outcome=yes)
    assert [(one.rule, one.severity, one.where) for one in advise(made)] == [
        ("bank-holiday", "note", "/payments/0/schedule/1/due"),
        ("payer-not-asked", "warning", "/payments/0/payers/1/paid_by"),
    ]


def test_the_street_where_somebody_lives_may_be_kept_away_from_in_these_words(make):
    text = "Craig will keep off the street where Samira lives."
    people = (make.person("harmed-1", "Samira"), make.person("responsible-1", "Craig"))
    row = make.item("no_contact", text, checker=None, when=Ongoing(review_every="month"))
    made = make.agreement(row, participants=people)
    assert above_notes(made) == {(None, "open-promise")}


@pytest.fixture
def safe_distance(make):
    people = (
        make.person("harmed-1", "M.", no_contact=True),
        make.person("responsible-1", "Graham", no_contact=True),
    )
    draft = {"checker": None, "how_checked": None}
    return make.agreement(
        make.item("no_contact", "Graham will never come to Weston Park or the library.", when=None, **draft),
        make.item("information", "Graham will contact M to say when he is working again.", id="b", **draft),
        make.item("action", "Graham will finish the programme.", id="c", when=ByEvent("its last session"), **draft),
        participants=people,
    )


def test_in_the_safe_distance_draft_contact_stops_and_the_rest_is_questioned(safe_distance):
    assert above_notes(safe_distance) == {
        ("a", "reveals-place"),
        ("b", "no-contact"),
        ("b", "conflict-not-checked"),
        ("c", "vague-task"),
        ("c", "no-checker"),
        ("c", "no-how-checked"),
        ("c", "event-without-fallback"),
    }


def test_in_the_safe_distance_draft_the_licence_map_is_offered(make, safe_distance):
    assert "the places on his licence map" in make.one(safe_distance, "reveals-place").better


def test_falling_behind_asks_for_the_consents_to_the_change(make):
    made = make.agreement(make.item("action", "Tom will give 20 hours to the food bank."), version=2, supersedes=1)
    assert above_notes(made) == {(None, "no-consent-to-change")}


def test_a_letter_done_at_the_meeting_needs_nothing_more(make):
    letter = make.item(
        "letter", "Tom wrote a letter.", when=DoneAtMeeting(date(2026, 11, 10)), checker=None, how_checked=None
    )
    assert above_notes(make.agreement(letter, review_date=None)) == set()
