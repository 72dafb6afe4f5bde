"""Which kind of reader a participant is, and which copies they get.

The kinds are the columns of the visibility matrix in docs/field.md. Whoever fits no column gets no copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.copies.model import Reader
from pipeline.records.roles import FACILITATING, LANGUAGE_HELP

if TYPE_CHECKING:
    from pipeline.records.model import Agreement, Participant

SUPPORTING = frozenset({"supporter", "parent_guardian", "appropriate_adult", "representative_of_harmed"})
PARTIES = frozenset({Reader.HARMED, Reader.RESPONSIBLE})
SUPPORT = frozenset({Reader.HARMED_SUPPORT, Reader.RESPONSIBLE_SUPPORT})

_BY_SIDE = {"harmed": Reader.HARMED, "responsible": Reader.RESPONSIBLE}
_SUPPORT_BY_SIDE = {"harmed": Reader.HARMED_SUPPORT, "responsible": Reader.RESPONSIBLE_SUPPORT}


def reader_kind(person: Participant) -> Reader | None:
    """Return the column of the visibility matrix this person reads by, or None for who may read nothing.

    Facilitators read the service's copy. Somebody with a part but no clear side is an outside reader, who sees
    only their own row.
    """
    if person.role in LANGUAGE_HELP or person.role == "observer":
        return None
    if person.role in FACILITATING:
        return Reader.SERVICE
    if person.role == "referrer":
        return Reader.REFERRER
    if person.role in {"checker", "absent_beneficiary"}:
        return Reader.OUTSIDE
    if person.role in SUPPORTING:
        return _SUPPORT_BY_SIDE.get(person.side, Reader.OUTSIDE)
    return _BY_SIDE.get(person.side, Reader.OUTSIDE)


def on_sheet(agreement: Agreement, sheet: tuple[str, ...]) -> tuple[Participant, ...]:
    """Return who stands on this sheet, in the record's order; facilitators stand on every sheet."""
    return tuple(person for person in agreement.participants if person.id in sheet or person.role in FACILITATING)


def outside_answer(agreement: Agreement, person: Participant) -> str | None:
    """Return what an outside person answered when asked to act, receive or check; None if nobody recorded it.

    One "no" or "not_yet" weighs more than any "yes".
    """
    answers = {consent.answer for item in agreement.items for consent in item.consents if consent.person == person.id}
    return next((answer for answer in ("no", "not_yet", "yes") if answer in answers), None)
