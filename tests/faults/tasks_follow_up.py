"""What must survive a fault: writing down what happened after the meeting."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from tasks import run_command

from pipeline.archive.records import find_records as _find  # noqa: F401 - imported before the faults begin
from pipeline.cli.actions import record as _the_command  # noqa: F401 - likewise
from pipeline.follow_up.journal import journal_path, read_journal
from pipeline.follow_up.model import Received
from pipeline.follow_up.recording import record as _record  # noqa: F401 - likewise
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

REF = "NR-0440"
_ACCEPTED = 20


class Record:
    """`agreements actions record`: every accepted entry stays, and no torn one is ever read as true.

    The state before is a journal with entries that were accepted, and a torn line after them.
    """

    name = "record"

    def prepare(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for name in ("agreements.toml", "logo.png", f"{REF}.json"):
            shutil.copy(shipped("samples") / name, folder)
        for number in range(_ACCEPTED):
            self._receive(folder, number)
        journal = journal_path(folder / f"{REF}.json", REF)
        journal.write_bytes(journal.read_bytes() + b'{"schema_version": 1, "ref": "NR-04')

    def act(self, folder: Path) -> int:
        return self._receive(folder, _ACCEPTED)

    def left(self, folder: Path) -> Sequence[str]:
        found = _numbers(folder)
        whole = [f"R-{number}" for number in range(_ACCEPTED)]
        old_or_new = found in (whole, [*whole, f"R-{_ACCEPTED}"])
        return ([] if old_or_new else [f"the journal holds {found}"]) + _torn_bytes(folder)

    def done(self, folder: Path) -> Sequence[str]:
        found = _numbers(folder)
        right = found == [f"R-{number}" for number in range(_ACCEPTED + 1)]
        journal = journal_path(folder / f"{REF}.json", REF)
        whole = all(json.loads(line) for line in journal.read_bytes().splitlines())
        return ([] if right and whole else [f"the journal holds {found}"]) + _torn_bytes(folder)

    def _receive(self, folder: Path, number: int) -> int:
        words = ("--received", "1.00", "--payer", "responsible-1", "--receipt", f"R-{number}", "--on", "2026-11-20")
        return run_command("actions", "record", folder / f"{REF}.json", "a", *words)


def _numbers(folder: Path) -> list[str | None]:
    entries = read_journal(journal_path(folder / f"{REF}.json", REF), REF).entries
    return [entry.receipt for entry in entries if isinstance(entry, Received)]


def _torn_bytes(folder: Path) -> list[str]:
    """Say whether the line that was torn before is lost: it must stand in the journal or beside it."""
    journal = journal_path(folder / f"{REF}.json", REF)
    beside = journal.with_name(f"{REF}.progress.torn")
    kept = journal.read_bytes() + (beside.read_bytes() if beside.exists() else b"")
    return [] if b'{"schema_version": 1, "ref": "NR-04' in kept.replace(b'"NR-0440"', b"") else ["torn bytes are lost"]


TASKS = {task.name: task for task in (Record(),)}
