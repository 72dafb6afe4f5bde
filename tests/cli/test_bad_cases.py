from __future__ import annotations

import json
from pathlib import Path

import pytest

CASES = Path(__file__).resolve().parents[1] / "cases" / "bad"
BAD = sorted(path for path in CASES.glob("*.json") if not path.name.endswith(".expected.json"))


def test_there_are_at_least_forty_bad_records():
    assert len(BAD) >= 40


@pytest.mark.parametrize("record", BAD, ids=lambda path: path.stem)
def test_a_bad_record_gives_its_exact_messages_and_exit_code(record, tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)  # no agreements.toml anywhere near
    expected = json.loads(record.with_name(f"{record.stem}.expected.json").read_text(encoding="utf-8"))
    code, report = run("check", record)
    [result] = report["records"]
    assert (code, result["state"]) == (expected["exit"], "failed")
    assert [ordered(problem) for problem in result["problems"]] == [ordered(each) for each in expected["problems"]]


@pytest.mark.parametrize("record", BAD, ids=lambda path: path.stem)
def test_a_bad_record_leaves_no_file(record, service_folder, out, run):
    code, report = run("generate", record, "--config", service_folder / "agreements.toml", "--out", out)
    [result] = report["records"]
    assert (code, result["state"], result["copies"]) == (3, "failed", [])
    assert not out.exists()


def ordered(problem):
    return {key: problem.get(key) for key in ("where", "line", "column", "what", "do")}
