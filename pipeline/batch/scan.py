"""A first look at every record: its reference, the digest of its bytes, and whether another has the same reference."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline.batch.sources import Source, bytes_of
from pipeline.errors import RecordError
from pipeline.publication.manifest import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_GUESSED_BY = ("participants", "languages", "sheets")
_MOST_HELD = 8_000_000
"""Bytes of records that are kept from the first look for the making; what is beyond is read once more."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A record as the first look shows it; None where it could not be read or holds no reference.

    `same` names all records of the run that share reference and version, where there is more than one. `copies` is a
    first guess at how many copies it asks for.
    """

    source: Source
    digest: str | None = None
    ref: str | None = None
    version: int | None = None
    same: tuple[str, ...] = ()
    copies: int = 0

    @property
    def key(self) -> tuple[str, int] | None:
        """What no other record of the run may have; without regard to case, because some file systems have none."""
        return None if self.ref is None or self.version is None else (self.ref.casefold(), self.version)


def scan(sources: Sequence[Source]) -> list[Scanned]:
    """Look at each record once; what is wrong with one is said when it is loaded."""
    found: list[Scanned] = []
    room = _MOST_HELD
    for source in sources:
        scanned = _look(source)
        held = scanned.source.data
        if held is not None and source.data is None:
            room -= len(held)
            scanned = scanned if room >= 0 else replace(scanned, source=source)
        found.append(scanned)
    return _with_duplicates(found)


def _look(source: Source) -> Scanned:
    try:
        data = bytes_of(source)
    except RecordError:
        return Scanned(source)
    scanned = Scanned(replace(source, data=data), digest(data))
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        return scanned
    if not isinstance(record, dict):
        return scanned
    ref, version = record.get("ref"), record.get("version")
    if not isinstance(ref, str) or type(version) is not int:
        return scanned
    return replace(scanned, ref=ref, version=version, copies=_copies(record))


def _copies(record: Mapping[str, Any]) -> int:
    """Guess how many copies a record asks for that nobody has checked yet: one a person, language and sheet; papers."""
    outcome, noted = record.get("outcome"), record.get("closing_note") is True
    if outcome not in ("agreement", "statement_only") and not (noted and outcome in ("none_wanted", "none_reached")):
        return 0
    people, languages, sheets = (found if isinstance(found := record.get(name), list) else [] for name in _GUESSED_BY)
    papers = (person.get("extras") for person in people if isinstance(person, dict))
    of_papers = sum(len(each) for each in papers if isinstance(each, list))
    return len(people) * max(1, len(languages)) * max(1, len(sheets)) + of_papers


def _with_duplicates(found: Iterable[Scanned]) -> list[Scanned]:
    scanned = list(found)
    seen: dict[tuple[str, int], int] = {}
    same: dict[tuple[str, int], list[int]] = {}
    for position, each in enumerate(scanned):
        key = each.key
        if key is not None and seen.setdefault(key, position) != position:
            same.setdefault(key, [seen[key]]).append(position)
    for positions in same.values():
        names = tuple(scanned[position].source.name for position in positions)
        for position in positions:
            scanned[position] = replace(scanned[position], same=names)
    return scanned
