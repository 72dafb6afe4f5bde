"""Who sees a signature: what stands in each place to sign of one copy.

A person's signature stands on that person's own copy and on the service's. Others see it only where the signer
chose a shared page; else their copy says that it is signed, and that the service holds the page. Why somebody did not
sign stands in the service's copy alone. Names come from `display_name`, and only if this reader may see them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.copies.model import Reader
from pipeline.signing.model import ImageMark, Mark, SignatureImage, TextMark
from pipeline.signing.stamped_words import stamped_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.copies.model import Copy
    from pipeline.signing.record import Signature

# Whom a shared page is shared with: the people who met. An outside person and the referrer were not among them.
_SIDES = frozenset({Reader.HARMED, Reader.HARMED_SUPPORT, Reader.RESPONSIBLE, Reader.RESPONSIBLE_SUPPORT})
_WAS_THERE = frozenset({"in_person", "video", "phone"})


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
    words, who = stamped_words(copy.language), people[signature.participant]
    if not signature.signed:
        told = words.not_signed_because(signature) if copy.reader is Reader.SERVICE else words.not_signed()
        return TextMark(caption, told, words.language)
    if not sees_signature(copy, signature):
        return TextMark(caption, words.by_and_where(who, signature.on), words.language)
    # somebody whom this reader does not meet on the page, such as an interpreter, is not named
    witness = None if signature.witness is None else people.get(signature.witness)
    if signature.image is None:
        return TextMark(caption, words.instead_of_a_picture(signature, who, witness), words.language)
    printed, alt = words.beside_a_picture(signature, who, witness)
    return ImageMark(
        caption,
        images[signature.image],
        printed_name=printed,
        on=words.day(signature.on),
        alt=alt,
        language=words.language,
    )
