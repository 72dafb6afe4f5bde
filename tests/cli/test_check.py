from __future__ import annotations

import json

from pipeline.cli.main import main
from pipeline.validation.check import problems


def test_check_needs_no_agreements_toml_and_writes_nothing(records, tmp_path, monkeypatch):
    (records.parent / "agreements.toml").unlink()
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert main(["check", str(records)]) in {0, 1}
    assert sorted(tmp_path.rglob("*")) == before


def test_the_report_of_check_keeps_its_schema(records, run):
    _, report = run("check", records)
    assert problems(report, "report") == []
    assert report["command"] == "check"


def test_a_warning_is_a_finding_with_its_place_rule_and_better_wording(records, capsys, change):
    path = records / "NR-0412.json"
    change(path, lambda record: record["items"][0].pop("how_checked", None))
    change(path, lambda record: record["items"][0].pop("checker", None))
    change(path, lambda record: record["items"][0].update(text="He will try to be better."))
    assert main(["check", str(path)]) == 1
    screen = capsys.readouterr().out
    assert f"{path}:1:" in screen
    assert "  warning: " in screen
    assert "  → " in screen


def test_a_record_with_problems_is_3_when_it_is_the_only_one(records, capsys):
    path = records / "NR-0412.json"
    path.write_text("{", encoding="utf-8")
    assert main(["check", str(path)]) == 3
    assert f"{path}:1:" in capsys.readouterr().out


def test_a_withheld_word_in_a_text_is_found_and_not_repeated(records, capsys, change):
    def leak(record):
        record["participants"][0]["withheld"] = ["Ottershaw"]
        record["closing_words"] = "Thank you, Mr Ottershaw."

    change(records / "NR-0412.json", leak)
    assert main(["check", str(records)]) == 3
    screen = capsys.readouterr()
    assert "/closing_words" in screen.out
    assert "Ottershaw" not in screen.out + screen.err


def test_json_lines_of_check_are_records(records, capsys):
    main(["check", str(records), "--json-lines"])
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["state"] == "checked"
