"""Advice: what a practitioner would question in an agreement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much it matters. Only a stop keeps copies from being made."""

    NOTE = "note"
    WARNING = "warning"
    STOP = "stop"


class Question(StrEnum):
    """The practitioner's questions (docs/field.md), in the order in which they are asked."""

    SPECIFIC = "specific"
    MEASURABLE = "measurable"
    ACHIEVABLE = "achievable"
    RELEVANT = "relevant"
    TIME_BOUND = "time-bound"
    CONSENTED = "consented"
    SAFE = "safe"
    FREE_OF_TALK = "free of talk"
    NO_STRINGS = "no strings"
    PLAIN_WORDS = "plain words"
    KEEPING = "keeping"


EVERY_KIND = frozenset(
    {"action", "payment", "statement", "letter", "no_contact", "information", "meeting_offer", "other"}
)
SMART_KINDS = frozenset({"action", "payment", "letter"})
PROMISES = EVERY_KIND - {"statement"}
STATEMENTS = frozenset({"statement"})
WHOLE_RECORD: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to look at again.

    `rule` is a name of `RULES`. `where` is a JSON pointer to the value, or to what it is missing from.
    `item` is the id of the row, if it is about one. `what` and `better` are general sentences: they never
    repeat a word of the record, because advice goes to terminals and logs. `accepted` says that the record
    itself names who accepted this and why.
    """

    rule: str
    severity: Severity
    where: str
    item: str | None
    what: str
    better: str | None
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its stable name, the question it belongs to, and what it says.

    `kinds` are the kinds of row it is asked of; `WHOLE_RECORD` for a rule about the record.
    """

    name: str
    question: Question
    severity: Severity
    kinds: frozenset[str]
    what: str
    better: str | None = None

    def at(self, where: str, *, item: str | None = None) -> Advice:
        """Return this rule's advice on the value at a JSON pointer."""
        return Advice(
            rule=self.name, severity=self.severity, where=where, item=item, what=self.what, better=self.better
        )
