"""What a run writes into the journal of the output."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.batch.model import Result, State
from pipeline.publication import journal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MANY = 1000
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
    then, so a run in which nothing could be made leaves an empty output empty. A published version is on the disk at
    once; lines on records of which nothing was made are written with it, or many together.
    """

    out: Path
    _waiting: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The file."""
        return self.out / journal.NAME

    def note(self, result: Result) -> None:
        """Write down what became of a record: names of rules, never a message. Raises SetupError."""
        self._waiting.append(_entry(result))
        if result.state is State.MADE:
            self._write()
        elif len(self._waiting) >= _MANY:
            self.close()

    def close(self) -> None:
        """Write what waits, if there is a journal. Raises SetupError."""
        if self._waiting and (self.path.exists() or self.path.is_symlink()):
            self._write()

    def _write(self) -> None:
        journal.append(self.out, self._waiting)
        self._waiting.clear()


def _entry(result: Result) -> Mapping[str, Any]:
    rules = sorted({finding.rule for finding in result.advice if finding.severity == "stop" and not finding.accepted})
    more = {"rules": rules} if rules else {}
    return journal.entry(_EVENTS[result.state], ref=result.ref, version=result.version, **more)
