"""Time-bound: a date, an event with a fallback, or a review. Never asked of a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.records.model import Agreement, ByEvent, Conditional, NoDeadline, Ongoing, Recurring
from pipeline.wording.model import PROMISES, SMART_KINDS, WHOLE_RECORD, Advice, Question, Rule, Severity
from pipeline.wording.row import Row, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_DEADLINE = Rule(
    "no-deadline",
    Question.TIME_BOUND,
    Severity.WARNING,
    SMART_KINDS,
    "There is no day by which it is done.",
    "Agree a day ('by Friday 27 November 2026'), an event with a latest day, or a review.",
)
EVENT_WITHOUT_FALLBACK = Rule(
    "event-without-fallback",
    Question.TIME_BOUND,
    Severity.WARNING,
    PROMISES,
    "It waits for an event, and nobody knows the latest day.",
    "Add 'latest': the day by which it is done, or looked at again, if the event has not come.",
)
ONGOING_WITHOUT_REVIEW = Rule(
    "ongoing-without-review",
    Question.TIME_BOUND,
    Severity.WARNING,
    PROMISES,
    "It goes on with no end, and nobody asks how it is going.",
    "Add a review: 'review_on' with a day, or 'review_every', for example every three months.",
)
RECURRING_WITHOUT_END = Rule(
    "recurring-without-end",
    Question.TIME_BOUND,
    Severity.WARNING,
    PROMISES,
    "It comes round again and again with no end.",
    "Add 'until' with a last day, or 'count' with a number of times.",
)
CONDITION_WITHOUT_CHANNEL = Rule(
    "condition-without-channel",
    Question.TIME_BOUND,
    Severity.WARNING,
    PROMISES,
    "It does not say through whom the question comes.",
    "Add 'through', usually 'the service', for example: 'If Mrs A asks the service for a meeting, the service will ask "
    "Sam within 14 days.'",
)
CONDITION_WITHOUT_ANSWER_DAYS = Rule(
    "condition-without-answer-days",
    Question.TIME_BOUND,
    Severity.WARNING,
    PROMISES,
    "Whoever asks does not know how long an answer takes.",
    "Add 'answer_within_days', for example 14.",
)
CONDITION_WITHOUT_REVIEW = Rule(
    "condition-without-review",
    Question.TIME_BOUND,
    Severity.WARNING,
    PROMISES,
    "The promise has neither an end nor a review.",
    "Add 'review_every', for example every year, or 'ends' with the day on which it lapses.",
)
VAGUE_TIME = Rule(
    "vague-time",
    Question.TIME_BOUND,
    Severity.WARNING,
    SMART_KINDS,
    "A word such as 'soon', 'ASAP' or 'in due course' is not a day.",
    "Give weekday, day, month and year, for example: 'by Friday 27 November 2026'.",
)
NO_REVIEW_DATE = Rule(
    "no-review-date",
    Question.TIME_BOUND,
    Severity.WARNING,
    WHOLE_RECORD,
    "Something is still to be done, and no day is set on which the service asks everyone how it is going.",
    "Add 'review_date'.",
)


def has_a_deadline(row: Row) -> Iterator[Advice]:
    """Ask for a deadline; the schedule of a payment is one."""
    scheduled = any(payment.item == row.item.id for payment in row.agreement.payments)
    if not scheduled and (row.item.when is None or isinstance(row.item.when, NoDeadline)):
        yield row.at(NO_DEADLINE)


def open_deadline_is_closed(row: Row) -> Iterator[Advice]:
    """Ask for the fallback, review, channel or end that an open deadline needs."""
    match row.item.when:
        case ByEvent(latest=None):
            yield row.at(EVENT_WITHOUT_FALLBACK, "/when")
        case Ongoing(review_every=None, review_on=None):
            yield row.at(ONGOING_WITHOUT_REVIEW, "/when")
        case Recurring(until=None, count=None):
            yield row.at(RECURRING_WITHOUT_END, "/when/recurring")
        case Conditional() as when:
            yield from _condition(row, when)


def _condition(row: Row, when: Conditional) -> Iterator[Advice]:
    if when.through is None:
        yield row.at(CONDITION_WITHOUT_CHANNEL, "/when")
    if when.answer_within_days is None:
        yield row.at(CONDITION_WITHOUT_ANSWER_DAYS, "/when")
    if when.review_every is None and when.ends is None:
        yield row.at(CONDITION_WITHOUT_REVIEW, "/when")


def by_wording(row: Row) -> Iterator[Advice]:
    """Look for words that name no time."""
    yield from row.found(VAGUE_TIME, row.wording)


def something_open_has_a_review(agreement: Agreement) -> Iterator[Advice]:
    """Ask for a review date where anything but statements is still to be done."""
    still_open = any(row.item.kind in PROMISES and not row.done for row in rows(agreement))
    if still_open and agreement.review_date is None:
        yield NO_REVIEW_DATE.at("")


RULES = (
    NO_DEADLINE,
    EVENT_WITHOUT_FALLBACK,
    ONGOING_WITHOUT_REVIEW,
    RECURRING_WITHOUT_END,
    CONDITION_WITHOUT_CHANNEL,
    CONDITION_WITHOUT_ANSWER_DAYS,
    CONDITION_WITHOUT_REVIEW,
    VAGUE_TIME,
    NO_REVIEW_DATE,
)
CHECKS = (has_a_deadline, open_deadline_is_closed, by_wording)
RECORD_CHECKS = (something_open_has_a_review,)
