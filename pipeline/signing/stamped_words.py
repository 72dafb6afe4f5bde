"""The words of the marks, in the language of the copy they stand on.

Sentences come from the catalogue of that language. A language without a catalogue gets the English ones, marked as
English. Days are without their weekday: a place to sign is small.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from pipeline.documents.templates.filters import name_words
from pipeline.languages.catalogue import SOURCE, Phrases, fallbacks, phrases
from pipeline.languages.wording import short_day_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pipeline.signing.record import Signature

_WHY_NOT = {"declined": "did not wish to sign", "unable": "was not able to sign", "not_asked": "was not asked to sign"}
_CAPACITIES = {
    "parent_supporting": "in support",
    "appropriate_adult": "appropriate adult",
    "for_organisation": "for the organisation",
    "police_or_referrer": "for the referrer",
    "witness": "witness",
}
_SAID = {
    "mark": "{name} made a mark",
    "spoken_yes": "{name} said yes aloud",
    "bsl_yes": "{name} said yes in British Sign Language",
}


@dataclass(frozen=True, slots=True)
class StampedWords:
    """What can be said of a signature in one language (BCP 47)."""

    language: str
    _phrases: Phrases

    def by_and_where(self, who: Mapping[str, Any], on: date | None) -> tuple[str, ...]:
        """Say that somebody signed, and that this page does not show it."""
        said = self._phrases.say("Signed by {name}, {day}.", name=self._name(who), day=self.day(on))
        return (said, self._phrases.say("The service holds the signed page."))

    def instead_of_a_picture(
        self, signature: Signature, who: Mapping[str, Any], witness: Mapping[str, Any] | None
    ) -> tuple[str, ...]:
        """Say how somebody signed who left no picture, and who saw it.

        `witness` is None for somebody whom this reader does not meet on the page, such as an interpreter.
        """
        name, day = self.name_and_capacity(signature, who), self.day(signature.on)
        if signature.method == "pen":
            said = self._phrases.say("Signed on paper by {name}, {day}.", name=name, day=day)
            return (said, self._phrases.say("The service holds the signed page."))
        seen = self._witnessed(signature, witness)
        if signature.method == "typed":
            return (name, self._listed(self._phrases.say("typed"), day, *seen))
        return (self._phrases.say(_SAID[signature.method], name=name), self._listed(day, *seen))

    def beside_a_picture(
        self, signature: Signature, who: Mapping[str, Any], witness: Mapping[str, Any] | None
    ) -> tuple[str, str]:
        """Return the words beside a picture, and its alternative text."""
        name, day = self._name(who), self.day(signature.on)
        printed = self.name_and_capacity(signature, who)
        if signature.method != "mark":
            return printed, self._phrases.say("Signature of {name}, {day}", name=name, day=day)
        printed = self._listed(printed, self._phrases.say("a mark"), *self._witnessed(signature, witness))
        return printed, self._phrases.say("Mark of {name}, {day}", name=name, day=day)

    def not_signed(self) -> tuple[str, ...]:
        """Say that there is no signature, and nothing of why."""
        return (self._phrases.say("Not signed"),)

    def not_signed_because(self, signature: Signature) -> tuple[str, ...]:
        """Say why there is no signature: for the service alone. A reason stands as it was typed."""
        why = self._phrases.say(_WHY_NOT[signature.method])
        said = self._phrases.say("Not signed ({why})", why=why)
        return (f"{said}: {signature.reason}" if signature.reason else said,)

    def name_and_capacity(self, signature: Signature, who: Mapping[str, Any]) -> str:
        """Return the name with the capacity, unless the row says it already."""
        known = _CAPACITIES.get(signature.capacity)
        capacity = None if known is None else self._phrases.say(known)
        if capacity is None or capacity == who["label"]:
            return self._name(who)
        return self._listed(self._name(who), capacity)

    def day(self, day: date | None) -> str:
        """Word a day without its weekday; nothing for None."""
        return "" if day is None else short_day_words(day, self.language)

    def _name(self, who: Mapping[str, Any]) -> str:
        return name_words(who, language=self.language)

    def _witnessed(self, signature: Signature, witness: Mapping[str, Any] | None) -> tuple[str, ...]:
        if signature.witness is None:
            return ()
        if witness is None:
            return (self._phrases.say("witnessed"),)
        return (self._phrases.say("witnessed by {name}", name=self._name(witness)),)

    def _listed(self, *parts: str) -> str:
        return reduce(lambda first, second: self._phrases.say("{first}, {second}", first=first, second=second), parts)


def stamped_words(language: str) -> StampedWords:
    """Return the words for a copy in this language."""
    said = phrases(language)
    return StampedWords(language if said.language in fallbacks(language) else SOURCE, said)
