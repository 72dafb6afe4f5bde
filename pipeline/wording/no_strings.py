"""No strings: nobody is made to forgive, to withdraw or to stay silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.wording.model import EVERY_KIND, PROMISES, STATEMENTS, Advice, Question, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.wording.row import Row

STRINGS = Rule(
    "strings",
    Question.NO_STRINGS,
    Severity.WARNING,
    PROMISES,
    "Somebody is held to forgive, to accept or to let something drop, or something is given only in return.",
    "Leave the choice open, for example: 'Jamie will write to Ruth. The facilitator will read it by 27 November 2026. "
    "Ruth will decide then whether she wants it.'",
)
STATEMENT_ACCEPTS = Rule(
    "statement-accepts",
    Question.NO_STRINGS,
    Severity.WARNING,
    STATEMENTS,
    "Somebody other than the person harmed states that the apology is accepted or that there is forgiveness.",
    "Write what the speaker said about himself or herself, for example: 'Pete said he is sorry. Alana heard it.'",
)
SILENCE = Rule(
    "silence",
    Question.NO_STRINGS,
    Severity.STOP,
    EVERY_KIND,
    "Somebody is held to stay silent, to keep from the police or to withdraw a complaint.",
    "Take it out: nobody can be asked for this in a restorative process.",
)


def by_wording(row: Row) -> Iterator[Advice]:
    """Look for forgiveness or silence asked in return."""
    for rule in (STRINGS, SILENCE):
        yield from row.found(rule, row.printed)


def only_the_harmed_side_accepts(row: Row) -> Iterator[Advice]:
    """Look for acceptance or forgiveness in a statement that is not the harmed side's own."""
    speaker = row.item.speaker
    if speaker is None or row.agreement.participant(speaker).side != "harmed":
        yield from row.found(STATEMENT_ACCEPTS, row.wording)


RULES = (STRINGS, STATEMENT_ACCEPTS, SILENCE)
CHECKS = (by_wording, only_the_harmed_side_accepts)
