"""`agreements amend`: version 2 from version 1, whose yes it needs, and what changed."""

from __future__ import annotations

import json

import pytest

from pipeline.cli.main import main
from pipeline.follow_up.changing import changed_rows, differences, new_version, not_yet_asked, to_be_asked
from pipeline.follow_up.model import Consented, Journal, Line
from pipeline.validation.check import problems

REASON = "Everyone agreed on a later day."


@pytest.fixture
def amended(desk):
    """A desk with version 2 of NR-0455 begun."""
    words = ["amend", "NR-0455", "--reason", REASON, "--config", str(desk.folder / "agreements.toml")]
    assert main(words) == 0
    return desk


def shown(desk, ref="NR-0455"):
    return main(["amend", ref, "--config", str(desk.folder / "agreements.toml")])


def v2(desk):
    return json.loads(desk.record("NR-0455-v2").read_text(encoding="utf-8"))


def test_version_2_is_a_record_that_says_what_it_takes_the_place_of_and_why(amended):
    record = v2(amended)
    assert problems(record, "agreement") == []
    assert (record["version"], record["supersedes"], record["change_reason"]) == (2, 1, REASON)


def test_version_1_stays_as_it_is_byte_for_byte(desk):
    before = desk.record("NR-0455").read_bytes()
    main(["amend", "NR-0455", "--reason", REASON, "--config", str(desk.folder / "agreements.toml")])
    assert desk.record("NR-0455").read_bytes() == before


def test_nobody_has_said_yes_to_it_and_it_is_not_read_back(amended):
    record = v2(amended)
    answers = {each["answer"] for each in (*record["change_consents"], *record["consent_to_outcome"])}
    assert (answers, "read_back" in record) == ({"not_yet"}, False)


def test_everyone_who_acts_receives_or_checks_is_asked(sample):
    assert to_be_asked(sample("NR-0412")) == ("harmed-1", "responsible-1", "absent-1", "outside-1")


def test_a_payer_and_who_pays_for_him_are_asked(sample):
    agreement = sample("NR-0440")
    payers = {payer.person for payment in agreement.payments for payer in payment.payers}
    payers |= {payer.paid_by for payment in agreement.payments for payer in payment.payers if payer.paid_by}
    assert payers <= set(to_be_asked(agreement))


def test_a_version_that_is_there_already_is_never_written_over(amended):
    before = amended.record("NR-0455-v2").read_bytes()
    words = ["amend", str(amended.record("NR-0455")), "--reason", "again"]
    assert main(words) == 3
    assert amended.record("NR-0455-v2").read_bytes() == before


def test_a_version_that_is_being_changed_is_not_changed_once_more(amended):
    assert main(["amend", "NR-0455", "--reason", "more", "--config", str(amended.folder / "agreements.toml")]) == 3
    assert not amended.record("NR-0455-v3").exists()


def test_a_meeting_without_an_agreement_has_nothing_to_change(desk):
    assert main(["amend", str(desk.record("NR-0421")), "--reason", REASON]) == 3


def test_a_withdrawn_consent_does_not_come_along(sample, day):
    withdrawn = Consented("withdrawn", "harmed-1", "item", "referrer", day("2027-03-31"), "facilitator-1", "c")
    journal = Journal("YC-0205", (Line(1, "2026-11-25T12:00:00Z", withdrawn),))
    record = new_version(sample("YC-0205"), journal, reason=REASON)
    assert [each["id"] for each in record["sharing"] if each["what"] == "item"] == ["a", "b"]


