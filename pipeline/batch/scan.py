"""A first look at every record: its reference, the digest of its bytes, and whether another has the same reference."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline.batch.sources import Source, bytes_of
from pipeline.errors import RecordError
from pipeline.publication.manifest import digest
from pipeline.records.roles import WITHOUT_COPY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
    """Guess how many copies a record asks for that nobody has checked yet.

    One a reader and sheet, another for a reader of another language, papers, and the service's; a closing note is
    for its readers alone.
    """
    outcome, noted = record.get("outcome"), record.get("closing_note") is True
    people, sheets = _list(record, "participants"), len(_list(record, "sheets")) or 1
    readers = [person for person in people if isinstance(person, dict) and _is_reader(person)]
    if outcome in ("none_wanted", "none_reached"):
        return len(readers) if noted else 0
    if outcome not in ("agreement", "statement_only"):
        return 0
    translated = sum(1 for person in readers if person.get("language") != record.get("agreed_language"))
    return (len(readers) + translated + 1) * sheets + sum(len(_list(person, "extras")) for person in readers)


def _is_reader(person: Mapping[str, Any]) -> bool:
    receives: object = person.get("receives_copy")
    return receives if isinstance(receives, bool) else str(person.get("role")) not in WITHOUT_COPY


def _list(holder: Mapping[str, Any], name: str) -> list[Any]:
    found = holder.get(name)
    return found if isinstance(found, list) else []


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
