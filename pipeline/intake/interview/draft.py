"""The answers given so far, kept beside the record to come, so that a conversation can be taken up again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem, RecordError
from pipeline.intake.record_files import write_over

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
ENDING = ".draft"
Answer = tuple[str, Any]


def draft_path(folder: Path, ref: str) -> Path:
    """Return where the draft of an agreement lies; it does not end like a record, so that it is never taken for one."""
    return folder / f"{ref}{ENDING}"


def drafts_in(folder: Path) -> tuple[str, ...]:
    """Return the references of the conversations in this folder that were not finished."""
    return tuple(sorted(path.stem for path in folder.glob(f"*{ENDING}") if path.is_file()))


def save(path: Path, answers: list[Answer]) -> None:
    """Keep these answers (0600), whole or not at all. Raises RecordError."""
    document = {"draft": FORMAT, "answers": answers}
    write_over(path, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def load(path: Path) -> list[Answer]:
    """Return the answers kept; none if there is no draft. Raises RecordError for a file that is no draft."""
    if not path.exists():
        return []
    try:
        document = json.loads(path.read_bytes())
        return {FORMAT: [(str(key), value) for key, value in document["answers"]]}[document["draft"]]
    except (OSError, ValueError, TypeError, KeyError) as error:
        what = "The answers kept for this reference cannot be read."
        raise RecordError([Problem(what, "Move the file away and begin again.", where=path.name)]) from error
