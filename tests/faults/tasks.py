"""What must survive a fault: taking a version into the archive, and disposing of one."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.archive import index as archive_index
from pipeline.archive import rows
from pipeline.archive.checking import verify
from pipeline.archive.disposing import confirmation
from pipeline.archive.index import open_archive
from pipeline.archive.standing import standings
from pipeline.cli.archive import archive as _the_command  # noqa: F401 - imported before the faults begin
from pipeline.cli.main import main
from pipeline.publication.manifest import (
    NAME,
    Manifest,
    ManifestFile,
    SignatureEntry,
    digest,
    listed,
    read_manifest,
    to_bytes,
)
from pipeline.publication.place import Place, add_to
from pipeline.service.load import load_service
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

REF = "NR-0420"
_OPEN = io.open  # as it is before a fault is put into it: what a test reads for itself never fails
_LEFTOVER = "A file lies among the kept ones that no version speaks of."


def service_folder(folder: Path, keeping: dict[str, object]) -> None:
    """Put agreements.toml, its logo and one record here, kept so long, and the record's copies into `output`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("agreements.toml", "logo.png"):
        shutil.copy(shipped("samples") / name, folder)
    record = json.loads((shipped("samples") / f"{REF}.json").read_text(encoding="utf-8"))
    record["retention"] |= keeping
    (folder / f"{REF}.json").write_text(json.dumps(record), encoding="utf-8")
    run_command("generate", folder / f"{REF}.json", "--out", folder / "output")


def as_signed(out: Path) -> None:
    """Give every version here a signed PDF for each copy, with something on record of everybody."""
    for folder in sorted(out.glob("*/v*")):
        manifest = read_manifest(folder)
        if manifest is None:
            raise LookupError(folder)
        files = {}
        for copy in manifest.copies:
            [pdf] = (file for file in copy.files if file.name.endswith(".pdf"))
            files[pdf.name.replace("/", "/signed/")] = (folder / pdf.name).read_bytes() + b"% signed\n"
        add_to(Place(out, manifest.ref, manifest.version), files | {NAME: to_bytes(_signed(manifest, files))})


def _signed(manifest: Manifest, files: dict[str, bytes]) -> Manifest:
    entries = {
        name: ManifestFile(name, digest(data), len(data), copy.files[-1].pages)
        for copy in manifest.copies
        for name, data in files.items()
    }
    readers = [copy.reader for copy in manifest.copies if copy.reader != "service" and copy.extra is None]
    return replace(
        manifest,
        copies=tuple(
            replace(copy, signed=entries[copy.files[-1].name.replace("/", "/signed/")]) for copy in manifest.copies
        ),
        signatures=tuple(SignatureEntry(reader, "self", "pen", "2026-11-12", "own") for reader in readers),
    )


class ArchiveAdd:
    """`agreements archive add`: the version is known with every byte of it, or it is not known."""

    name = "archive-add"

    def prepare(self, folder: Path) -> None:
        service_folder(folder, {"years": 0})
        as_signed(folder / "output")

    def act(self, folder: Path) -> int:
        return run_command("archive", "add", folder / "output", "--archive", folder / "archive")

    def left(self, folder: Path) -> Sequence[str]:
        found = out_faults(folder / "output")
        if (folder / "archive" / archive_index.NAME).exists() and _has_tables(folder):
            found += [what for what in archive_faults(folder / "archive") if what != _LEFTOVER]
        return found

    def done(self, folder: Path) -> Sequence[str]:
        with open_archive(folder / "archive") as archive:
            known = [(entry.ref, entry.version) for entry in rows.entries(archive.index)]
        found = [] if known == [(REF, 1)] else [f"the archive knows {known}"]
        leftovers = [path.name for path in (folder / "archive" / "incoming").iterdir()]
        found += [f"a leftover in incoming: {name}" for name in leftovers]
        return found + archive_faults(folder / "archive") + out_faults(folder / "output")


class ArchiveDispose:
    """`agreements archive dispose`: all of it stands, or a rerun completes; at the end no byte is left."""

    name = "archive-dispose"

    def prepare(self, folder: Path) -> None:
        service_folder(folder, {"years": 0})
        as_signed(folder / "output")
        run_command("archive", "add", folder / "output", "--archive", folder / "archive")
        run_command("archive", "event", REF, "completed", "--on", "2026-11-12", "--archive", folder / "archive")
        keeping = load_service(folder / "agreements.toml").keeping
        with open_archive(folder / "archive") as archive:
            word = confirmation(standings(archive, keeping, on=date(2026, 11, 14)))
        (folder / "word").write_text(word, encoding="utf-8")

    def act(self, folder: Path) -> int:
        with _OPEN(folder / "word", encoding="utf-8") as file:
            word = file.read()
        words = ["--archive", folder / "archive", "--config", folder / "agreements.toml", "--on", "2026-11-14"]
        return run_command("archive", "dispose", "--out", folder / "output", "--confirm", word, *words)

    def left(self, folder: Path) -> Sequence[str]:
        with open_archive(folder / "archive") as archive:
            known = list(rows.entries(archive.index))
        found = [what for what in archive_faults(folder / "archive") if what != _LEFTOVER]
        gone = (folder / "output" / REF / "v1" / "disposed.json").exists()
        return found if gone or not known else found + out_faults(folder / "output")

    def done(self, folder: Path) -> Sequence[str]:
        kept = [path for path in (folder / "archive" / "objects").rglob("*") if path.is_file()]
        there = [path.name for path in (folder / "output" / REF).rglob("*") if path.is_file()]
        aside = [path.name for path in (folder / "output").glob(f".{REF}*")]
        found = [f"bytes are left: {path.name}" for path in kept] + [f"left aside: {name}" for name in aside]
        return found + ([] if there == ["disposed.json"] else [f"the output holds {there}"])


def archive_faults(folder: Path) -> list[str]:
    """Return what the archive's own check finds."""
    with open_archive(folder) as archive:
        return [problem.what for step in verify(archive) for problem in step.problems]


def out_faults(out: Path) -> list[str]:
    """Return what is wrong with the versions in an output: each is whole and as its manifest says, or set aside."""
    found = []
    for ref in (folder for folder in out.iterdir() if folder.is_dir() and not folder.name.startswith(".")):
        for folder in ref.iterdir():
            manifest = read_manifest(folder)
            there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
            if manifest is None or there != set(listed(manifest)):
                found.append(f"{ref.name}/{folder.name} does not hold what its manifest says")
                continue
            copies = [(*copy.files, copy.signed, copy.sealed) for copy in manifest.copies]
            changed = [
                file.name
                for files in copies
                for file in files
                if file is not None and digest((folder / file.name).read_bytes()) != file.sha256
            ]
            found += [f"{name} is not as its manifest says" for name in changed]
    if not any(out.glob("*/v*")) and not any(out.glob(".*.old")):
        found.append("no version is left")
    return found


def _has_tables(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / "archive" / archive_index.NAME)) as connection:
        return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def run_command(*words: object) -> int:
    """Run the command in this process and return its exit code."""
    code = main([str(word) for word in words])
    sys.stdout.flush()
    return code


TASKS = {task.name: task for task in (ArchiveAdd(), ArchiveDispose())}
