"""The run as a whole: which rules are asked of what, in which order, what stops, what is accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records.model import Accepted, ByDate, ByEvent, Conditional, Ongoing
from pipeline.wording.advice import advise, stops
from pipeline.wording.model import EVERY_KIND, SMART_KINDS, Question, Severity
from pipeline.wording.rules import RULES

EVERYTHING_WRONG = (
    "They will properly be nicer soon, and then pay what they can afford because Ruth felt it: the offender shall ring "
    "Ruth, wear a sign, forgive, not tell the police, drink no alcohol after the burglary, be to blame, tell his OM, "
    "never come to Weston Park, go to Hill School in 14 Mill Lane, pay into her account, and Ruth accepts it."
)
EVERY_TIME = (None, Ongoing(), ByEvent("his release"), Conditional("asked"), ByDate(date(2026, 12, 25)))


def acceptance(rule: str, item: str | None) -> Accepted:
    return Accepted(rule=rule, item=item, reason="It is allowed.", by="the area manager", on=date(2026, 11, 12))


def contact(make, **changes):
    tom = make.person("responsible-1", "Tom", no_contact=True)
    people = (make.person("harmed-1", "Ruth"), tom, make.person("checker-1", "Dee"))
    row = make.item("other", "Tom will contact Ruth.")
    return make.agreement(row, replace(row, id="b"), participants=people, **changes)


@pytest.mark.parametrize("kind", sorted(EVERY_KIND))
@pytest.mark.parametrize("when", EVERY_TIME)
def test_a_kind_of_row_gets_only_the_rules_that_name_it(make, kind, when):
    row = make.item(kind, EVERYTHING_WRONG, when=when, checker=None, how_checked=None, origin=None)
    asked = {advice.rule for advice in advise(make.agreement(row)) if advice.item == "a"}
    assert asked
    assert {rule for rule in asked if kind not in RULES[rule].kinds} == set()


@pytest.mark.parametrize("when", EVERY_TIME)
def test_a_statement_is_never_asked_to_be_smart(make, when):
    smart = {Question.SPECIFIC, Question.MEASURABLE, Question.ACHIEVABLE, Question.TIME_BOUND, Question.CONSENTED}
    made = make.agreement(make.item("statement", EVERYTHING_WRONG, when=when))
    assert {advice.rule for advice in advise(made) if RULES[advice.rule].question in smart} == set()


def test_the_specific_and_measurable_rules_are_for_actions_payments_and_letters():
    for question in (Question.SPECIFIC, Question.MEASURABLE):
        assert all(rule.kinds <= SMART_KINDS for rule in RULES.values() if rule.question is question)


@pytest.mark.parametrize("outcome", ["none_wanted", "none_reached", "adjourned"])
def test_where_nothing_was_agreed_nothing_is_questioned(make, outcome):
    assert advise(make.agreement(outcome=outcome, read_back_on=None, consent_to_outcome=())) == ()


def test_a_stop_stops(make):
    assert [(stop.rule, stop.item) for stop in stops(advise(contact(make)))] == [
        ("no-contact", "a"),
        ("no-contact", "b"),
    ]


def test_a_stop_accepted_for_one_row_still_stands_for_another(make):
    made = contact(make, accepted=(acceptance("no-contact", "a"),))
    assert [stop.item for stop in stops(advise(made))] == ["b"]


def test_a_stop_accepted_without_a_row_is_accepted_everywhere(make):
    assert stops(advise(contact(make, accepted=(acceptance("no-contact", None),)))) == ()


def test_an_acceptance_of_another_rule_changes_nothing(make):
    assert len(stops(advise(contact(make, accepted=(acceptance("direct-contact", None),))))) == 2


def test_accepted_advice_is_still_given(make):
    made = contact(make, accepted=(acceptance("no-contact", None),))
    assert [advice.accepted for advice in advise(made) if advice.rule == "no-contact"] == [True, True]


def test_a_warning_stops_nothing(make):
    made = make.agreement(make.item("action", "Tom will ring Ruth."))
    assert stops(advise(made)) == ()


def test_rows_come_in_their_order_and_the_record_last(make):
    late = make.item("action", "Tom will pay soon.")
    made = make.agreement(late, replace(late, id="b"), read_back_on=None)
    assert [advice.item for advice in advise(made)] == ["a", "b", None]


def test_every_rule_is_listed_under_its_own_name():
    assert all(name == rule.name for name, rule in RULES.items())


def test_every_rule_has_a_better_wording_or_says_what_to_do():
    assert [rule.name for rule in RULES.values() if not rule.better] == []


def test_what_stops_is_what_endangers_shames_silences_or_was_refused():
    assert {rule.name for rule in RULES.values() if rule.severity is Severity.STOP} == {
        "no-contact",
        "id-counts",
        "nothing-withheld-no-contact",
        "outside-consent-refused",
        "consent-refused",
        "shaming",
        "silence",
    }


@given(text=st.text(min_size=1, max_size=80), kind=st.sampled_from(sorted(EVERY_KIND)))
def test_advice_is_the_words_of_its_rule_whatever_the_text(make, text, kind):
    for advice in advise(make.agreement(make.item(kind, text))):
        rule = RULES[advice.rule]
        assert (advice.what, advice.better, advice.severity) == (rule.what, rule.better, rule.severity)
