from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.service.load import load_service
from pipeline.shipped import shipped
from pipeline.validation.check import problems

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = shipped("samples")
REFUSED = Path(__file__).resolve().parent / "refused"
RECORDS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(SAMPLES.glob("*.json"))}
MONTHS = {dt.date(2026, month, 1).strftime("%B"): month for month in range(1, 13)}
SUPPORTING = {"supporter", "parent_guardian", "appropriate_adult", "representative_of_harmed"}

each_record = pytest.mark.parametrize("name", sorted(RECORDS))


def texts(value: Any) -> Iterator[str]:
    """Yield every text of a record but the words to withhold."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name != "withheld":
                yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def values_of(value: Any, name: str) -> Iterator[Any]:
    """Yield what stands under this name, wherever it stands."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key == name:
                yield part
            yield from values_of(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from values_of(part, name)


def tokens(text: str) -> list[str]:
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    return re.findall(r"\w+", plain)


def holds(text: str, entry: str) -> bool:
    """Say whether the entry stands in the text as whole adjacent words, however they are joined."""
    wanted, found = "".join(tokens(entry)), tokens(text)
    ends = range(len(found) + 1)
    return any("".join(found[start:end]) == wanted for end in ends for start in range(max(0, end - 8), end))


def people(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {person["id"]: person for person in record["participants"]}


def test_every_scenario_has_its_record() -> None:
    assert sorted(RECORDS) == [
        "GW-0031.json",
        "NR-0412.json",
        "NR-0420.json",
        "NR-0421.json",
        "NR-0422.json",
        "NR-0423.json",
        "NR-0425.json",
        "NR-0440.json",
        "NR-0455.json",
        "NR-0460.json",
        "NR-0470.json",
        "NR-0480.json",
        "NR-0481.json",
        "SC-0097.json",
        "YC-0205-v2.json",
        "YC-0205.json",
    ]


def test_every_outcome_has_a_sample() -> None:
    outcomes = {record["outcome"] for record in RECORDS.values()}
    assert outcomes == {"agreement", "statement_only", "none_wanted", "none_reached", "adjourned"}


def test_every_form_of_a_deadline_has_a_sample_but_the_one_for_none() -> None:
    forms = {next(iter(when)) for when in values_of(list(RECORDS.values()), "when")}
    assert forms == {"date", "event", "recurring", "ongoing", "if", "done_at_meeting"}


def test_letters_are_wanted_wanted_later_and_not_wanted() -> None:
    assert set(values_of(list(RECORDS.values()), "recipient_wants")) == {"yes", "later", "no"}


def test_no_reference_and_version_stands_twice() -> None:
    keys = [(record["ref"], record["version"]) for record in RECORDS.values()]
    assert len(keys) == len(set(keys))


@each_record
def test_a_sample_fits_the_schema(name: str) -> None:
    assert problems(RECORDS[name], "agreement") == []


def test_the_draft_that_is_refused_fits_the_schema_too() -> None:
    draft = json.loads((REFUSED / "NR-0470-draft.json").read_text(encoding="utf-8"))
    assert problems(draft, "agreement") == []


@each_record
def test_a_sample_points_an_editor_to_the_schema(name: str) -> None:
    assert (SAMPLES / RECORDS[name]["$schema"]).resolve() == shipped("schemas") / "agreement.schema.json"


@each_record
def test_weekdays_of_the_fields_agree_with_their_dates(name: str) -> None:
    for part in [*values_of(RECORDS[name], "when"), *values_of(RECORDS[name], "schedule")]:
        for entry in part if isinstance(part, list) else [part.get("recurring", part)]:
            day = entry.get("date") or entry.get("due") or entry.get("from")
            if "weekday" in entry:
                assert dt.date.fromisoformat(day).strftime("%A") == entry["weekday"]


@each_record
def test_every_date_in_the_words_has_its_weekday_and_agrees_with_it(name: str) -> None:
    for text in texts(RECORDS[name].get("items", [])):
        for weekday, day, month, year in re.findall(r"(?:(\w+) )?(\d{1,2}) ([A-Z][a-z]+) (\d{4})", text):
            if month in MONTHS:
                assert dt.date(int(year), MONTHS[month], int(day)).strftime("%A") == weekday


@each_record
def test_the_agreed_words_are_at_most_60(name: str) -> None:
    assert all(len(item["text"].split()) <= 60 for item in RECORDS[name].get("items", []))


@each_record
def test_no_word_to_withhold_stands_in_any_text(name: str) -> None:
    entries = {entry for person in RECORDS[name]["participants"] for entry in person["withheld"]}
    found = {entry for entry in entries for text in texts(RECORDS[name]) if holds(text, entry)}
    assert found == set()


def test_no_word_to_withhold_stands_in_the_words_of_the_service() -> None:
    service = load_service(SAMPLES / "agreements.toml")
    words = [service.name, service.complaint_route, service.privacy_text, service.next_steps]
    words += [*service.labels.values(), *service.legal_notes.values()]
    entries = {entry for withheld in values_of(list(RECORDS.values()), "withheld") for entry in withheld}
    assert {entry for entry in entries for text in words if holds(text, entry)} == set()


@each_record
def test_entries_to_withhold_are_long_enough_to_be_found(name: str) -> None:
    entries = [entry for person in RECORDS[name]["participants"] for entry in person["withheld"]]
    assert all(len("".join(tokens(entry))) >= 3 and not "".join(tokens(entry)).isdigit() for entry in entries)


@each_record
def test_instalments_and_shares_add_up_to_the_total(name: str) -> None:
    for payment in RECORDS[name].get("payments", []):
        total = Decimal(payment["total"])
        assert sum(Decimal(part["amount"]) for part in payment["schedule"]) == total
        assert sum(Decimal(payer["share"]) for payer in payment["payers"]) == total


@each_record
def test_every_id_that_is_named_exists(name: str) -> None:
    record = RECORDS[name]
    keys = ("speaker", "beneficiary", "checker", "origin", "supports", "asked_by", "who", "person", "payee", "paid_by")
    named = {each for key in keys for each in values_of(record, key)}
    named |= {
        each for key in ("owners", "agreed_by", "people") for each_list in values_of(record, key) for each in each_list
    }
    assert named <= set(people(record))


@each_record
def test_whoever_was_not_there_has_answered_before_owning_or_checking(name: str) -> None:
    for item in RECORDS[name].get("items", []):
        absent = {
            each
            for each in (*item.get("owners", []), item.get("checker"))
            if each and people(RECORDS[name])[each]["attended"] == "not_present"
        }
        assert absent <= {consent["person"] for consent in item.get("consents", [])}


@each_record
def test_every_action_has_one_doer_a_checker_and_a_way_to_know(name: str) -> None:
    for item in RECORDS[name].get("items", []):
        if item["kind"] == "action":
            assert len(item["owners"]) == 1
            assert {"checker", "how_checked", "when"} <= set(item)


@each_record
def test_a_supporter_named_in_the_words_agreed_to_be_known_to_the_person_responsible(name: str) -> None:
    record = RECORDS[name]
    named = {
        person["id"]
        for person in record["participants"]
        if person["role"] in SUPPORTING
        and any(holds(text, person["display_name"]) for text in texts(record.get("items", [])))
    }
    agreed = {
        entry["id"] for entry in record.get("sharing", []) if (entry["what"], entry["with"]) == ("name", "responsible")
    }
    assert named <= agreed


@each_record
def test_nobody_who_helps_with_language_is_named_in_the_words(name: str) -> None:
    record = RECORDS[name]
    names = [each["display_name"] for each in record["participants"] if each["role"] in {"interpreter", "signer_bsl"}]
    assert not any(holds(text, each) for each in names for text in texts(record.get("items", [])))


@each_record
def test_people_of_one_sheet_are_not_named_on_another(name: str) -> None:
    record = RECORDS[name]
    for sheet in record.get("sheets", []):
        here = set(sheet["people"]) | {each for each in people(record) if each.startswith("facilitator")}
        others = [person["display_name"] for each, person in people(record).items() if each not in here]
        items = [item for item in record["items"] if item["scope"] == "all" or set(item["scope"]) <= here]
        assert not any(holds(text, other) for other in others for text in texts(items))


@each_record
def test_own_fields_are_declared(name: str) -> None:
    declared = load_service(SAMPLES / "agreements.toml").extra_fields
    assert set(RECORDS[name].get("extra", {})) <= set(declared)


@each_record
def test_nothing_in_a_sample_looks_like_a_telephone_number_or_an_address(name: str) -> None:
    assert not any(re.search(r"@|\d{5}|\d \d{3}\b", text) for text in texts(RECORDS[name]) if "schema" not in text)


def test_both_versions_of_the_youth_plan_end_within_its_period() -> None:
    for name in ("YC-0205.json", "YC-0205-v2.json"):
        text = json.dumps(RECORDS[name]["items"])
        assert max(re.findall(r"\d{4}-\d{2}-\d{2}", text)) <= RECORDS[name]["period_ends"] == "2027-09-17"


def test_the_second_version_of_the_youth_plan_changes_only_the_hours() -> None:
    first, second = RECORDS["YC-0205.json"]["items"], RECORDS["YC-0205-v2.json"]["items"]
    assert [old["id"] for old, new in zip(first, second, strict=True) if old["text"] != new["text"]] == ["a"]


def test_three_people_agreed_to_the_change_of_the_youth_plan() -> None:
    consents = RECORDS["YC-0205-v2.json"]["change_consents"]
    assert {(each["person"], each["answer"]) for each in consents} == {
        ("harmed-1", "yes"),
        ("responsible-1", "yes"),
        ("parent-1", "yes"),
    }
