"""Safe, continued: direct contact between the two sides, and places that must not be named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.records.model import Conditional, Participant
from pipeline.wording.model import PROMISES, Advice, Question, Rule, Severity
from pipeline.wording.people import named_in, other_side
from pipeline.wording.row import Passage, Row
from pipeline.wording.safe import REVEALS_PLACE
from pipeline.wording.words import Words, even

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
_SENTENCE_START = re.compile(r"[.;!?]\s")
_SENTENCE_END = re.compile(r"[.;!?](?:\s|$)")


def contact_has_a_channel(row: Row) -> Iterator[Advice]:
    """Look for one side contacting the other: stopped against a no-contact flag, else questioned."""
    across = other_side(row.agreement, row.item)
    if not across or row.done or _has_channel(row):
        return
    met = [person for person in across if any(_contacts(passage, person) for passage in row.wording)]
    if met or any(_contact_each_other(passage) for passage in row.wording):
        flagged = any(person.no_contact for person in (*row.owners, *(met or across)))
        yield row.at(NO_CONTACT if flagged else DIRECT_CONTACT, "/text")


def _has_channel(row: Row) -> bool:
    carried = isinstance(row.item.when, Conditional) and row.item.when.through is not None
    return carried or any(passage.words.has("channel", passage.text) for passage in row.wording)


def _contacts(passage: Passage, person: Participant) -> bool:
    return _contact_with(passage, named_in(person))


def _contact_each_other(passage: Passage) -> bool:
    wordlist = passage.words.lists["the-other-side"]
    return _contact_with(passage, wordlist.phrases.pattern)


def _contact_with(passage: Passage, whom: str) -> bool:
    text = even(passage.text)
    after = re.compile(_WORDS_BETWEEN + whom, re.IGNORECASE)
    return any(
        after.match(text, verb.end()) and not _negated(text[: verb.start()], passage.words)
        for verb in passage.words.matches("contact", text)
    )


def _negated(before: str, words: Words) -> bool:
    sentence = _SENTENCE_START.split(before)[-1]
    nearest = sentence.split()[-(words.negation_reach + 1) :]
    return words.has("not", " ".join(nearest))


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
