from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import RecordError, SetupError
from pipeline.publication.place import Place, check_output, look_at, publish, recover, restore_all

OLD = {"manifest.json": b"old", "harmed-1/NR-0412-v1-harmed-1.pdf": b"old page"}
NEW = {"manifest.json": b"new", "harmed-1/NR-0412-v1-harmed-1.pdf": b"new page", "service/s.pdf": b"new, too"}


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "output", "NR-0412", 1)


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Fault:
    """The nth call of a function of the operating system fails with this error; every other call goes through."""

    def __init__(self, function, nth, error):
        self.function, self.left, self.error, self.struck = function, nth, error, False

    def call(self, *arguments, **options):
        self.left -= 1
        if self.left == 0:
            self.struck = True
            raise self.error
        return self.function(*arguments, **options)


def as_function(fault):
    """A plain function, which unlike a bound method still gets the path that its method is called on."""

    def call(*arguments, **options):
        return fault.call(*arguments, **options)

    return call


def test_the_files_of_a_version_lie_below_its_reference_and_number(place):
    publish(place, NEW)
    assert files_in(place.out) == {f"NR-0412/v1/{name}": data for name, data in NEW.items()}


def test_a_new_state_takes_the_place_of_the_old_one_as_a_whole(place):
    publish(place, NEW)
    publish(place, OLD)
    assert files_in(place.out) == {f"NR-0412/v1/{name}": data for name, data in OLD.items()}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way: docs/safety.md")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o377])
def test_folders_are_0700_and_files_0600_whatever_the_umask(place, umask):
    before = os.umask(umask)
    try:
        publish(place, NEW)
    finally:
        os.umask(before)
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (place.out, *place.out.rglob("*"))}
    assert modes == {(True, 0o700), (False, 0o600)}


@pytest.mark.parametrize("what", ["fsync", "rename", "chmod", "mkdir"])
@pytest.mark.parametrize("nth", range(1, 12))
def test_after_a_fault_the_version_is_the_old_or_the_new_one(place, monkeypatch, what, nth):
    publish(place, OLD)
    home = {"fsync": os, "rename": Path, "chmod": Path, "mkdir": Path}[what]
    fault = Fault(getattr(home, what), nth, OSError(errno.EIO, "the disk"))
    with monkeypatch.context() as patch:
        patch.setattr(home, what, as_function(fault))
        try:
            publish(place, NEW)
        except RecordError:
            assert fault.struck
    assert files_in(place.folder) in (OLD, NEW)
    publish(place, NEW)
    assert files_in(place.out) == {f"NR-0412/v1/{name}": data for name, data in NEW.items()}


@pytest.mark.parametrize("what", ["fsync", "rename", "mkdir"])
@pytest.mark.parametrize("nth", range(1, 12))
def test_an_interrupt_leaves_the_old_or_the_new_version_and_nothing_half_built(place, monkeypatch, what, nth):
    publish(place, OLD)
    home = {"fsync": os, "rename": Path, "mkdir": Path}[what]
    fault = Fault(getattr(home, what), nth, KeyboardInterrupt())
    with monkeypatch.context() as patch:
        patch.setattr(home, what, as_function(fault))
        try:
            publish(place, NEW)
        except KeyboardInterrupt:
            assert fault.struck
    assert files_in(place.out) in ({f"NR-0412/v1/{n}": d for n, d in state.items()} for state in (OLD, NEW))


def test_a_first_version_that_fails_leaves_no_file_and_no_folder_of_its_own(place, monkeypatch):
    monkeypatch.setattr(os, "fsync", Fault(os.fsync, 2, OSError(errno.ENOSPC, "full")).call)
    with pytest.raises(RecordError):
        publish(place, NEW)
    assert list(place.out.iterdir()) == []


def test_a_full_disk_is_said_plainly(place, monkeypatch):
    monkeypatch.setattr(os, "fsync", Fault(os.fsync, 1, OSError(errno.ENOSPC, "full")).call)
    with pytest.raises(RecordError) as refused:
        publish(place, NEW)
    assert refused.value.problems[0].what == "The disk is full."


def test_a_crash_between_the_two_renames_is_undone_by_the_next_run(place):
    publish(place, OLD)
    place.folder.rename(place.retired)
    place.staging.mkdir()
    (place.staging / "half.pdf").write_bytes(b"half")
    restore_all(place.out)
    assert files_in(place.folder) == OLD


