"""Sealing published versions: all copies of a version together, or nothing."""

from __future__ import annotations

import json
import shutil

import pytest

from pipeline.publication.manifest import digest, read_manifest
from pipeline.publication.place import Place
from pipeline.signing.reading_seal import read_seal
from pipeline.signing.seal_run import SealState, seal_versions
from pipeline.validation.check import problems


@pytest.fixture
def seal_all(seal_examples, seal_order):
    """A function that seals one version and returns what became of it."""

    def run(place, records=None):
        where = [records or seal_examples.SAMPLES]
        [result] = seal_versions([place], seal_order, service=seal_examples.service(), records=where)
        return result

    return run


def refused(result):
    assert result.state is SealState.REFUSED
    return " ".join(problem.what for problem in result.problems)


def test_every_copy_is_sealed_and_stands_in_the_manifest(sealed_place):
    manifest = read_manifest(sealed_place.folder)
    for entry in (each for each in manifest.copies if each.extra is None):
        data = (sealed_place.folder / entry.sealed.name).read_bytes()
        assert (entry.sealed.sha256, entry.sealed.bytes) == (digest(data), len(data))
        assert read_seal(data).seal is not None
    assert problems(json.loads((sealed_place.folder / "manifest.json").read_bytes()), "manifest") == []


def test_a_paper_beside_the_copies_is_neither_signed_nor_sealed(sealed_place):
    papers = [each for each in read_manifest(sealed_place.folder).copies if each.extra is not None]
    assert papers
    assert {(each.signed, each.sealed) for each in papers} == {(None, None)}


def test_a_sealed_copy_lies_beside_the_signed_one_and_begins_with_it(sealed_place):
    folder = sealed_place.folder / "harmed-1"
    sealed = (folder / "sealed" / "NR-0412-v1-harmed-1.pdf").read_bytes()
    assert sealed.startswith((folder / "signed" / "NR-0412-v1-harmed-1.pdf").read_bytes())


def test_sealing_leaves_everything_that_was_there_as_it_was(signed_place, seal_all, seal_examples):
    before = seal_examples.files_in(signed_place.folder)
    seal_all(signed_place)
    after = seal_examples.files_in(signed_place.folder)
    assert {name for name in before if after[name] != before[name]} == {"manifest.json"}


def test_sealing_twice_changes_nothing(sealed_place, seal_all, seal_examples):
    before = seal_examples.files_in(sealed_place.out)
    assert seal_all(sealed_place).state is SealState.UP_TO_DATE
    assert seal_examples.files_in(sealed_place.out) == before


