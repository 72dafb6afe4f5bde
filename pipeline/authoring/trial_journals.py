"""The notes that a template for notes is tried with: at first, under way, done, and not done."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from pipeline.copies.plan import MAKES_COPIES
from pipeline.errors import RecordError
from pipeline.follow_up.model import Journal, Line, Progress, Status
from pipeline.follow_up.notes import note_for
from pipeline.follow_up.views import Look

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.copies.model import Copy
    from pipeline.records.model import Agreement
    from pipeline.service.model import Service

_WHEN: Final = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
_STAGES: Final = (None, Status.PARTLY_DONE, Status.DONE_CHECKED, Status.NOT_DONE_EXCUSED)


def notes(records: Sequence[Agreement], service: Service) -> Iterator[Copy]:
    """Give the notes of each record for everyone who is told in writing, at each stage."""
    look = Look(_WHEN, ZoneInfo(service.time_zone))
    for record in records:
        duty = None if record.outcome in MAKES_COPIES else "a law of the trial"
        for status in _STAGES:
            journal = _journal(record, status)
            for person in record.participants:
                with suppress(RecordError):  # this person is told nothing in writing
                    yield from note_for(record, journal, service, person.id, look=look, duty=duty).copies


def _journal(record: Agreement, status: Status | None) -> Journal:
    if status is None:
        return Journal(record.ref)
    entries = (
        Progress(status, item.id, _WHEN.date(), "service", wording="As agreed.", so_far=2, out_of=3, unit="hours")
        for item in record.items
    )
    return Journal(record.ref, tuple(Line(record.version, "", entry) for entry in entries))
