from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.copies.model import Reader
from pipeline.shipped import shipped
from pipeline.validation.check import problems

DOCS = Path(__file__).resolve().parents[2] / "docs"
FIRST_RECORD = Path(__file__).resolve().parents[2] / "pipeline" / "service" / "first_files" / "AG-0001.json"
FIELD = (DOCS / "field.md").read_text(encoding="utf-8")
BLOCKS = [
    json.loads(block) for block in re.findall(r"```json\n(.*?)```", (DOCS / "records.md").read_text("utf-8"), re.DOTALL)
]
SAMPLE = json.loads((shipped("samples") / "NR-0412.json").read_text(encoding="utf-8"))


def test_the_example_of_the_page_is_the_first_record_of_init() -> None:
    assert BLOCKS[0] == json.loads(FIRST_RECORD.read_text(encoding="utf-8"))


def test_the_first_record_fits_the_schema() -> None:
    assert problems(BLOCKS[0], "agreement") == []


@pytest.mark.parametrize("fragment", BLOCKS[1:], ids=[next(iter(block)) for block in BLOCKS[1:]])
def test_every_other_example_fits_the_schema_in_its_place(fragment: dict[str, Any]) -> None:
    record = json.loads(json.dumps(SAMPLE))
    (name,) = fragment
    if name in {"when", "consents", "scope"}:
        record["items"][0] |= fragment
    elif name == "withheld":
        record["participants"][0] |= fragment
    else:
        record |= fragment
    assert problems(record, "agreement") == []


def test_every_form_of_a_deadline_has_an_example() -> None:
    forms = {next(iter(block["when"])) for block in BLOCKS if "when" in block}
    assert forms == {"date", "event", "recurring", "ongoing", "if", "done_at_meeting", "none"}


def test_every_source_that_is_cited_is_listed_and_every_one_listed_is_cited() -> None:
    cited = set(re.findall(r"\[(S\d+[a-z]?)\]", FIELD))
    listed = set(re.findall(r"^\| (S\d+[a-z]?) \|", FIELD, re.MULTILINE))
    assert cited == listed


def test_the_matrix_has_a_column_for_every_reader() -> None:
    (head,) = re.findall(r"^\| field \|(.*)\|$", FIELD, re.MULTILINE)
    assert len(head.split("|")) == len(Reader)
