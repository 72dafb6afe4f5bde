"""What a list of withheld words means, beyond its letters.

People write "Ruth Ashdown" or "12 Mill Lane, Northwick"; "Ashdown", "the Ashdowns" or "Mill Lane" on a page would give
somebody away as well. So each entry also stands for its parts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.records.model import Agreement, Participant

_HOUSE_NUMBER = re.compile(
    r"(?:(?:flat|unit|fflat)\s+)?\d+[a-z]?(?:\s*[-/]\s*\d+[a-z]?)?\s+(?=\S+\s+\S)", re.IGNORECASE
)
_LEAST_PART = 4
_LEAST_PLURAL = 5


def withheld_words(agreement: Agreement) -> tuple[str, ...]:
    """Return the words to withhold of everybody in the record, and what follows from each."""
    return tuple(
        sorted({word for person in agreement.participants for entry in person.withheld for word in _all(entry, person)})
    )


def _all(entry: str, person: Participant) -> Iterator[str]:
    yield entry
    parts = [entry, *(part.strip() for part in entry.split(",") if "," in entry)]
    parts += [_HOUSE_NUMBER.sub("", part, count=1) for part in parts if _HOUSE_NUMBER.match(part)]
    parts += [part for part in (_without_first_name(part, person.display_name) for part in parts) if part]
    for part in parts:
        if sum(sign.isalpha() for sign in part) >= _LEAST_PART:
            yield part
        if part.isalpha() and part.isascii() and len(part) >= _LEAST_PLURAL:
            yield f"{part}s"


def _without_first_name(part: str, display_name: str) -> str:
    name = f"{display_name} "
    return part[len(name) :].strip() if part.casefold().startswith(name.casefold()) else ""
