from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.archive.adding import add
from pipeline.archive.index import open_archive, open_or_make
from pipeline.archive.records import find_records
from pipeline.cli.main import main
from pipeline.copies.plan import plan_copies
from pipeline.publication.manifest import NAME, ManifestFile, SignatureEntry, digest, read_manifest, to_bytes
from pipeline.publication.place import Place, add_to
from pipeline.records.load import load_record
from pipeline.service.load import load_service
from pipeline.shipped import shipped
from pipeline.signing.versions import find_places

REFS = ("NR-0412", "NR-0420", "NR-0440", "YC-0205", "YC-0205-v2")


@dataclass(frozen=True)
class Desk:
    """A service's folder: agreements.toml, records, an output with copies, and where its archive goes."""

    folder: Path

    @property
    def out(self):
        return self.folder / "output"

    @property
    def archive(self):
        return self.folder / "archive"

    @property
    def service(self):
        return load_service(self.folder / "agreements.toml")

    def add(self, *places):
        """Take these versions in, or all of them, and return what became of each."""
        found = find_places(places or [self.out])
        with open_or_make(self.archive) as archive:
            return list(add(archive, found, find_records([self.folder], self.service)))

    @contextmanager
    def opened(self):
        with open_archive(self.archive) as archive:
            yield archive

    def change(self, ref, how):
        """Change a record on disk."""
        path = self.folder / f"{ref}.json"
        record = json.loads(path.read_text(encoding="utf-8"))
        how(record)
        path.write_text(json.dumps(record), encoding="utf-8")

    def sign(self, ref, version=1, *, mark=b"% signed\n", leave_out=0):
        """Give a version a signed PDF for each copy; something is on record of all but the last few signatories."""
        place = Place(self.out, ref, version)
        manifest = read_manifest(place.folder)
        files, copies = {}, []
        for copy in manifest.copies:
            [pdf] = (file for file in copy.files if file.name.endswith(".pdf"))
            data = (place.folder / pdf.name).read_bytes() + mark
            signed = ManifestFile(pdf.name.replace("/", "/signed/"), digest(data), len(data), pdf.pages)
            files[signed.name] = data
            copies.append(replace(copy, signed=signed))
        name = ref if version == 1 else f"{ref}-v{version}"
        agreement = load_record(self.folder / f"{name}.json", extra_fields=None)
        signing = sorted({each.participant for copy in plan_copies(agreement, self.service) for each in copy.places})
        entries = [SignatureEntry(each, "self", "pen", "2026-11-12", "own") for each in signing]
        signatures = tuple(entries[: len(entries) - leave_out])
        add_to(place, files | {NAME: to_bytes(replace(manifest, copies=tuple(copies), signatures=signatures))})


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """A desk with copies of a few samples, nothing signed. Copy it, never change it."""
    folder = tmp_path_factory.mktemp("desk") / "desk"
    folder.mkdir()
    for name in ("agreements.toml", "logo.png", *(f"{ref}.json" for ref in REFS)):
        shutil.copy(shipped("samples") / name, folder)
    assert main(["generate", *(str(folder / f"{ref}.json") for ref in REFS), "--out", str(folder / "output")]) == 0
    return folder


@pytest.fixture
def desk(generated, tmp_path):
    """A desk of this test's own. Nothing is signed."""
    shutil.copytree(generated, tmp_path / "desk")
    return Desk(tmp_path / "desk")


@pytest.fixture
def kept(desk):
    """A desk whose NR-0440 is signed and in the archive."""
    desk.sign("NR-0440")
    [outcome] = desk.add(desk.out / "NR-0440")
    assert outcome.state == "kept"
    return desk


@pytest.fixture
def day():
    return date.fromisoformat
