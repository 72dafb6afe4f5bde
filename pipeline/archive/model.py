"""What the archive knows of an agreement: values without a name, a word of the text or a reason in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.errors import Problem


class What(StrEnum):
    """What may be recorded of an agreement after it was signed. Nothing recorded is ever changed."""

    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    REOPENED = "reopened"
    HOLD = "hold"
    RELEASE = "release"
    KEEP_LONGER = "keep-longer"
    REACHES_AGE = "reaches-age"
    PROMISES_SETTLED = "promises-settled"
    HANDED = "handed"


ENDS = (What.COMPLETED, What.WITHDRAWN, What.CLOSED)
"""The three ways in which an agreement ends; one of them starts the time of keeping."""


class Kind(StrEnum):
    """What a kept file is."""

    MANIFEST = "manifest"
    DOCX = "docx"
    PDF = "pdf"
    TEXT = "text"
    HTML = "html"
    SIGNED = "signed"
    SEALED = "sealed"
    SCAN = "scan"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says about its keeping, as days, numbers and yes or no.

    `start` is "completed", "withdrawn", "closed" or "age". `promises` is the decision on open promises ("extend",
    "set_end", "hand_over"). `last_promise_on` is the last day on which something is due. `open_ended`: a promise has
    no end. `child`: a child took part.
    """

    start: str
    years: int | None = None
    delete_after: date | None = None
    keep_longer_until: date | None = None
    legal_hold: bool = False
    promises: str | None = None
    promises_until: date | None = None
    last_promise_on: date | None = None
    open_ended: bool = False
    child: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an agreement on a day: its end, a hold, a copy handed over.

    For `keep-longer` and `reaches-age` the day is the one until which it is kept. `version`, `reader` and `how` are
    those of a copy that was handed over.
    """

    what: What
    on: date
    version: int | None = None
    reader: str | None = None
    how: str | None = None


@dataclass(frozen=True, slots=True)
class HeldFile:
    """One kept file: its path below the version's folder, for whom it is (None for the manifest), and its digest."""

    name: str
    kind: Kind
    reader: str | None
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One state of one version as it was taken in.

    A version that gets more signatures later is taken in again, as a further entry; `id` grows, so the newest entry
    has the highest. `met_on` is the last day of the meeting. `settled`: something is on record of every signatory.
    """

    id: int
    ref: str
    version: int
    met_on: date
    sealed: bool
    settled: bool
    added_at: str
    manifest: str


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What stays of a disposed version: its reference and number, the day, and the digest of its manifest."""

    ref: str
    version: int
    disposed_on: date
    manifest: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one version: `state` in a word or two, with what was wrong and what the service should know."""

    ref: str
    version: int | None
    state: str
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    done: bool = True
