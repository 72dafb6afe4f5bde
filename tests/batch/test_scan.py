from __future__ import annotations

import io
import os

import pytest

from pipeline.batch import scan as scanning
from pipeline.batch.scan import scan
from pipeline.batch.sources import Source, find_sources


def stdin(name, text):
    return Source(name, None, text.encode())


def same(*sources):
    return {each.source.name: each.same for each in scan(sources) if each.same}


def in_folder(folder):
    return find_sources([str(folder)], recursive=False, standard_input=io.BytesIO())


def test_the_same_reference_and_version_names_both_files():
    one, two = stdin("one", '{"ref": "NR-1", "version": 1}'), stdin("two", '{"ref": "nr-1", "version": 1}')
    assert same(one, two) == {"one": ("one", "two"), "two": ("one", "two")}


def test_two_versions_of_one_reference_are_no_duplicates():
    assert same(stdin("one", '{"ref": "A1", "version": 1}'), stdin("two", '{"ref": "A1", "version": 2}')) == {}


@pytest.mark.parametrize("text", ["", "[" * 100_000, "[]", '{"ref": 7}', '{"ref": "A", "version": "1"}', "\ufeff{}"])
def test_what_is_no_record_is_no_duplicate(text):
    assert same(stdin("one", text), stdin("two", text)) == {}


@pytest.mark.parametrize(
    ("more", "copies"),
    [
        ('"outcome": "agreement", "participants": [{}, {}]', 3),
        ('"outcome": "agreement", "participants": [{}, {"language": "cy"}]', 4),
        ('"outcome": "agreement", "participants": [{}, {"role": "facilitator"}, {"role": "interpreter"}]', 2),
        ('"outcome": "agreement", "participants": [{"receives_copy": false}, {"role": ["harmed"]}]', 2),
        ('"outcome": "agreement", "participants": [{}, {}], "sheets": [{}, {}, {}]', 9),
        ('"outcome": "statement_only", "participants": [{"extras": ["slip", "keepsake"]}, {}]', 5),
        ('"outcome": "adjourned", "participants": [{}, {}]', 0),
        ('"outcome": "none_wanted", "participants": [{}, {}]', 0),
        ('"outcome": "none_wanted", "closing_note": true, "participants": [{}, {}]', 2),
        ('"outcome": "adjourned", "closing_note": true, "participants": [{}, {}]', 0),
        ('"outcome": ["agreement"], "participants": 3', 0),
        ('"outcome": "agreement", "participants": [null, {"extras": 1}], "sheets": {}', 2),
        ('"outcome": "agreement"', 1),
    ],
)
def test_how_many_copies_a_record_asks_for_is_guessed_whatever_it_holds(more, copies):
    [found] = scan([stdin("one", f'{{"ref": "NR-1", "version": 1, {more}}}')])
    assert found.copies == copies


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_looking_for_duplicates_never_waits_for_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    assert [each.same for each in scan(in_folder(tmp_path))] == [()]


def test_what_is_held_of_many_records_has_a_limit(tmp_path, monkeypatch):
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.json").write_text("x" * 100, encoding="utf-8")
    monkeypatch.setattr(scanning, "_MOST_HELD", 250)
    assert [each.source.data is not None for each in scan(in_folder(tmp_path))] == [True, True, False]
