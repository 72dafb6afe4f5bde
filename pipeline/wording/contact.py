"""Safe, continued: direct contact between the two sides, and places that must not be named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.records.model import Conditional, Participant
from pipeline.wording.model import PROMISES, Advice, Question, Rule, Severity
from pipeline.wording.people import named_in, other_side
from pipeline.wording.row import Passage
from pipeline.wording.safe import REVEALS_PLACE
from pipeline.wording.words import Words, even

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.wording.row import Row

NO_CONTACT = Rule(
    "no-contact",
    Question.SAFE,
    Severity.STOP,
    PROMISES,
    "This is direct contact between the two sides, although contact is ruled out for one of them.",
    "Let the service carry it, for example: 'Graham will tell the service, which passes it on', and check it against "
    "the licence, the order or the bail.",
)
DIRECT_CONTACT = Rule(
    "direct-contact",
    Question.SAFE,
    Severity.WARNING,
    PROMISES,
    "The two sides are to be in touch, and no channel is named.",
    "Name the channel: 'through the service', or 'with the facilitator there'.",
)
_WORDS_BETWEEN = r"(?:[\s-]+[\w'.]+){0,2}?[\s-]+"
_CLAUSE = re.compile(r"[.,:;!?]\s")
_NEXT_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[^\W\da-z])")
_SENTENCE_END = re.compile(r"[.;!?](?:\s|$)")


def contact_has_a_channel(row: Row) -> Iterator[Advice]:
    """Look for one side contacting the other: stopped against a no-contact flag, else questioned."""
    across = other_side(row.agreement, row.item)
    carried = isinstance(row.item.when, Conditional) and row.item.when.through is not None
    if not across or row.done or carried:
        return
    sentences = [sentence for passage in row.wording for sentence in _without_channel(passage, row.item.kind)]
    met = [person for person in across if any(_contact_with(one, named_in(person)) for one in sentences)]
    if not met and any(_contact_unnamed(one, row, across) for one in sentences):
        met = list(across)
    if met:
        flagged = any(person.no_contact for person in (*row.owners, *met))
        yield row.at(NO_CONTACT if flagged else DIRECT_CONTACT, "/text")


def _without_channel(passage: Passage, kind: str) -> Iterator[Passage]:
    """Yield the sentences that name no channel; a letter is read as a whole, since who carries it comes later."""
    parts = [passage.text] if kind == "letter" else _NEXT_SENTENCE.split(passage.text)
    for part in parts:
        if not passage.words.has("channel", part):
            yield Passage(passage.where, part, passage.words)


def _contact_unnamed(passage: Passage, row: Row, across: tuple[Participant, ...]) -> bool:
    """Say whether somebody contacts "each other", "the victim", or "her" in a row that is for the other side."""
    lists = ["the-other-side"]
    if row.item.beneficiary in {person.id for person in across}:
        lists.append("pronoun")
    return any(_contact_with(passage, passage.words.lists[name].phrases.pattern) for name in lists)


def _contact_with(passage: Passage, whom: str) -> bool:
    text = even(passage.text)
    after = re.compile(_WORDS_BETWEEN + whom, re.IGNORECASE)
    return any(
        after.match(text, verb.end()) and not _unmeant(_CLAUSE.split(text[: verb.start()])[-1], passage.words)
        for verb in passage.words.matches("contact", text)
    )


def _unmeant(clause: str, words: Words) -> bool:
    """Say whether what stands before a verb turns it down ("will never") or leaves it to chance ("if they meet")."""
    last_part = clause
    for turn in words.matches("then-again", clause):
        last_part = clause[turn.end() :]
    nearest = last_part.split()[-(words.negation_reach + 1) :]
    chances = words.matches("if", clause)
    by_chance = bool(chances) and not words.has("will", clause[chances[-1].start() :])
    return by_chance or words.has("not", " ".join(nearest))


def places_stay_unnamed(row: Row) -> Iterator[Advice]:
    """Look for places to keep away from: a capital letter or a word such as 'park' after 'keep away from'."""
    for passage in row.printed:
        if _names_a_place_to_avoid(passage, row):
            yield REVEALS_PLACE.at(passage.where, item=row.item.id)


def _names_a_place_to_avoid(passage: Passage, row: Row) -> bool:
    text = even(passage.text)
    for match in passage.words.matches("keep-away", text):
        end = _SENTENCE_END.search(text, match.end())
        rest = text[match.end() : end.start() if end else len(text)]
        rest = passage.words.lists["place-in-other-words"].phrases.sub("", rest)
        if passage.words.has("place", rest) or _proper_noun(rest, row, passage.words):
            return True
    return False


def _proper_noun(text: str, row: Row, words: Words) -> bool:
    for person in row.agreement.participants:
        text = re.sub(named_in(person) + r"('s)?", "", text, flags=re.IGNORECASE)
    text = words.lists["calendar"].phrases.sub("", text)
    return any(word[0].isupper() for word in re.findall(r"[^\W\d_][\w']+", text))


RULES = (NO_CONTACT, DIRECT_CONTACT)
CHECKS = (contact_has_a_channel, places_stay_unnamed)
