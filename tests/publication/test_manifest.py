from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline.batch.version import carry_over, find_version, is_up_to_date, refuse_other_terms
from pipeline.copies.model import Copy, Reader, Withheld
from pipeline.errors import RecordError
from pipeline.publication.manifest import (
    NAME,
    MadeFrom,
    Manifest,
    describes,
    digest,
    entry_for,
    file_names,
    listed,
    read_manifest,
    to_bytes,
    unchanged,
)
from pipeline.publication.place import Place, publish
from pipeline.validation.check import problems

MADE_FROM = MadeFrom("0.1.0", "embedded", "rdocx 1", ("2a", "ua1"), "standard", {"en": "a" * 64}, "b" * 64, "c" * 64)


def copy_for(reader_id, reader=Reader.HARMED):
    return Copy(
        ref="NR-0412",
        version=1,
        reader=reader,
        reader_id=reader_id,
        folder=reader_id,
        stem=f"NR-0412-v1-{reader_id}",
        language="en",
        code="K7QM-4TXW-9HDR",
        context={},
        agreed_texts=(),
        places=(),
        withheld=Withheld((), (), ()),
        notes=("harmed-1: asked for cy; made in en, as agreed",),
    )


RUTH, SERVICE = copy_for("harmed-1"), copy_for("service", Reader.SERVICE)


def published(out, copies=(RUTH, SERVICE), made_from=MADE_FROM):
    """Publish small files of these copies, and return their version."""
    files, entries = {}, []
    for copy in copies:
        docx, pdf = file_names(copy)
        files |= {docx: f"word {copy.stem}".encode(), pdf: f"page {copy.stem}".encode()}
        entries.append(entry_for(copy, docx=files[docx], pdf=files[pdf], pages=2))
    manifest = Manifest(
        "NR-0412", 1, draft=False, made_from=made_from, copies=tuple(entries), signature_mm=(70.0, 15.0)
    )
    place = Place(out, "NR-0412", 1)
    publish(place, {NAME: to_bytes(manifest)} | files)
    return find_version(place)


@pytest.fixture
def version(tmp_path):
    return published(tmp_path)


def test_the_manifest_keeps_its_schema(version):
    assert problems(json.loads(to_bytes(version.manifest)), "manifest") == []


def test_what_is_read_back_is_what_was_written(version):
    assert to_bytes(read_manifest(version.place.folder)) == (version.place.folder / NAME).read_bytes()


def test_a_file_is_named_with_its_digest_size_and_pages(version):
    docx, pdf = json.loads(to_bytes(version.manifest))["copies"][0]["files"]
    assert docx == {
        "name": "harmed-1/NR-0412-v1-harmed-1.docx",
        "sha256": digest(b"word NR-0412-v1-harmed-1"),
        "bytes": 24,
    }
    assert pdf["pages"] == 2


@pytest.mark.parametrize("text", ["", "{}", "[]", "[" * 100_000, '{"manifest": 2}'])
def test_a_damaged_manifest_is_none(tmp_path, text):
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    assert read_manifest(tmp_path) is None


def test_an_entry_describes_its_own_copy_only(version):
    entry = version.manifest.copies[0]
    assert describes(entry, RUTH)
    assert not describes(entry, SERVICE)
    assert not describes(entry, replace(RUTH, code="AAAA-AAAA-AAAA"))


def test_the_same_input_is_up_to_date(version):
    assert is_up_to_date(version, [RUTH, SERVICE], MADE_FROM, alone=False)


@pytest.mark.parametrize(
    "changed",
    [
        {"program": "0.2.0"},
        {"engine_version": "rdocx 2"},
        {"profiles": ("2a",)},
        {"templates": {"en": "d" * 64}},
        {"service": "d" * 64},
        {"record": "d" * 64},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_anything_else_it_was_made_from_makes_it_out_of_date(version, changed):
    assert not is_up_to_date(version, [RUTH, SERVICE], replace(MADE_FROM, **changed), alone=False)


def test_another_set_of_readers_is_out_of_date(version):
    assert not is_up_to_date(version, [RUTH], MADE_FROM, alone=False)
    assert not is_up_to_date(version, [RUTH, SERVICE, copy_for("harmed-2")], MADE_FROM, alone=False)


def test_a_changed_byte_makes_it_out_of_date(version):
    (version.place.folder / file_names(RUTH)[1]).write_bytes(b"changed by hand")
    assert not unchanged(version.manifest.copies, version.place.folder)
    assert not is_up_to_date(version, [RUTH, SERVICE], MADE_FROM, alone=False)


def test_one_copy_alone_does_not_ask_after_the_others(version):
    (version.place.folder / file_names(SERVICE)[1]).unlink()
    assert is_up_to_date(find_version(version.place), [RUTH], MADE_FROM, alone=True)


def test_one_copy_made_again_keeps_the_others_byte_for_byte(version):
    [kept] = carry_over(version, [RUTH], MADE_FROM)
    assert kept.entry.reader == "service"
    assert kept.files[file_names(SERVICE)[1]] == b"page NR-0412-v1-service"


def test_copies_made_from_another_record_are_never_mixed(version):
    with pytest.raises(RecordError, match="something else"):
        carry_over(version, [RUTH], replace(MADE_FROM, record="d" * 64))


def test_a_copy_that_was_changed_is_not_carried_over(version):
    (version.place.folder / file_names(SERVICE)[1]).write_bytes(b"changed by hand")
    with pytest.raises(RecordError, match="changed since"):
        carry_over(version, [RUTH], MADE_FROM)


def test_a_file_of_somebody_in_the_folder_is_not_deleted(version):
    (version.place.folder / "harmed-1" / "scan.pdf").write_bytes(b"precious")
    with pytest.raises(RecordError, match="not part of it") as refused:
        find_version(version.place)
    assert "scan" not in str(refused.value.problems)


def test_a_signed_version_with_the_same_terms_is_left_alone(version):
    assert refuse_other_terms(version, [RUTH, SERVICE]) is None


def test_a_signed_version_with_other_terms_is_refused(version):
    with pytest.raises(RecordError) as refused:
        refuse_other_terms(version, [replace(RUTH, code="AAAA-AAAA-AAAA"), SERVICE])
    assert "make version 2" in refused.value.problems[0].do


def test_a_signed_version_without_its_manifest_is_refused(version):
    with pytest.raises(RecordError, match="manifest"):
        refuse_other_terms(replace(version, manifest=None), [RUTH, SERVICE])


def test_everything_the_manifest_speaks_for_is_listed(version):
    assert set(listed(version.manifest)) == {NAME, *file_names(RUTH), *file_names(SERVICE)}
