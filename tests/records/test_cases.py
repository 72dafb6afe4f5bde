"""Good and bad records are files: adding a case is adding a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import RecordError
from pipeline.records.load import load_record

CASES = Path(__file__).parents[1] / "cases"
GOOD = sorted((CASES / "good").glob("*.json"))
EXPECTED = sorted((CASES / "bad").glob("*.expected.json"))
BAD = sorted(path for path in (CASES / "bad").glob("*.json") if path not in EXPECTED)


def _name(path):
    return path.name.partition(".")[0]


def _expected(path):
    return json.loads(path.with_name(f"{_name(path)}.expected.json").read_text(encoding="utf-8"))


def test_there_are_enough_cases():
    assert len(GOOD) >= 10
    assert len(BAD) >= 45


def test_every_bad_record_has_its_expected_messages_beside_it():
    assert [_name(path) for path in BAD] == [_name(path) for path in EXPECTED]


@pytest.mark.parametrize("path", GOOD, ids=_name)
def test_a_good_record_is_read(path):
    assert load_record(path, extra_fields=None).ref.startswith("NR-05")


@pytest.mark.parametrize("path", BAD, ids=_name)
def test_a_bad_record_is_refused_with_exactly_these_messages(path):
    with pytest.raises(RecordError) as refused:
        load_record(path, extra_fields=None)
    found = [
        {"where": each.where, "line": each.line, "column": each.column, "what": each.what, "do": each.do}
        for each in refused.value.problems
    ]
    assert found == _expected(path)["problems"]


@pytest.mark.parametrize("path", BAD, ids=_name)
def test_a_bad_record_alone_means_that_every_record_failed(path):
    assert _expected(path)["exit"] == 3
