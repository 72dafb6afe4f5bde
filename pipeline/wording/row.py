"""One row of an agreement as the rules see it: the item, its place, and every text of it that is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.records.model import Agreement, ByEvent, Conditional, DoneAtMeeting, Item, Participant
from pipeline.wording.words import LANGUAGES, Words, base, words_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.wording.model import Advice, Rule


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, the JSON pointer to it, and the word lists of its language."""

    where: str
    text: str
    words: Words


@dataclass(frozen=True, slots=True)
class Row:
    """An item in its agreement. `wording` is the agreed words and their translations; `printed` every text of it."""

    agreement: Agreement
    item: Item
    where: str
    words: Words
    wording: tuple[Passage, ...]
    printed: tuple[Passage, ...]

    def at(self, rule: Rule, part: str = "") -> Advice:
        """Return the rule's advice on a part of this row ("/checker"), or on the whole of it."""
        return rule.at(self.where + part, item=self.item.id)

    def found(self, rule: Rule, passages: Iterable[Passage]) -> Iterator[Advice]:
        """Yield the rule's advice on each passage in which a phrase of the list named like the rule stands."""
        for passage in passages:
            if passage.words.has(rule.name, passage.text):
                yield rule.at(passage.where, item=self.item.id)

    @property
    def done(self) -> bool:
        """Whether it was done at the meeting, so that nothing is left to do or to check."""
        return isinstance(self.item.when, DoneAtMeeting)

    @property
    def owners(self) -> tuple[Participant, ...]:
        """The people who do it."""
        return tuple(self.agreement.participant(owner) for owner in self.item.owners)


def rows(agreement: Agreement) -> tuple[Row, ...]:
    """Return every item of the agreement as a row."""
    return tuple(_row(agreement, item, f"/items/{index}") for index, item in enumerate(agreement.items))


def _row(agreement: Agreement, item: Item, where: str) -> Row:
    words = words_for(agreement.agreed_language)
    translations = tuple(_translations(agreement, where))
    text = Passage(f"{where}/text", item.text, words)
    return Row(
        agreement=agreement,
        item=item,
        where=where,
        words=words,
        wording=(text, *(passage for passage in translations if passage.where.endswith("/text"))),
        printed=(text, *_other_texts(item, where, words), *translations),
    )


def _other_texts(item: Item, where: str, words: Words) -> Iterator[Passage]:
    texts = {"/how_checked": item.how_checked, "/first_step/text": item.first_step, "/help/text": item.help}
    texts["/if_not_possible"] = item.if_not_possible
    match item.when:
        case ByEvent(event=event, within=within):
            texts |= {"/when/event": event, "/when/within": within}
        case Conditional(condition=condition, through=through):
            texts |= {"/when/if": condition, "/when/through": through}
    for part, text in texts.items():
        if text:
            yield Passage(where + part, text, words)


def _translations(agreement: Agreement, where: str) -> Iterator[Passage]:
    """Yield the translated texts; those in a language without word lists are read with the English ones."""
    items = agreement.record.get("items", ())
    index = int(where.rpartition("/")[2])
    translations = items[index].get("translations", {}) if index < len(items) else {}
    for language, translation in translations.items():
        for name in ("text", "how_checked"):
            if name in translation:
                yield Passage(f"{where}/translations/{language}/{name}", translation[name], words_for(language))


def has_word_lists(language: str) -> bool:
    """Say whether there are word lists for this BCP 47 language."""
    return base(language) in LANGUAGES
