from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.authoring.checking import check_template
from pipeline.authoring.report import report_of
from pipeline.authoring.sources import source_of
from pipeline.documents.engines.engine import engine

if TYPE_CHECKING:
    from pipeline.authoring.checking import Report

CASES = Path(__file__).resolve().parents[1] / "cases" / "templates"
FILES = sorted(CASES.glob("*.docx"))


def checked(file: Path, told: dict[str, Any], folder: Path) -> Report:
    copy = folder / "case.en.docx"
    shutil.copy(file, copy)
    if "settings" in told:
        (folder / "template.toml").write_text(told["settings"], encoding="utf-8")
    return check_template(source_of(str(copy), service_folder=None), extra_fields=(), engine=engine("embedded"))


def matches(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    place = {key: found["place"].get(key) for key in expected["place"]}
    said = all(expected[key] in found[key] for key in ("what", "do", "text") if key in expected)
    return found["rule"] == expected["rule"] and place == expected["place"] and said


def test_there_are_at_least_sixty_faulty_templates():
    assert len(FILES) >= 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_faulty_template_is_told_with_its_rule_and_place_and_nothing_else(file: Path, tmp_path: Path):
    told = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    report = report_of(checked(file, told, tmp_path))
    found = [*report["settings"], *(each for part in report["files"] for each in part["findings"])]
    missing = [each for each in told["expect"] if not any(matches(one, each) for one in found)]
    extra = [one for one in found if not any(matches(one, each) for each in told["expect"])]
    assert (missing, extra) == ([], [])
