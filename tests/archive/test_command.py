from __future__ import annotations

import hashlib
import json

import pytest

from pipeline.cli.main import main
from pipeline.validation.check import problems


@pytest.fixture
def run(kept, capsys):
    """A function that runs `agreements archive` at the desk; it gives the exit code and the JSON document."""

    def run_json(command, *words):
        capsys.readouterr()
        where = ["--archive", kept.archive, "--config", kept.folder / "agreements.toml"]
        code = main(["archive", command, *map(str, (*words, *where)), "--json"])
        document = json.loads(capsys.readouterr().out)
        assert (problems(document, "archive"), document["exit_code"]) == ([], code)
        return code, document

    return run_json


def test_adding_ends_with_0_and_says_the_state_of_each(run, kept):
    code, document = run("add", kept.out / "NR-0440")
    assert (code, document["results"][0]["state"]) == (0, "kept already")


def test_adding_only_what_must_be_asked_about_ends_with_3(run, kept):
    kept.sign("NR-0412")
    code, document = run("add", kept.out / "NR-0412")
    assert (code, document["results"][0]["problems"][0]["where"]) == (3, "/retention")


def test_finding_tells_readers_and_status(run):
    _, document = run("find", "--reader", "organisation-1", "--from", "2026-11-01", "--to", "2026-11-30")
    assert [(found["ref"], found["status"]) for found in document["results"]] == [("NR-0440", ["signed"])]


def test_verifying_an_archive_in_order_ends_with_0(run):
    code, document = run("verify")
    assert (code, document["read"]["files"] > 0) == (0, True)


def test_verifying_a_damaged_archive_ends_with_1_and_names_the_file(run, kept):
    next(path for path in (kept.archive / "objects").rglob("*") if path.is_file()).write_bytes(b"other")
    code, document = run("verify")
    assert (code, document["problems"][0]["where"].startswith("NR-0440/v1/")) == (1, True)


def test_what_is_due_is_listed_with_its_reasons(run):
    run("event", "NR-0440", "completed", "--on", "2027-06-01")
    run("event", "NR-0440", "hold", "--on", "2027-06-02")
    code, document = run("due", "--on", "2040-01-01")
    [found] = document["results"]
    assert (code, found["state"], found["reasons"]) == (1, "held back", ["A legal hold was recorded."])


def test_nothing_due_ends_with_0(run):
    assert run("due", "--on", "2040-01-01")[0] == 0


def test_a_dry_run_deletes_nothing_and_its_word_deletes(run, kept):
    kept.change("NR-0440", lambda record: record["retention"].update(years=0))
    run("add", kept.out / "NR-0440")
    run("event", "NR-0440", "completed", "--on", "2026-11-06")
    run("event", "NR-0440", "promises-settled", "--on", "2026-11-06")
    options = ("--out", kept.out, "--on", "2026-11-08")
    _, dry = run("dispose", *options)
    assert (kept.out / "NR-0440" / "v1" / "manifest.json").exists()
    assert run("dispose", *options, "--confirm", "00000000")[0] == 1
    assert (kept.out / "NR-0440" / "v1" / "manifest.json").exists()
    code, done = run("dispose", *options, "--confirm", dry["confirm"])
    assert (code, done["results"][0]["state"]) == (0, "disposed of")
    assert [path.name for path in (kept.out / "NR-0440" / "v1").iterdir()] == ["disposed.json"]


def test_nothing_is_deleted_for_a_day_to_come(run, kept):
    run("event", "NR-0440", "completed", "--on", "2027-06-01")
    _, dry = run("dispose", "--out", kept.out, "--on", "2999-01-01")
    code, _ = run("dispose", "--out", kept.out, "--on", "2999-01-01", "--confirm", dry["confirm"])
    assert (code, (kept.out / "NR-0440" / "v1" / "manifest.json").exists()) == (1, True)


def test_forgetting_the_output_is_a_matter_of_usage(kept, capsys):
    where = ["--archive", str(kept.archive), "--config", str(kept.folder / "agreements.toml")]
    main(["archive", "event", "NR-0440", "completed", "--on", "2026-11-06", *where])
    assert main(["archive", "dispose", "--confirm", "00000000", "--on", "2026-11-08", *where]) == 2
    assert "--out" in capsys.readouterr().err


def test_any_tool_can_check_what_was_exported(run, kept, tmp_path):
    code, _ = run("export", "NR-0440", "--to", tmp_path / "plain")
    lines = (tmp_path / "plain" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("  ", 1) for line in lines]
    assert (code, len(pairs)) == (0, len([path for path in (kept.out / "NR-0440").rglob("*") if path.is_file()]))
    for sha256, name in pairs:
        assert hashlib.sha256((tmp_path / "plain" / name).read_bytes()).hexdigest() == sha256


def test_an_export_over_a_folder_that_is_there_is_refused(kept, tmp_path, capsys):
    assert main(["archive", "export", "--all", "--to", str(tmp_path), "--archive", str(kept.archive)]) == 4
    assert "there already" in capsys.readouterr().err


def test_a_damaged_file_is_not_exported(run, kept, tmp_path):
    for path in [path for path in (kept.archive / "objects").rglob("*") if path.is_file()]:
        path.write_bytes(b"other")
    assert run("export", "NR-0440", "--to", tmp_path / "plain")[0] == 3


def test_a_copy_handed_over_shows_up_when_all_is_reconciled(run, kept):
    run("handed", "NR-0440", "responsible-1", "--how", "post", "--on", "2026-11-20")
    code, document = run("reconcile", kept.out)
    line = next(line for line in document["results"] if line["reader"] == "responsible-1" and line["handed"])
    assert (code, line["ref"], line["handed"]) == (0, "NR-0440", ["2026-11-20 post"])


def test_a_reader_who_has_no_copy_ends_with_1(run):
    assert run("handed", "NR-0440", "harmed-9", "--how", "post", "--on", "2026-11-20")[0] == 1


def test_an_archive_that_is_not_there_is_4(tmp_path, capsys):
    assert main(["archive", "find", "--archive", str(tmp_path)]) == 4
    assert "archive add" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", ["add", "find", "verify", "due", "dispose", "export", "handed", "event", "reconcile"]
)
def test_every_command_has_an_example(command, capsys):
    assert main(["archive", command, "--help"]) == 0
    assert f"Example: agreements archive {command}" in capsys.readouterr().out
