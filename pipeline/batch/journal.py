"""Who made what and when: the one place in the output where times and users stand."""

from __future__ import annotations

import getpass
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.batch.model import Result, State
from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_EVENTS = {
    State.MADE: "published",
    State.UP_TO_DATE: "up_to_date",
    State.NO_AGREEMENT: "no_agreement",
    State.SIGNED: "signed",
    State.REFUSED: "refused",
    State.FAILED: "failed",
}


@dataclass(slots=True)
class Journal:
    """`OUT/journal.jsonl`: one JSON object a line, only ever added to.

    It begins with the first version that is published. What a run says before that is kept and written
    then, so a run in which nothing could be made leaves an empty output empty.
    """

    out: Path
    _waiting: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The file."""
        return self.out / "journal.jsonl"

    def note(self, result: Result) -> None:
        """Write down what became of a record: names of rules, never a message. Raises SetupError."""
        self._waiting.append(_entry(result))
        if result.state is State.MADE or self.path.exists() or self.path.is_symlink():
            lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in self._waiting)
            try:
                _append(self.path, lines.encode())
            except OSError as error:
                raise SetupError([_unwritten(self.path)]) from error
            self._waiting.clear()


def _entry(result: Result) -> Mapping[str, Any]:
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": _user(),
        "program": __version__,
        "event": _EVENTS[result.state],
        "ref": result.ref,
        "version": result.version,
    }
    rules = sorted({finding.rule for finding in result.advice if finding.severity == "stop" and not finding.accepted})
    return entry | ({"rules": rules} if rules else {})


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # what it raises where the user has no name differs by version
        return "unknown"


def _append(path: Path, data: bytes) -> None:
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "r+b") as journal:
        if journal.tell() == 0 and os.fstat(journal.fileno()).st_size == 0:
            path.chmod(0o600)
        else:
            journal.seek(-1, os.SEEK_END)
            if journal.read(1) != b"\n":
                data = b"\n" + data  # a run was cut off in the middle of a line
        journal.seek(0, os.SEEK_END)
        journal.write(data)
        journal.flush()
        os.fsync(journal.fileno())


def _unwritten(path: Path) -> Problem:
    return Problem(
        "The journal cannot be written, so the run stops here. What was published before stands.",
        "Look whether the disk is full, and whether the journal is a plain file that you may write to.",
        where=path.name,
    )
