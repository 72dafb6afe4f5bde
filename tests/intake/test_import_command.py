from __future__ import annotations

import json
import sys
import tempfile

import pytest
from openpyxl import load_workbook

from pipeline.cli.main import main
from pipeline.intake.exporting import workbook_of
from pipeline.shipped import shipped
from pipeline.validation.check import problems


@pytest.fixture
def workbook(service_folder, sample_agreements):
    path = service_folder / "agreements.xlsx"
    path.write_bytes(workbook_of(sample_agreements[1:3], extra_fields=None))
    return path


@pytest.fixture
def records(service_folder):
    return service_folder / "records"


def test_what_is_imported_is_what_was_exported(workbook, records, run):
    code, report = run("import", workbook, "--out", records)
    assert (code, problems(report, "intake")) == (0, [])
    assert [each["state"] for each in report["records"]] == ["written", "written"]
    for name in ("NR-0412.json", "NR-0420.json"):
        assert json.loads((records / name).read_bytes()) == json.loads((shipped("samples") / name).read_bytes())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_records_and_workbooks_are_for_their_owner_alone(workbook, records, tmp_path):
    main(["import", str(workbook), "--out", str(records)])
    main(["export", str(records), "--xlsx", str(tmp_path / "back.xlsx")])
    main(["import", "--blank", str(tmp_path / "blank.xlsx")])
    files = [*records.iterdir(), tmp_path / "back.xlsx", tmp_path / "blank.xlsx"]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_second_import_leaves_everything_as_it_is(workbook, records, run):
    run("import", workbook, "--out", records)
    code, report = run("import", workbook, "--out", records)
    assert code == 0
    assert [each["state"] for each in report["records"]] == ["unchanged", "unchanged"]


def test_a_record_that_says_something_else_is_left_alone(workbook, records, run):
    (records / "NR-0412.json").write_text("{}", encoding="utf-8")
    code, report = run("import", workbook, "--out", records)
    assert code == 1
    assert [each["state"] for each in report["records"]] == ["refused", "written"]
    assert (records / "NR-0412.json").read_text(encoding="utf-8") == "{}"


def test_it_is_written_over_when_asked(workbook, records, run):
    (records / "NR-0412.json").write_text("{}", encoding="utf-8")
    code, report = run("import", workbook, "--out", records, "--replace")
    assert (code, report["records"][0]["state"]) == (0, "replaced")
    assert json.loads((records / "NR-0412.json").read_bytes())["ref"] == "NR-0412"


def test_nothing_else_is_left_in_the_folder(workbook, records, run):
    run("import", workbook, "--out", records)
    assert sorted(path.name for path in records.iterdir()) == ["NR-0412.json", "NR-0420.json"]


def test_nothing_is_written_outside_the_folder_of_the_workbook(records, tmp_path, monkeypatch):
    (records / "NR-0420.json").write_bytes((shipped("samples") / "NR-0420.json").read_bytes())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no-such-folder"))
    assert main(["export", str(records), "--xlsx", str(tmp_path / "out.xlsx")]) == 0
    assert main(["import", str(tmp_path / "out.xlsx"), "--out", str(tmp_path / "again")]) == 0


def test_a_workbook_without_agreements_is_2(tmp_path, capsys):
    main(["import", "--blank", str(tmp_path / "blank.xlsx")])
    assert main(["import", str(tmp_path / "blank.xlsx")]) == 2
    assert "no agreement" in capsys.readouterr().err


def test_a_blank_workbook_is_not_written_over_another(tmp_path, capsys):
    (tmp_path / "blank.xlsx").write_bytes(b"mine")
    assert main(["import", "--blank", str(tmp_path / "blank.xlsx")]) == 4
    assert (tmp_path / "blank.xlsx").read_bytes() == b"mine"
    assert "already" in capsys.readouterr().err


def test_a_record_with_problems_is_told_and_the_others_are_exported(records, run, tmp_path):
    (records / "bad.json").write_text("{}", encoding="utf-8")
    (records / "good.json").write_bytes((shipped("samples") / "NR-0420.json").read_bytes())
    code, report = run("export", records, "--xlsx", tmp_path / "out.xlsx")
    assert (code, problems(report, "intake")) == (1, [])
    assert [each["state"] for each in report["records"]] == ["failed", "written"]
    assert run("import", tmp_path / "out.xlsx", "--out", tmp_path / "again")[0] == 0


def test_a_text_that_spreadsheets_would_change_is_refused(records, run, tmp_path):
    record = json.loads((shipped("samples") / "NR-0420.json").read_bytes()) | {"closing_words": "Row _x0041_."}
    (records / "NR-0420.json").write_text(json.dumps(record), encoding="utf-8")
    code, report = run("export", records, "--xlsx", tmp_path / "out.xlsx")
    assert (code, report["records"][0]["state"]) == (3, "failed")
    assert not (tmp_path / "out.xlsx").exists()


def test_the_service_s_own_fields_have_columns(service_folder, tmp_path, capsys):
    config = str(service_folder / "agreements.toml")
    main(["import", "--blank", str(tmp_path / "blank.xlsx"), "--config", config])
    heads = [cell.value for cell in load_workbook(tmp_path / "blank.xlsx")["Agreements"][1]]
    assert "Extra: district" in heads
    assert capsys.readouterr().err == ""
