"""The reports of all records of a run, kept in a file without a name until the run ends."""

from __future__ import annotations

import errno
import json
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pipeline.batch.report import record_report
from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.batch.model import Result


class Spool:
    """What became of each record, in order; as many as there are, they take no memory."""

    def __init__(self) -> None:
        """Open a file that nobody else can open, and that goes with this process. Raises SetupError."""
        try:
            self._file = tempfile.TemporaryFile("w+", buffering=1, encoding="utf-8")  # noqa: SIM115 - until the end
        except OSError as error:
            raise SetupError([_no_room(error)]) from error

    def add(self, result: Result) -> None:
        """Keep the report of one more record. Raises SetupError where there is no room for it."""
        try:
            self._file.write(json.dumps(record_report(result), ensure_ascii=False) + "\n")
        except OSError as error:
            raise SetupError([_no_room(error)]) from error

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """Return the reports, from the first."""
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)

    def close(self) -> None:
        """Let go of the file."""
        with suppress(OSError):  # what could not be written before cannot be written now
            self._file.close()


def _no_room(error: OSError) -> Problem:
    reason = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return Problem(
        f"The report of the run cannot be kept ({reason}).",
        f"Make room in {tempfile.gettempdir()}, or set TMPDIR; then run it again: what was published stands.",
    )
