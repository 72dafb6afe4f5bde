"""The visibility matrix of docs/field.md, cell by cell.

A cell says what a reader sees without any recorded consent, and with every consent of the record:

    all      always                      -        never
    consent  only with a consent         own      only what is about this reader
    item     only what belongs to this reader's own item
"""

from __future__ import annotations

# ruff: noqa: E501 -- a row of the matrix reads as a row
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipeline.copies.context import context_for
from pipeline.copies.model import Reader
from pipeline.copies.plan import plan_copies
from pipeline.copies.rows import View
from pipeline.validation.schemas import load_schema

READERS = {
    "H": (Reader.HARMED, "harmed-1"),
    "HS": (Reader.HARMED_SUPPORT, "supporter-1"),
    "P": (Reader.RESPONSIBLE, "responsible-1"),
    "PS": (Reader.RESPONSIBLE_SUPPORT, "parent-1"),
    "OW": (Reader.OUTSIDE, "outside-1"),
    "RF": (Reader.REFERRER, "referrer-1"),
    "FAC": (Reader.SERVICE, "service"),
}
Context = dict[str, Any]


def _root(*names: str) -> Callable[[Context], set[str]]:
    return lambda context: {name for name in names if context[name] is not None}


def _names(*display_names: str) -> Callable[[Context], set[str]]:
    return lambda context: {
        person["display_name"] for person in context["participants"] if person["display_name"] in display_names
    }


def _about(*fields: str) -> Callable[[Context], set[str]]:
    """Return the names of the two parties about whom any of these fields is shown."""
    return lambda context: {
        person["display_name"]
        for person in context["participants"]
        if person["display_name"] in {"Leila", "Callum"} and any(person[field] is not None for field in fields)
    }


def _letters_of(context: Context) -> set[str]:
    return {"abc"["abc".index(item["letter"])] for item in _lettered(context)}


def _lettered(context: Context) -> Iterator[Context]:
    starts = {"Callum will go": "a", "Callum will pay": "b", "Leila heard": "c"}
    for item in context["items"]:
        yield item | {"letter": next(letter for start, letter in starts.items() if item["text"].startswith(start))}


def _contact(context: Context) -> set[str]:
    return {name for name in ("telephone", "legal_note") if context["service"][name]} | _root(
        "ref", "version", "agreed_language"
    )(context)


def _checkers(context: Context) -> set[str]:
    people = [item["checker"] for item in context["items"] if item["checker"]]
    return {person["position"] for person in people if person["display_name"] == "Jo"} & {"offender manager"}


def _item_fields(*fields: str) -> Callable[[Context], set[str]]:
    return lambda context: {field for item in context["items"] for field in fields if item[field] is not None}


def _letters(context: Context) -> set[str]:
    return {attachment["title"] for attachment in context["attachments"]}


def _payments(context: Context) -> set[str]:
    return {payment["total"] for payment in context["payments"]} | {
        line["due"] for payment in context["payments"] for line in payment["schedule"]
    }


def _payees(context: Context) -> set[str]:
    return {"payee" for payment in context["payments"] if payment["payee"] is not None}


def _delete_date(context: Context) -> set[str]:
    return {context["retention"]["delete_after"]} if context["retention"] else set()


def _log(context: Context) -> set[str]:
    whose = {"Leila": "harmed-1", "Callum": "responsible-1"}
    return {whose[entry["person"]["display_name"]] for entry in context["consent_to_outcome"]}


def _withheld(context: Context) -> set[str]:
    text = json.dumps(context, ensure_ascii=False)
    return {
        word
        for word in ("Qorvath-Lune", "12 Mill Lane", "Zelbrand", "Qorvath", "Zelbrandova", "Wexcombe", "Farzani")
        if word in text
    }


LETTER = {"A letter from Callum"}
MONEY = {"30.00", "2027-01-04", "2027-02-01"}
OWN_NAME = {"H": {"Leila"}, "P": {"Callum"}}
OWN_ID = {"H": {"harmed-1"}, "P": {"responsible-1"}}

