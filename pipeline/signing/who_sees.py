"""Who sees a signature: what stands in each place to sign of one copy.

A person's signature stands on that person's own copy and on the service's. Others see it only where the signer
chose a shared page; else their copy says that it is signed, and that the service holds the page. Why somebody did not
sign stands in the service's copy alone. Names come from `display_name`, and only if this reader may see them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.copies.model import Reader
from pipeline.documents.templates.filters import name_words
from pipeline.signing.model import ImageMark, Mark, SignatureImage, TextMark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from pipeline.copies.model import Copy
    from pipeline.signing.record import Signature

# Whom a shared page is shared with: the people who met. An outside person and the referrer were not among them.
_SIDES = frozenset({Reader.HARMED, Reader.HARMED_SUPPORT, Reader.RESPONSIBLE, Reader.RESPONSIBLE_SUPPORT})
_WAS_THERE = frozenset({"in_person", "video", "phone"})

# The program's own sentences are English on every page, and so are the days in them.
_LANGUAGE = "en"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_HELD = "The service holds the signed page."
_REASONS = {"declined": "did not wish to sign", "unable": "was not able to sign", "not_asked": "was not asked to sign"}
_CAPACITIES = {
    "parent_supporting": "in support",
    "appropriate_adult": "appropriate adult",
    "for_organisation": "for the organisation",
    "police_or_referrer": "for the referrer",
    "witness": "witness",
}


def marks_for(copy: Copy, signatures: Iterable[Signature], images: Mapping[str, SignatureImage]) -> tuple[Mark, ...]:
    """Return what is put into the places of this copy; people who have not signed yet keep an empty place.

    `images` holds the pictures by the names the signing record gives them.
    """
    of_sheet = {each.participant: each for each in signatures if each.code == copy.code}
    places = zip(copy.places, copy.context["signatories"], strict=True)
    people = {place.participant: person for place, person in places}
    return tuple(
        _mark(copy, place.caption, of_sheet[place.participant], people, images)
        for place in copy.places
        if place.participant in of_sheet
    )


def sees_signature(copy: Copy, signature: Signature) -> bool:
    """Say whether the reader of this copy may see the signature itself.

    That is the signer, the service, and with a shared page everybody who is recorded as having been there.
    """
    if copy.reader is Reader.SERVICE or copy.reader_id == signature.participant:
        return True
    was_there = copy.context["reader"].get("attended") in _WAS_THERE
    return signature.page == "shared" and copy.reader in _SIDES and was_there


def _mark(
    copy: Copy,
    caption: str,
    signature: Signature,
    people: Mapping[str, Mapping[str, Any]],
    images: Mapping[str, SignatureImage],
) -> Mark:
    if not signature.signed:
        return TextMark(caption, _not_signed(copy, signature), _LANGUAGE)
    name, day = name_words(people[signature.participant], language=_LANGUAGE), _day(signature.on)
    if not sees_signature(copy, signature):
        return TextMark(caption, (f"Signed by {name}, {day}.", _HELD), _LANGUAGE)
    who = _with_capacity(name, signature, people)
    witness = _witness(signature, people)
    if signature.image is None:
        return TextMark(caption, _in_words(signature, who, day, witness), _LANGUAGE)
    mark = f", a mark{witness}" if signature.method == "mark" else ""
    return ImageMark(
        caption,
        images[signature.image],
        printed_name=f"{who}{mark}",
        on=day,
        alt=f"{'Mark' if mark else 'Signature'} of {name}, {day}",
        language=_LANGUAGE,
    )


def _with_capacity(name: str, signature: Signature, people: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the name with the capacity, unless the row says it already."""
    capacity = _CAPACITIES.get(signature.capacity)
    if capacity is None or capacity == people[signature.participant]["label"]:
        return name
    return f"{name}, {capacity}"


def _in_words(signature: Signature, who: str, day: str, witness: str) -> tuple[str, ...]:
    if signature.method == "pen":
        return (f"Signed on paper by {who}, {day}.", _HELD)
    if signature.method == "typed":
        return (who, f"typed, {day}{witness}")
    did = {
        "mark": "made a mark",
        "spoken_yes": "said yes aloud",
        "bsl_yes": "said yes in British Sign Language",
    }
    return (f"{who} {did[signature.method]}", f"{day}{witness}")


def _not_signed(copy: Copy, signature: Signature) -> tuple[str, ...]:
    if copy.reader is not Reader.SERVICE:
        return ("Not signed",)
    reason = f": {signature.reason}" if signature.reason else ""
    return (f"Not signed ({_REASONS[signature.method]}){reason}",)


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _witness(signature: Signature, people: Mapping[str, Mapping[str, Any]]) -> str:
    if signature.witness is None:
        return ""
    # somebody whom this reader does not meet on the page, such as an interpreter, is not named
    known = people.get(signature.witness)
    return ", witnessed" if known is None else f", witnessed by {name_words(known, language=_LANGUAGE)}"
