"""Specific: one person, one doing word, one thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.wording.model import SMART_KINDS, Advice, Question, Rule, Severity
from pipeline.wording.people import named_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.wording.row import Row

VAGUE_OWNER = Rule(
    "vague-owner",
    Question.SPECIFIC,
    Severity.WARNING,
    SMART_KINDS,
    "It is not clear who does it: 'we', 'they', 'someone' or a whole service is not one person.",
    "Name one person and one doing word, for example: 'Sam will go to …'.",
)
PASSIVE = Rule(
    "passive",
    Question.SPECIFIC,
    Severity.WARNING,
    SMART_KINDS,
    "It says that something will be done, and not who does it.",
    "Begin with the person, for example: 'Tom will paint …' rather than '… will be painted'.",
)
VAGUE_TASK = Rule(
    "vague-task",
    Question.SPECIFIC,
    Severity.WARNING,
    SMART_KINDS,
    "Nobody could see whether this was done: it is a hope, or a service without a name.",
    "Say what the person will be seen doing, where, with whom and how many times, for example: 'Sam will go to the "
    "first session with the prison counsellor on Friday 13 November 2026, and 5 more before release.' If it is a hope, "
    "make it a statement: 'Tom said he does not want this to happen again.'",
)
OWNER_NOT_NAMED = Rule(
    "owner-not-named",
    Question.SPECIFIC,
    Severity.NOTE,
    SMART_KINDS,
    "The sentence does not name the person who does it.",
    "Begin with the name the person chose, for example: 'Jamie will write …'.",
)
SEVERAL_OWNERS = Rule(
    "several-owners",
    Question.SPECIFIC,
    Severity.NOTE,
    frozenset({"action", "letter"}),
    "Several people own this row, so nobody knows whose part is done.",
    "Make one row for each person.",
)
TWO_ACTIONS = Rule(
    "two-actions",
    Question.SPECIFIC,
    Severity.NOTE,
    SMART_KINDS,
    "Two actions seem to stand in one row.",
    "Make one row for each action, each with its own day and checker.",
)
UNCLEAR_PRONOUN = Rule(
    "unclear-pronoun",
    Question.SPECIFIC,
    Severity.NOTE,
    SMART_KINDS,
    "It may be unclear who 'he', 'she' or 'him' is.",
    "Use the names again, for example: 'Sam will meet Dee', not 'he will meet him'.",
)


def by_wording(row: Row) -> Iterator[Advice]:
    """Look for unclear doers, vague tasks, passives and two actions in the agreed words."""
    for rule in (VAGUE_OWNER, PASSIVE, VAGUE_TASK, TWO_ACTIONS, UNCLEAR_PRONOUN):
        yield from row.found(rule, row.wording)


def owner_is_named(row: Row) -> Iterator[Advice]:
    """Ask for the name of at least one owner in the agreed words."""
    if row.owners and not any(re.search(named_in(person), row.item.text, re.IGNORECASE) for person in row.owners):
        yield row.at(OWNER_NOT_NAMED, "/text")


def one_owner(row: Row) -> Iterator[Advice]:
    """Ask for one owner an action or letter; a payment may have several payers with shares."""
    if len(row.item.owners) > 1:
        yield row.at(SEVERAL_OWNERS, "/owners")


RULES = (VAGUE_OWNER, PASSIVE, VAGUE_TASK, OWNER_NOT_NAMED, SEVERAL_OWNERS, TWO_ACTIONS, UNCLEAR_PRONOUN)
CHECKS = (by_wording, owner_is_named, one_owner)
