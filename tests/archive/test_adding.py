from __future__ import annotations

import os
import sqlite3
import stat

import pytest

from pipeline.archive import rows
from pipeline.archive.facts import facts_of, from_text, to_text
from pipeline.archive.index import open_archive, open_or_make
from pipeline.archive.model import Facts
from pipeline.errors import SetupError
from pipeline.publication.manifest import listed, read_manifest
from pipeline.records.load import load_record


def states(outcomes):
    return [(outcome.ref, outcome.version, outcome.state) for outcome in outcomes]


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_file_of_a_signed_version_is_kept_byte_for_byte(kept):
    version = kept.out / "NR-0440" / "v1"
    with kept.opened() as archive:
        [entry] = rows.entries(archive.index)
        held = {file.name: archive.store.read(file.sha256) for file in rows.files_of(archive.index, entry)}
    assert held == {name: (version / name).read_bytes() for name in listed(read_manifest(version))}


def test_a_version_nobody_signed_is_passed_over(desk):
    assert states(desk.add(desk.out / "NR-0440")) == [("NR-0440", 1, "not signed yet")]


def test_the_output_keeps_its_state(desk):
    desk.sign("NR-0440")
    before = tree(desk.out / "NR-0440")
    desk.add(desk.out / "NR-0440")
    assert tree(desk.out / "NR-0440") == before


def test_adding_twice_changes_nothing(kept):
    before = tree(kept.archive / "objects")
    assert states(kept.add(kept.out / "NR-0440")) == [("NR-0440", 1, "kept already")]
    assert tree(kept.archive / "objects") == before


def test_a_version_that_was_signed_further_is_kept_beside_its_earlier_state(kept):
    kept.sign("NR-0440", mark=b"% one more\n")
    assert states(kept.add(kept.out / "NR-0440")) == [("NR-0440", 1, "kept")]
    with kept.opened() as archive:
        assert [(entry.ref, entry.version) for entry in rows.entries(archive.index)] == [("NR-0440", 1)] * 2


def test_a_version_not_everybody_signed_is_kept_and_said(desk):
    desk.sign("NR-0440", leave_out=1)
    [outcome] = desk.add(desk.out / "NR-0440")
    assert outcome.state == "kept"
    assert any("settled" in note for note in outcome.notes)


def test_an_open_promise_without_a_decision_is_asked_about_and_not_kept(desk):
    desk.sign("NR-0412")
    [outcome] = desk.add(desk.out / "NR-0412")
    assert (outcome.state, outcome.done, outcome.problems[0].where) == ("asked about", False, "/retention")
    with desk.opened() as archive:
        assert list(rows.entries(archive.index)) == []


def test_an_open_promise_with_a_decision_is_kept(desk):
    desk.sign("NR-0412")
    decision = {"decision": "hand_over", "to": "the family liaison service"}
    desk.change("NR-0412", lambda record: record["retention"].update(open_promises=decision))
    assert states(desk.add(desk.out / "NR-0412")) == [("NR-0412", 1, "kept")]


def test_a_file_changed_after_it_was_made_is_refused_and_nothing_is_kept(desk):
    desk.sign("NR-0440")
    path = next((desk.out / "NR-0440" / "v1").glob("service/signed/*.pdf"))
    path.write_bytes(path.read_bytes() + b"\n")
    [outcome] = desk.add(desk.out / "NR-0440")
    assert (outcome.state, "not the one that was made" in outcome.problems[0].what) == ("failed", True)
    assert tree(desk.archive / "objects") == {}


def test_a_file_too_much_in_the_version_is_refused(desk):
    desk.sign("NR-0440")
    (desk.out / "NR-0440" / "v1" / "service" / "notes.txt").write_text("mine", encoding="utf-8")
    [outcome] = desk.add(desk.out / "NR-0440")
    assert "exactly" in outcome.problems[0].what


def test_a_record_that_now_says_something_else_is_refused(desk):
    desk.sign("NR-0440")
    desk.change("NR-0440", lambda record: record.update(review_date="2027-09-09"))
    [outcome] = desk.add(desk.out / "NR-0440")
    assert "something else" in outcome.problems[0].what


