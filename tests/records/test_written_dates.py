from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import RecordError
from pipeline.records.load import load_record_bytes

RECORD = Path(__file__).parents[1] / "copies" / "full-record.json"


def loaded_with(**item: str):
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    record["items"][0] |= item
    return load_record_bytes(json.dumps(record).encode(), extra_fields=None)


@pytest.mark.parametrize(
    "text",
    [
        "Callum will come on Sunday 28 November 2026.",
        "Callum will come on sunday, 28th november 2026.",
        "Callum will come on Monday 30 February 2027.",
    ],
)
@pytest.mark.parametrize("field", ["text", "how_checked", "if_not_possible"])
def test_a_wrong_weekday_in_the_words_of_a_row_is_refused_at_its_place(field, text):
    with pytest.raises(RecordError) as refused:
        loaded_with(**{field: text})
    assert [problem.where for problem in refused.value.problems] == [f"/items/0/{field}"]


@pytest.mark.parametrize(
    "text",
    [
        "Callum will come on Saturday 28 November 2026.",
        "Callum will come on Saturday 28 November.",
        "Callum will come on 28 November 2026, or the Sunday after.",
    ],
)
def test_a_right_weekday_or_none_is_fine(text):
    assert loaded_with(text=text).items[0].text == text


def test_a_misspelt_name_in_one_row_does_not_hide_what_is_wrong_in_another():
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    record["items"][2]["speker"] = record["items"][2]["speaker"]
    record["items"][0]["when"]["weekday"] = "Monday"
    with pytest.raises(RecordError) as refused:
        load_record_bytes(json.dumps(record).encode(), extra_fields=None)
    assert {problem.where for problem in refused.value.problems} == {"/items/2/speker", "/items/0/when/weekday"}
