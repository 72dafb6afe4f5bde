"""`agreements actions` at a desk with every sample."""

from __future__ import annotations

import csv
import io
import json
import time
from decimal import Decimal

import pytest

from pipeline.cli.actions_printing import as_csv
from pipeline.cli.main import main
from pipeline.follow_up import indexing
from pipeline.follow_up import rows as row_making
from pipeline.follow_up.model import Status
from pipeline.follow_up.rows import bank_holiday
from pipeline.validation.check import problems


@pytest.fixture
def seen(desk, capsys):
    """A function that runs a view at the desk and gives the exit code and the JSON document."""

    def run(view, *words, records=None):
        capsys.readouterr()
        code = main(["actions", view, *map(str, records or [desk.folder]), *map(str, words), "--json"])
        document = json.loads(capsys.readouterr().out)
        assert (problems(document, "actions"), document["exit_code"]) == ([], code)
        return code, document

    return run


def of(document, ref, item=None):
    return [row for row in document["rows"] if (row["ref"], row["item"]) == (ref, item)]


def test_both_the_printed_number_and_the_id_are_shown(seen):
    _, document = seen("list", "--on", "2026-11-20")
    assert {(row["item"], *row["numbers"]) for row in of(document, "NR-0455", "c")} == {("c", 2)}


def test_the_newest_version_alone_counts(seen):
    _, document = seen("list", "--on", "2026-11-20")
    assert {row["version"] for row in document["rows"] if row["ref"] == "YC-0205"} == {2}


def test_what_is_overdue_ends_with_1_and_nothing_overdue_with_0(seen, desk):
    assert seen("due", "--on", "2026-12-02", records=[desk.record("NR-0440")])[0] == 1
    assert seen("due", "--on", "2026-12-01", records=[desk.record("NR-0440")])[0] == 0


def test_what_is_due_within_a_time_is_listed_and_no_more(seen, desk):
    _, document = seen("due", "--on", "2026-12-20", "--within", "14d", records=[desk.record("NR-0440")])
    assert [(row["due"], row["state"]) for row in document["rows"]] == [
        ("2026-12-01", "overdue"),
        ("2027-01-01", "due"),
    ]


def test_only_what_is_overdue(seen, desk):
    _, document = seen("due", "--overdue", "--on", "2026-12-20", records=[desk.record("NR-0440")])
    assert [row["due"] for row in document["rows"]] == ["2026-12-01"]


def test_only_what_one_person_does(seen):
    _, document = seen("list", "--owner", "harmed-1", "--on", "2026-11-20")
    assert {row["ref"] for row in document["rows"]} == {"NR-0412", "SC-0097"}


def test_a_bank_holiday_is_noted(seen, desk):
    _, document = seen("due", "--on", "2026-12-28", records=[desk.record("NR-0440")])
    assert document["rows"][1]["bank_holiday"] == "New Year's Day"


@pytest.mark.parametrize(
    ("day_of", "region", "name"),
    [
        ("2027-01-02", "GB", None),
        ("2026-11-30", "GB-SCT", "Saint Andrew's Day"),
        ("2027-07-12", "GB-NIR", "Battle of the Boyne"),
        ("2027-12-27", "GB", "Christmas Day (observed)"),
        ("2026-11-26", "US", "Thanksgiving Day"),
        ("2026-11-26", "ZZ", None),
    ],
)
def test_bank_holidays_are_those_of_the_region(day, day_of, region, name):
    assert bank_holiday(day(day_of), region) == name


def test_money_is_told_to_the_penny(seen, desk):
    desk.did("NR-0440", "a", "--received", "68.00", "--payer", "responsible-1", "--on", "2026-11-20")
    desk.did("NR-0440", "a", "--received", "10.05", "--payer", "responsible-2", "--on", "2026-11-21")
    _, document = seen("list", "--on", "2027-01-01", records=[desk.record("NR-0440")])
    assert document["sums"] == [
        {
            "currency": "GBP",
            "expected": "136.00",
            "received": "78.05",
            "outstanding": "57.95",
            "total": "480.00",
        }
    ]


def test_money_that_comes_early_pays_the_next_payments(seen, desk):
    desk.did("NR-0440", "a", "--received", "100.00", "--payer", "responsible-1", "--on", "2026-11-20")
    _, document = seen("list", "--on", "2026-11-25", records=[desk.record("NR-0440")])
    rows = of(document, "NR-0440", "a")
    assert [(row["received"], row["outstanding"]) for row in rows[:3]] == [
        ("68.00", "0.00"),
        ("32.00", "36.00"),
        ("0.00", "68.00"),
    ]