# The rows of the matrix: what it is, how to see it, what there is to see, what is one's own, and the seven cells.
# Legal names and addresses are stricter than in the field's own practice: they are never printed for anybody.
ROWS = [
    ("reference, service, legal note, version, language", _contact, {"telephone", "legal_note", "ref", "version", "agreed_language"}, {}, "all all all all all all all"),
    ("display names of the parties", _names("Leila", "Callum"), {"Leila", "Callum"}, {"OW": {"Callum"}}, "all all all all item all all"),
    ("display names of supporters", _names("Noor", "Bea"), {"Noor", "Bea"}, {}, "all all consent all - consent all"),
    ("legal names, addresses, telephone numbers", _withheld, {"Qorvath-Lune"}, {}, "- - - - - - -"),
    ("age band, under 18", _about("is_child", "age_band"), {"Leila", "Callum"}, {}, "- - - - - consent all"),
    ("dates of the meeting", _root("meeting_dates"), {"meeting_dates"}, {}, "all all all all - all all"),
    ("process", _root("process"), {"process"}, {}, "all all all all - all all"),
    ("incident line", _root("incident_line"), {"incident_line"}, {}, "all all all all - all all"),
    ("agreed background, admission", _root("agreed_background", "admission"), {"agreed_background", "admission"}, {}, "all all all all - consent all"),
    ("items for everybody", _letters_of, {"a", "b", "c"}, {"OW": {"a"}, "RF": {"a", "b"}}, "all all all all item chosen all"),
    ("payment total and dates", _payments, MONEY, {"RF": MONEY}, "all all all all - chosen all"),
    ("payee", _payees, {"payee"}, {}, "- - - - - - -"),
    ("the checker's name and position", _checkers, {"offender manager"}, {"RF": {"offender manager"}}, "all all all all all chosen all"),
    ("consents from outside, origin, conflict checked", _item_fields("consents", "origin", "conflict_checked"), {"consents", "origin", "conflict_checked"}, {}, "- - - - - - all"),
    ("a letter that is reviewed and wanted", _letters, LETTER, {"H": LETTER, "P": LETTER}, "own consent own - - consent all"),
    ("format and language needs", _about("format", "language", "print_size_pt"), {"Leila", "Callum"}, OWN_NAME, "own - own - - - all"),
    ("no-contact flag, custody", _about("no_contact", "custody"), {"Leila", "Callum"}, OWN_NAME | {"OW": {"Callum"}}, "own - own - item-consent consent all"),
    ("log of consents", _log, {"harmed-1", "responsible-1"}, OWN_ID, "own - own - - - all"),
    ("the date of deletion", _delete_date, {"2033-11-10"}, {}, "all - all - - - all"),
]  # fmt: skip


def _cells() -> Iterator[Any]:
    for name, see, everything, own, cells in ROWS:
        for column, cell in zip(READERS, cells.split(), strict=True):
            mine = own.get(column, set())
            without, with_consent = {
                "all": (everything, everything),
                "-": (set(), set()),
                "own": (mine, mine),
                "item": (mine, mine),
                "consent": (set(), everything),
                "chosen": (set(), mine),
                "item-consent": (set(), mine),
            }[cell]
            yield pytest.param(see, column, False, without, id=f"{name} | {column} | without consent")
            yield pytest.param(see, column, True, with_consent, id=f"{name} | {column} | with consent")


@pytest.mark.parametrize(("see", "column", "consented", "expected"), list(_cells()))
def test_a_reader_sees_exactly_what_the_matrix_says(see, column, consented, expected, record, load, service):
    if not consented:
        record["sharing"] = []
    agreement = load(record)
    kind, reader_id = READERS[column]
    context = context_for(View(agreement, agreement.sheets[0], kind, reader_id), service, code="")
    assert see(context) == expected


def test_an_interpreter_gets_no_copy(record, load, service):
    assert "interpreter-1" not in {copy.reader_id for copy in plan_copies(load(record), service)}


def test_every_other_participant_gets_one_copy(record, load, service):
    readers = [copy.reader_id for copy in plan_copies(load(record), service)]
    assert readers == ["harmed-1", "responsible-1", "supporter-1", "parent-1", "outside-1", "referrer-1", "service"]


@pytest.mark.parametrize("wants", ["no", "later", "not_asked"])
@pytest.mark.parametrize("column", [column for column in READERS if column != "FAC"])
def test_a_letter_that_is_not_wanted_is_in_no_copy(wants, column, record, load, service):
    record["attachments"][0]["recipient_wants"] = wants
    agreement = load(record)
    kind, reader_id = READERS[column]
    assert _letters(context_for(View(agreement, agreement.sheets[0], kind, reader_id), service, code="")) == set()


@pytest.mark.parametrize("column", [column for column in READERS if column != "FAC"])
def test_a_letter_that_nobody_reviewed_is_in_no_copy(column, record, load, service):
    for name in ("reviewed_by", "reviewed_on"):
        del record["attachments"][0][name]
    agreement = load(record)
    kind, reader_id = READERS[column]
    assert _letters(context_for(View(agreement, agreement.sheets[0], kind, reader_id), service, code="")) == set()


def test_signatures_progress_receipts_and_contact_details_are_no_part_of_a_record():
    text = json.dumps(load_schema("agreement")["properties"]) + json.dumps(load_schema("agreement")["$defs"])
    names = {"signature", "reason_not_signed", "status", "receipts", "address", "phone", "telephone", "email", "bank"}
    assert {name for name in names if f'"{name}": {{"title"' in text} == set()


def test_a_property_without_an_annotation_is_shown_to_nobody(record, load, service):
    agreement = load(record)
    contexts = [
        context_for(View(agreement, agreement.sheets[0], kind, reader_id), service, code="")
        for kind, reader_id in READERS.values()
    ]
    unannotated = [name for name, node in load_schema("agreement")["properties"].items() if not node["x-visible-to"]]
    assert {context.get(name) for context in contexts for name in unannotated} == {None}


def test_a_service_field_is_shown_only_to_the_readers_it_names(record, load, service):
    agreement = load(record)
    shown = {
        column
        for column, (kind, reader_id) in READERS.items()
        if context_for(View(agreement, agreement.sheets[0], kind, reader_id), service, code="")["extra"]
    }
    assert shown == {"H", "FAC"}
