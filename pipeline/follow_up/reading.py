"""From record files to what is to be done: each record with its journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import Problem, RecordError
from pipeline.follow_up.following import follow
from pipeline.follow_up.journal import journal_path, read_journal
from pipeline.follow_up.model import FollowUp
from pipeline.records.load import load_record_bytes
from pipeline.records.reading import read_record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.service.model import ExtraField

TORN = Problem(
    "The last line of the progress journal is torn, so it was not read.",
    "Record once more what was being recorded; the torn line is kept in a file beside it.",
    where="progress journal",
)


@dataclass(frozen=True, slots=True)
class Read:
    """A record file and how its agreement stands (None: it cannot be used), and what is wrong."""

    path: Path
    followed: FollowUp | None
    problems: tuple[Problem, ...] = ()


def read_one(path: Path, extra_fields: Mapping[str, ExtraField] | None) -> Read:
    """Return how the agreement of a record file stands; what is wrong with it is part of the answer."""
    try:
        agreement = load_record_bytes(read_record(path), extra_fields=extra_fields)
        journal = read_journal(journal_path(path, agreement.ref), agreement.ref)
    except RecordError as error:
        return Read(path, None, error.problems)
    return Read(path, follow(agreement, journal), (TORN,) if journal.torn else ())
