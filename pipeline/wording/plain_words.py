"""Plain words: everyone understands it when it is read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.wording.model import EVERY_KIND, WHOLE_RECORD, Advice, Question, Rule, Severity
from pipeline.wording.row import Row, has_word_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.records.model import Agreement

ACRONYM = Rule(
    "acronym",
    Question.PLAIN_WORDS,
    Severity.NOTE,
    EVERY_KIND,
    "An abbreviation of the trade stands in the text.",
    "Write it out in everyday words, for example 'his probation officer'.",
)
LABEL = Rule(
    "label",
    Question.PLAIN_WORDS,
    Severity.NOTE,
    EVERY_KIND,
    "Somebody is called 'the offender', 'the victim' or the like.",
    "Use the name the person chose.",
)
LEGAL_WORD = Rule(
    "legal-word",
    Question.PLAIN_WORDS,
    Severity.NOTE,
    EVERY_KIND,
    "A word of contracts stands in the text, such as 'shall' or 'agrees to undertake'.",
    "Write 'will'.",
)
NOT_READ_BACK = Rule(
    "not-read-back",
    Question.PLAIN_WORDS,
    Severity.NOTE,
    WHOLE_RECORD,
    "It is not recorded that the whole text was read aloud, so every copy is marked as a draft.",
    "Read it aloud to everyone before signing, and fill 'read_back'.",
)
NO_WORD_LISTS = Rule(
    "no-word-lists",
    Question.PLAIN_WORDS,
    Severity.NOTE,
    WHOLE_RECORD,
    "There are no word lists for the agreed language: the wording was looked at with the English ones only.",
    "Let somebody who reads the language go through the practitioner's questions.",
)
PLAIN_RULES = (ACRONYM, LABEL, LEGAL_WORD)


def by_wording(row: Row) -> Iterator[Advice]:
    """Look for abbreviations, labels and words of contracts."""
    for rule in PLAIN_RULES:
        yield from row.found(rule, row.printed)


def was_read_back(agreement: Agreement) -> Iterator[Advice]:
    """Point out a draft."""
    if agreement.read_back_on is None:
        yield NOT_READ_BACK.at("")


def language_has_word_lists(agreement: Agreement) -> Iterator[Advice]:
    """Say so where the wording could not be looked at in its own language."""
    if not has_word_lists(agreement.agreed_language):
        yield NO_WORD_LISTS.at("/agreed_language")


RULES = (*PLAIN_RULES, NOT_READ_BACK, NO_WORD_LISTS)
CHECKS = (by_wording,)
RECORD_CHECKS = (was_read_back, language_has_word_lists)