def test_what_waits_for_an_event_or_a_request_has_a_state_of_its_own(seen, desk):
    _, document = seen("list", "--on", "2026-11-20", records=[desk.record("NR-0412")])
    states = {(row["item"], row["what"]): row["state"] for row in document["rows"]}
    assert (states["b", "item"], states["d", "item"]) == ("waiting_for_event", "not_called_on")


def test_an_item_that_nobody_checks_is_marked(seen, desk):
    desk.change("NR-0412", lambda record: record["items"][0].pop("checker"))
    _, document = seen("list", "--on", "2026-11-20", records=[desk.record("NR-0412")])
    assert {row["item"] for row in document["rows"] if row["without_checker"]} == {"a"}


def test_an_item_that_is_done_is_open_no_more(seen, desk):
    desk.did("NR-0412", "a", "--status", "done", "--checked-by", "outside-1", "--on", "2026-11-20")
    _, document = seen("list", "--on", "2026-11-20", records=[desk.record("NR-0412")])
    assert {(row["state"], row["status"]) for row in of(document, "NR-0412", "a")} == {("ended", "done_checked")}


def test_done_without_a_checker_is_reported_only(desk):
    desk.did("NR-0412", "a", "--status", "done", "--by", "responsible-1", "--on", "2026-11-20")
    assert desk.journal("NR-0412").entries[0].status is Status.DONE_REPORTED


def test_recording_the_same_twice_is_recording_it_once(desk, capsys):
    words = ("NR-0412", "a", "--status", "under-way", "--on", "2026-11-20")
    desk.did(*words)
    capsys.readouterr()
    desk.did(*words)
    assert (capsys.readouterr().out, len(desk.journal("NR-0412").entries)) == ("NR-0412  recorded already\n", 1)


def test_a_paused_agreement_asks_for_nothing_until_the_pause_is_over(seen, desk):
    record = [desk.record("NR-0440")]
    desk.did("NR-0440", "--pause", "--on", "2026-11-20")
    assert seen("due", "--on", "2027-03-01", records=record)[0] == 0
    desk.did("NR-0440", "--resumed", "--on", "2026-11-25")
    assert seen("due", "--on", "2027-03-01", records=record)[0] == 1


def test_a_record_that_cannot_be_used_is_told_and_the_others_are_listed(seen, desk):
    desk.record("NR-0412").write_text("{", encoding="utf-8")
    code, document = seen("list", "--on", "2026-11-20")
    assert (code, {problem["source"] for problem in document["problems"]}) == (1, {str(desk.record("NR-0412"))})
    assert of(document, "NR-0440", "a")


def test_a_record_that_cannot_be_used_beside_one_with_nothing_due_is_not_every_record(seen, desk):
    desk.record("NR-0412").write_text("{", encoding="utf-8")
    both = [desk.record("NR-0412"), desk.record("NR-0440")]
    code, document = seen("due", "--on", "2026-11-20", "--within", "1d", records=both)
    assert (code, document["rows"]) == (1, [])


def test_a_torn_journal_is_told(seen, desk):
    desk.did("NR-0412", "a", "--status", "under-way", "--on", "2026-11-20")
    journal = desk.folder / "NR-0412.progress.jsonl"
    journal.write_bytes(journal.read_bytes()[:-5])
    _, document = seen("list", "--on", "2026-11-20")
    assert ["torn" in problem["what"] for problem in document["problems"]] == [True]


def test_of_two_versions_with_a_torn_journal_the_newest_alone_is_listed(seen, desk):
    desk.did("YC-0205", "a", "--status", "under-way", "--on", "2026-11-20")
    journal = desk.folder / "YC-0205.progress.jsonl"
    journal.write_bytes(journal.read_bytes()[:-5])
    _, document = seen("list", "--on", "2026-11-20")
    assert {row["version"] for row in document["rows"] if row["ref"] == "YC-0205"} == {2}


