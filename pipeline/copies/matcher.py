"""Find in a text what a copy must not say.

Three kinds of thing are looked for (docs/architecture.md, "The leak scan"). *Withheld words* are found whatever
their case, accents, spacing, hyphens and line breaks: a hit is a run of whole adjacent tokens whose joined letters
are the joined letters of the entry, so "Ann" is not in "planned". *Names* of people the reader must not know
of may be ordinary words ("Will"), so they count only as they are written, or in capitals. *Contact details* are
found by their form; those of the service itself may stand anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.copies.matcher_letters import (
    folded,
    is_right_to_left,
    together,
    tokens_in_place,
    tokens_of,
    with_case,
)
from pipeline.wording import contact_details

if TYPE_CHECKING:
    from pipeline.copies.model import Withheld

# Words that Arabic and Hebrew write together with the next one: "and", "to", "the" and their like.
_ATTACHED = re.compile("(?:[وف]?[بكل]?(?:ال|ل)?|[ומשהכלב]{1,3})")
_LONGEST_ATTACHED = 4
_Fold = Callable[[str], str]
_CONTACT_KINDS = ("telephone", "email", "postcode", "street address")


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that must not stand here: what kind of thing, and where in the text. Never the word itself."""

    kind: str
    start: int
    end: int


class Matcher:
    """Everything that must not stand in one copy, ready to be looked for in many texts."""

    def __init__(self, withheld: Withheld) -> None:
        """Prepare the entries for many texts."""
        self._region = withheld.telephone_region
        self._words = _Runs(together(folded(entry)) for entry in withheld.words)
        self._names = _Sequences(
            tuple(tokens_of(with_case(spelling))) for name in withheld.names for spelling in (name, name.upper())
        )
        self._code = None if withheld.code is None else _code_pattern(withheld.code)
        self._own_numbers, self._own_tokens = _own(withheld.own_details)

    def find(self, text: str) -> tuple[Leak, ...]:
        """Return every leak in a text, in the order in which they stand; spans refer to `text` itself."""
        found = {*self.find_words(text), *self._contacts(text)}
        return tuple(sorted(found, key=lambda leak: (leak.start, leak.end, leak.kind)))

    def find_words(self, text: str) -> tuple[Leak, ...]:
        """Return the withheld words and names in a text, leaving contact details aside.

        For technical values, where a measure or an identifier could be mistaken for a telephone number.
        """
        return (*self._withheld_words(text), *self._withheld_names(text))

    def _withheld_words(self, text: str) -> Iterator[Leak]:
        for start, end in _spans(text, self._words, folded):
            yield Leak("withheld word", start, end)

    def _withheld_names(self, text: str) -> Iterator[Leak]:
        for start, end in _spans(text, self._names, with_case):
            yield Leak("name from another sheet", start, end)

    def _contacts(self, text: str) -> Iterator[Leak]:
        if self._code is not None:  # beside a reference, its digits may look like the rest of a telephone number
            text = self._code.sub(lambda code: "x" * len(code[0]), text)
        for found in contact_details.find(text, region=self._region):
            if found.kind in _CONTACT_KINDS and not self._is_own(found.kind, text[found.start : found.end]):
                yield Leak(found.kind, found.start, found.end)

    def _is_own(self, kind: str, detail: str) -> bool:
        if kind == "telephone" and _digits(detail) in self._own_numbers:
            return True
        words = tokens_of(folded(detail))
        # In a right-to-left line the glyphs of a left-to-right word may be read from its end to its beginning.
        ways = (f" {' '.join(way)} " for way in (words, [word[::-1] for word in words]))
        return any(way in own for way in ways for own in self._own_tokens)


