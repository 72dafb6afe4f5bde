from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys

import pytest

from pipeline.errors import SetupError
from pipeline.publication.lock import Part, holding
from pipeline.publication.place import Place, sweep

HOLDS = """
import sys, time
from pathlib import Path
from pipeline.publication.lock import holding
with holding(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def out(tmp_path):
    return tmp_path / "output"


@pytest.fixture
def holder(out):
    """Another process that holds the output."""
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(out)], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def taken(out, **more):
    try:
        with holding(out, **more):
            return False
    except SetupError as error:
        return error.problems[0].what


def test_the_second_is_told_which_process_holds_the_folder_and_since_when(out, holder):
    assert re.search(rf"process {holder.pid} on .+, since 20[0-9-]+T", taken(out))


def test_the_lock_of_a_process_that_was_killed_is_free_at_once(out, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert taken(out) is False


def test_a_lock_leaves_nothing_behind(out):
    with holding(out):
        assert [path.name for path in out.iterdir()] == [".lock"]
    assert not out.exists()


def test_a_folder_that_was_there_stays(out):
    out.mkdir()
    with holding(out):
        pass
    assert list(out.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way: docs/safety.md")
def test_the_folder_and_the_lock_are_for_their_owner_only(out):
    with holding(out):
        assert stat.S_IMODE(out.stat().st_mode) == 0o700
        assert stat.S_IMODE((out / ".lock").stat().st_mode) == 0o600


def test_parts_of_one_division_work_side_by_side(out):
    with holding(out, part=Part(1, 3)):
        assert taken(out, part=Part(2, 3)) is False


def test_the_same_part_twice_is_refused(out):
    with holding(out, part=Part(1, 3)):
        assert "Another run is working" in taken(out, part=Part(1, 3))


def test_a_part_and_the_whole_exclude_each_other(out):
    with holding(out, part=Part(1, 3)):
        assert taken(out)
    with holding(out):
        assert taken(out, part=Part(1, 3))


def test_parts_of_two_divisions_exclude_each_other(out):
    with holding(out, part=Part(1, 3)):
        assert taken(out, part=Part(1, 4))


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="this system cannot refuse a link while opening")
def test_a_lock_that_is_a_link_is_not_followed(out, tmp_path):
    out.mkdir()
    (out / ".lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SetupError, match="cannot be made or locked"), holding(out):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_folders_of_a_run_that_was_cut_off_are_swept(out):
    place = Place(out, "NR-0412", 1)
    (place.staging / "harmed-1").mkdir(parents=True)
    place.retired.mkdir()
    (place.retired / "manifest.json").write_bytes(b"old")
    sweep(out)
    assert [path.name for path in out.iterdir()] == ["NR-0412"]
    assert (place.folder / "manifest.json").read_bytes() == b"old"


def test_what_only_looks_like_ours_is_left_alone(out):
    for name in (".notes-v1.new", ".NR-0412-v01.new", ".NR-0412-v1.news", ".git"):
        (out / name).mkdir(parents=True)
    sweep(out)
    assert len(list(out.iterdir())) == 4


def test_the_folders_of_another_part_are_left_to_it(out):
    for ref in ("AA-1", "BB-1"):
        Place(out, ref, 1).staging.mkdir(parents=True)
    sweep(out, ours=lambda ref: ref == "AA-1")
    assert [path.name for path in out.iterdir()] == [".BB-1-v1.new"]
