from __future__ import annotations

import sqlite3
from datetime import date

import pytest

from pipeline.archive import rows
from pipeline.archive.checking import verify
from pipeline.archive.disposing import confirmation, dispose
from pipeline.archive.model import Event, What
from pipeline.archive.recording import record
from pipeline.archive.standing import standings
from pipeline.batch.version import find_version
from pipeline.errors import RecordError
from pipeline.publication.disposed import NAME, put_in_place_of, read_disposed
from pipeline.publication.manifest import digest
from pipeline.publication.place import Place

DAY = date(2040, 1, 1)


def let_go(desk, *, on=DAY, outputs=None, only=None):
    with desk.opened() as archive:
        going = tuple(each for each in standings(archive, desk.service.keeping, on=on, only=only) if each.may_go)
        return list(dispose(archive, going, [desk.out] if outputs is None else outputs, on=on))


@pytest.fixture
def ended(kept):
    """A desk whose NR-0440 was completed in 2027 and may go in 2040."""
    with kept.opened() as archive:
        record(archive, "NR-0440", Event(What.COMPLETED, date(2027, 6, 1)))
    return kept


def test_nothing_that_may_stay_goes(kept):
    assert let_go(kept) == []
    assert (kept.out / "NR-0440" / "v1" / "manifest.json").exists()


def test_every_byte_goes_from_the_archive_and_the_output(ended):
    kept_bytes = {digest(path.read_bytes()) for path in (ended.out / "NR-0440").rglob("*") if path.is_file()}
    let_go(ended)
    left = {digest(path.read_bytes()) for path in (*ended.archive.rglob("*"), *ended.out.rglob("*")) if path.is_file()}
    objects = [path for path in (ended.archive / "objects").rglob("*") if path.is_file()]
    assert (left & kept_bytes, objects) == (set(), [])


def test_the_index_holds_nothing_of_it_but_a_tombstone(ended):
    with ended.opened() as archive:
        [entry] = rows.entries(archive.index)
        digests = {file.sha256 for file in rows.files_of(archive.index, entry)} - {entry.manifest}
    let_go(ended)
    data = b"".join(path.read_bytes() for path in ended.archive.glob("archive.sqlite3*"))
    assert [word for word in (*digests, "responsible-1", "completed", "2027-06-01") if word.encode() in data] == []
    assert b"NR-0440" in data


def test_a_tombstone_says_what_went_and_when_and_nothing_else(ended):
    let_go(ended)
    folder = ended.out / "NR-0440" / "v1"
    assert [path.name for path in folder.iterdir()] == [NAME]
    found = read_disposed(folder)
    assert (found.ref, found.version, found.on) == ("NR-0440", 1, DAY)


def test_what_else_is_kept_stays_in_order(ended):
    ended.sign("NR-0420")
    ended.add(ended.out / "NR-0420")
    let_go(ended)
    with ended.opened() as archive:
        assert [entry.ref for entry in rows.entries(archive.index)] == ["NR-0420"]
        assert [problem for step in verify(archive) for problem in step.problems] == []


def test_all_versions_of_an_agreement_go_together(desk):
    for version in (1, 2):
        desk.sign("YC-0205", version)
    for name in ("YC-0205", "YC-0205-v2"):
        desk.change(name, lambda record: record["retention"].pop("legal_hold"))
    desk.add(desk.out / "YC-0205")
    with desk.opened() as archive:
        record(archive, "YC-0205", Event(What.REACHES_AGE, date(2036, 2, 3)))
    assert let_go(desk, on=date(2036, 12, 31)) == []
    gone = let_go(desk, on=date(2037, 12, 18))
    assert [(each.version, each.state) for each in gone] == [(1, "disposed of"), (2, "disposed of")]


def test_a_disposed_version_never_comes_back(ended):
    place = Place(ended.out, "NR-0440", 1)
    state = {path.relative_to(place.folder): path.read_bytes() for path in place.folder.rglob("*") if path.is_file()}
    let_go(ended)
    for name, data in state.items():
        (place.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (place.folder / name).write_bytes(data)
    (place.folder / NAME).unlink()
    [outcome] = ended.add(ended.out / "NR-0440")
    assert "disposed of" in outcome.problems[0].what


def test_an_output_with_a_later_state_stops_it(ended):
    ended.sign("NR-0440", mark=b"% one more\n")
    [outcome] = let_go(ended)
    assert (outcome.done, "later state" in outcome.problems[0].what) == (False, True)
    assert (ended.out / "NR-0440" / "v1" / "manifest.json").exists()


def test_a_version_the_archive_does_not_have_stops_it(ended):
    (ended.out / "NR-0440" / "v2").mkdir()
    assert not let_go(ended)[0].done


def test_an_output_moved_aside_by_a_run_that_was_cut_off_is_brought_back_and_goes(ended):
    place = Place(ended.out, "NR-0440", 1)
    place.folder.rename(place.retired)
    let_go(ended)
    assert [path.name for path in ended.out.rglob("*") if "NR-0440" in str(path.relative_to(ended.out))] == [
        "NR-0440",
        "v1",
        NAME,
    ]


def test_an_archive_alone_can_be_cleared(ended):
    assert [each.state for each in let_go(ended, outputs=[])] == ["disposed of"]


def test_the_word_of_the_dry_run_changes_with_the_list(ended):
    ended.sign("NR-0420")
    ended.add(ended.out / "NR-0420")
    with ended.opened() as archive:
        record(archive, "NR-0420", Event(What.COMPLETED, date(2026, 11, 12)))
        everything = tuple(standings(archive, ended.service.keeping, on=DAY))
    assert confirmation(everything) != confirmation(everything[:1])


def test_a_tombstone_is_never_removed(ended):
    let_go(ended)
    with ended.opened() as archive:
        for order in ("DELETE FROM tombstone", "UPDATE tombstone SET version = 2"):
            with pytest.raises(sqlite3.IntegrityError):
                archive.index.execute(order)


def test_putting_the_tombstone_twice_changes_nothing(ended):
    let_go(ended)
    place = Place(ended.out, "NR-0440", 1)
    before = (place.folder / NAME).read_bytes()
    put_in_place_of(place, read_disposed(place.folder))
    assert (place.folder / NAME).read_bytes() == before


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"disposed": 2}', "[" * 10_000])
def test_a_damaged_tombstone_is_none(tmp_path, text):
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    assert read_disposed(tmp_path) is None


def test_a_version_that_was_disposed_of_is_not_made_again(ended):
    let_go(ended)
    with pytest.raises(RecordError, match="disposed of"):
        find_version(Place(ended.out, "NR-0440", 1))