def test_the_table_for_a_spreadsheet_has_a_line_a_row(desk, capsys):
    assert main(["actions", "list", str(desk.record("NR-0440")), "--on", "2026-11-20", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [Decimal(row["expected"]) for row in rows if row["what"] == "payment"] == [68] * 6 + [72]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_taken_for_a_formula(text):
    cell = list(csv.reader(io.StringIO(as_csv([{"note": text}]))))[1][0]
    assert cell == f"'{text}"


@pytest.mark.parametrize("view", ["due", "list"])
@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_a_view_of_the_first_or_last_day_of_the_calendar_is_given(seen, view, on):
    assert seen(view, "--on", on, "--within", "9999m")[0] in {0, 1}


ABSURD = [
    {"pause_from": "0001-01-01", "until": "9999-12-31", "by": "facilitator-1"},
    {"resumed": "0001-01-01", "by": "facilitator-1"},
    {"asked": "9999-12-31", "item": "d", "by": "facilitator-1"},
    {"happened": "9999-12-31", "item": "b", "by": "facilitator-1"},
]


@pytest.mark.parametrize("line", ABSURD, ids=[next(iter(line)) for line in ABSURD])
def test_an_absurd_day_typed_into_a_journal_by_hand_hides_no_other_agreement(seen, desk, line):
    desk.did("NR-0412", "--pause", "--on", "2026-11-20")
    head = {"schema_version": 1, "ref": "NR-0412", "version": 1, "recorded": "2026-11-25T12:00:00Z"}
    with (desk.folder / "NR-0412.progress.jsonl").open("a", encoding="utf-8") as journal:
        journal.write(json.dumps(head | line) + "\n")
    for view in ("list", "due"):
        assert of(seen(view, "--on", "2026-12-20")[1], "NR-0440", "a")


def test_a_deadline_on_the_last_day_of_the_calendar_is_listed_and_in_the_calendar(seen, desk):
    desk.change("GW-0031", lambda record: record["items"][0].update(when={"date": "9999-12-31"}))
    _, document = seen("list", "--on", "2026-12-20", records=[desk.record("GW-0031")])
    assert "9999-12-31" in {row["due"] for row in document["rows"]}
    out = desk.folder / "days.ics"
    words = ["actions", "calendar", str(desk.record("GW-0031")), "--for", "facilitator-1", "--out", str(out)]
    assert (main(words), b"99991231" in out.read_bytes()) == (0, True)


def test_a_pause_can_be_ended_before_the_day_that_was_recorded(seen, desk):
    desk.did("NR-0440", "--pause", "--on", "2026-11-20", "--until", "2927-01-14")
    desk.did("NR-0440", "--resumed", "--on", "2026-11-25")
    _, document = seen("due", "--on", "2026-12-20", records=[desk.record("NR-0440")])
    assert document["rows"][0]["state"] == "overdue"


MISFITS = [
    ("nobody of this id", ("a", "--status", "done", "--checked-by", "outside-9")),
    ("no such item", ("z", "--status", "done")),
    ("before the meeting", ("a", "--status", "done", "--on", "2026-11-09")),
    ("not yet", ("a", "--status", "done", "--on", "2199-01-01")),
    ("no payment", ("a", "--received", "5.00")),
    ("no event is waited for", ("d", "--happened")),
    ("no condition", ("a", "--asked")),
    ("answered before it was asked", ("d", "--answered", "yes")),
    ("nothing is paused", ("--resumed",)),
    ("a pause that ends before it begins", ("--pause", "--on", "2026-11-20", "--until", "2026-11-19")),
    ("a day the item does not have", ("a", "--status", "done", "--of-day", "2026-12-01")),
    ("more than was agreed", ("a", "--status", "partly-done", "--so-far", "9/6", "--unit", "times")),
    ("a number of nothing", ("a", "--status", "partly-done", "--so-far", "3/6")),
    ("a consent that was never given", ("a", "--consent", "withdrawn", "--person", "harmed-1")),
    ("a withheld word", ("a", "--status", "under-way", "--wording", "Mr Brennock went once.")),
    ("a telephone number", ("a", "--status", "under-way", "--wording", "Ring him on 07700 900123.")),
    ("somebody's health", ("a", "--status", "under-way", "--wording", "His medication was changed.")),
    ("a wrong reference", ("a", "--report", "progress", "--to", "referrer-1")),
]


@pytest.mark.parametrize("words", [row[1] for row in MISFITS], ids=[row[0] for row in MISFITS])
def test_what_does_not_fit_is_refused_and_nothing_is_written(desk, words):
    more = () if "--on" in words else ("--on", "2026-11-20")
    assert desk.tried("NR-0412", *words, *more) == 3
    assert not (desk.folder / "NR-0412.progress.jsonl").exists() or desk.journal("NR-0412").entries == ()


def test_a_message_never_repeats_the_wording(desk, capsys):
    desk.tried("NR-0412", "a", "--status", "under-way", "--wording", "Mr Brennock went once.")
    assert "Brennock" not in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "words",
    [
        ("NR-0412", "a"),
        ("NR-0412", "--status", "done"),
        ("NR-0412", "a", "--status", "done", "--happened"),
        ("NR-9999", "a", "--status", "done"),
        ("NR-0440", "a", "--received", "5"),
        ("NR-0412", "a", "--consent", "given"),
        ("NR-0412", "a", "--status", "partly-done", "--so-far", f"{'9' * 5000}/6", "--unit", "times"),
        ("NR-0412", "a", "--status", "partly-done", "--so-far", "/6", "--unit", "times"),
        ("NR-0412", "a", "--status", "partly-done", "--so-far", "", "--unit", "times"),
    ],
)
def test_what_cannot_be_understood_is_a_usage_error(desk, words):
    assert desk.tried(*words) == 2


@pytest.fixture
def crowd(desk, monkeypatch):
    """The desk, with so few records called many that it has an index."""
    monkeypatch.setattr(indexing, "MANY", 3)
    monkeypatch.setattr(indexing, "_SETTLED", 0)
    time.sleep(0.02)
    return desk


def test_the_index_gives_the_same_answer_as_the_records(crowd, seen):
    first = seen("due", "--on", "2026-12-28")
    assert (crowd.folder / indexing.NAME).exists()
    assert seen("due", "--on", "2026-12-28") == first


def test_a_damaged_index_is_thrown_away_and_built_again(crowd, seen):
    first = seen("due", "--on", "2026-12-28")
    index = crowd.folder / indexing.NAME
    whole = index.read_bytes()
    for damage in (whole[:-1], b"", b"\xff\xfe", whole.replace(b"\t", b" ", 1), whole.replace(b"]]", b"]", 1)):
        index.write_bytes(damage)
        assert seen("due", "--on", "2026-12-28") == first


@pytest.mark.parametrize("name", ["a\tb.json", "a\nb.json", "\udcff.json"])
def test_a_file_name_that_no_line_can_hold_is_left_out_of_the_index(crowd, seen, name):
    crowd.record("NR-0440").rename(crowd.folder / name)
    first = seen("due", "--on", "2026-12-28")
    assert of(first[1], "NR-0440", "a")
    assert (crowd.folder / indexing.NAME).exists()
    assert seen("due", "--on", "2026-12-28") == first


def test_the_whole_list_comes_from_the_index_as_from_the_records(crowd, seen):
    crowd.did("NR-0440", "a", "--received", "68.00", "--payer", "responsible-1", "--on", "2026-11-20")
    time.sleep(0.02)
    first = seen("list", "--on", "2027-06-01")
    assert (crowd.folder / indexing.NAME).exists()
    assert seen("list", "--on", "2027-06-01") == first


@pytest.mark.usefixtures("crowd")
def test_bank_holidays_are_worked_out_again_with_another_version_of_their_library(seen, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(indexing, "version", lambda _library: "0.1")
        older.setattr(row_making, "bank_holiday", lambda _day, _region: "Another Day")
        _, document = seen("due", "--on", "2026-12-28")
    assert {row["bank_holiday"] for row in of(document, "NR-0440", "a")} == {"Another Day"}
    _, document = seen("due", "--on", "2026-12-28")
    assert {row["bank_holiday"] for row in of(document, "NR-0440", "a")} == {None, "New Year's Day"}


def test_what_is_recorded_shows_although_there_is_an_index(crowd, seen):
    seen("due", "--on", "2026-12-28")
    crowd.did("SC-0097", "a", "--status", "withdrawn", "--on", "2026-11-20")
    _, document = seen("due", "--on", "2026-12-28")
    assert of(document, "SC-0097", "a") == []


def test_a_record_changed_as_the_clock_stood_still_is_read_again(desk, seen, monkeypatch):
    monkeypatch.setattr(indexing, "MANY", 3)
    seen("due", "--on", "2026-12-28")
    assert len((desk.folder / indexing.NAME).read_text(encoding="utf-8").splitlines()) == 1


def test_the_index_holds_no_name_and_no_word_of_the_text(crowd, seen):
    seen("due", "--on", "2026-12-28")
    text = (crowd.folder / indexing.NAME).read_text(encoding="utf-8")
    agreement = crowd.agreement("NR-0412")
    words = [person.display_name for person in agreement.participants] + [item.text for item in agreement.items]
    assert [word for word in words if word in text] == []
