from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from pipeline.cli.main import main
from pipeline.follow_up.following import follow
from pipeline.follow_up.journal import journal_path, read_journal
from pipeline.follow_up.model import Journal, Line
from pipeline.records.load import load_record, load_record_bytes
from pipeline.service.load import load_service
from pipeline.shipped import shipped


@dataclass(frozen=True)
class Desk:
    """A service's folder with every sample record, and what happened to them."""

    folder: Path

    @property
    def service(self):
        return load_service(self.folder / "agreements.toml")

    def record(self, name):
        return self.folder / f"{name}.json"

    def agreement(self, name):
        return load_record(self.record(name), extra_fields=self.service.extra_fields)

    def journal(self, name):
        agreement = self.agreement(name)
        return read_journal(journal_path(self.record(name), agreement.ref), agreement.ref)

    def did(self, *words):
        """Run `agreements actions record` at this desk; it must be accepted."""
        assert self.tried(*words) == 0

    def tried(self, *words):
        config = ("--config", self.folder / "agreements.toml", "--records", self.folder)
        return main(["actions", "record", *map(str, (*words, *config))])

    def change(self, name, how):
        record = json.loads(self.record(name).read_text(encoding="utf-8"))
        how(record)
        self.record(name).write_text(json.dumps(record), encoding="utf-8")


@pytest.fixture
def desk(tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    for file in shipped("samples").iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    return Desk(folder)


@pytest.fixture(scope="session")
def sample():
    """A function that gives a sample with these changes at its root, as an agreement."""

    def changed(name, **changes):
        record = json.loads((shipped("samples") / f"{name}.json").read_text(encoding="utf-8")) | changes
        return load_record_bytes(json.dumps(record).encode(), extra_fields=None)

    return changed


@pytest.fixture(scope="session")
def journal_of():
    """A function that gives a journal with these entries."""

    def made(*entries, ref="NR-0412"):
        return Journal(ref, tuple(Line(1, "2026-11-25T12:00:00Z", entry) for entry in entries))

    return made


@pytest.fixture(scope="session")
def followed():
    """A function that gives how an agreement stands after these entries."""

    def after(agreement, *entries):
        return follow(agreement, Journal(agreement.ref, tuple(Line(1, "2026-11-25T12:00:00Z", e) for e in entries)))

    return after


@pytest.fixture(scope="session")
def day():
    return date.fromisoformat