@lru_cache(maxsize=64)  # texts of the service, the same in every copy of a pathway
def _own(details: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the telephone numbers in these texts, as far as each is one, and the tokens of each."""
    return (
        frozenset(map(_digits, details)),
        tuple(f" {' '.join(tokens_of(folded(detail)))} " for detail in details),
    )


def _code_pattern(code: str) -> re.Pattern[str]:
    """Return what finds a code of this page, over the end of a line and in the orders of a right-to-left line."""
    parts = code.split("-")
    mirrored = [part[::-1] for part in parts]
    ways = (parts, parts[::-1], mirrored, mirrored[::-1])
    return re.compile("|".join(r"\s*-\s*".join(map(re.escape, way)) for way in ways))


class _Runs:
    """Entries as joined letters, found as runs of whole adjacent tokens."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = frozenset(entry for entry in entries if entry)
        self._beginnings = frozenset(entry[:length] for entry in self._entries for length in range(1, len(entry) + 1))
        self.right_to_left = any(map(is_right_to_left, self._entries))

    def __bool__(self) -> bool:
        return bool(self._entries)

    def may_be_in(self, letters: str) -> bool:
        """Say whether the letters of an entry stand in this folded text in a row, without which there is no hit."""
        written = together(letters)
        return any(entry in written for entry in self._entries)

    def hits(self, tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield (first token, token after the last) of each hit."""
        for first, joined in _begun(tokens, self._beginnings, right_to_left=self.right_to_left):
            last = first
            run = joined
            while run in self._beginnings:
                if run in self._entries:
                    yield first, last + 1
                last += 1
                if last == len(tokens):
                    break
                run += tokens[last]


class _Sequences:
    """Entries as sequences of tokens, found only when every token is the same."""

    def __init__(self, entries: Iterable[tuple[str, ...]]) -> None:
        self._by_first: dict[str, set[tuple[str, ...]]] = {}
        for entry in entries:
            if entry:
                self._by_first.setdefault(entry[0], set()).add(entry)
        self.right_to_left = any(map(is_right_to_left, self._by_first))

    def __bool__(self) -> bool:
        return bool(self._by_first)

    def may_be_in(self, letters: str) -> bool:
        """Say whether the letters of an entry stand in this folded text in a row, without which there is no hit."""
        written = together(letters)
        return any("".join(entry) in written for entries in self._by_first.values() for entry in entries)

    def hits(self, tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield (first token, token after the last) of each hit."""
        for first, begin in _begun(tokens, self._by_first, right_to_left=self.right_to_left):
            for entry in self._by_first[begin]:
                after = first + len(entry)
                if tuple(tokens[first + 1 : after]) == entry[1:]:
                    yield first, after


def _begun(tokens: Sequence[str], beginnings: Container[str], *, right_to_left: bool) -> Iterable[tuple[int, str]]:
    """Return where an entry may begin, with the letters that stand there: hardly a token of a text is one."""
    begun = [(first, token) for first, token in enumerate(tokens) if token in beginnings]
    if not right_to_left:
        return begun
    attached = [
        (first, begin)
        for first, token in enumerate(tokens)
        if not token.isascii()  # nearly all are, and asking them for more takes its time
        for begin in _without_attached(token)
        if begin in beginnings
    ]
    return [*begun, *attached]


def _without_attached(token: str) -> Iterator[str]:
    """Yield what is left of a token without each attached word it may begin with."""
    if is_right_to_left(token):
        for length in range(1, min(_LONGEST_ATTACHED, len(token) - 1) + 1):
            if _ATTACHED.fullmatch(token, 0, length):
                yield token[length:]


def _spans(text: str, entries: _Runs | _Sequences, fold: _Fold) -> set[tuple[int, int]]:
    """Return the places of all hits.

    Text drawn on a page can come in the order of its glyphs, so right-to-left text is read both ways.
    """
    if not entries:
        return set()
    found = _located(text, entries, fold)
    if entries.right_to_left and is_right_to_left(text):
        found |= {(len(text) - end, len(text) - start) for start, end in _located(text[::-1], entries, fold)}
    return found


def _located(text: str, entries: _Runs | _Sequences, fold: _Fold) -> set[tuple[int, int]]:
    """Return the places of all hits in a text read one way; a text without one costs no account of places."""
    letters = fold(text)
    if not entries.may_be_in(letters) or not any(True for _ in entries.hits(tokens_of(letters))):
        return set()
    tokens = tokens_in_place(text, fold)
    hits = entries.hits([token.letters for token in tokens])
    return {(tokens[first].start, tokens[after - 1].end) for first, after in hits}


def _digits(detail: str) -> str:
    """Return the national number of a British telephone number, or any number's digits."""
    digits = "".join(re.findall("[0-9]", folded(detail.replace("(0)", ""))))
    return re.sub("^(?:0044|44)(?=[1-9])", "0", digits)
