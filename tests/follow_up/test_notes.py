"""What each person is told in writing: who is told what, proven, and nothing without a live consent."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.archive.records import find_records
from pipeline.cli.main import main
from pipeline.documents.reading.docx import read_docx
from pipeline.errors import RecordError
from pipeline.follow_up.model import Consented, Followed, FollowUp, Progress, Standing, Status
from pipeline.follow_up.notes import TEMPLATES, WORDS, note_for
from pipeline.follow_up.papers import make_papers
from pipeline.follow_up.statistics import LEAST, statistics
from pipeline.follow_up.views import Look
from pipeline.languages.catalogue import catalogues, phrases
from pipeline.publication.papers import put_papers, remove_papers
from pipeline.records.load import load_record
from pipeline.service.load import load_service
from pipeline.shipped import shipped
from pipeline.validation.check import problems

LOOK = Look(datetime(2026, 11, 25, tzinfo=ZoneInfo("Europe/London")), ZoneInfo("Europe/London"))
REFERRER = {
    "id": "referrer-1",
    "role": "referrer",
    "side": "outside",
    "display_name": "The probation service",
    "withheld": [],
    "nothing_to_withhold": True,
    "signs": False,
    "attended": "not_present",
}


@pytest.fixture(scope="module")
def service():
    return load_service(shipped("samples") / "agreements.toml")


@pytest.fixture
def told(service, journal_of):
    """A function that gives what a reader of a sample is told after these entries."""

    def after(agreement, reader, *entries, **more):
        journal = journal_of(*entries, ref=agreement.ref)
        return note_for(agreement, journal, service, reader, look=LOOK, **more)

    return after


def done(item, status=Status.DONE_CHECKED, **more):
    return Progress(status, item, date(2026, 11, 24), "facilitator-1", **more)


def withdrawn(what="item", which="c", person="harmed-1", *, how="withdrawn"):
    return Consented(how, person, what, "referrer", date(2026, 11, 24), "facilitator-1", which)


def items(note):
    [copy] = note.copies
    return [(row["text"][:12], row["progress"]["status"]) for row in copy.context["items"]]


def words(service, note):
    files = make_papers(note, service, engine_name="embedded")
    [docx] = [data for name, data in files.items() if name.endswith(".docx")]
    return " ".join(each.text for each in read_docx(docx).texts)


def test_the_person_harmed_is_told_of_every_part(sample, told):
    note = told(sample("YC-0205-v2"), "harmed-1", done("b", Status.NOT_DONE_NOT_EXCUSED))
    assert [status for _, status in items(note)] == ["not_started", "not_done_not_excused", "done_at_meeting"]


def test_whoever_does_something_is_told_of_their_own_parts_alone(sample, told):
    note = told(sample("YC-0205-v2"), "outside-2", done("b"))
    assert [text for text, _ in items(note)] == ["Niall will m"]


def test_somebody_outside_is_not_told_the_wording_for_others(sample, told):
    [copy] = told(sample("YC-0205-v2"), "outside-2", done("b", wording="It is done.")).copies
    assert copy.context["items"][0]["progress"]["wording"] is None


@pytest.mark.parametrize(
    ("entries", "kind"),
    [
        ((), "progress"),
        ((done("a"), done("b")), "completion"),
        ((done("a", Status.NOT_DONE_EXCUSED), done("b")), "non_completion"),
        ((done("a", Status.WITHDRAWN), done("b")), "non_completion"),
        ((done("a", Status.PARTLY_DONE), done("b")), "progress"),
    ],
)
def test_a_note_says_whether_it_is_over_and_how(sample, told, entries, kind):
    assert told(sample("YC-0205-v2"), "harmed-1", *entries).kind == kind


def test_the_referrer_is_told_what_a_consent_or_a_law_allows(sample, told):
    assert told(sample("YC-0205-v2"), "referrer-1").items == ("a", "b", "c")


def test_a_withdrawn_consent_takes_its_item_out_and_says_whose_it_was(sample, told):
    note = told(sample("YC-0205-v2"), "referrer-1", withdrawn())
    assert note.items == ("a", "b")
    assert note.left_out == ("harmed-1 withdrew the consent to tell the referrer of item c on 2026-11-24.",)


def test_a_consent_given_again_counts_again(sample, told):
    note = told(sample("YC-0205-v2"), "referrer-1", withdrawn(), withdrawn(how="given"))
    assert note.items == ("a", "b", "c")


def test_a_consent_to_reports_taken_back_leaves_what_a_law_requires(sample, told):
    entries = (withdrawn("report", None, how="given"), withdrawn("report", None))
    assert told(sample("YC-0205-v2"), "referrer-1", *entries).items == ("a", "b")


def test_when_no_consent_is_left_the_report_is_stopped_with_the_reason(sample, told):
    agreement = sample("YC-0205-v2", sharing=[
        {"what": "item", "id": "c", "with": "referrer", "agreed_by": ["harmed-1", "responsible-1"], "on": "2026-09-17"}
    ])  # fmt: skip
    assert told(agreement, "referrer-1").items == ("c",)
    with pytest.raises(RecordError, match="harmed-1 withdrew the consent"):
        told(agreement, "referrer-1", withdrawn())


@pytest.mark.parametrize("duty", ["", "  ", "the law\x1b[2J", "a law\nof two lines", "l" * 161])
def test_a_duty_that_is_not_named_opens_nothing(sample, told, duty):
    with pytest.raises(RecordError) as error:
        told(sample("YC-0205"), "referrer-1", duty=duty)
    assert [problem.where for problem in error.value.problems] == ["--duty"]


def test_without_any_consent_there_is_no_report_but_for_a_named_duty(sample, told):
    agreement = sample("YC-0205-v2", sharing=[])
    with pytest.raises(RecordError, match="No consent"):
        told(agreement, "referrer-1")
    assert told(agreement, "referrer-1", duty="the law asks for it").items == ("a", "b", "c")


def test_a_consent_of_all_whom_it_is_about_given_since_opens_an_item(sample, told):
    agreement = sample("YC-0205-v2", sharing=[])
    one, other = withdrawn(how="given"), withdrawn(person="responsible-1", how="given")
    with pytest.raises(RecordError):
        told(agreement, "referrer-1", one)
    assert told(agreement, "referrer-1", one, other).items == ("c",)


@pytest.fixture
def nothing_wanted(sample):
    return sample("NR-0421", participants=[*sample("NR-0421").record["participants"], REFERRER])


def test_no_agreement_is_reported_only_when_every_party_consents(nothing_wanted, told):
    one = withdrawn("report", None, how="given")
    with pytest.raises(RecordError, match="No consent"):
        told(nothing_wanted, "referrer-1", one)
    both = (one, withdrawn("report", None, "responsible-1", how="given"))
    assert told(nothing_wanted, "referrer-1", *both).kind == "no_agreement"


def test_a_report_of_no_agreement_says_that_people_met_and_nothing_else(nothing_wanted, told, service):
    page = words(service, told(nothing_wanted, "referrer-1", duty="the law asks for it"))
    assert "A meeting was held." in page
    assert "Nobody wanted a written agreement." in page
    assert not any(person.display_name in page for person in nothing_wanted.participants if person.side != "outside")


@pytest.mark.parametrize("reader", ["parent-1", "facilitator-1", "harmed-9"])
def test_nobody_else_is_told_in_writing(sample, told, reader):
    with pytest.raises(RecordError):
        told(sample("YC-0205-v2"), reader)


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("NR-0412", "harmed-1"),
        ("NR-0440", "responsible-2"),
        ("NR-0460", "harmed-1"),
        ("NR-0470", "outside-1"),
        ("YC-0205-v2", "referrer-1"),
    ],
)
def test_every_paper_is_proven_and_says_how_each_part_stands(service, told, name, reader):
    agreement = load_record(shipped("samples") / f"{name}.json", extra_fields=service.extra_fields)
    note = told(agreement, reader)
    page = words(service, note)
    [copy] = note.copies
    assert all(row["text"] in page and row["progress"]["words"] in page for row in copy.context["items"])


@pytest.mark.parametrize(
    ("name", "reader"), [("NR-0412", "harmed-1"), ("NR-0440", "responsible-2"), ("YC-0205-v2", "referrer-1")]
)
def test_every_kind_of_paper_is_proven_from_libreoffice(service, told, sample, outside_program, name, reader):
    outside_program("soffice")
    note = told(sample(name), reader)
    assert len(make_papers(note, service, engine_name="libreoffice")) == 2


def test_money_that_arrived_and_is_still_to_come_stands_in_the_note(desk):
    desk.did("NR-0440", "a", "--received", "68.00", "--payer", "responsible-1", "--on", "2026-11-20")
    note = note_for(desk.agreement("NR-0440"), desk.journal("NR-0440"), desk.service, "responsible-1", look=LOOK)
    page = words(desk.service, note)
    assert "£68.00 of £480.00 has arrived; £412.00 is still to come." in page


def test_a_wording_that_names_a_withheld_word_never_gets_onto_a_page(sample, told, service):
    # such a line cannot be recorded; somebody wrote it into the file by hand
    note = told(sample("YC-0205-v2"), "harmed-1", done("b", wording="Corrigan came six times."))
    with pytest.raises(RecordError):
        make_papers(note, service, engine_name="embedded")


@pytest.mark.parametrize(
    ("name", "reader", "language", "said"),
    [
        ("GW-0031", "harmed-1", "cy", "Wedi\u2019i wneud a\u2019i wirio"),
        ("NR-0480", "harmed-1", "pl", "Zrobione i sprawdzone"),
        ("NR-0460", "harmed-1", "ar", "تم، وجرى التحقق منه"),
        ("NR-0480", "responsible-1", "ur", "ہو گیا، اور جانچ لیا گیا"),
    ],
)
def test_a_note_is_in_the_language_of_its_reader(service, told, name, reader, language, said):
    agreement = load_record(shipped("samples") / f"{name}.json", extra_fields=service.extra_fields)
    note = told(agreement, reader, done("a"))
    [copy] = note.copies
    assert (copy.language, note.notes, said in words(service, note)) == (language, (), True)


def test_what_a_journal_says_in_its_own_words_is_told_in_the_agreed_language_and_the_service_hears_why(sample, told):
    note = told(sample("NR-0480"), "harmed-1", done("a", wording="The gate is mended."))
    assert [copy.language for copy in note.copies] == ["en"]
    assert note.notes == ("harmed-1: asked for pl; made in en, as agreed: nobody has translated the journal's words",)


@pytest.mark.parametrize("language", catalogues())
def test_every_status_has_words_in_every_language(language):
    assert [status for status, said in WORDS.items() if phrases(language).say(said) == said] == []


def test_every_status_has_words_and_every_reader_a_paper():
    assert set(WORDS) == set(Status)
    assert all((shipped("templates") / name / f"{name}.en.docx").is_file() for name in TEMPLATES.values())


def test_the_command_puts_both_files_into_one_folder_of_the_output(desk):
    words = ["report", str(desk.record("NR-0440")), "--to", "responsible-1", "--on", "2026-11-25"]
    assert main([*words, "--out", str(desk.folder / "out")]) == 0
    folder = desk.folder / "out" / "NR-0440" / "notes" / "2026-11-25-responsible-1"
    assert sorted(path.suffix for path in folder.iterdir()) == [".docx", ".pdf"]


def test_a_report_that_is_stopped_leaves_nothing_and_says_why(desk, capsys):
    desk.change("YC-0205-v2", lambda record: record.pop("sharing"))
    code = main(["report", str(desk.record("YC-0205-v2")), "--out", str(desk.folder / "out")])
    assert (code, (desk.folder / "out").exists()) == (3, False)
    assert "No consent to report this is recorded" in capsys.readouterr().err


def test_a_note_made_again_takes_the_place_of_the_old_one(tmp_path):
    for data in (b"old", b"new"):
        folder = put_papers(tmp_path, "NR-0440", "harmed-1", date(2026, 11, 25), {"note.pdf": data})
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [("note.pdf", b"new")]
    assert [path.name for path in tmp_path.iterdir()] == ["NR-0440"]


def test_the_notes_of_an_agreement_go_with_it(tmp_path):
    put_papers(tmp_path, "NR-0440", "harmed-1", date(2026, 11, 25), {"note.pdf": b"x"})
    remove_papers(tmp_path, "NR-0440")
    remove_papers(tmp_path, "NR-0412")
    assert list((tmp_path / "NR-0440").iterdir()) == []


def crowd(sample, *statuses):
    """Many agreements with one item each, of these statuses."""
    for status in statuses:
        agreement = sample("NR-0420")
        item = Followed("a", (1,), "action", "reparation", "ByDate", (), None, status, None, None, None, None, ())
        yield agreement, FollowUp("NR-0420", 1, Standing(read_back=True, version=1), (item,), ())


def test_statistics_count_raw_statuses(sample):
    counted = statistics(crowd(sample, *[Status.DONE_CHECKED] * 7, *[Status.NOT_DONE_EXCUSED] * 6), LOOK)
    found = {each.value: each.count for each in counted if each.table == "items by status"}
    assert found == {"done_checked": 7, "not_done_excused": 6}


def test_a_small_number_is_not_told_and_cannot_be_worked_out(sample):
    statuses = [Status.DONE_CHECKED] * 9, [Status.UNDER_WAY] * 6, [Status.LAPSED] * (LEAST - 1)
    counted = statistics(crowd(sample, *(each for some in statuses for each in some)), LOOK)
    found = {each.value: each.count for each in counted if each.table == "items by status"}
    assert found == {"done_checked": 9, "under_way": None, "lapsed": None}


def test_statistics_hold_no_reference_no_name_and_no_text(desk, capsys):
    assert main(["report", "--statistics", str(desk.folder), "--json", "--on", "2026-11-25"]) == 0
    printed = capsys.readouterr().out
    assert problems(json.loads(printed), "statistics") == []
    assert {each["table"] for each in json.loads(printed)["counts"]} >= {"items by status", "agreements by outcome"}
    for path in desk.folder.glob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        names = [person["display_name"] for person in record["participants"] if len(person["display_name"]) > 2]
        texts = [record["ref"], *names, *(item["text"] for item in record.get("items", []))]
        assert [text for text in texts if text in printed] == []


def test_statistics_as_csv_say_that_a_number_is_small(desk, capsys):
    assert main(["report", "--statistics", str(desk.folder), "--on", "2026-11-25"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["count"] for row in rows if row["table"] == "agreements with a child"} == {"under 5"}
    assert all(row["count"] == "under 5" or int(row["count"]) >= LEAST for row in rows)


def test_a_journal_that_says_everything_is_done_lets_go_and_one_that_does_not_holds(desk):
    def opened():
        return find_records([desk.folder], desk.service).promises_open("NR-0455")

    assert opened() is None
    for item in ("a", "b"):
        desk.did("NR-0455", item, "--status", "withdrawn", "--on", "2026-11-20")
    assert opened() is True
    desk.did("NR-0455", "c", "--status", "done", "--by", "facilitator-1", "--on", "2026-11-20")
    assert opened() is False