def test_a_crash_after_the_second_rename_keeps_the_new_version(place):
    publish(place, NEW)
    shutil.copytree(place.folder, place.retired)
    recover(place)
    assert files_in(place.out) == {f"NR-0412/v1/{name}": data for name, data in NEW.items()}


def test_what_a_cut_off_run_was_building_is_swept_by_the_next_one(place):
    place.staging.mkdir(parents=True)
    (place.staging / "half.pdf").write_bytes(b"half")
    publish(place, NEW)
    assert files_in(place.out) == {f"NR-0412/v1/{name}": data for name, data in NEW.items()}


def test_restoring_twice_changes_nothing(place):
    publish(place, OLD)
    place.folder.rename(place.retired)
    restore_all(place.out)
    restore_all(place.out)
    assert files_in(place.out) == {f"NR-0412/v1/{name}": data for name, data in OLD.items()}


@pytest.mark.parametrize("folder", ["signed", "sealed"])
def test_a_version_with_anything_signed_is_never_replaced(place, folder):
    publish(place, OLD)
    (place.folder / "harmed-1" / folder).mkdir()
    with pytest.raises(RecordError, match="signed"):
        publish(place, NEW)
    assert files_in(place.folder) == OLD


@pytest.mark.parametrize("where", ["NR-0412", "NR-0412/v1", ".NR-0412-v1.new", ".NR-0412-v1.old"])
def test_a_link_in_the_output_is_never_followed(place, tmp_path, where):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious.txt").write_bytes(b"mine")
    link = place.out / where
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(RecordError, match="link"):
        publish(place, NEW)
    assert files_in(elsewhere) == {"precious.txt": b"mine"}


@pytest.mark.parametrize("where", ["NR-0412", "NR-0412/v1"])
def test_a_file_in_the_way_is_named_and_left_alone(place, where):
    file = place.out / where
    file.parent.mkdir(parents=True)
    file.write_bytes(b"mine")
    with pytest.raises(RecordError) as refused:
        publish(place, NEW)
    assert refused.value.problems[0].where == where
    assert file.read_bytes() == b"mine"


def test_what_file_managers_leave_behind_is_not_counted(place):
    publish(place, OLD)
    (place.folder / ".DS_Store").write_bytes(b"")
    assert look_at(place).files == tuple(sorted(OLD))


def test_an_output_that_is_a_file_stops_the_run_before_the_first_record(tmp_path):
    file = tmp_path / "output"
    file.write_bytes(b"")
    with pytest.raises(SetupError, match="not a folder"):
        check_output(file)


def test_looking_at_an_output_that_is_not_there_creates_nothing(place):
    check_output(place.out)
    assert not place.out.exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may write everywhere")
def test_an_output_that_may_not_be_written_stops_the_run(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(SetupError, match="cannot be written"):
        check_output(tmp_path / "output")


PUBLISHES_FOR_EVER = """
import sys
from pathlib import Path
from pipeline.publication.place import Place, publish
place = Place(Path(sys.argv[1]), "NR-0412", 1)
publish(place, {"manifest.json": b"old", "harmed-1/a.pdf": b"old page"})
print("ready", flush=True)
while True:
    publish(place, {"manifest.json": b"old", "harmed-1/a.pdf": b"old page"})
    publish(place, {"manifest.json": b"new", "harmed-1/a.pdf": b"new page", "service/s.pdf": b"new, too"})
"""


@pytest.mark.parametrize("milliseconds", [20, 45, 70, 95, 120])
def test_a_run_that_is_killed_leaves_the_old_or_the_new_version_after_the_next_start(place, milliseconds):
    words = [sys.executable, "-c", PUBLISHES_FOR_EVER, str(place.out)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        time.sleep(milliseconds / 1000)
        child.kill()
    restore_all(place.out)
    state = files_in(place.folder)
    assert state in (
        {"manifest.json": b"old", "harmed-1/a.pdf": b"old page"},
        {"manifest.json": b"new", "harmed-1/a.pdf": b"new page", "service/s.pdf": b"new, too"},
    )


def test_a_version_moved_aside_is_not_restored_through_a_link(place, tmp_path):
    place.out.mkdir()
    place.retired.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (place.out / "NR-0412").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(SetupError, match="link"):
        restore_all(place.out)
    assert list((tmp_path / "elsewhere").iterdir()) == []
