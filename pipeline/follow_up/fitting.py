"""Does an entry fit the agreement and what was written down before? Everything that does not is said at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.copies.derived import withheld_words
from pipeline.copies.matcher import Matcher
from pipeline.copies.model import Withheld
from pipeline.errors import Problem
from pipeline.follow_up.consents import is_live
from pipeline.follow_up.expanding import expand_times
from pipeline.follow_up.following import received_of
from pipeline.follow_up.model import (
    Answered,
    Asked,
    Consented,
    Entry,
    Happened,
    Journal,
    Paused,
    Progress,
    Received,
    Reported,
    Resumed,
    Told,
)
from pipeline.records.model import ByEvent, Conditional, Recurring
from pipeline.wording.free_of_talk import TALK_RULES
from pipeline.wording.words import words_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pipeline.records.model import Agreement, Item

_DAY_OF = ("on", "pause_from", "resumed", "happened", "asked")


def misfits(
    entry: Entry, agreement: Agreement, journal: Journal, *, today: date, own_details: tuple[str, ...]
) -> list[Problem]:
    """Return what keeps this entry out of the journal; empty if it fits.

    `own_details` are the service's own contact details, which may stand in a wording. No message repeats a value.
    """
    found = [*_days(entry, agreement, today), *_people(entry, agreement)]
    items = {item.id: item for item in agreement.items}
    named: str | None = getattr(entry, "item", None)
    if named is not None and named not in items:
        do = f"Its items are {', '.join(items) or 'none'}."
        return [*found, Problem("The agreement has no item with this id.", do, "/item")]
    match entry:
        case Progress():
            found += _progress(entry, items[entry.item], agreement, own_details)
        case Received():
            found += _received(entry, agreement, journal)
        case Consented():
            found += _consented(entry, agreement, journal)
        case Reported() | Paused():
            found += _items(entry.items, items)
            found += _pause(entry, journal) if isinstance(entry, Paused) else ()
        case Resumed():
            found += () if _running(journal, entry.resumed) else (_nothing_paused(),)
        case Happened() if not isinstance(items[entry.item].when, ByEvent):
            found.append(Problem("This item does not wait for an event.", "Name the item that does.", "/item"))
        case Asked() | Answered():
            found += _asked(entry, items[entry.item], journal)
        case Told():
            found += _told(entry, agreement)
        case _:
            pass
    return found


def _days(entry: Entry, agreement: Agreement, today: date) -> Iterator[Problem]:
    for name in _DAY_OF:
        day: date | None = getattr(entry, name, None)
        if day is None:
            continue
        if day < agreement.meeting_dates[0]:
            yield Problem("This day lies before the meeting.", "Correct the day, often the year.", f"/{name}")
        if day > today and not isinstance(entry, Paused):
            yield Problem("This day has not come yet.", "Record what happened, on the day or later.", f"/{name}")


def _people(entry: Entry, agreement: Agreement) -> Iterator[Problem]:
    known = {person.id for person in agreement.participants}
    for name in ("by", "person", "payer", "told", "to"):
        person: str | None = getattr(entry, name, None)
        if person is not None and person not in known:
            yield Problem("The agreement has nobody with this id.", f"They are {', '.join(sorted(known))}.", f"/{name}")


def _progress(entry: Progress, item: Item, agreement: Agreement, own_details: tuple[str, ...]) -> Iterator[Problem]:
    if item.kind == "statement":
        yield Problem("A statement has no status: it was said.", "Leave it out.", "/item")
    if entry.of_day is not None and not (
        isinstance(item.when, Recurring) and entry.of_day in set(expand_times(item.when))
    ):
        yield Problem("The item has no such day.", "Give one of its days; see agreements actions list.", "/of_day")
    if entry.so_far is not None and entry.out_of is not None and entry.so_far > entry.out_of:
        yield Problem("More is done than was agreed.", "Correct one of the two numbers.", "/so_far")
    if (entry.so_far is None) != (entry.unit is None):
        yield Problem("A number and what it counts belong together.", "Give both, such as 14 of 20 hours.", "/so_far")
    if entry.told_on is not None and entry.told_on < entry.on:
        yield Problem("Somebody was told before it happened.", "Correct one of the two days.", "/told_on")
    if entry.wording is not None:
        yield from _wording(entry.wording, agreement, own_details)


def _wording(text: str, agreement: Agreement, own_details: tuple[str, ...]) -> Iterator[Problem]:
    """Look for what may not be told to others: it will stand in a note."""
    where = "/wording"
    withheld = Withheld(words=withheld_words(agreement), names=(), own_details=own_details)
    if Matcher(withheld).find(text):
        what = "The wording holds a withheld word or a way to reach somebody."
        yield Problem(what, "Word it without: nothing under `withheld` may be told to others.", where)
    words = words_for(agreement.agreed_language)
    for rule in TALK_RULES:
        if words.has(rule.name, text):
            yield Problem(f"The wording: {rule.what[0].lower()}{rule.what[1:]}", rule.better or "Leave it out.", where)


def _received(entry: Received, agreement: Agreement, journal: Journal) -> Iterator[Problem]:
    payment = next((each for each in agreement.payments if each.item == entry.item), None)
    if payment is None:
        yield Problem("This item has no payments.", "Name the item whose money it is.", "/item")
        return
    if received_of(journal.entries, entry.item) + entry.received > payment.total:
        what = "That is more than was agreed in all."
        yield Problem(what, "Check the amount; give back what was paid too much, and record the rest.", "/received")
    if not entry.received:
        yield Problem("Nothing was received.", "Record money when it arrives.", "/received")
    payers = {payer.person for payer in payment.payers}
    if entry.payer is None and len(payers) > 1:
        yield Problem("Several people pay this.", f"Say whose share it is: {', '.join(sorted(payers))}.", "/payer")
    if entry.payer is not None and entry.payer not in payers:
        yield Problem("This person does not pay for this item.", f"Payers: {', '.join(sorted(payers))}.", "/payer")


def _consented(entry: Consented, agreement: Agreement, journal: Journal) -> Iterator[Problem]:
    people = {person.id for person in agreement.participants}
    ids: dict[str, set[str]] = {
        "item": {item.id for item in agreement.items},
        "attachment": {each.id for each in agreement.attachments},
        "name": people,
        "age": people,
    }
    known: set[str | None] = {None} if entry.what == "report" else {*ids[entry.what]}
    if entry.id not in known:
        yield Problem("The agreement has nothing with this id to be told.", "Give the id of a row or person.", "/id")
    elif entry.consent == "withdrawn" and not is_live(entry, agreement, journal):
        what = "No consent of this person to this stands, so there is none to withdraw."
        yield Problem(what, "Look under sharing in the record. A legal duty is not withdrawn.", "/person")


def _items(named: tuple[str, ...], items: dict[str, Item]) -> Iterator[Problem]:
    if not set(named) <= items.keys():
        yield Problem("The agreement has no item with one of these ids.", f"Its items: {', '.join(items)}.", "/items")


def _pause(entry: Paused, journal: Journal) -> Iterator[Problem]:
    if entry.until is not None and entry.until < entry.pause_from:
        yield Problem("The pause ends before it begins.", "Correct one of the two days.", "/until")
    if any(set(each.items) == set(entry.items) for each in _running(journal)):
        what = "A pause without an end is recorded already."
        yield Problem(what, "Record its end first: agreements actions record REF --resumed --on DATE.", "/pause_from")


def _running(journal: Journal, day: date | None = None) -> list[Paused]:
    """Return the pauses whose end is not known and, with a day, those that last until then."""
    running: list[Paused] = []
    for entry in journal.entries:
        if isinstance(entry, Paused) and (entry.until is None or (day is not None and day <= entry.until)):
            running.append(entry)
        elif isinstance(entry, Resumed):
            running.clear()
    return running


def _nothing_paused() -> Problem:
    return Problem("Nothing is paused.", "A pause ends by itself on the last day that was recorded.", "/resumed")


def _asked(entry: Asked | Answered, item: Item, journal: Journal) -> Iterator[Problem]:
    if not isinstance(item.when, Conditional):
        yield Problem("This item is not one that is asked for.", "Name the item that begins with 'if'.", "/item")
    elif isinstance(entry, Asked):
        if item.when.ends is not None and entry.asked > item.when.ends:
            yield Problem("The time in which it could be asked for was over.", "Agree on it anew.", "/asked")
    else:
        days = [each.asked for each in journal.entries if isinstance(each, Asked) and each.item == item.id]
        if not days or entry.on < days[-1]:
            what = "Nobody had asked for it by this day."
            yield Problem(what, "Record the asking first: agreements actions record REF ITEM --asked.", "/on")


def _told(entry: Told, agreement: Agreement) -> Iterator[Problem]:
    if all(person.id != entry.told for person in agreement.participants):
        return
    if agreement.participant(entry.told).side not in {"harmed", "responsible"}:
        what = "This person is on neither side."
        yield Problem(what, "A report to somebody else is recorded with --report.", "/told")
