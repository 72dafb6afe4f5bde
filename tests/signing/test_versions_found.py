from __future__ import annotations

import shutil

import pytest

from pipeline.errors import RecordError, SetupError
from pipeline.service.load import load_service
from pipeline.shipped import shipped
from pipeline.signing.versions import find_places, find_record

SAMPLES = shipped("samples")


@pytest.fixture
def out(tmp_path):
    """An output folder with two versions of one agreement, one of another, and things that are none."""
    for name in ("NR-0412/v1", "YC-0205/v1", "YC-0205/v2"):
        (tmp_path / "out" / name).mkdir(parents=True)
        (tmp_path / "out" / name / "manifest.json").write_text("{}", encoding="utf-8")
    for name in ("NR-0413/v1", "notes/v1", "NR-0414/version-1"):
        (tmp_path / "out" / name).mkdir(parents=True)
    (tmp_path / "out/journal.jsonl").write_text("", encoding="utf-8")
    return tmp_path / "out"


def names(places):
    return [(place.ref, place.version) for place in places]


def test_an_output_folder_stands_for_all_its_versions(out):
    assert names(find_places([out])) == [("NR-0412", 1), ("YC-0205", 1), ("YC-0205", 2)]


def test_the_folder_of_a_reference_stands_for_its_versions(out):
    assert names(find_places([out / "YC-0205"])) == [("YC-0205", 1), ("YC-0205", 2)]


def test_the_folder_of_a_version_stands_for_itself(out):
    [place] = find_places([out / "YC-0205/v2"])
    assert (place.out, place.ref, place.version) == (out.resolve(), "YC-0205", 2)


def test_a_version_that_is_named_twice_is_found_once(out):
    assert names(find_places([out, out / "NR-0412"])) == [("NR-0412", 1), ("YC-0205", 1), ("YC-0205", 2)]


def test_a_link_is_not_followed(out, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (out / "NR-0412").rename(tmp_path / "elsewhere/NR-0412")
    (out / "NR-0412").symlink_to(tmp_path / "elsewhere/NR-0412", target_is_directory=True)
    assert names(find_places([out])) == [("YC-0205", 1), ("YC-0205", 2)]


@pytest.mark.parametrize("name", ["NR-0413", "NR-0413/v1", "notes", "nowhere"])
def test_a_folder_without_a_published_version_is_a_fault_of_the_set_up(out, name):
    with pytest.raises(SetupError, match="There is no published version here"):
        find_places([out / name])


@pytest.mark.parametrize("name", ["", "NR-0412", "NR-0412/v1"])
def test_a_version_that_a_run_left_aside_is_brought_back_first(out, name):
    (out / "NR-0412/v1").rename(out / ".NR-0412-v1.old")
    assert ("NR-0412", 1) in names(find_places([out / name]))


@pytest.fixture
def fields():
    return load_service(SAMPLES / "agreements.toml").extra_fields


def test_a_record_is_found_by_reference_and_version(fields):
    record = find_record([SAMPLES], "YC-0205", 2, extra_fields=fields)
    assert (record.ref, record.version) == ("YC-0205", 2)


def test_a_folder_that_does_not_exist_holds_no_record(fields, tmp_path):
    with pytest.raises(RecordError, match="was not found"):
        find_record([tmp_path / "records"], "YC-0205", 2, extra_fields=fields)


def test_a_record_with_problems_is_sent_to_check(fields, tmp_path):
    (tmp_path / "NR-0412.json").write_text('{"ref": "NR-0412", "version": 1}', encoding="utf-8")
    with pytest.raises(RecordError, match="The record of this version has problems"):
        find_record([tmp_path], "NR-0412", 1, extra_fields=fields)


def test_a_record_of_another_version_that_is_not_finished_does_not_matter(fields, tmp_path):
    (tmp_path / "YC-0205-v3.json").write_text('{"ref": "YC-0205", "version": 3}', encoding="utf-8")
    shutil.copy(SAMPLES / "YC-0205-v2.json", tmp_path)
    assert find_record([tmp_path], "YC-0205", 2, extra_fields=fields).version == 2
