"""Measurable: both sides know when it is done, and who tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.records.model import Recurring
from pipeline.wording.model import SMART_KINDS, Advice, Question, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.wording.row import Row

NO_CHECKER = Rule(
    "no-checker",
    Question.MEASURABLE,
    Severity.WARNING,
    SMART_KINDS,
    "Nobody is named who checks it.",
    "Name one person who will know, and who has said yes to checking.",
)
NO_HOW_CHECKED = Rule(
    "no-how-checked",
    Question.MEASURABLE,
    Severity.WARNING,
    SMART_KINDS,
    "It does not say how both sides will know that it was done.",
    "Say who tells whom, for example: 'Sam's keyworker will tell the facilitator when the sixth is done.'",
)
VAGUE_MEASURE = Rule(
    "vague-measure",
    Question.MEASURABLE,
    Severity.WARNING,
    SMART_KINDS,
    "A word such as 'proper', 'appropriate', 'regularly' or 'more' means something else to each reader.",
    "Give a number, a name or a day, for example: 'at least 6 hours', 'every Thursday', '5 times'.",
)
NO_NUMBER = Rule(
    "no-number",
    Question.MEASURABLE,
    Severity.WARNING,
    SMART_KINDS,
    "Hours, sessions, visits or payments are promised without a number.",
    "Say how many, for example: '5 sessions' or '20 hours'.",
)


def somebody_checks(row: Row) -> Iterator[Advice]:
    """Ask who checks, and how; not of what was done at the meeting."""
    if row.done:
        return
    if row.item.checker is None:
        yield row.at(NO_CHECKER)
    if row.item.how_checked is None:
        yield row.at(NO_HOW_CHECKED)


def by_wording(row: Row) -> Iterator[Advice]:
    """Look for words that measure nothing."""
    yield from row.found(VAGUE_MEASURE, row.wording)


def has_a_number(row: Row) -> Iterator[Advice]:
    """Ask how many; the schedule of a payment and the count of a recurring deadline answer it."""
    if _counted_elsewhere(row):
        return
    for passage in row.wording:
        counted = passage.words.has("a-number", passage.text)
        if not counted and passage.words.has(NO_NUMBER.name, passage.text):
            yield row.at(NO_NUMBER, passage.where.removeprefix(row.where))


def _counted_elsewhere(row: Row) -> bool:
    scheduled = any(payment.item == row.item.id for payment in row.agreement.payments)
    when = row.item.when
    return scheduled or (isinstance(when, Recurring) and (when.count or when.until) is not None)


RULES = (NO_CHECKER, NO_HOW_CHECKED, VAGUE_MEASURE, NO_NUMBER)
CHECKS = (somebody_checks, by_wording, has_a_number)
