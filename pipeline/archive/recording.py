"""Write down what happens after signing: an end, a hold, a copy handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pipeline.archive import rows
from pipeline.archive.model import Event, Outcome, What
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from pipeline.archive.index import Archive


def record(archive: Archive, ref: str, event: Event) -> Outcome:
    """Write an event down; one that stands last of its kind with the same day already is not doubled.

    A day on which somebody reaches an age is kept as the last day of that year, so that nobody can work out a
    birthday from it. Raises RecordError when nothing is held under the reference, or the day lies before the meeting.
    """
    event = replace(event, on=date(event.on.year, 12, 31)) if event.what is What.REACHES_AGE else event
    with archive.writing():
        first = next(rows.entries(archive.index, ref=ref), None)
        if first is None:
            raise RecordError([_not_held(archive, ref)])
        if event.on < first.met_on:
            do = "Check the day after --on: a wrong one could have the agreement deleted too early."
            raise RecordError([Problem("The day lies before the meeting.", do, where=ref)])
        if _stands_already(event, rows.events_of(archive.index, ref)):
            return Outcome(ref, None, "recorded already")
        rows.insert_event(archive.index, ref, event)
    return Outcome(ref, None, "recorded", notes=(f"{event.what}, {event.on.isoformat()}",))


def hand_over(archive: Archive, ref: str, event: Event) -> Outcome:
    """Write down that a reader's copy was given out: when and how, and never the address.

    Without a version it is the newest that is held. Raises RecordError when this reader has no copy of it.
    """
    with archive.writing():
        entry = rows.newest_entry(archive.index, ref, event.version)
        if entry is None:
            raise RecordError([_not_held(archive, ref)])
        readers = dict.fromkeys(file.reader for file in rows.files_of(archive.index, entry) if file.reader)
        if event.reader not in readers:
            problem = Problem(
                "Nobody with this id has a copy of this version.",
                f"Those who have: {', '.join(readers)}.",
                where=f"{ref} v{entry.version}",
            )
            raise RecordError([problem])
        event = replace(event, version=entry.version)
        if event in rows.events_of(archive.index, ref):
            return Outcome(ref, entry.version, "recorded already")
        rows.insert_event(archive.index, ref, event)
    return Outcome(ref, entry.version, "recorded")


def _stands_already(event: Event, events: tuple[Event, ...]) -> bool:
    """Say whether this event, recorded once more, would change nothing."""
    opposites = {What.HOLD: {What.RELEASE}, What.RELEASE: {What.HOLD}}
    related = {event.what} | opposites.get(event.what, set()) | {What.REOPENED}
    last = next((each for each in reversed(events) if each.what in related), None)
    return last == event


def _not_held(archive: Archive, ref: str) -> Problem:
    disposed = archive.index.execute("SELECT 1 FROM tombstone WHERE ref = ?", (ref,)).fetchone()
    if disposed is not None:
        return Problem("This agreement was disposed of.", "Nothing can be recorded of it any more.", where=ref)
    return Problem(
        "Nothing is held under this reference.",
        "Check the reference; agreements archive find lists them. What is not there is added with archive add.",
        where=ref,
    )
