"""The domain: an agreement and its parts, as frozen values.

The field's words are used as they stand in docs/field.md. Every value here has passed the schema and the
cross-checks; nothing is filled in later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class ByDate:
    """Done on or by a fixed day."""

    day: date
    at: time | None = None


@dataclass(frozen=True, slots=True)
class ByEvent:
    """Done when something has happened, such as a release; `latest` is the fallback day."""

    event: str
    within: str | None = None
    earliest: date | None = None
    latest: date | None = None


@dataclass(frozen=True, slots=True)
class Recurring:
    """Done every `interval` `every` ("day", "week", "month", "year") from `first` until `until` or `count` times."""

    every: str
    first: date
    interval: int = 1
    weekday: str | None = None
    at: time | None = None
    until: date | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Ongoing:
    """Kept up with no end named, with a review."""

    review_every: str | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Conditional:
    """Called on only if something happens; `asked_by` is a participant's id."""

    condition: str
    asked_by: str | None = None
    through: str | None = None
    answer_within_days: int | None = None
    review_every: str | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class DoneAtMeeting:
    """Nothing is left to do."""

    day: date


@dataclass(frozen=True, slots=True)
class NoDeadline:
    """No time was agreed, and that was said."""


Deadline = ByDate | ByEvent | Recurring | Ongoing | Conditional | DoneAtMeeting | NoDeadline


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody answered: "yes", "no" or "not_yet"."""

    person: str
    answer: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody named in the agreement.

    `signs` and `receives_copy` hold the recorded choice or the default of the role. `no_contact` is None where
    the record does not say, and so is `extras`, the unsigned papers this person wants.
    """

    id: str
    role: str
    side: str
    display_name: str
    withheld: tuple[str, ...]
    nothing_to_withhold: bool
    signs: bool
    receives_copy: bool
    language: str | None
    format: str
    is_child: bool | None
    supports: str | None
    attended: str | None
    no_contact: bool | None
    in_custody: bool
    print_size_pt: int | None = None
    extras: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the agreement. `scope` is None for everybody, else participant ids."""

    id: str
    kind: str
    text: str
    owners: tuple[str, ...]
    speaker: str | None
    beneficiary: str | None
    checker: str | None
    how_checked: str | None
    when: Deadline | None
    if_not_possible: str | None
    first_step: str | None
    first_step_on: date | None
    help: str | None
    helper: str | None
    scope: tuple[str, ...] | None
    origin: str | None
    conflict_checked: str | None
    consents: tuple[Consent, ...]


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of a schedule."""

    due: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Payer:
    """Who owes a share; `paid_by` is somebody else who pays it."""

    person: str
    share: Decimal
    paid_by: str | None


@dataclass(frozen=True, slots=True)
class Payment:
    """The schedule of one payment row; shares and instalments both add up to the total."""

    item: str
    total: Decimal
    currency: str
    payers: tuple[Payer, ...]
    joint_liability: bool | None
    schedule: tuple[Instalment, ...]
    route: str
    payee: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A letter, picture or recording that goes with the agreement."""

    id: str
    kind: str
    title: str
    author: str
    intended_for: str
    recipient_wants: str
    reviewed_by: str | None
    reviewed_on: date | None


@dataclass(frozen=True, slots=True)
class SharingConsent:
    """A recorded consent, or a legal duty, to show `what` (and which: `id`) to the readers `reader`."""

    what: str
    id: str | None
    reader: str
    agreed_by: tuple[str, ...]
    on: date
    duty: str | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A manager's acceptance of advice that would otherwise stop the copies."""

    rule: str
    item: str | None
    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the record is kept."""

    start: str
    years: int | None
    until_age: int | None
    delete_after: date | None
    open_promises: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One record, checked.

    `record` is the whole JSON value in NFC, to be read and never changed; `positions` gives line and column
    (from 1) of the value at each JSON pointer. `sheets` holds one tuple of participant ids a sheet: a single
    one with everybody, unless the record has sheets.
    """

    ref: str
    version: int
    supersedes: int | None
    pathway: str
    process: str
    meeting_dates: tuple[date, ...]
    agreed_language: str
    outcome: str
    read_back_on: date | None
    review_date: date | None
    period_ends: date | None
    incident_line: str | None
    participants: tuple[Participant, ...]
    items: tuple[Item, ...]
    payments: tuple[Payment, ...]
    attachments: tuple[Attachment, ...]
    sharing: tuple[SharingConsent, ...]
    consent_to_outcome: tuple[Consent, ...]
    change_consents: tuple[Consent, ...]
    accepted: tuple[Accepted, ...]
    retention: Retention
    sheets: tuple[tuple[str, ...], ...]
    record: Mapping[str, Any]
    positions: Mapping[str, tuple[int, int]]
    closing_note: bool = False

    def participant(self, participant_id: str) -> Participant:
        """Return the participant with this id; the cross-checks promise that it exists."""
        return next(person for person in self.participants if person.id == participant_id)