def test_what_changed_is_shown_side_by_side(amended, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    amended.change("NR-0455-v2", lambda record: record["items"][2].update(when={"date": "2026-12-03"}))
    assert shown(amended) == 1
    told = capsys.readouterr().out
    assert '"2026-11-26"' in told
    assert '"2026-12-03"' in told
    assert "Still to say yes: harmed" in told


def test_changed_words_are_noted_for_the_paper_about_the_change(amended):
    before = v2(amended)["items"][2]["text"]
    words = "Words that are new."
    amended.change("NR-0455-v2", lambda record: record["items"][2].update(text=words))
    shown(amended)
    assert v2(amended)["changes"] == [{"item": "c", "was": before}]
    amended.change("NR-0455-v2", lambda record: record["items"][2].update(text=before))
    shown(amended)
    assert "changes" not in v2(amended)


def test_when_everyone_has_said_yes_it_ends_with_0(amended, capsys):
    def yes(record):
        for consent in record["change_consents"]:
            consent.update(answer="yes", on="2026-12-01")

    amended.change("NR-0455-v2", yes)
    assert shown(amended) == 0
    assert "Everyone has said yes." in capsys.readouterr().out


def test_a_version_that_is_read_back_is_only_shown(desk):
    before = desk.record("YC-0205-v2").read_bytes()
    shown(desk, "YC-0205")
    assert desk.record("YC-0205-v2").read_bytes() == before


def test_the_first_version_has_nothing_to_be_compared_with(desk):
    assert shown(desk, "NR-0412") == 2


def test_differences_name_rows_and_fields_and_never_a_withheld_word(sample):
    old = sample("YC-0205")
    people = [dict(each) for each in old.record["participants"]]
    people[0]["withheld"] = ["Elsewhere Street"]
    new = sample("YC-0205-v2", participants=people)
    found = {each.where for each in differences(old, new)}
    assert {"items/a/text", "items/a/when"} <= found
    assert not any("withheld" in where for where in found)
    assert [each["item"] for each in changed_rows(old, new)] == ["a"]


def test_the_sample_of_a_change_lacks_the_yes_of_those_who_check(sample):
    assert not_yet_asked(sample("YC-0205-v2")) == ("outside-1", "outside-2")


def test_until_the_new_version_is_read_back_the_one_before_counts(amended, capsys):
    def later(record):
        record["items"][0]["when"] = {"date": "2027-03-01"}

    amended.change("NR-0455-v2", later)
    assert versions_due(amended, capsys) == {1}
    amended.did("NR-0455", "a", "--status", "under-way", "--on", "2026-11-20")
    assert [line.version for line in amended.journal("NR-0455").lines] == [1]


def versions_due(desk, capsys):
    capsys.readouterr()
    main(["actions", "due", str(desk.folder), "--on", "2026-11-27", "--json"])
    rows = json.loads(capsys.readouterr().out)["rows"]
    return {row["version"] for row in rows if (row["ref"], row["item"]) == ("NR-0455", "a")}


def as_document(desk, capsys, *words):
    capsys.readouterr()
    code = main(["amend", "NR-0455", *words, "--json", "--config", str(desk.folder / "agreements.toml")])
    document = json.loads(capsys.readouterr().out)
    assert (problems(document, "amend"), document["exit_code"]) == ([], code)
    return document


def test_a_version_that_is_begun_is_told_to_other_programs(desk, capsys):
    document = as_document(desk, capsys, "--reason", REASON)
    assert (document["file"], document["supersedes"], document["version"]) == ("NR-0455-v2.json", 1, 2)
    assert document["not_yet_asked"] == list(to_be_asked(desk.agreement("NR-0455")))


def test_what_changed_is_told_to_other_programs(amended, capsys):
    amended.change("NR-0455-v2", lambda record: record["items"][0].update(when={"date": "2027-03-01"}))
    [difference] = as_document(amended, capsys)["differences"]
    assert (difference["where"], difference["now"]) == ("items/a/when", {"date": "2027-03-01"})


def test_what_is_wrong_is_told_to_other_programs(amended, capsys):
    document = as_document(amended, capsys, "--reason", REASON)
    assert [each["where"] for each in document["problems"]] == ["/read_back"]


def test_a_version_without_a_change_says_so(amended, capsys):
    assert shown(amended) == 1
    assert "Nothing is agreed otherwise yet." in capsys.readouterr().out
