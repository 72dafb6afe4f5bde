"""Step one of who sees what: which people, items, payments and attachments a reader knows of at all.

One small function a table of the visibility matrix (docs/field.md). Step two, in `fields`, picks the fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.copies.model import Reader
from pipeline.copies.readers import PARTIES, SUPPORTING, on_sheet, reader_kind
from pipeline.records.roles import FACILITATING, LANGUAGE_HELP

if TYPE_CHECKING:
    from pipeline.records.model import Agreement, Attachment, Item, Participant, Payment, SharingConsent


@dataclass(frozen=True, slots=True)
class View:
    """One reader before one sheet. `reader_id` is a participant's id, or "service"."""

    agreement: Agreement
    sheet: tuple[str, ...]
    kind: Reader
    reader_id: str


def consented(agreement: Agreement, what: str, which: str | None, kind: Reader) -> bool:
    """Say whether a consent, or a legal duty, lets readers of this kind see this."""
    return any(
        entry.what == what and entry.reader == kind and (which is None or entry.id == which)
        for entry in agreement.sharing
    )


def sheet_items(agreement: Agreement, sheet: tuple[str, ...]) -> tuple[Item, ...]:
    """Return the items of a sheet: those for everybody, and those whose whole scope stands on it."""
    here = {person.id for person in on_sheet(agreement, sheet)}
    return tuple(item for item in agreement.items if item.scope is None or here.issuperset(item.scope))


def items_for(view: View) -> tuple[Item, ...]:
    """Return the items this reader knows of: all of the sheet, only their own, or those shared with the referrer."""
    items = sheet_items(view.agreement, view.sheet)
    if view.kind is Reader.OUTSIDE:
        return tuple(item for item in items if _is_own(item, view.reader_id))
    if view.kind is Reader.REFERRER:
        return tuple(item for item in items if consented(view.agreement, "item", item.id, view.kind))
    return items


def participants_for(view: View) -> tuple[Participant, ...]:
    """Return the people this reader knows by name; interpreters stand on their certificate page alone."""
    here = (person for person in on_sheet(view.agreement, view.sheet) if person.role not in LANGUAGE_HELP)
    return tuple(person for person in here if _knows(view, person))


def payments_for(view: View) -> tuple[Payment, ...]:
    """Return the payments of the items this reader knows of."""
    known = {item.id for item in items_for(view)}
    return tuple(payment for payment in view.agreement.payments if payment.item in known)


def attachments_for(view: View) -> tuple[Attachment, ...]:
    """Return the attachments this reader may know exist.

    Outside the service's copy a letter that was not reviewed, or whose recipient has not said yes, is not
    listed, named or counted.
    """
    people = {person.id for person in on_sheet(view.agreement, view.sheet)}
    here = (each for each in view.agreement.attachments if {each.author, each.intended_for} <= people)
    return tuple(each for each in here if _may_know(view, each))


def sharing_for(view: View) -> tuple[SharingConsent, ...]:
    """Return the recorded consents this reader may see: a party's own; all for the service."""
    if view.kind is Reader.SERVICE:
        return view.agreement.sharing
    if view.kind in PARTIES:
        return tuple(entry for entry in view.agreement.sharing if view.reader_id in entry.agreed_by)
    return ()


def signatories_for(view: View) -> tuple[Participant, ...]:
    """Return who has a signature place on this copy.

    Everybody who signs the sheet; on an outside person's or a referrer's copy only that person.
    """
    signing = tuple(person for person in on_sheet(view.agreement, view.sheet) if person.signs)
    if view.kind in {Reader.OUTSIDE, Reader.REFERRER}:
        return tuple(person for person in signing if person.id == view.reader_id)
    return signing


def certificates_for(view: View) -> tuple[Participant, ...]:
    """Return the interpreters, who are named only in the service's copy."""
    if view.kind is not Reader.SERVICE:
        return ()
    return tuple(person for person in view.agreement.participants if person.role in LANGUAGE_HELP)


def hidden_names(view: View) -> tuple[str, ...]:
    """Return the display names that must not stand anywhere in this copy.

    People of another sheet, interpreters outside the service's copy, and supporters this reader may not know
    by name. A name that somebody this reader does know also has is left out: it tells nothing.
    """
    here = on_sheet(view.agreement, view.sheet)
    known = {person.display_name for person in participants_for(view)} | {
        person.display_name for person in here if reader_kind(person) in PARTIES
    }
    hidden = (
        person.display_name
        for person in view.agreement.participants
        if person not in here or (_must_not_be_named(person) and not _knows(view, person))
    )
    return tuple(sorted(set(hidden) - known))


def _must_not_be_named(person: Participant) -> bool:
    return person.role in SUPPORTING | LANGUAGE_HELP | {"observer"}


def _is_own(item: Item, reader_id: str) -> bool:
    return reader_id in {*item.owners, item.checker, item.beneficiary, item.speaker, item.helper}


def _knows(view: View, person: Participant) -> bool:
    if view.kind is Reader.SERVICE or person.id == view.reader_id:
        return True
    if person.role in LANGUAGE_HELP | {"observer"}:
        return False
    if person.role in SUPPORTING:
        return _knows_supporter(view, person)
    if view.kind is Reader.OUTSIDE:
        named_in_own = {name for item in items_for(view) for name in (*item.owners, item.speaker, item.beneficiary)}
        return reader_kind(person) in PARTIES and person.id in named_in_own
    if view.kind is Reader.REFERRER:
        checks = {item.checker for item in items_for(view)}
        return reader_kind(person) in PARTIES or person.role in FACILITATING or person.id in checks
    return True


def _knows_supporter(view: View, person: Participant) -> bool:
    if view.kind in {Reader.RESPONSIBLE, Reader.REFERRER}:
        return consented(view.agreement, "name", person.id, view.kind)
    return view.kind is not Reader.OUTSIDE


def _may_know(view: View, attachment: Attachment) -> bool:
    if view.kind is Reader.SERVICE:
        return True
    if attachment.recipient_wants != "yes" or attachment.reviewed_by is None or attachment.reviewed_on is None:
        return False
    if view.kind in PARTIES:
        return view.reader_id in {attachment.author, attachment.intended_for}
    return view.kind in {Reader.HARMED_SUPPORT, Reader.REFERRER} and consented(
        view.agreement, "attachment", attachment.id, view.kind
    )
