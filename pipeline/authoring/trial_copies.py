"""The copies that a template is tried with: those of the records that come with the program."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.copies.model import Reader
from pipeline.copies.plan import MAKES_COPIES, plan_copies
from pipeline.records.load import load_record
from pipeline.service.load import load_service
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.copies.model import Copy
    from pipeline.records.model import Agreement
    from pipeline.service.model import Service

_ENDINGS: Final = (
    ("none_reached", "letters"), ("none_reached", "video"), ("none_wanted", "circle"), ("adjourned", "circle"),
)  # fmt: skip
_RECORDS: Final = Path(__file__).resolve().parent / "records"
_OWN: Final = ("minimal.json", "statement.json", "translated.json", "ended.json")
_SAMPLES: Final = ("NR-0460.json",)
"""Of the sample records the one with an interpreter, by video: the others reach nothing that these do not."""


@lru_cache(maxsize=1)
def _records() -> tuple[tuple[Agreement, ...], Service]:
    """Return the trial records, and a service that shows its own fields to everybody."""
    samples = shipped("samples")
    service = load_service(samples / "agreements.toml")
    shown = {name: replace(each, visible_to=frozenset(Reader)) for name, each in service.extra_fields.items()}
    service = replace(service, extra_fields=shown)
    paths = [*(_RECORDS / name for name in _OWN), *(samples / name for name in _SAMPLES)]
    # The full one comes last: what the others have is made from them, which is quicker.
    paths.append(_RECORDS / "full.json")
    return tuple(load_record(path, extra_fields=service.extra_fields) for path in paths), service


@lru_cache(maxsize=1)
def trial_copies() -> tuple[Copy, ...]:
    """Return every copy of the trial records."""
    records, service = _records()
    return tuple(copy for record in _with_other_endings(records) for copy in plan_copies(record, service))


def _with_other_endings(records: Sequence[Agreement]) -> tuple[Agreement, ...]:
    return (*records, *(each for record in records for each in _ended_otherwise(record)))


def _ended_otherwise(record: Agreement) -> tuple[Agreement, ...]:
    """Return a record that ended without an agreement as if it had ended in other ways, after other processes."""
    if record.outcome in MAKES_COPIES:
        return ()
    days = record.meeting_dates[-1:]
    written = {**record.record, "meeting_dates": [day.isoformat() for day in days]}
    return tuple(
        replace(
            record, outcome=outcome, process=process, meeting_dates=days,
            record={**written, "outcome": outcome, "process": process},
        )
        for outcome, process in _ENDINGS
    )  # fmt: skip


@lru_cache(maxsize=1)
def trial_notes() -> tuple[Copy, ...]:
    """Return a note of how it goes for everyone who is told in writing: at first, under way, done, and not done."""
    from pipeline.authoring import trial_journals  # noqa: PLC0415 - few templates are for notes, and it brings calendars

    records, service = _records()
    return tuple(trial_journals.notes(_with_other_endings(records), service))
