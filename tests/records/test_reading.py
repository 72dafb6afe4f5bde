"""Which files are read at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.errors import RecordError
from pipeline.records.reading import MOST_BYTES, read_record


def _refusal(path):
    with pytest.raises(RecordError) as refused:
        read_record(path)
    (problem,) = refused.value.problems
    return problem.what


def test_an_ordinary_file_is_read(tmp_path):
    (tmp_path / "a.json").write_bytes(b"{}")
    assert read_record(tmp_path / "a.json") == b"{}"


def test_a_file_of_exactly_one_mebibyte_is_read(tmp_path):
    (tmp_path / "a.json").write_bytes(b" " * MOST_BYTES)
    assert len(read_record(tmp_path / "a.json")) == MOST_BYTES


def test_a_file_that_is_one_byte_larger_is_refused(tmp_path):
    (tmp_path / "a.json").write_bytes(b" " * (MOST_BYTES + 1))
    assert _refusal(tmp_path / "a.json") == "The file is larger than 1 MiB."


def test_a_file_of_200_megabytes_is_refused_without_being_read_whole(tmp_path):
    with (tmp_path / "a.json").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    assert _refusal(tmp_path / "a.json") == "The file is larger than 1 MiB."


def test_a_missing_file_is_refused(tmp_path):
    assert _refusal(tmp_path / "a.json") == "There is no such file."


def test_a_folder_is_refused(tmp_path):
    assert _refusal(tmp_path) == "This is a folder, not a file."


def test_a_name_with_a_nul_is_refused(tmp_path):
    assert _refusal(tmp_path / "a\0.json") == "The file cannot be read."


def test_a_link_is_refused(tmp_path):
    (tmp_path / "a.json").write_bytes(b"{}")
    link = tmp_path / "b.json"
    try:
        link.symlink_to(tmp_path / "a.json")
    except OSError:
        pytest.skip("this system lets nobody make links")
    assert _refusal(link) == "This is a link, not a file."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "a.json")
    assert _refusal(tmp_path / "a.json") == "This is a pipe or a device, not a file."


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no /dev/zero")
def test_a_device_is_refused():
    assert _refusal(Path("/dev/zero")) == "This is a pipe or a device, not a file."


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be read here")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    (tmp_path / "a.json").write_bytes(b"{}")
    (tmp_path / "a.json").chmod(0)
    assert _refusal(tmp_path / "a.json") == "The file may not be read."
