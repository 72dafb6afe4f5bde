"""Free of talk: what was agreed, not what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.wording.model import EVERY_KIND, WHOLE_RECORD, Advice, Question, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.records.model import Agreement
    from pipeline.wording.row import Row

TALK = Rule(
    "talk",
    Question.FREE_OF_TALK,
    Severity.WARNING,
    EVERY_KIND,
    "It tells a reason or what somebody felt or told, not only what was agreed.",
    "Leave out reasons and feelings: write only what will happen, or the one sentence the person wants to stand.",
)
OFFENCE_WORD = Rule(
    "offence-word",
    Question.FREE_OF_TALK,
    Severity.WARNING,
    EVERY_KIND,
    "It names or tells the offence; a page may be seen by others, in prison too.",
    "Leave it out, or write 'what happened'. A course may be called by its own name.",
)
HEALTH_WORD = Rule(
    "health-word",
    Question.FREE_OF_TALK,
    Severity.WARNING,
    EVERY_KIND,
    "It says something about somebody's health, drink or drugs.",
    "Name the person or service to be seen and the number of visits, not the reason.",
)
BLAME_WORD = Rule(
    "blame-word",
    Question.FREE_OF_TALK,
    Severity.WARNING,
    EVERY_KIND,
    "It blames, alleges, or speaks of other cases.",
    "Leave it out: the agreement says what people will do now.",
)
INCIDENT_LINE = Rule(
    "incident-line",
    Question.FREE_OF_TALK,
    Severity.NOTE,
    WHOLE_RECORD,
    "A line about what happened stands on every page.",
    "It is best left out, unless everyone wants it.",
)
TALK_RULES = (TALK, OFFENCE_WORD, HEALTH_WORD, BLAME_WORD)


def by_wording(row: Row) -> Iterator[Advice]:
    """Look for reasons, feelings, offences, health and blame."""
    for rule in TALK_RULES:
        yield from row.found(rule, row.printed)


def no_account_of_it(agreement: Agreement) -> Iterator[Advice]:
    """Point out an incident line."""
    if agreement.incident_line is not None:
        yield INCIDENT_LINE.at("/incident_line")


RULES = (*TALK_RULES, INCIDENT_LINE)
CHECKS = (by_wording,)
RECORD_CHECKS = (no_account_of_it,)
