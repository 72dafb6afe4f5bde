"""What former runs found out about versions that stand in the output, so that a rerun need not find it out again.

The file only saves time: without it, everything is found out anew. It holds what the report holds, and for each version
the digest of its manifest. A version counts as known only while its manifest has that digest, speaks of the same
record, template and set-up, and every file it lists, and no other, lies there with the digest it gives. Notes on what
a reader asked for are told when their copy is made, and kept nowhere in the output.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, Any

from pipeline.batch.model import CopyMade, Finding, Result, State
from pipeline.batch.report import record_report

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = ".known.jsonl"
_KEPT = ("manifest", "template", "ref", "version", "copies", "advice", "notes")
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(slots=True)
class Known:
    """The file, and where in it the last line on each version stands; the lines themselves stay on the disk.

    `template` is the one that was asked for: what was made with another one is not known.
    """

    path: Path
    template: str | None
    _lines: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    _file: IO[bytes] | None = None

    @classmethod
    def read_from(cls, path: Path, *, template: str | None) -> Known:
        """Look through the file. One that is missing or damaged is as good as empty."""
        known = cls(path, template)
        with suppress(OSError):
            known._file = os.fdopen(os.open(path, _FLAGS & ~os.O_CREAT), "r+b")
            position = 0
            for line in known._file:
                document = _document(line)
                if document is not None and document.get("template") == template:
                    known._lines[document["ref"], document["version"]] = document["manifest"], position
                position += len(line)
        return known

    def manifest_of(self, ref: str, version: int) -> str | None:
        """Return the SHA-256 that the manifest of this version had; None where no run said so."""
        line = self._lines.get((ref, version))
        return None if line is None else line[0]

    def result_of(self, ref: str, version: int, *, source: str) -> Result | None:
        """Return what a former run said of this version, for the record in `source`, as up to date."""
        line = self._lines.get((ref, version))
        if line is None or self._file is None:
            return None
        try:
            self._file.seek(line[1])
            document = _document(self._file.readline())
        except OSError:
            return None
        return None if document is None else _result(document, source)

    def note(self, result: Result) -> None:
        """Remember a version that now stands as its manifest says. That it cannot be remembered costs time only."""
        if result.state not in {State.MADE, State.UP_TO_DATE} or not result.manifest or result.ref is None:
            return
        if self.manifest_of(result.ref, result.version or 0) == result.manifest:
            return
        bare = replace(result, copies=tuple(replace(copy, notes=()) for copy in result.copies))
        whole = {**record_report(bare), "manifest": result.manifest, "template": self.template}
        line = json.dumps({name: whole[name] for name in _KEPT}, ensure_ascii=False, separators=(",", ":")) + "\n"
        with suppress(OSError):
            if self._file is None:
                self._file = os.fdopen(os.open(self.path, _FLAGS, 0o600), "r+b")
            end = self._file.seek(0, os.SEEK_END)
            if end:
                self._file.seek(end - 1)
                line = line if self._file.read(1) == b"\n" else "\n" + line  # a run was cut off within a line
            self._file.write(line.encode())

    def close(self) -> None:
        """Close the file. What could not be written is found out anew next time."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()


def _document(line: bytes) -> Mapping[str, Any] | None:
    try:
        document = json.loads(line)
        whole = isinstance(document["ref"], str) and type(document["version"]) is int
        return document if whole and isinstance(document["manifest"], str) else None
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _result(document: Mapping[str, Any], source: str) -> Result | None:
    try:
        return Result(
            source,
            State.UP_TO_DATE,
            ref=document["ref"],
            version=document["version"],
            copies=tuple(
                CopyMade(**{**copy, "files": tuple(copy["files"]), "notes": tuple(copy["notes"])})
                for copy in document["copies"]
            ),
            advice=tuple(Finding(**finding) for finding in document["advice"]),
            notes=tuple(document["notes"]),
            manifest=document["manifest"],
        )
    except (LookupError, TypeError, ValueError):
        return None
