"""Which consents to tell somebody of something are live: those of the record, and those given and withdrawn since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline.follow_up.model import Consented
from pipeline.records.model import SharingConsent
from pipeline.records.rules.sharing import concerned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pipeline.follow_up.model import Journal
    from pipeline.records.model import Agreement


@dataclass(frozen=True, slots=True)
class Stopped:
    """A consent that was withdrawn, and with it the last leave to tell `reader` of this."""

    what: str
    id: str | None
    reader: str
    person: str
    on: date


def is_live(asked: Consented, agreement: Agreement, journal: Journal) -> bool:
    """Say whether a consent of this person to this, given in the record or since, still stands."""
    subject = (asked.what, asked.id, asked.reader)
    newest = _newest(journal, subject).get(asked.person)
    if newest is not None:
        return newest.consent == "given"
    given = (entry for entry in agreement.sharing if (entry.what, entry.id, entry.reader) == subject)
    return any(asked.person in entry.agreed_by for entry in given)


def with_live_consents(agreement: Agreement, journal: Journal) -> tuple[Agreement, tuple[Stopped, ...]]:
    """Return the agreement with the consents that are live, and those of its record that were withdrawn.

    A consent of several people stands only while each of them stands by it. A legal duty needs no consent and is not
    withdrawn. A consent given since counts when everybody whom it is about has given it.
    """
    kept: list[tuple[SharingConsent, Mapping[str, Any]]] = []
    stopped: list[Stopped] = []
    for entry, written in zip(agreement.sharing, agreement.record.get("sharing", ()), strict=True):
        newest = _newest(journal, (entry.what, entry.id, entry.reader))
        withdrawn = [newest[one] for one in entry.agreed_by if one in newest and newest[one].consent == "withdrawn"]
        if withdrawn and entry.duty is None:
            stopped.append(Stopped(entry.what, entry.id, entry.reader, withdrawn[0].person, withdrawn[0].on))
        else:
            kept.append((entry, written))
    kept += _given_since(agreement, journal)
    live = replace(
        agreement,
        sharing=tuple(entry for entry, _ in kept),
        record={**agreement.record, "sharing": [written for _, written in kept]},
    )
    return live, tuple(stopped)


def _given_since(agreement: Agreement, journal: Journal) -> Iterator[tuple[SharingConsent, Mapping[str, Any]]]:
    subjects = dict.fromkeys((each.what, each.id, each.reader) for each in _since(journal) if each.what != "report")
    for what, which, reader in subjects:
        written = {"what": what, "with": reader, **({} if which is None else {"id": which})}
        needed = concerned(agreement.record, written)
        newest = _newest(journal, (what, which, reader))
        given = [one for one in needed if one in newest and newest[one].consent == "given"]
        if needed and len(given) == len(needed):
            on = max(newest[one].on for one in given)
            entry = SharingConsent(what, which, reader, tuple(given), on, None)
            yield entry, written | {"agreed_by": given, "on": on.isoformat()}


def report_consents(journal: Journal) -> tuple[frozenset[str], Stopped | None]:
    """Return who consents to a report without items, and the newest withdrawal of such a consent that stands."""
    given = _newest(journal, ("report", None, "referrer"))
    withdrawn = [entry for entry in given.values() if entry.consent == "withdrawn"]
    newest = max(withdrawn, key=lambda entry: entry.on, default=None)
    stopped = None if newest is None else Stopped("report", None, "referrer", newest.person, newest.on)
    return frozenset(person for person, entry in given.items() if entry.consent == "given"), stopped


def _newest(journal: Journal, subject: tuple[str, str | None, str]) -> dict[str, Consented]:
    """Return the newest entry of each person on this subject: what, which, and to whom."""
    return {each.person: each for each in _since(journal) if (each.what, each.id, each.reader) == subject}


def _since(journal: Journal) -> Iterator[Consented]:
    return (entry for entry in journal.entries if isinstance(entry, Consented))