def test_a_version_without_its_record_is_refused(desk):
    desk.sign("NR-0440")
    (desk.folder / "NR-0440.json").unlink()
    [outcome] = desk.add(desk.out / "NR-0440")
    assert "--records" in outcome.problems[0].do


def test_one_that_fails_never_stops_the_others(desk):
    desk.sign("NR-0440")
    desk.sign("NR-0412")
    desk.sign("NR-0420")
    found = {outcome.ref: outcome.state for outcome in desk.add()}
    assert (found["NR-0412"], found["NR-0420"], found["NR-0440"]) == ("asked about", "kept", "kept")


def test_a_changed_time_of_keeping_is_taken_in_without_new_bytes(kept):
    kept.change("NR-0440", lambda record: record["retention"].update(years=3))
    assert states(kept.add(kept.out / "NR-0440")) == [("NR-0440", 1, "kept, time of keeping changed")]
    with kept.opened() as archive:
        assert rows.facts_of_ref(archive.index, "NR-0440").years == 3


def test_a_damaged_byte_in_the_archive_is_healed_by_adding_again(kept):
    [path] = [path for path in (kept.archive / "objects").rglob("*") if path.is_file()][:1]
    good = path.read_bytes()
    path.write_bytes(b"x" + good[1:])
    kept.add(kept.out / "NR-0440")
    assert path.read_bytes() == good


def test_what_a_run_left_that_was_cut_off_is_swept(kept):
    stray = kept.archive / "objects" / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"stray")
    (kept.archive / "incoming" / "half").write_bytes(b"half")
    kept.add(kept.out / "NR-0440")
    assert (stray.exists(), list((kept.archive / "incoming").iterdir())) == (False, [])


def test_no_name_and_no_word_of_the_record_stands_in_the_index(kept):
    data = b"".join(path.read_bytes() for path in kept.archive.glob("archive.sqlite3*"))
    for word in (b"Osei", b"Grace", b"Lewis", b"service policy", b"68.00"):
        assert word not in data


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way: docs/safety.md")
def test_the_archive_is_its_owners_alone(kept):
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (kept.archive, *kept.archive.rglob("*"))}
    assert modes == {(True, 0o700), (False, 0o600)}


@pytest.mark.parametrize(
    "order",
    [
        "UPDATE entry SET settled = 0",
        "UPDATE object SET bytes = 1",
        "UPDATE held_file SET name = 'x'",
        "UPDATE facts SET said = '{}'",
        "DELETE FROM entry",
        "DELETE FROM held_file",
        "DELETE FROM facts",
        "DELETE FROM object",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry",
    ],
)
def test_rows_never_change(kept, order):
    with kept.opened() as archive, pytest.raises(sqlite3.IntegrityError):
        archive.index.execute(order)


def test_an_archive_that_is_not_there_is_a_matter_of_set_up(tmp_path):
    with pytest.raises(SetupError, match="no archive"), open_archive(tmp_path):
        pass


def test_a_file_that_is_no_index_is_a_matter_of_set_up(tmp_path):
    (tmp_path / "archive.sqlite3").write_bytes(b"not a database" * 1000)
    with pytest.raises(SetupError, match="damaged"), open_archive(tmp_path):
        pass


def test_an_index_of_another_program_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "archive.sqlite3") as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(SetupError, match="not one of ours"), open_or_make(tmp_path):
        pass


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="links need rights on Windows")
def test_a_link_in_the_archive_is_never_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "objects").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(SetupError, match="link"), open_or_make(tmp_path / "archive"):
        pass


def test_what_a_record_says_about_its_keeping_survives_the_index(desk, day):
    facts = facts_of(load_record(desk.folder / "NR-0440.json", extra_fields=None))
    assert (facts.start, facts.years, facts.last_promise_on) == ("completed", 7, day("2027-06-01"))
    said = Facts("age", years=0, delete_after=day("2030-01-01"), legal_hold=True, promises="hand_over", child=True)
    assert [from_text(to_text(each)) for each in (facts, said)] == [facts, said]
