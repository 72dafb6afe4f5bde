from __future__ import annotations

import json
import os
import shutil
import stat

import pytest

from pipeline import __version__
from pipeline.batch import one_record
from pipeline.cli.main import main
from pipeline.errors import Problem, RecordError
from pipeline.shipped import shipped
from pipeline.validation.check import problems

SAMPLES = shipped("samples")
BESIDE = {"journal.jsonl", ".known.jsonl", "report.html"}


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def copies_in(folder):
    return {name: data for name, data in files_in(folder).items() if name not in BESIDE}


def journal(out):
    return [json.loads(line) for line in (out / "journal.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_reader_gets_a_word_and_a_pdf_file(records, out, run):
    code, report = run("generate", records, "--out", out)
    assert code == 0
    [result] = report["records"]
    assert (result["ref"], result["version"], result["state"]) == ("NR-0412", 1, "made")
    listed = {name for copy in result["copies"] for name in copy["files"]}
    assert set(copies_in(out)) == listed | {"NR-0412/v1/manifest.json"}
    assert {"NR-0412/v1/harmed-1/NR-0412-v1-harmed-1.docx", "NR-0412/v1/service/NR-0412-v1-service.pdf"} <= listed


def test_the_report_keeps_its_schema(records, out, run):
    _, report = run("generate", records, "--out", out)
    assert problems(report, "report") == []


def test_the_manifest_keeps_its_schema_and_names_what_it_was_made_from(records, out, run):
    run("generate", records, "--out", out)
    manifest = json.loads((out / "NR-0412/v1/manifest.json").read_bytes())
    assert problems(manifest, "manifest") == []
    assert (manifest["program"], manifest["engine"]["profiles"]) == (__version__, ["2a", "ua1"])


def test_the_manifest_holds_no_name_of_anybody_and_no_path(records, out, run):
    run("generate", records, "--out", out)
    record = json.loads((records / "NR-0412.json").read_text(encoding="utf-8"))
    text = (out / "NR-0412/v1/manifest.json").read_text(encoding="utf-8")
    assert [person["id"] for person in record["participants"] if person["display_name"] in text] == []
    assert str(out) not in text
    assert "NR-0412.json" not in text


def test_a_second_run_writes_nothing(records, out, run):
    run("generate", records, "--out", out)
    before = {path: path.stat().st_mtime_ns for path in (out / "NR-0412").rglob("*")}
    code, report = run("generate", records, "--out", out)
    assert (code, report["counts"]) == (0, {"up_to_date": 1})
    assert {path: path.stat().st_mtime_ns for path in (out / "NR-0412").rglob("*")} == before


def test_two_runs_into_two_folders_are_byte_identical(records, tmp_path, run):
    run("generate", records, "--out", tmp_path / "one")
    run("generate", records, "--out", tmp_path / "two")
    assert copies_in(tmp_path / "one") == copies_in(tmp_path / "two")


def test_force_makes_the_same_copies_again(records, out, run):
    run("generate", records, "--out", out)
    before = copies_in(out)
    _, report = run("generate", records, "--out", out, "--force")
    assert report["counts"] == {"made": 1}
    assert copies_in(out) == before


def test_a_copy_edited_by_hand_is_made_again(records, out, run):
    run("generate", records, "--out", out)
    before = copies_in(out)
    (out / "NR-0412/v1/harmed-1/NR-0412-v1-harmed-1.docx").write_bytes(b"edited")
    run("generate", records, "--out", out)
    assert copies_in(out) == before


def test_a_dry_run_prints_the_plan_and_writes_nothing(records, out, run, change):
    for name in ("NR-0420.json", "NR-0421.json"):
        shutil.copy(SAMPLES / name, records)
    run("generate", records / "NR-0412.json", records / "NR-0420.json", "--out", out)
    change(records / "NR-0412.json", lambda record: record.update(closing_words="Thank you, everybody."))
    shutil.copy(SAMPLES / "NR-0440.json", records)
    before = files_in(out)
    code, report = run("generate", records, "--out", out, "--dry-run")
    assert [(each["ref"], each["state"]) for each in report["records"]] == [
        ("NR-0412", "changed"),
        ("NR-0420", "up_to_date"),
        ("NR-0421", "no_agreement"),
        ("NR-0440", "new"),
    ]
    assert code == 0
    assert files_in(out) == before


def test_a_dry_run_makes_no_output_folder(records, out, run):
    code, report = run("generate", records, "--out", out, "--dry-run")
    assert (code, report["counts"]) == (0, {"new": 1})
    assert not out.exists()


def test_only_one_reader_gets_a_copy(records, out, run):
    _, report = run("generate", records, "--out", out, "--only", "harmed-1")
    assert {copy["reader"] for copy in report["records"][0]["copies"]} == {"harmed-1"}
    assert {name.split("/")[2] for name in copies_in(out)} == {"harmed-1", "manifest.json"}


def test_one_copy_made_again_leaves_the_others_as_they_are(records, out, run):
    run("generate", records, "--out", out)
    before = copies_in(out)
    (out / "NR-0412/v1/harmed-1/NR-0412-v1-harmed-1.pdf").unlink()
    _, report = run("generate", records, "--out", out, "--only", "harmed-1")
    assert report["counts"] == {"made": 1}
    assert copies_in(out) == before


def test_one_copy_of_a_changed_record_is_refused_because_versions_are_never_mixed(records, out, run, change):
    run("generate", records, "--out", out)
    before = copies_in(out)
    change(records / "NR-0412.json", lambda record: record.update(closing_words="Thank you, everybody."))
    code, report = run("generate", records, "--out", out, "--only", "harmed-1")
    assert code == 3
    assert "leave --only out" in report["records"][0]["problems"][0]["do"]
    assert copies_in(out) == before


def test_an_id_that_gets_no_copy_names_those_that_do(records, out, run):
    code, report = run("generate", records, "--out", out, "--only", "harmed-9")
    assert code == 3
    assert "harmed-1" in report["records"][0]["problems"][0]["do"]


def signed(out):
    folder = out / "NR-0412/v1/harmed-1/signed"
    folder.mkdir()
    (folder / "NR-0412-v1-harmed-1.pdf").write_bytes(b"signed page")
    return files_in(out / "NR-0412")


@pytest.mark.parametrize("words", [[], ["--force"], ["--only", "harmed-1"]], ids=str)
def test_a_signed_version_is_left_alone_and_counts_as_done(records, out, run, words):
    run("generate", records, "--out", out)
    before = signed(out)
    code, report = run("generate", records, "--out", out, *words)
    assert (code, report["counts"]) == (0, {"signed": 1})
    assert files_in(out / "NR-0412") == before


def test_a_signed_version_allows_changes_that_no_reader_sees(records, out, run, change):
    run("generate", records, "--out", out)
    signed(out)
    change(records / "NR-0412.json", lambda record: record.update(pathway="other"))
    code, report = run("generate", records, "--out", out)
    assert (code, report["counts"]) == (0, {"signed": 1})


@pytest.mark.parametrize("words", [[], ["--force"]], ids=str)
def test_a_signed_version_with_other_terms_is_refused_with_what_to_do(records, out, run, change, words):
    run("generate", records, "--out", out)
    before = signed(out)
    change(records / "NR-0412.json", lambda record: record["items"][0].update(text="Something else altogether."))
    code, report = run("generate", records, "--out", out, *words)
    assert (code, report["counts"]) == (3, {"refused": 1})
    assert "make version 2" in report["records"][0]["problems"][0]["do"]
    assert files_in(out / "NR-0412") == before


def test_one_bad_record_never_stops_the_others(records, out, run, tmp_path):
    run("generate", records, "--out", tmp_path / "alone")
    (records / "A-bad.json").write_text("{", encoding="utf-8")
    code, report = run("generate", records, "--out", out)
    assert (code, report["counts"]) == (1, {"made": 1, "failed": 1})
    assert copies_in(out) == copies_in(tmp_path / "alone")


def test_two_files_with_one_reference_are_both_refused_by_name(records, out, run):
    shutil.copy(records / "NR-0412.json", records / "copy of it.json")
    code, report = run("generate", records, "--out", out)
    assert (code, report["counts"]) == (3, {"refused": 2})
    assert "NR-0412.json" in report["records"][1]["problems"][0]["what"]
    assert not out.exists()


def test_a_mistake_of_the_program_costs_one_record_and_repeats_no_name(records, out, monkeypatch, capsys):
    def fail(*_arguments, **_options):
        raise KeyError("Ruth Ashdown")

    monkeypatch.setattr(one_record, "make", fail)
    assert main(["generate", str(records), "--out", str(out)]) == 3
    screen = capsys.readouterr()
    assert "The program made a mistake: KeyError in pipeline/batch/one_record.py, line" in screen.err
    assert "Ashdown" not in screen.out + screen.err


def test_debug_shows_the_whole_trace_with_a_warning(records, out, monkeypatch, capsys):
    def fail(*_arguments, **_options):
        raise KeyError("the name of a person")

    monkeypatch.setattr(one_record, "make", fail)
    main(["generate", str(records), "--out", str(out), "--debug"])
    screen = capsys.readouterr().err
    assert "may hold personal data" in screen
    assert "the name of a person" in screen


def test_an_interrupt_leaves_what_was_published_and_nothing_more(records, out, run, monkeypatch):
    run("generate", records, "--out", out)
    before = copies_in(out)

    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(one_record, "make", interrupted)
    assert main(["generate", str(records), "--out", str(out), "--force"]) == 130
    assert copies_in(out) == before
    assert not list(out.glob(".*-v*"))


def test_the_journal_says_what_was_published(records, out, run):
    run("generate", records, "--out", out)
    run("generate", records, "--out", out)
    assert [(line["event"], line["ref"]) for line in journal(out)] == [
        ("published", "NR-0412"),
        ("up_to_date", "NR-0412"),
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way: docs/safety.md")
def test_nothing_in_the_output_is_open_to_others(records, out, run):
    run("generate", records, "--out", out)
    assert [path for path in (out, *out.rglob("*")) if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_record_from_standard_input_gives_the_same_copies(records, service_folder, tmp_path, monkeypatch, run):
    run("generate", records, "--out", tmp_path / "file")
    with (records / "NR-0412.json").open(encoding="utf-8") as record:
        monkeypatch.setattr("sys.stdin", record)
        run("generate", "-", "--config", service_folder / "agreements.toml", "--out", tmp_path / "input")
    assert copies_in(tmp_path / "input") == copies_in(tmp_path / "file")


def test_json_lines_give_one_record_a_line(records, out, capsys):
    main(["generate", str(records), "--out", str(out), "--json-lines"])
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["state"] == "made"


def test_results_go_to_standard_output_alone(records, out, capsys):
    main(["generate", str(records), "--out", str(out)])
    assert capsys.readouterr().out.startswith("NR-0412  v1  made  ")


def test_a_message_gives_file_line_column_pointer_what_and_what_to_do(records, out, capsys, change):
    path = records / "NR-0412.json"
    change(path, lambda record: record.update(version=0))
    assert main(["generate", str(path), "--out", str(out)]) == 3
    place, what, do = capsys.readouterr().err.splitlines()[:3]
    assert place.startswith(f"{path}:1:")
    assert place.endswith("  /version")
    assert what.startswith("  ")
    assert do.startswith("  → ")


def test_without_agreements_toml_generate_is_4(records, out, tmp_path, monkeypatch, run):
    (records.parent / "agreements.toml").unlink()
    monkeypatch.chdir(tmp_path)
    code, report = run("generate", records, "--out", out)
    assert (code, report["records"]) == (4, [])
    assert "agreements init" in report["problems"][0]["do"]


def test_a_template_that_is_not_there_is_4_and_nothing_starts(records, out, run):
    code, report = run("generate", records, "--out", out, "--template", "nonesuch")
    assert (code, report["records"]) == (4, [])


def test_an_output_that_is_a_file_is_4(records, tmp_path, run):
    (tmp_path / "file").write_bytes(b"")
    assert run("generate", records, "--out", tmp_path / "file")[0] == 4


@pytest.mark.parametrize("outcome", ["none_wanted", "none_reached", "adjourned"])
def test_a_meeting_without_an_agreement_makes_nothing_and_is_done(records, out, run, outcome):
    name = outcome.replace("_", "-")
    case = SAMPLES.parent / "tests" / "cases" / "good" / f"{name}.json"
    code, report = run("generate", case, "--config", records.parent / "agreements.toml", "--out", out)
    assert (code, report["counts"]) == (0, {"no_agreement": 1})
    assert report["records"][0]["notes"][0].endswith(".")
    assert not out.exists()


def silence(record):
    record["items"][0]["text"] = "Ruth will withdraw the complaint and will not talk to the police."


def test_advice_of_severity_stop_refuses_the_record_and_names_its_rule(records, out, capsys, change):
    change(records / "NR-0412.json", silence)
    assert main(["generate", str(records), "--out", str(out)]) == 3
    screen = capsys.readouterr()
    assert screen.out == "NR-0412  v1  refused\n"
    assert "  stop: silence" in screen.err
    assert not out.exists()


def test_a_stop_that_somebody_accepted_keeps_nothing_from_being_made(records, out, run, change):
    def accept(record):
        silence(record)
        item = record["items"][0]["id"]
        why = {"rule": "silence", "item": item, "reason": "Her own wish.", "by": "the manager", "on": "2026-11-12"}
        record["accepted"] = [why]

    change(records / "NR-0412.json", accept)
    assert run("generate", records, "--out", out)[1]["counts"] == {"made": 1}


def test_a_language_without_a_template_costs_only_the_records_in_it(records, out, run, change):
    def in_german(record):
        record.update(ref="NR-0413", agreed_language="de")

    shutil.copy(records / "NR-0412.json", records / "NR-0413.json")
    change(records / "NR-0413.json", in_german)
    code, report = run("generate", records, "--out", out)
    assert (code, report["counts"]) == (1, {"made": 1, "failed": 1})


def test_a_copy_that_cannot_be_made_is_named(records, out, run, monkeypatch):
    def refuse(*_arguments, **_options):
        raise RecordError([Problem("It cannot be printed.", "Change it.", "DOCX, header 1")])

    monkeypatch.setattr(one_record, "make", refuse)
    _, report = run("generate", records, "--out", out)
    places = [problem["where"] for problem in report["records"][0]["problems"]]
    assert places == ["in every copy, DOCX, header 1"]


@pytest.mark.parametrize("word", ["NR-0412", "NR-0412/v1"])
def test_a_link_in_the_output_is_named_and_not_followed(records, out, run, tmp_path, word):
    (tmp_path / "elsewhere").mkdir()
    (out / word).parent.mkdir(parents=True)
    (out / word).symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    code, report = run("generate", records, "--out", out)
    assert (code, report["records"][0]["problems"][0]["where"]) == (3, word)
    assert list((tmp_path / "elsewhere").iterdir()) == []
