"""Who is who, as the rules ask it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.wording.words import even

if TYPE_CHECKING:
    from pipeline.records.model import Agreement, Item, Participant

_PARTIES = frozenset({"harmed", "responsible"})
_IN_THE_ROOM = frozenset({"in_person", "video", "phone"})
_NOT_A_NAME = frozenset({"mr", "mrs", "miss", "ms", "mx", "dr", "the", "of", "and", "y", "yr", "a"})
_OTHER_SIDE = {"harmed": "responsible", "responsible": "harmed"}


def parties(agreement: Agreement) -> tuple[Participant, ...]:
    """Return the people harmed and the people responsible, who agree for themselves."""
    return tuple(person for person in agreement.participants if person.role in _PARTIES)


def other_side(agreement: Agreement, item: Item) -> tuple[Participant, ...]:
    """Return everybody on the side across from an owner; nobody if the owners are on neither side."""
    across = {_OTHER_SIDE.get(agreement.participant(owner).side) for owner in item.owners}
    return tuple(person for person in agreement.participants if person.side in across)


def was_in_the_room(person: Participant) -> bool:
    """Say whether somebody took part in the meeting, and so could say yes there.

    Where the record is silent, people from outside and absent beneficiaries count as away, everybody else as there.
    """
    if person.role == "absent_beneficiary" or person.attended == "not_present":
        return False
    return person.attended in _IN_THE_ROOM or person.side != "outside"


def named_in(person: Participant) -> str:
    """Return a pattern for any of the names by which this person is called; titles alone do not count."""
    tokens = re.findall(r"\w[\w']*", even(person.display_name))
    names = [token for token in tokens if token.casefold() not in _NOT_A_NAME] or [person.display_name]
    return rf"(?<![\w'])(?:{'|'.join(re.escape(name) for name in names)})(?!\w)"
