"""Each faulty workbook of tests/cases/workbooks gives the answer that stands beside it."""

from __future__ import annotations

import json

import pytest

from pipeline.shipped import shipped

CASES = sorted(
    path for path in (shipped("tests") / "cases" / "workbooks").iterdir() if path.suffix in {".xlsx", ".zip"}
)


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_a_faulty_workbook_is_told_with_exact_places(path, tmp_path, run):
    expected = json.loads(path.with_suffix(".json").read_bytes())
    code, report = run("import", path, "--out", tmp_path / "records")
    found = [*report["problems"], *(problem for record in report["records"] for problem in record["problems"])]
    assert code == expected["exit_code"]
    assert [[problem["where"], problem["what"], problem["do"]] for problem in found] == expected["problems"]


def test_there_are_at_least_thirty_of_them():
    assert len(CASES) >= 30


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_no_answer_speaks_json_or_repeats_a_value(path):
    text = path.with_suffix(".json").read_text(encoding="utf-8")
    problems = json.loads(text)["problems"]
    assert problems
    for where, what, do in problems:
        assert not set("{}[]") & set(what + do), where
        assert "/items" not in what + do
    assert "Ashdown" not in text
    assert "Strickland" not in text


def test_the_good_agreement_of_a_faulty_workbook_is_written(tmp_path, run):
    path = next(path for path in CASES if path.stem == "nobody-does-it")
    run("import", path, "--out", tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["AG-0002.json"]


@pytest.mark.parametrize("stem", ["row-of-no-agreement", "sheet-misspelled", "head-twice", "too-large-unpacked"])
def test_nothing_is_written_from_a_workbook_that_is_doubtful_as_a_whole(stem, tmp_path, run):
    path = next(path for path in CASES if path.stem == stem)
    run("import", path, "--out", tmp_path)
    assert list(tmp_path.iterdir()) == []
