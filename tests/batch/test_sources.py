from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from pipeline.batch.sources import find_sources
from pipeline.errors import SetupError

NOTHING = io.BytesIO()


def names(found):
    return [source.name for source in found]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b.json", "a.json", "notes.txt", "manifest.json", "deeper/c.json", ".hidden/d.json", "output/e.json"):
        path = tmp_path / "records" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'{{"ref": "{name}", "version": 1}}', encoding="utf-8")
    return "records"


def find(*given, recursive=False, outside=None):
    return find_sources(given, recursive=recursive, standard_input=NOTHING, outside=outside)


def test_a_folder_stands_for_the_json_files_directly_in_it_sorted(folder):
    assert names(find(folder)) == [str(Path("records/a.json")), str(Path("records/b.json"))]


def test_recursive_looks_deeper_but_not_into_hidden_folders_or_the_output(folder, tmp_path):
    found = find(folder, recursive=True, outside=tmp_path / "records" / "output")
    assert [source.path.name for source in found] == ["a.json", "b.json", "c.json"]


def test_a_record_named_twice_is_taken_once(folder):
    assert len(find(folder, "records/a.json")) == 2


def test_a_dash_reads_standard_input():
    found = find_sources(["-"], recursive=False, standard_input=io.BytesIO(b"{}"))
    assert [(source.name, source.data) for source in found] == [("standard input", b"{}")]


def test_a_folder_without_records_gives_none(tmp_path):
    assert find(str(tmp_path)) == ()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may read everything")
def test_a_folder_that_cannot_be_read_is_said(tmp_path):
    tmp_path.chmod(0)
    with pytest.raises(SetupError, match="cannot be read"):
        find(str(tmp_path))
