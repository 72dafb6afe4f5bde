"""Which papers a reader gets: the layout of the copy that is signed, and the unsigned ones beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.copies.model import Reader
from pipeline.copies.rows import items_for, payments_for
from pipeline.languages.wording import sentences
from pipeline.records.model import DoneAtMeeting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.copies.rows import View
    from pipeline.records.model import Agreement, Item, Participant
    from pipeline.service.model import Service

# Nobody met: each side signs a page of its own (docs/field.md, visibility rule V6).
_CARRIED: Final = frozenset({"shuttle", "letters", "recordings"})
_BY_FORMAT: Final = {"large_print": "large-print", "easy_read": "easy-read"}
_BY_PATHWAY: Final = {"school": "school", "youth_conference": "youth"}
_SMALLEST_LARGE_PRINT: Final = 16
_SMALLEST_EASY_READ: Final = 14
_LONGEST_EASY_SENTENCE: Final = 15  # words ([S66] in docs/field.md)
FORMATS: Final = frozenset({"standard", "large_print", "easy_read", "screen_reader"})
"""The formats that this program makes; the others of the record need a person with a microphone or a camera."""

CLOSING_NOTE: Final = "closing-note"
_NOTED: Final = frozenset({"none_wanted", "none_reached"})


def wants_closing_note(agreement: Agreement) -> bool:
    """Say whether the people wanted a short note where nothing was agreed; it is never made unasked."""
    return agreement.closing_note and agreement.outcome in _NOTED


def layout_of(view: View, format_: str) -> str:
    """Return the template of a reader's signed copy: by format first, then by part, then by the record's pathway."""
    if format_ in _BY_FORMAT:
        return _BY_FORMAT[format_]
    if view.kind is Reader.OUTSIDE:
        return "slip"
    return _BY_PATHWAY.get(view.agreement.pathway, "standard")


def print_size(person: Participant | None, *, extra: bool) -> int | None:
    """Return the size of the smallest letters in points, where it differs from that of the template."""
    if person is None:
        return None
    if person.format == "large_print":
        return person.print_size_pt or _SMALLEST_LARGE_PRINT
    if person.format == "easy_read":
        return person.print_size_pt or (_SMALLEST_EASY_READ if extra else None)
    return None


def extras_for(view: View, service: Service) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the unsigned papers a reader gets, and a sentence for each that they asked for and that cannot be made."""
    if view.kind is Reader.SERVICE:
        return (), ()
    person = view.agreement.participant(view.reader_id)
    asked = person.extras is not None
    names = person.extras if person.extras is not None else _usual(view, person, service)
    why_not = {name: _why_not(name, view, person) for name in names}
    notes = tuple(f"{person.id}: no {name}: {why}" for name, why in why_not.items() if why and asked)
    return tuple(name for name, why in why_not.items() if why is None), notes


def items_on(view: View, extra: str | None) -> tuple[Item, ...]:
    """Return the rows that stand on a paper: all that the reader knows of, or those it is about."""
    known = items_for(view)
    if extra == "own-tasks":
        to_do = (item for item in known if not isinstance(item.when, DoneAtMeeting))
        return tuple(item for item in to_do if view.reader_id in item.owners)
    if extra == "payments":
        paid = {payment.item for payment in payments_for(view)}
        return tuple(item for item in known if item.id in paid)
    return known


def format_notes(view: View) -> tuple[str, ...]:
    """Return what the report says of a reader's format; `view` shows the words as they are printed."""
    if view.kind is Reader.SERVICE:
        return ()
    person = view.agreement.participant(view.reader_id)
    if person.format not in FORMATS:
        return (f"{person.id}: asked for the format {person.format}; made in the standard format",)
    if person.format != "easy_read":
        return ()
    notes = [f"{person.id}: Easy Read is a draft until the reader has checked it"]
    if long := tuple(_long_sentences(view)):
        notes.append(f"{person.id}: a sentence has more than {_LONGEST_EASY_SENTENCE} words: {', '.join(long)}")
    return tuple(notes)


def _usual(view: View, person: Participant, service: Service) -> tuple[str, ...]:
    names = (name for name, readers in service.extras.items() if view.kind in readers)
    # A card that is carried about may be found by somebody: never unasked where that could harm (docs/field.md).
    at_risk = person.in_custody or bool(person.no_contact)
    return tuple(name for name in names if name != "keepsake" or not at_risk)


def _why_not(name: str, view: View, person: Participant) -> str | None:
    agreement = view.agreement
    reasons = {
        "statement-card": agreement.outcome != "statement_only" and "more was agreed than a statement",
        "counterpart": (agreement.process not in _CARRIED and "people met")
        or (not person.signs and "this person does not sign"),
        "payments": not payments_for(view) and "this person knows of no payments",
        "own-tasks": not items_on(view, "own-tasks") and "this person has nothing to do",
        "change": agreement.version == 1 and "this is the first version",
    }
    return reasons.get(name) or None


def _long_sentences(view: View) -> Iterator[str]:
    known = {item.id for item in items_for(view)}
    for index, item in enumerate(view.agreement.record.get("items", ())):
        if item["id"] not in known:
            continue
        for name in ("text", "how_checked", "if_not_possible"):
            if any(len(each.split()) > _LONGEST_EASY_SENTENCE for each in sentences(item.get(name, ""))):
                yield f"/items/{index}/{name}"
