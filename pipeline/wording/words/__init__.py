"""The word lists, one file a language, and how they are read.

A list is `[lists.NAME]` with `find`, and `spare` for phrases in which the same words are harmless. In a phrase `*`
stands for the letters of a word, or for a whole word, and `#` for a number. A list named like a rule holds what
that rule looks for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.service.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("en", "cy")
FALLBACK = "en"
_HERE = Path(__file__).resolve().parent
APOSTROPHES = "\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
_HYPHENS = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}"
_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_ONE_LENGTH = str.maketrans(APOSTROPHES + _HYPHENS + _SPACES, "'''--  ")
_AS_RE_READS_THEM = str.maketrans("\u0130\u0131\u017f\u212a", "iisk")  # IGNORECASE takes these letters for those
_LETTERS = re.compile("[a-z]+")


@dataclass(frozen=True, slots=True)
class WordList:
    """The phrases of one list as patterns; `spare` are phrases that do not count.

    Making a pattern costs milliseconds and most lists have nothing to say of a record: one is made when a text holds
    what some phrase cannot do without.
    """

    _phrases: str
    _spare: str | None
    _flags: re.RegexFlag
    _needed: frozenset[str]

    @property
    def phrases(self) -> re.Pattern[str]:
        """The phrases that count."""
        return _compiled(self._phrases, self._flags)

    @property
    def spare(self) -> re.Pattern[str] | None:
        """The phrases in which the same words are harmless; None where there are none."""
        return _compiled(self._spare, self._flags) if self._spare else None

    def matches(self, text: str) -> list[re.Match[str]]:
        """Return where the phrases stand in a text that `even` has made, whole words only."""
        plain = (text if text.isascii() else text.translate(_AS_RE_READS_THEM)).lower()
        if not any(letters in plain for letters in self._needed):
            return []
        spare = self.spare
        if spare is not None:
            text = spare.sub(lambda match: "¦" * len(match[0]), text)
        return list(self.phrases.finditer(text))


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of a language. `negation_reach` is how many words may stand between a "not" and its verb."""

    language: str
    lists: Mapping[str, WordList]
    bank_holidays: frozenset[str]
    negation_reach: int

    def matches(self, name: str, text: str) -> list[re.Match[str]]:
        """Return where the phrases of the list `name` stand in the text; nothing where there is no such list."""
        wordlist = self.lists.get(name)
        return wordlist.matches(even(text)) if wordlist else []

    def has(self, name: str, text: str) -> bool:
        """Say whether a phrase of the list `name` stands in the text."""
        return bool(self.matches(name, text))


def even(text: str) -> str:
    """Return the text with straight apostrophes, plain hyphens and plain spaces, letter for letter."""
    return text if text.isascii() else text.translate(_ONE_LENGTH)


def base(language: str) -> str:
    """Return the language of a BCP 47 tag without its region or script."""
    return language.split("-", maxsplit=1)[0].casefold()


def words_for(language: str) -> Words:
    """Return the word lists of a BCP 47 language; English where there are none."""
    return _read(base(language) if base(language) in LANGUAGES else FALLBACK)


@cache
def _read(language: str) -> Words:
    table = read_toml(_HERE / f"{language}.toml")
    numbers = "|".join(re.escape(number) for number in table["numbers"])
    return Words(
        language=language,
        lists={name: _word_list(entry, numbers) for name, entry in table["lists"].items()},
        bank_holidays=frozenset(table["bank_holidays"]),
        negation_reach=table["negation_reach"],
    )


def _word_list(entry: Mapping[str, Any], numbers: str) -> WordList:
    spare = entry.get("spare")
    return WordList(
        _alternatives(entry["find"], numbers),
        _alternatives(spare, numbers) if spare else None,
        re.NOFLAG if entry.get("capitals") else re.IGNORECASE,
        frozenset(max(_LETTERS.findall(phrase.lower()), key=len, default="") for phrase in entry["find"]),
    )


@cache
def _compiled(pattern: str, flags: re.RegexFlag) -> re.Pattern[str]:
    return re.compile(pattern, flags)


def _alternatives(phrases: list[str], numbers: str) -> str:
    # The longest first, so that "not" never hides "not the same".
    ordered = sorted(phrases, key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(_pattern(phrase, numbers) for phrase in ordered)})(?!\w)"


def _pattern(phrase: str, numbers: str) -> str:
    return r"[\s\-]+".join(_token(token, numbers) for token in phrase.split())


def _token(token: str, numbers: str) -> str:
    if token == "*":  # noqa: S105 - a wildcard, not a password
        return r"[\w']+"
    if token == "#":  # noqa: S105
        return rf"(?:\d[\d.,]*|{numbers})"
    return re.escape(token).replace(r"\*", r"\w*")
