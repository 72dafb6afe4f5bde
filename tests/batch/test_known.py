from __future__ import annotations

import json
import shutil

import pytest

from pipeline.batch import one_record
from pipeline.batch.known import NAME, Known
from pipeline.batch.model import CopyMade, Result, State
from pipeline.batch.run import generate
from pipeline.batch.sources import Source
from pipeline.batch.workshop import Order
from pipeline.publication.manifest import digest
from pipeline.service.load import load_service
from pipeline.shipped import shipped

REF = "NR-0420"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a service, one record and its copies."""
    folder = tmp_path_factory.mktemp("service")
    for name in ("agreements.toml", "logo.png", f"{REF}.json"):
        shutil.copy(shipped("samples") / name, folder)
    assert [result.state for result in run(folder)] == [State.MADE]
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made, tmp_path / "service")


def run(folder, **more):
    record = folder / f"{REF}.json"
    order = Order(load_service(folder / "agreements.toml"), folder / "output", **more)
    return list(generate([Source(record.name, record)], order))


@pytest.fixture
def never_read(monkeypatch):
    """Make it a mistake to work a record out anew."""

    def fail(*_, **__):
        raise AssertionError("the record was worked out anew")

    monkeypatch.setattr(one_record, "carry_through", fail)


def version(folder):
    return folder / "output" / REF / "v1"


def copy_of(folder):
    return next(path for path in sorted(version(folder).rglob("*.pdf")))


@pytest.mark.usefixtures("never_read")
def test_what_stands_untouched_is_not_worked_out_again(folder):
    assert [(result.ref, result.state) for result in run(folder)] == [(REF, State.UP_TO_DATE)]


@pytest.mark.usefixtures("never_read")
def test_its_copies_are_still_told(folder):
    [result] = run(folder)
    told = {file for copy in result.copies for file in copy.files}
    assert told == {path.relative_to(folder / "output").as_posix() for path in version(folder).glob("*/*")}


def test_a_rerun_adds_nothing_to_the_memory(folder):
    before = (folder / "output" / NAME).read_bytes()
    run(folder)
    assert (folder / "output" / NAME).read_bytes() == before


def test_without_the_memory_the_version_is_judged_anew_and_remembered(folder):
    before = (folder / "output" / NAME).read_bytes()
    (folder / "output" / NAME).unlink()
    assert [result.state for result in run(folder)] == [State.UP_TO_DATE]
    assert (folder / "output" / NAME).read_bytes() == before


def edit(path, how):
    path.write_bytes(how(path.read_bytes()))


def change_a_byte(folder):
    edit(copy_of(folder), lambda data: data[:-1] + b"X")


def change_a_byte_and_its_digest(folder):
    before = digest(copy_of(folder).read_bytes())
    change_a_byte(folder)
    after = digest(copy_of(folder).read_bytes())
    edit(version(folder) / "manifest.json", lambda data: data.replace(before.encode(), after.encode()))


def take_away_a_copy_and_its_entry(folder):
    manifest = json.loads((version(folder) / "manifest.json").read_bytes())
    gone = manifest["copies"].pop()
    shutil.rmtree(version(folder) / gone["reader"])
    edit(
        version(folder) / "manifest.json",
        lambda _: (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode(),
    )


def change_the_record(folder):
    edit(folder / f"{REF}.json", lambda data: data + b"\n")


def change_the_service(folder):
    edit(folder / "agreements.toml", lambda data: data + b"# changed\n")


def put_a_link_in_the_place_of_a_copy(folder):
    copy = copy_of(folder)
    copy.rename(folder / "elsewhere.pdf")
    copy.symlink_to(folder / "elsewhere.pdf")


@pytest.mark.parametrize(
    "tamper",
    [
        change_a_byte,
        change_a_byte_and_its_digest,
        take_away_a_copy_and_its_entry,
        change_the_record,
        change_the_service,
        put_a_link_in_the_place_of_a_copy,
    ],
    ids=lambda tamper: tamper.__name__,
)
@pytest.mark.usefixtures("never_read")
def test_nothing_that_was_changed_passes_for_up_to_date(folder, tamper):
    tamper(folder)
    assert [result.state for result in run(folder)] == [State.FAILED]  # worked out anew, which is a mistake here


@pytest.mark.usefixtures("never_read")
def test_another_template_is_worked_out_anew(folder):
    assert [result.state for result in run(folder, template="standard")] == [State.FAILED]


def test_a_file_that_is_not_part_of_the_version_is_refused_as_ever(folder):
    (version(folder) / "notes.txt").write_text("mine", encoding="utf-8")
    assert [result.state for result in run(folder)] == [State.FAILED]


@pytest.mark.parametrize("damage", [b"", b"{", b'{"ref": 1}\n', b"\xff\xfe\n", b'{"ref": "NR-0420", "version": 1}\n'])
def test_a_damaged_memory_costs_time_only(folder, damage):
    (folder / "output" / NAME).write_bytes(damage)
    assert [result.state for result in run(folder)] == [State.UP_TO_DATE]
    assert [result.state for result in run(folder)] == [State.UP_TO_DATE]


def test_a_version_of_which_one_copy_was_asked_for_is_not_known_as_a_whole(folder):
    shutil.rmtree(folder / "output")
    run(folder, only="service")
    assert not (folder / "output" / NAME).exists()


def test_what_a_reader_asked_for_is_not_remembered(tmp_path):
    copy = CopyMade("harmed-1", "harmed", "en", ("a.pdf",), ("asked for easy_read",))
    known = Known.read_from(tmp_path / NAME, template=None)
    known.note(Result("a.json", State.MADE, REF, 1, (copy,), manifest="0" * 64))
    known.close()
    assert "easy_read" not in (tmp_path / NAME).read_text(encoding="utf-8")
