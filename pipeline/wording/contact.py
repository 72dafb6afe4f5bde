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
    from collections.abc import Iterator, Sequence

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
    """Look for one side contacting the other: stopped against a no-contact flag, else questioned.

    Where contact is ruled out, telling, giving and the like count as contact too.
    """
    across = other_side(row.agreement, row.item)
    carried = isinstance(row.item.when, Conditional) and row.item.when.through is not None
    if not across or row.done or carried:
        return
    flagged = [person for person in across if person.no_contact or any(owner.no_contact for owner in row.owners)]
    if _contacts(row, flagged, lists=("contact", "contact-when-ruled-out")):
        yield row.at(NO_CONTACT, "/text")
    elif _contacts(row, across, lists=("contact",)):
        yield row.at(DIRECT_CONTACT, "/text")


def _contacts(row: Row, people: Sequence[Participant], *, lists: tuple[str, ...]) -> bool:
    """Say whether the row has an owner contact any of these people without a channel."""
    sentences = [sentence for passage in row.wording for sentence in _without_channel(passage, row.item.kind)]
    for sentence in sentences:
        whom = [named_in(person) for person in people]
        if people:
            whom.append(sentence.words.lists["the-other-side"].phrases.pattern)
        if row.item.beneficiary in {person.id for person in people}:
            whom.append(sentence.words.lists["pronoun"].phrases.pattern)
        if any(_contact_with(one, sentence, row, lists) for one in whom):
            return True
    return False


def _without_channel(passage: Passage, kind: str) -> Iterator[Passage]:
    """Yield the sentences that name no channel; a letter is read as a whole, since who carries it comes later."""
    parts = [passage.text] if kind == "letter" else _NEXT_SENTENCE.split(passage.text)
    for part in parts:
        if not passage.words.has("channel", part):
            yield Passage(passage.where, part, passage.words)


def _contact_with(whom: str, sentence: Passage, row: Row, lists: tuple[str, ...]) -> bool:
    text = even(sentence.text)
    after = re.compile(_WORDS_BETWEEN + whom, re.IGNORECASE)
    verbs = [verb for name in lists for verb in sentence.words.matches(name, text) if after.match(text, verb.end())]
    clauses = [_CLAUSE.split(text[: verb.start()])[-1] for verb in verbs]
    return any(not _unmeant(one, sentence.words) and not _somebody_else(one, row, sentence.words) for one in clauses)


def _unmeant(clause: str, words: Words) -> bool:
    """Say whether what stands before a verb turns it down ("will never") or leaves it to chance ("if they meet")."""
    last_part = clause
    for turn in words.matches("then-again", clause):
        last_part = clause[turn.end() :]
    nearest = last_part.split()[-(words.negation_reach + 1) :]
    chances = words.matches("if", clause)
    by_chance = bool(chances) and not words.has("will", clause[chances[-1].start() :])
    return by_chance or words.has("not", " ".join(nearest))


def _somebody_else(clause: str, row: Row, words: Words) -> bool:
    """Say whether somebody on neither side does it ("his officer will ring"), and no owner is named beside them."""
    owners = (named_in(owner) for owner in row.owners)
    if words.has("owner-pronoun", clause) or any(re.search(one, clause, re.IGNORECASE) for one in owners):
        return False
    neither = (named_in(one) for one in row.agreement.participants if one.side in {"neutral", "outside"})
    return words.has("carrier", clause) or any(re.search(one, clause, re.IGNORECASE) for one in neither)


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