def test_the_journal_says_which_version_was_sealed_with_which_certificate(sealed_place, seal_identity):
    line = json.loads((sealed_place.out / "journal.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (line["event"], line["ref"], line["version"]) == ("sealed", "NR-0412", 1)
    assert line["certificate"] == seal_identity.fingerprint


def test_a_version_waits_until_everyones_signature_is_settled(signed_place, seal_all, seal_examples):
    seal_examples.sign_everything(signed_place, but={"responsible-1"})
    before = seal_examples.files_in(signed_place.out)
    assert "responsible-1" in refused(seal_all(signed_place))
    assert seal_examples.files_in(signed_place.out) == before


def test_a_version_that_nobody_signed_is_refused(tmp_path, seal_all, seal_examples):
    seal_examples.generated(tmp_path / "output", "NR-0420")
    assert "facilitator-1, harmed-1, responsible-1" in refused(seal_all(Place(tmp_path / "output", "NR-0420", 1)))


def once_each(document):
    document["signatures"] = list({each["participant"]: each for each in document["signatures"]}.values())


def test_somebody_who_takes_part_in_two_sheets_must_sign_twice(tmp_path, seal_all, seal_examples):
    place = Place(tmp_path / "output", "NR-0455", 1)
    seal_examples.signed_out(place.out, "NR-0455")
    seal_examples.change_manifest(place, once_each)
    assert "responsible-1" in refused(seal_all(place))


def test_several_sheets_are_sealed_each_for_its_own(tmp_path, seal_all, seal_examples):
    place = Place(tmp_path / "output", "NR-0455", 1)
    seal_examples.signed_out(place.out, "NR-0455")
    result = seal_all(place)
    assert result.state is SealState.SEALED, result.problems
    assert len(result.copies) == 6


def test_a_copy_on_which_nobody_signs_is_sealed_as_it_was_made(sealed_place):
    unsigned = [
        entry for entry in read_manifest(sealed_place.folder).copies if entry.signed is None and not entry.extra
    ]
    assert unsigned
    for entry in unsigned:
        original = (sealed_place.folder / entry.files[1].name).read_bytes()
        assert (sealed_place.folder / entry.sealed.name).read_bytes().startswith(original)


@pytest.mark.parametrize("name", ["signed/NR-0412-v1-harmed-1.pdf", "NR-0412-v1-harmed-1.docx"])
def test_a_changed_file_is_named_and_nothing_is_sealed(signed_place, seal_all, seal_examples, name):
    path = signed_place.folder / "harmed-1" / name
    path.write_bytes(path.read_bytes() + b"\n")
    before = seal_examples.files_in(signed_place.out)
    result = seal_all(signed_place)
    assert "missing, or was changed" in refused(result)
    assert [problem.where for problem in result.problems] == [f"harmed-1/{name}"]
    assert seal_examples.files_in(signed_place.out) == before


def test_a_missing_file_is_named(signed_place, seal_all):
    (signed_place.folder / "harmed-1/signed/NR-0412-v1-harmed-1.pdf").unlink()
    assert [problem.where for problem in seal_all(signed_place).problems] == ["harmed-1/signed/NR-0412-v1-harmed-1.pdf"]


def test_a_link_in_the_place_of_a_signed_copy_is_not_followed(signed_place, seal_all, tmp_path):
    path = signed_place.folder / "harmed-1/signed/NR-0412-v1-harmed-1.pdf"
    shutil.move(path, tmp_path / "elsewhere.pdf")
    path.symlink_to(tmp_path / "elsewhere.pdf")
    assert "missing, or was changed" in refused(seal_all(signed_place))


def test_two_copies_that_were_exchanged_are_both_named(signed_place, seal_all):
    one, two = (signed_place.folder / f"{who}/signed/NR-0412-v1-{who}.pdf" for who in ("harmed-1", "responsible-1"))
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert len(seal_all(signed_place).problems) == 2


def test_a_hostile_file_with_a_manifest_that_speaks_for_it_is_still_refused(
    signed_place, seal_all, seal_examples, sealed_pdf
):
    seal_examples.put_as_signed(signed_place, "harmed-1", sealed_pdf)
    result = seal_all(signed_place)
    assert "a seal already" in refused(result)
    assert result.problems[0].where.startswith("harmed-1")
    assert not list(signed_place.folder.rglob("sealed"))


def test_a_record_that_says_something_else_now_is_refused(signed_place, seal_all, seal_examples, tmp_path):
    record = json.loads((seal_examples.SAMPLES / "NR-0412.json").read_text(encoding="utf-8"))
    record["items"][0]["text"] = "Something else altogether."
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "NR-0412.json").write_text(json.dumps(record), encoding="utf-8")
    assert "something else" in refused(seal_all(signed_place, tmp_path / "records"))


def test_without_its_record_a_version_is_refused_with_what_to_do(signed_place, seal_all, tmp_path):
    (tmp_path / "records").mkdir()
    [problem] = seal_all(signed_place, tmp_path / "records").problems
    assert "--records" in problem.do


def test_a_damaged_manifest_is_refused(signed_place, seal_all):
    (signed_place.folder / "manifest.json").write_text("{", encoding="utf-8")
    assert "missing or damaged" in refused(seal_all(signed_place))
