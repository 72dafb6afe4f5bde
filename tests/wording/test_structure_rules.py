"""The rules that look at what a record holds and what it lacks: for each a hit and a near miss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipeline.records.model import (
    Accepted,
    Agreement,
    ByDate,
    ByEvent,
    Conditional,
    Consent,
    DoneAtMeeting,
    Instalment,
    NoDeadline,
    Ongoing,
    Payer,
    Payment,
    Recurring,
    Retention,
)
from pipeline.wording.rules import RULES
from pipeline.wording.words import words_for

Build = Callable[[Any], Agreement]
DAY = date(2026, 11, 27)
YES = (Consent("harmed-1", "yes"), Consent("responsible-1", "yes"))
NOT_YET = (Consent("harmed-1", "not_yet"), Consent("responsible-1", "yes"))


def action(make: Any, *, kind: str = "action", **changes: Any) -> Agreement:
    return make.agreement(make.item(kind, "Tom will mend the fence.", **changes))


def paid(make: Any, *, payers: tuple[Payer, ...] | None = None, due: date = DAY, **changes: Any) -> Agreement:
    payment = Payment(
        item="a",
        total=Decimal(35),
        currency="GBP",
        payers=payers or (Payer("responsible-1", Decimal(35), None),),
        joint_liability=None,
        schedule=(Instalment(due, Decimal(35)),),
        route="service",
        payee="harmed-1",
    )
    return make.agreement(make.item("payment", "Tom will pay £35.", **changes), payments=(payment,))


def with_person(made: Agreement, person_id: str, **changes: Any) -> Agreement:
    people = tuple(replace(one, **changes) if one.id == person_id else one for one in made.participants)
    return replace(made, participants=people)


def kept(made: Agreement, **changes: Any) -> Agreement:
    return replace(made, retention=replace(made.retention, **changes))


FIVE_WEEKS = Recurring("week", DAY, count=5)
HER_TASK = {"owners": ("harmed-1",), "when": ByEvent("the check", latest=DAY)}
CONDITION = Conditional("asked", "harmed-1", "the service", 14, "year", None)


def with_mother(make: Any, **changes: Any) -> Agreement:
    mother = make.person("absent_beneficiary-1", "Danyal's mother", side="harmed", attended="not_present")
    made = action(make, beneficiary="absent_beneficiary-1", **changes)
    return replace(made, participants=(*made.participants, mother))


CASES: dict[str, tuple[Build, Build]] = {
    "owner-not-named": (
        lambda make: make.agreement(make.item("action", "Will mend the fence.")),
        lambda make: make.agreement(make.item("action", "The fence: TOM'S brush and paint.")),
    ),
    "several-owners": (
        lambda make: action(make, owners=("responsible-1", "checker-1")),
        lambda make: paid(make, owners=("responsible-1", "checker-1")),
    ),
    "no-checker": (
        lambda make: action(make, checker=None),
        lambda make: action(make, checker=None, when=DoneAtMeeting(DAY)),
    ),
    "no-how-checked": (
        lambda make: action(make, how_checked=None),
        lambda make: action(make, how_checked=None, kind="other"),
    ),
    "no-number": (
        lambda make: make.agreement(make.item("action", "Tom will go to lessons.")),
        lambda make: make.agreement(
            make.item("action", "Tom will go to lessons.", when=Recurring("week", DAY, count=5))
        ),
    ),
    "conflict-not-checked": (
        lambda make: with_person(action(make, owners=("harmed-1",)), "responsible-1", in_custody=True),
        lambda make: action(make, **HER_TASK, conflict_checked="yes"),
    ),
    "no-schedule": (lambda make: action(make, kind="payment"), paid),
    "bank-holiday": (
        lambda make: paid(make, due=date(2027, 1, 1)),
        lambda make: paid(make, due=date(2027, 1, 2)),
    ),
    "child-pays": (
        lambda make: with_person(paid(make), "responsible-1", is_child=True),
        lambda make: with_person(
            paid(make, payers=(Payer("responsible-1", Decimal(35), "checker-1"),)), "responsible-1", is_child=True
        ),
    ),
    "child-alone": (
        lambda make: with_person(action(make), "responsible-1", is_child=True),
        lambda make: with_person(
            with_person(action(make), "responsible-1", is_child=True), "checker-1", supports="responsible-1"
        ),
    ),
    "no-origin": (lambda make: action(make, origin=None), lambda make: action(make, origin=None, kind="no_contact")),
    "no-deadline": (lambda make: action(make, when=NoDeadline()), lambda make: paid(make, when=None)),
    "event-without-fallback": (
        lambda make: action(make, when=ByEvent("his release")),
        lambda make: action(make, when=ByEvent("his release", latest=DAY)),
    ),
    "ongoing-without-review": (
        lambda make: action(make, when=Ongoing()),
        lambda make: action(make, when=Ongoing(review_on=DAY)),
    ),
    "recurring-without-end": (
        lambda make: action(make, when=Recurring("week", DAY)),
        lambda make: action(make, when=Recurring("week", DAY, until=date(2027, 1, 29))),
    ),
    "condition-without-channel": (
        lambda make: action(make, when=replace(CONDITION, through=None)),
        lambda make: action(make, when=CONDITION),
    ),
    "condition-without-answer-days": (
        lambda make: action(make, when=replace(CONDITION, answer_within_days=None)),
        lambda make: action(make, when=CONDITION),
    ),
    "condition-without-review": (
        lambda make: action(make, when=replace(CONDITION, review_every=None)),
        lambda make: action(make, when=replace(CONDITION, review_every=None, ends=DAY)),
    ),
    "no-review-date": (
        lambda make: replace(action(make), review_date=None),
        lambda make: replace(action(make, when=DoneAtMeeting(DAY)), review_date=None),
    ),
    "outside-consent-missing": (
        with_mother,
        lambda make: with_mother(make, consents=(Consent("absent_beneficiary-1", "yes"),)),
    ),
    "outside-consent-refused": (
        lambda make: with_mother(make, consents=(Consent("absent_beneficiary-1", "no"),)),
        lambda make: with_mother(make, consents=(Consent("absent_beneficiary-1", "not_yet"),)),
    ),
    "paid-by-another": (
        lambda make: paid(
            make, payers=(Payer("responsible-1", Decimal(35), "checker-1"),), consents=(Consent("checker-1", "yes"),)
        ),
        paid,
    ),
    "payer-not-asked": (
        lambda make: paid(make, payers=(Payer("responsible-1", Decimal(35), "checker-1"),)),
        lambda make: paid(
            make, payers=(Payer("responsible-1", Decimal(35), "checker-1"),), consents=(Consent("checker-1", "yes"),)
        ),
    ),
    "no-consent-to-outcome": (
        lambda make: replace(action(make), consent_to_outcome=NOT_YET),
        lambda make: replace(action(make), consent_to_outcome=YES),
    ),
    "no-consent-to-change": (
        lambda make: replace(action(make), version=2, change_consents=NOT_YET),
        lambda make: replace(action(make), version=1),
    ),
    "consent-refused": (
        lambda make: replace(action(make), consent_to_outcome=(Consent("harmed-1", "no"), YES[1])),
        lambda make: replace(action(make), consent_to_outcome=NOT_YET),
    ),
    "id-counts": (
        lambda make: replace(action(make), sheets=(("harmed-1", "responsible-1"), ("harmed-71", "responsible-1"))),
        lambda make: replace(action(make), sheets=(("harmed-1", "responsible-1"),)),
    ),
    "nothing-withheld": (
        lambda make: with_person(action(make), "harmed-1", withheld=()),
        lambda make: with_person(action(make), "responsible-1", withheld=()),
    ),
    "nothing-withheld-no-contact": (
        lambda make: with_person(
            with_person(action(make), "harmed-1", withheld=()),
            "responsible-1",
            no_contact=True,
        ),
        lambda make: with_person(action(make), "harmed-1", withheld=()),
    ),
    "no-contact": (
        lambda make: with_person(
            make.agreement(make.item("other", "Tom will contact Ruth.")), "responsible-1", no_contact=True
        ),
        lambda make: with_person(
            make.agreement(make.item("other", "Tom will contact Ruth through the service.")),
            "responsible-1",
            no_contact=True,
        ),
    ),
    "statement-accepts": (
        lambda make: make.agreement(make.item("statement", "Ruth accepts the apology.")),
        lambda make: make.agreement(make.item("statement", "Ruth accepts the apology.", speaker="harmed-1")),
    ),
    "incident-line": (
        lambda make: replace(action(make), incident_line="What happened on the bus."),
        action,
    ),
    "not-read-back": (lambda make: replace(action(make), read_back_on=None), action),
    "no-word-lists": (
        lambda make: replace(action(make), agreed_language="ar"),
        lambda make: replace(action(make), agreed_language="cy"),
    ),
    "open-promise": (
        lambda make: action(make, when=CONDITION),
        lambda make: kept(action(make, when=CONDITION), open_promises="extend"),
    ),
    "deleted-too-early": (
        lambda make: kept(action(make), delete_after=date(2026, 11, 26)),
        lambda make: kept(action(make), delete_after=DAY),
    ),
    "accepts-nothing": (
        lambda make: replace(action(make), accepted=(Accepted("no-contcat", None, "Why.", "the manager", DAY),)),
        lambda make: replace(action(make), accepted=(Accepted("no-contact", None, "Why.", "the manager", DAY),)),
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_speaks_up(make, rule):
    assert rule in make.rules(CASES[rule][0](make))


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_leaves_the_near_miss_alone(make, rule):
    assert rule not in make.rules(CASES[rule][1](make))


def test_a_complete_action_gets_no_advice(make):
    assert make.rules(action(make)) == set()


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"checker": None}, "/items/0"),
        ({"when": ByEvent("his release")}, "/items/0/when"),
        ({"when": ByDate(date(2026, 12, 25))}, "/items/0/when/date"),
        ({"when": Recurring("year", date(2027, 1, 1), count=2)}, "/items/0/when/recurring/from"),
    ],
)
def test_advice_names_the_place(make, changes, where):
    (advice,) = make.advise(action(make, **changes))
    assert (advice.where, advice.item) == (where, "a")


def test_a_bank_holiday_names_the_instalment(make):
    assert make.one(paid(make, due=date(2027, 12, 26)), "bank-holiday").where == "/payments/0/schedule/0/due"


def test_a_payer_is_questioned_in_the_payers_own_row_only(make):
    made = paid(make, payers=(Payer("responsible-1", Decimal(35), "checker-1"),))
    other = make.item("payment", "Tom will pay £10.", id="b")
    assert make.one(replace(made, items=(*made.items, other)), "payer-not-asked").item == "a"


@pytest.mark.parametrize("attended", ["in_person", "video", "phone"])
def test_somebody_from_outside_who_took_part_said_yes_there(make, attended):
    made = with_person(action(make), "checker-1", side="outside", attended=attended)
    assert "outside-consent-missing" not in make.rules(made)


def test_a_checker_from_outside_is_asked_even_where_the_record_is_silent_on_attendance(make):
    made = with_person(action(make), "checker-1", side="outside", attended=None)
    assert make.one(made, "outside-consent-missing").where == "/items/0/checker"


def test_a_helper_who_was_away_is_asked_too(make):
    made = with_person(
        action(make, help="A lift.", helper="checker-1", checker=None), "checker-1", attended="not_present"
    )
    assert make.one(made, "outside-consent-missing").where == "/items/0/help/who"


def test_somebody_with_two_parts_in_a_row_is_asked_once(make):
    made = with_person(action(make, helper="checker-1"), "checker-1", attended="not_present")
    assert make.one(made, "outside-consent-missing").where == "/items/0/checker"


def test_a_parents_yes_is_not_the_childs(make):
    made = with_person(action(make), "responsible-1", is_child=True)
    made = with_person(made, "checker-1", supports="responsible-1")
    made = replace(made, consent_to_outcome=(YES[0], Consent("checker-1", "yes")))
    assert make.one(made, "no-consent-to-outcome").where == "/participants/1"


def test_a_counted_promise_ends_when_the_count_is_full(make):
    made = action(make, when=Recurring("week", date(2026, 11, 19), count=5))
    assert "deleted-too-early" not in make.rules(kept(made, delete_after=date(2026, 12, 17)))
    assert "deleted-too-early" in make.rules(kept(made, delete_after=date(2026, 12, 16)))


def test_the_last_payment_is_a_promise_too(make):
    made = paid(make, when=None, due=date(2027, 6, 1))
    assert "deleted-too-early" in make.rules(kept(made, delete_after=date(2027, 5, 31)))


def test_the_keeping_of_a_statement_is_never_questioned(make):
    made = make.agreement(make.item("statement", "Tom is sorry.", when=ByDate(DAY)))
    early = Retention(start="completed", years=7, until_age=None, delete_after=date(2026, 11, 11), open_promises=None)
    assert make.rules(replace(made, retention=early)) == set()


def test_every_rule_that_needs_more_than_words_has_a_case():
    in_words = {"contact-details", "reveals-place", "direct-contact"}
    assert RULES.keys() - words_for("en").lists.keys() - in_words <= CASES.keys()
