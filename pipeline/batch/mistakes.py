"""A mistake of the program, told without anything of the record."""

from __future__ import annotations

import traceback
from pathlib import Path

from pipeline.errors import Problem

_PACKAGE = Path(__file__).resolve().parent.parent


def unexpected(error: BaseException) -> Problem:
    """Say which mistake of the program this is: its type and the line in pipeline/, and nothing of the record."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _PACKAGE in Path(frame.filename).resolve().parents]
    where = "pipeline/"
    if ours:
        where = f"pipeline/{Path(ours[-1].filename).resolve().relative_to(_PACKAGE).as_posix()}, line {ours[-1].lineno}"
    return Problem(
        f"The program made a mistake: {type(error).__name__} in {where}.",
        "Please report this line. --debug shows more, but that may hold personal data: do not send it on.",
    )
