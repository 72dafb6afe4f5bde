from __future__ import annotations

import pytest

from pipeline.archive import rows
from pipeline.archive.checking import verify


def objects(desk):
    return sorted(path for path in (desk.archive / "objects").rglob("*") if path.is_file())


def found(desk):
    with desk.opened() as archive:
        return [problem for step in verify(archive) for problem in step.problems]


def test_an_archive_nobody_touched_is_in_order(kept):
    with kept.opened() as archive:
        steps = list(verify(archive))
    assert [problem for step in steps for problem in step.problems] == []
    assert sum(step.files for step in steps) == len(objects(kept))


@pytest.mark.parametrize("where", [0.0, 0.3, 0.7, 1.0])
def test_any_changed_byte_is_noticed_and_the_file_named(kept, where):
    for path in objects(kept):
        good = path.read_bytes()
        position = round(where * (len(good) - 1))
        path.write_bytes(good[:position] + bytes([good[position] ^ 1]) + good[position + 1 :])
        assert any(problem.where.startswith("NR-0440/v1") for problem in found(kept)), path
        path.write_bytes(good)


def test_an_appended_byte_is_noticed(kept):
    path = objects(kept)[0]
    path.write_bytes(path.read_bytes() + b"\n")
    assert found(kept)[0].what == "A kept file was changed, or cannot be read."


def test_a_missing_file_is_named_with_its_version(kept):
    with kept.opened() as archive:
        [entry] = rows.entries(archive.index)
        [file] = [file for file in rows.files_of(archive.index, entry) if file.name.startswith("service/signed/")]
        archive.store.path(file.sha256).unlink()
    [problem] = found(kept)
    assert (problem.what, problem.where) == ("A kept file is missing.", f"NR-0440/v1/{file.name}")


def test_two_files_that_were_swapped_are_noticed(kept):
    one, two = objects(kept)[:2]
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert len(found(kept)) >= 2


def test_a_file_too_much_is_noticed(kept):
    path = objects(kept)[0]
    (path.parent / (path.name[:2] + "0" * 62)).write_bytes(b"stray")
    [problem] = found(kept)
    assert problem.what == "A file lies among the kept ones that no version speaks of."


@pytest.mark.parametrize("name", ["readme.txt", "ab/short", "ab"])
def test_something_that_is_no_kept_file_is_noticed(kept, name):
    path = kept.archive / "objects" / name
    path.parent.mkdir(exist_ok=True)
    if not path.is_dir():
        path.write_bytes(b"mine")
        [problem] = found(kept)
        assert "none" in problem.what


def test_a_link_in_the_place_of_a_kept_file_is_noticed(kept, tmp_path):
    path = objects(kept)[0]
    (tmp_path / "elsewhere").write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    assert {problem.what for problem in found(kept)} >= {"A link stands in the place of a kept file."}


def test_an_index_that_speaks_of_another_file_than_the_manifest_is_noticed(kept):
    with kept.opened() as archive:
        archive.index.execute("DROP TRIGGER held_file_never_changes")
        archive.index.execute("UPDATE held_file SET name = 'service/other.pdf' WHERE name LIKE 'service/%.docx'")
    assert any("do not speak of the same files" in problem.what for problem in found(kept))


def test_a_copy_kept_as_sealed_that_has_no_seal_is_noticed(kept):
    with kept.opened() as archive:
        archive.index.execute("DROP TRIGGER held_file_never_changes")
        archive.index.execute("UPDATE held_file SET kind = 'sealed' WHERE name LIKE 'service/signed/%'")
    assert any(problem.where.startswith("NR-0440/v1/service/signed/") for problem in found(kept))
