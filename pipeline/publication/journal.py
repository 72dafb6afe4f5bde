"""Who made what and when: the one place in the output where times and users stand."""

from __future__ import annotations

import getpass
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

NAME = "journal.jsonl"


def entry(event: str, *, ref: str | None, version: int | None, **more: Any) -> Mapping[str, Any]:
    """Return one line of the journal: what happened to which version, when, by whom, with which program.

    `more` holds ids, names of rules and the like, never a value of a record.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    head = {"at": now, "by": _user(), "program": __version__, "event": event, "ref": ref, "version": version}
    return head | more


def append(out: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Add these lines to `OUT/journal.jsonl` and make sure they are on the disk. Raises SetupError."""
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in entries)
    try:
        _append(out / NAME, lines.encode())
    except OSError as error:
        raise SetupError([_unwritten(out / NAME)]) from error


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
