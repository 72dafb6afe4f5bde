"""What may be written down of an agreement after the meeting, one frozen value a kind of entry.

The names of the fields are those of schemas/progress.schema.json. Nothing that was written down is ever changed: a
mistake is put right by a later entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """How an item stands (docs/follow-up.md). The last five of RECORDED end an item; the others leave it open."""

    DONE_AT_MEETING = "done_at_meeting"
    NOT_STARTED = "not_started"
    WAITING_FOR_EVENT = "waiting_for_event"
    NOT_CALLED_ON = "not_called_on"
    STATEMENT = "statement"
    UNDER_WAY = "under_way"
    PARTLY_DONE = "partly_done"
    DONE_REPORTED = "done_reported"
    DONE_CHECKED = "done_checked"
    NOT_DONE_EXCUSED = "not_done_excused"
    NOT_DONE_NOT_EXCUSED = "not_done_not_excused"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


RECORDED = (
    *(Status.NOT_STARTED, Status.UNDER_WAY, Status.PARTLY_DONE, Status.DONE_REPORTED, Status.DONE_CHECKED),
    *(Status.NOT_DONE_EXCUSED, Status.NOT_DONE_NOT_EXCUSED, Status.CHANGED, Status.WITHDRAWN, Status.LAPSED),
)
"""What may be recorded; the other five follow from the record."""

DONE = frozenset({Status.DONE_AT_MEETING, Status.DONE_REPORTED, Status.DONE_CHECKED})
ENDED = DONE | {
    *(Status.NOT_DONE_EXCUSED, Status.NOT_DONE_NOT_EXCUSED, Status.CHANGED, Status.WITHDRAWN, Status.LAPSED),
    Status.STATEMENT,
}
"""Nothing more is to be done."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How an item stands, on which day, and who says so.

    `of_day` is the day of a recurring item that is meant. `wording` is the agreed wording for others, `how_checked`
    the evidence, `told_on` the day on which the
    person harmed was told. `so_far` and `out_of` count `unit` (hours, times).
    """

    status: Status
    item: str
    on: date
    by: str
    of_day: date | None = None
    how_checked: str | None = None
    wording: str | None = None
    so_far: int | None = None
    out_of: int | None = None
    unit: str | None = None
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """Money that arrived for a payment; `receipt` is the number of the receipt that was given for it."""

    received: Decimal
    item: str
    on: date
    by: str
    payer: str | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Consented:
    """A consent to tell `reader` of something, "given" or "withdrawn"; `what` and `id` as under sharing in a record.

    `what` "report" is a report to the referrer that names no item.
    """

    consent: str
    person: str
    what: str
    reader: str
    on: date
    by: str
    id: str | None = None
    how: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """A report or note that was sent: its kind, to whom, and the ids of the items in it."""

    report: str
    to: str
    on: date
    by: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paused:
    """A time in which nothing is asked of anybody, or of these items alone; `until` is its last day, if known."""

    pause_from: date
    by: str
    until: date | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resumed:
    """The first day on which a pause is over."""

    resumed: date
    by: str


@dataclass(frozen=True, slots=True)
class Happened:
    """The day of the event for which an item waits."""

    happened: date
    item: str
    by: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The day on which a conditional item was asked for."""

    asked: date
    item: str
    by: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered to it: "yes" or "no"."""

    answered: str
    item: str
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody was told how an item stands."""

    told: str
    item: str
    on: date
    by: str


Entry = Progress | Received | Consented | Reported | Paused | Resumed | Happened | Asked | Answered | Told


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a journal: the version it was written about, when it was written (UTC), and the entry."""

    version: int
    recorded: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Journal:
    """A progress journal as it was read; `torn` is what stands after the last whole line, and counts as nothing."""

    ref: str
    lines: tuple[Line, ...] = ()
    torn: bytes = b""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the entries in the order in which they were written."""
        return tuple(line.entry for line in self.lines)


def journal_name(ref: str) -> str:
    """Return the name of the file that holds the journal of a reference."""
    return f"{ref}.progress.jsonl"


class What(StrEnum):
    """What is to be done on a day."""

    ITEM = "item"
    FIRST_STEP = "first_step"
    TIME = "time"
    PAYMENT = "payment"
    REVIEW = "review"
    ANSWER = "answer"
    PERIOD = "period"


class Hold(StrEnum):
    """Why something that is open has no day yet, or is not asked for."""

    EVENT = "waiting_for_event"
    CONDITION = "not_called_on"
    PAUSE = "paused"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to be done, with its day where there is one.

    `nth` counts from 1 among those of the same kind of one item, and never changes while the terms stay. `agreed` is
    the day that was agreed, where a pause has moved it to `due`. `expected` and `paid` are money. `note` is a sentence
    for whoever follows it up.
    """

    what: What
    nth: int
    due: date | None
    at: time | None = None
    done: bool = False
    hold: Hold | None = None
    agreed: date | None = None
    expected: Decimal | None = None
    paid: Decimal | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """A payment in the hand of whoever follows it: what was agreed, what arrived, and its currency (ISO 4217)."""

    total: Decimal
    received: Decimal
    currency: str

    @property
    def outstanding(self) -> Decimal:
        """Return what has not arrived."""
        return self.total - self.received


@dataclass(frozen=True, slots=True)
class Followed:
    """One item as it stands after everything in the journal, whatever the day.

    `numbers` are its printed numbers, one a sheet it stands on, each once. `last` is the newest entry on how it
    stands. `lapses_after` is the day after which nobody can ask for it any more.
    """

    id: str
    numbers: tuple[int, ...]
    kind: str
    category: str | None
    form: str
    owners: tuple[str, ...]
    checker: str | None
    status: Status
    last: Progress | None
    told_on: date | None
    money: Money | None
    lapses_after: date | None
    actions: tuple[Action, ...]


class Standing(NamedTuple):
    """Of the versions of one reference the greatest counts: the newest that was read back, or else the newest.

    A version that was begun and not read back is a proposal: until everybody has agreed to it, the one before stands.
    """

    read_back: bool
    version: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An agreement as it stands: its items, and what is to be done about the whole of it (a review, the period).

    `standing` is greatest for the version that counts (Standing).
    """

    ref: str
    version: int
    standing: Standing
    items: tuple[Followed, ...]
    whole: tuple[Action, ...]
