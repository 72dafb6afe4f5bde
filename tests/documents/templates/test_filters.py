from __future__ import annotations

from typing import Any

import pytest
from jinja2.exceptions import TemplateRuntimeError

from pipeline.documents.templates import filters

DAYS = [
    ("2026-11-27", "Friday 27 November 2026"),
    (["2026-11-10", "2026-11-17"], "Tuesday 10 November 2026 and Tuesday 17 November 2026"),
    (["2026-11-10"], "Tuesday 10 November 2026"),
]
WHENS = [
    ({"date": "2026-11-27"}, "Friday 27 November 2026"),
    ({"date": "2026-12-04", "weekday": "Friday", "time": "12:30"}, "Friday 4 December 2026 at 12.30pm"),
    ({"date": "2026-12-04", "time": "12:00"}, "Friday 4 December 2026 at midday"),
    ({"date": "2026-12-04", "time": "00:00"}, "Friday 4 December 2026 at midnight"),
    ({"date": "2026-12-04", "time": "09:05"}, "Friday 4 December 2026 at 9.05am"),
    ({"event": "release", "latest": "2027-04-30"}, "by release, at the latest Friday 30 April 2027"),
    ({"event": "his driving ban ending", "within": "3 months"}, "within 3 months of his driving ban ending"),
    (
        {"event": "release", "earliest": "2027-01-15", "latest": "2027-04-30"},
        "by release, not before Friday 15 January 2027 and at the latest Friday 30 April 2027",
    ),
    (
        {"recurring": {"every": "week", "weekday": "Thursday", "time": "18:00", "from": "2026-11-19", "count": 5}},
        "every Thursday at 6pm from Thursday 19 November 2026, 5 times",
    ),
    (
        {"recurring": {"every": "week", "from": "2026-11-19", "until": "2026-12-17"}},
        "every Thursday from Thursday 19 November 2026 to Thursday 17 December 2026",
    ),
    (
        {"recurring": {"every": "week", "interval": 2, "from": "2026-11-19", "count": 2}},
        "every second Thursday from Thursday 19 November 2026, twice",
    ),
    (
        {"recurring": {"every": "week", "interval": 3, "from": "2026-11-19"}},
        "every 3 weeks on Thursday from Thursday 19 November 2026",
    ),
    ({"recurring": {"every": "month", "from": "2026-12-01"}}, "every month from Tuesday 1 December 2026"),
    ({"recurring": {"every": "day", "interval": 3, "from": "2026-12-01"}}, "every 3 days from Tuesday 1 December 2026"),
    (
        {"ongoing": True, "review_on": "2026-12-18"},
        "from now on; we ask on Friday 18 December 2026",
    ),
    ({"ongoing": True, "review_every": "three_months"}, "from now on; we ask every three months"),
    (
        {"ongoing": True, "review_on": "2026-12-18", "review_every": "month"},
        "from now on; we ask on Friday 18 December 2026 and then every month",
    ),
    ({"ongoing": True}, "from now on"),
    (
        {
            "if": "Danyal's mother asks for a meeting",
            "asked_by": {"display_name": "Mrs Haddad"},
            "through": "the service",
            "answer_within_days": 14,
            "review_every": "year",
            "ends": "2033-11-10",
        },
        (
            "if Danyal's mother asks for a meeting, through the service; an answer within 14 days; "
            "asked again every year; until Thursday 10 November 2033"
        ),
    ),
    ({"if": "Ruth asks", "answer_within_days": 1}, "if Ruth asks; an answer within 1 day"),
    ({"done_at_meeting": "2026-11-10"}, "done at the meeting on Tuesday 10 November 2026"),
    ({"none": True}, "no date was set"),
    ({"date": None, "event": None, "none": True}, "no date was set"),
]


@pytest.mark.parametrize(("value", "words"), DAYS + WHENS)
def test_a_day_or_deadline_is_worded_in_plain_english(value: Any, words: str):
    assert filters.date_words(value, language="en") == words


@pytest.mark.parametrize("value", [None, "soon", 5, {}, {"date": None}, {"date": "2026-13-01"}])
def test_what_is_not_a_day_is_a_fault_of_the_template(value: Any):
    with pytest.raises(TemplateRuntimeError):
        filters.date_words(value, language="en")


def test_a_day_follows_the_language():
    assert filters.date_words("2026-11-27", language="cy") == "dydd Gwener 27 Tachwedd 2026"


def test_a_language_unknown_to_babel_is_worded_as_english_is():
    assert filters.date_words("2026-11-27", language="zz") == "Friday 27 November 2026"


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("68.00", "GBP", "£68.00"),
        ("1268.50", "GBP", "£1,268.50"),
        ("0.05", "EUR", "€0.05"),
        ("99999999.99", "GBP", "£99,999,999.99"),
        ("12.00", "USD", "US$12.00"),
    ],
)
def test_money_keeps_every_penny(amount: str, currency: str, words: str):
    assert filters.money_words(amount, currency, language="en") == words


@pytest.mark.parametrize(("amount", "currency"), [(None, "GBP"), ("much", "GBP"), ("1.00", None)])
def test_what_is_not_money_is_a_fault_of_the_template(amount: Any, currency: Any):
    with pytest.raises(TemplateRuntimeError):
        filters.money_words(amount, currency, language="en")


TOM, LEWIS = {"display_name": "Tom", "label": "person responsible"}, {"display_name": "Lewis", "label": "supporter"}
HIDDEN = {"display_name": None, "label": "supporter"}


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (TOM, "Tom"),
        ([TOM], "Tom"),
        ([TOM, LEWIS], "Tom and Lewis"),
        ([TOM, LEWIS, HIDDEN], "Tom, Lewis and a supporter"),
        (HIDDEN, "a supporter"),
        ({"display_name": None, "label": "interpreter"}, "an interpreter"),
        ({"display_name": None, "label": "the SENCO"}, "the SENCO"),
    ],
)
def test_people_are_named_as_in_a_sentence(people: Any, words: str):
    assert filters.name_words(people, language="en") == words


def test_a_label_takes_an_english_article_in_english_only():
    assert filters.name_words({"display_name": None, "label": "cefnogwr"}, language="cy") == "cefnogwr"


@pytest.mark.parametrize("people", [None, "Tom", [None], {"display_name": None, "label": None}])
def test_what_is_not_a_person_is_a_fault_of_the_template(people: Any):
    with pytest.raises(TemplateRuntimeError):
        filters.name_words(people, language="en")


@pytest.mark.parametrize(
    ("value", "words"), [(True, "yes"), (False, "no"), (7, "7"), ("North", "North"), ("2026-11-27", DAYS[0][1])]
)
def test_a_services_own_field_is_worded_by_what_it_is(value: Any, words: str):
    assert filters.plain_words(value, language="en") == words


def test_a_capital_letter_leaves_the_rest_alone():
    assert filters.capital("by Friday, with Tom") == "By Friday, with Tom"
