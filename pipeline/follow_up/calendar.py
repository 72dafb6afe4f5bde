"""The days of one person as an iCalendar file (RFC 5545): no name, no word of the agreement, alarms before the day.

A calendar lies open on telephones and shared screens, so an entry says the reference and the printed number and no
more. The identity of an entry never changes while the item is there: a new file updates what an old one brought.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from icalendar import Alarm, Calendar, Event

from pipeline.copies.model import Reader
from pipeline.copies.plan import MAKES_COPIES
from pipeline.copies.readers import on_sheet, reader_kind
from pipeline.copies.rows import View, items_for
from pipeline.errors import Problem, RecordError
from pipeline.follow_up.following import follow
from pipeline.follow_up.model import Action, Followed, Hold, Status, What
from pipeline.follow_up.steps import days_after, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from pipeline.follow_up.model import Journal
    from pipeline.records.model import Agreement

_PRODUCT: Final = "-//outcome-agreements//agreements//EN"
_WORDS: Final = {
    What.ITEM: "the day for number {number}",
    What.FIRST_STEP: "the first step of number {number}",
    What.TIME: "number {number}, time {nth}",
    What.PAYMENT: "payment {nth} for number {number}",
    What.REVIEW: "we ask about number {number}",
    What.ANSWER: "the answer to number {number}",
    What.PERIOD: "the last day",
}
_WHOLE: Final = "we ask how it is going"
_ALARMS: Final = (timedelta(days=-7), timedelta(days=-1))
_MORNING: Final = timedelta(hours=9)
_GONE: Final = frozenset({Status.CHANGED, Status.WITHDRAWN, Status.LAPSED, Status.NOT_DONE_EXCUSED})


def calendar_for(reader: str, agreements: Iterable[tuple[Agreement, Journal]], *, zone: ZoneInfo) -> bytes:
    """Return the calendar of the person with this id in these agreements.

    In it is every day of what this person does, receives, checks or helps with; a facilitator has every day. Raises
    RecordError where an agreement has nobody with this id, or somebody who gets no copy.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for agreement, journal in agreements:
        for event in _events(agreement, journal, reader, zone):
            calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _events(agreement: Agreement, journal: Journal, reader: str, zone: ZoneInfo) -> Iterator[Event]:
    numbers = _numbers(agreement, reader)
    if agreement.outcome not in MAKES_COPIES:
        return
    followed = follow(agreement, journal)
    sequence = 1000 * agreement.version + len(journal.lines)
    for item in followed.items:
        if item.id in numbers:
            for action in item.actions:
                words = _WORDS[action.what].format(number=numbers[item.id], nth=action.nth)
                yield from _event(agreement, item, action, words, zone, reader, sequence)
    for action in followed.whole:
        words = _WHOLE if action.what is What.REVIEW else _WORDS[action.what]
        yield from _event(agreement, None, action, words, zone, reader, sequence)


def _numbers(agreement: Agreement, reader: str) -> Mapping[str, int]:
    """Return the number of each item of this reader as it stands on their copy; the first where it has several."""
    person = next((each for each in agreement.participants if each.id == reader), None)
    kind = None if person is None else reader_kind(person)
    if person is None or kind is None:
        problem = Problem("Nobody with this id gets a copy of this agreement.", "Give an id of the record.", "--for")
        raise RecordError([problem])
    numbers: dict[str, int] = {}
    for sheet in agreement.sheets:
        if kind is not Reader.SERVICE and person not in on_sheet(agreement, sheet):
            continue
        for number, item in enumerate(items_for(View(agreement, sheet, kind, reader)), start=1):
            own = {*item.owners, item.checker, item.beneficiary, item.helper, item.speaker}
            if kind is Reader.SERVICE or reader in own:
                numbers.setdefault(item.id, number)
    return numbers


def _event(  # noqa: PLR0913, PLR0917 - each is a value of its own; a bundle would only hide them
    agreement: Agreement,
    item: Followed | None,
    action: Action,
    words: str,
    zone: ZoneInfo,
    reader: str,
    sequence: int,
) -> Iterator[Event]:
    if action.due is None:
        return
    event = Event()
    event.add("uid", _identity(agreement.ref, item, action, reader))
    event.add("sequence", sequence)
    # Not the moment of writing: the same state gives the same bytes.
    event.add("dtstamp", datetime.combine(agreement.meeting_dates[-1], datetime.min.time(), UTC))
    title = f"{agreement.ref}: {words}"
    if action.at is None:
        event.add("dtstart", action.due)
        event.add("dtend", days_after(action.due, 1))
    else:
        start = moment(action.due, action.at, zone)
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(minutes=30))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("description", "Please look at your copy.")
    gone = action.hold is Hold.PAUSE or (item is not None and item.status in _GONE)
    event.add("summary", f"{title} (done)" if action.done and not gone else title)
    event.add("status", "CANCELLED" if gone else "CONFIRMED")
    if not action.done and not gone:
        for before in _ALARMS:
            event.add_component(_alarm(title, before if action.at else before + _MORNING))
    yield event


def _alarm(title: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", before)
    return alarm


def _identity(ref: str, item: Followed | None, action: Action, reader: str) -> str:
    """Return a name for this entry that tells nothing, and is the same in every file made of this agreement."""
    said = "\0".join((ref, "" if item is None else item.id, action.what, str(action.nth), reader))
    return f"{hashlib.sha256(said.encode()).hexdigest()[:32]}@outcome-agreements"
