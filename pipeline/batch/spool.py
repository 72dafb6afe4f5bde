"""The reports of all records of a run, kept in a file without a name until the run ends."""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING, Any

from pipeline.batch.report import record_report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.batch.model import Result


class Spool:
    """What became of each record, in order; as many as there are, they take no memory."""

    def __init__(self) -> None:
        """Open a file that nobody else can open, and that goes with this process."""
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - open until the run ends

    def add(self, result: Result) -> None:
        """Keep the report of one more record."""
        self._file.write(json.dumps(record_report(result), ensure_ascii=False) + "\n")

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """Return the reports, from the first."""
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
