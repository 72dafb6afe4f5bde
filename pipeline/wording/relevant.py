"""Relevant: somebody wanted it, it answers the harm, it is fair and shames nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.wording.model import EVERY_KIND, SMART_KINDS, Advice, Question, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.wording.row import Row

SHAMING = Rule(
    "shaming",
    Question.RELEVANT,
    Severity.STOP,
    EVERY_KIND,
    "This would shame somebody in front of others, which is not what an agreement is for.",
    "Ask what the harmed person needs from it, and agree something that answers that.",
)
NO_ORIGIN = Rule(
    "no-origin",
    Question.RELEVANT,
    Severity.NOTE,
    SMART_KINDS,
    "The record does not say whose wish this was.",
    "Put the id of the person into 'origin'; it is never printed.",
)


def by_wording(row: Row) -> Iterator[Advice]:
    """Look for shaming."""
    yield from row.found(SHAMING, row.printed)


def somebody_wished_it(row: Row) -> Iterator[Advice]:
    """Ask whose wish it was."""
    if row.item.origin is None:
        yield row.at(NO_ORIGIN)


RULES = (SHAMING, NO_ORIGIN)
CHECKS = (by_wording, somebody_wished_it)
