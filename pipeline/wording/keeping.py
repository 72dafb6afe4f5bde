"""Keeping: the record outlives its promises, and what it accepts is a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.records.lasting import last_days, never_ends
from pipeline.wording.model import PROMISES, WHOLE_RECORD, Advice, Question, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.records.model import Agreement

OPEN_PROMISE = Rule(
    "open-promise",
    Question.KEEPING,
    Severity.WARNING,
    WHOLE_RECORD,
    "A promise has no end, and nobody has decided what becomes of it when the record is deleted.",
    "Decide with everyone, and fill 'open_promises': 'extend' the keeping, 'set_end' for the promise, or 'hand_over' "
    "to somebody.",
)
DELETED_TOO_EARLY = Rule(
    "deleted-too-early",
    Question.KEEPING,
    Severity.WARNING,
    WHOLE_RECORD,
    "The record is deleted before the last promise in it is due.",
    "Set 'delete_after' later, or decide in 'open_promises' what becomes of the promise.",
)
ACCEPTS_NOTHING = Rule(
    "accepts-nothing",
    Question.KEEPING,
    Severity.WARNING,
    WHOLE_RECORD,
    "The record accepts a rule of which there is none by that name, so nothing is accepted.",
    "Copy the name of the rule from the advice.",
)


def promises_are_outlived(agreement: Agreement) -> Iterator[Advice]:
    """Ask for a decision on promises without an end, and on those that outlast the keeping (V9 and V10)."""
    if agreement.retention.open_promises is not None:
        return
    if any(never_ends(item.when) for item in agreement.items if item.kind in PROMISES):
        yield OPEN_PROMISE.at("/retention")
    delete_after = agreement.retention.delete_after
    if delete_after is not None and any(day > delete_after for day in last_days(agreement, PROMISES)):
        yield DELETED_TOO_EARLY.at("/retention/delete_after")


RULES = (OPEN_PROMISE, DELETED_TOO_EARLY, ACCEPTS_NOTHING)
RECORD_CHECKS = (promises_are_outlived,)
