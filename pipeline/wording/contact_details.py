"""Find contact details in a text: telephone numbers, e-mail and street addresses, postcodes, account names.

It runs over every text of every finished file, so the patterns are compiled once and the costly one, the
telephone matcher, sees only stretches with enough digits. Dates, times, sums of money, references ("NR-0412"),
agreement codes and page numbers are left alone. An agreement code of digits only (one in some five million) is left
alone too: its alphabet has no 0, and a telephone number written without + or 0 counts only if such a number
exists. Two traps remain: a reference made of ten digits that begin with 0 is taken for a telephone number, and
a bare number before a street name ("2 Mill Lane Fair") for an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import phonenumbers

from pipeline.wording.contact_patterns import (
    BRITISH_NUMBER,
    EMAIL,
    NOT_NUMBERS,
    POSTCODE,
    SHORTEST_NUMBER,
    STRETCH,
    account,
    any_english_street,
    english_street,
    lone_street,
    number_before,
    streets,
    welsh_street,
)
from pipeline.wording.plain_signs import Places, plain
from pipeline.wording.where_it_can_be import outline

if TYPE_CHECKING:
    from collections.abc import Iterator

_A_DIGIT = re.compile(r"\d")
_ENOUGH_DIGITS = re.compile(rf"(?:\d\D*){{{SHORTEST_NUMBER}}}")


@dataclass(frozen=True, slots=True)
class Found:
    """A contact detail: its kind, and where it stands in the text (`text[start:end]`).

    `kind` is "telephone", "email", "postcode", "street address" or "handle" (an account name).
    """

    kind: str
    start: int
    end: int


def find(text: str, *, region: str = "GB") -> list[Found]:
    """Return the contact details in a text, in their order, none overlapping another.

    `region` is the country (ISO 3166) whose telephone numbers may be written without a country code. Full-width
    and other scripts' digits count, and invisible signs between the letters do not hide anything.
    """
    plain_text = plain(text)
    found: list[Found] = []
    for detail in sorted(_details(plain_text, region), key=lambda one: (one.start, -one.end)):
        if not found or detail.start >= found[-1].end:
            found.append(detail)
    if not found or len(plain_text) == len(text):
        return found
    places = Places(text)
    return [Found(one.kind, places.place(one.start), places.place(one.end - 1) + 1) for one in found]


def _details(text: str, region: str) -> Iterator[Found]:
    yield from (Found("email", *match.span()) for match in EMAIL.matches(text))
    yield from (Found("handle", *match.span()) for match in account().matches(text))
    outlined = outline(text)
    yield from _welsh_streets(text, outlined)
    if _A_DIGIT.search(text):
        yield from (
            Found("postcode", *match.span()) for match in POSTCODE.matches(text, outlined) if _is_postcode(match)
        )
        yield from _english_streets(text, outlined)
        yield from _telephones(text, outlined, region)


# --- telephone numbers

_THREE_TOGETHER = re.compile(r"\d{3}")


def _telephones(text: str, outlined: bytes, region: str) -> Iterator[Found]:
    if _ENOUGH_DIGITS.search(text) is None:
        return
    text = NOT_NUMBERS.sub(lambda match: "_" * len(match[0]), text)
    if region == "GB":
        for match in BRITISH_NUMBER.matches(text, outlined):
            if _THREE_TOGETHER.search(match[0]):
                yield Found("telephone", *match.span())
    read = cache(partial(_numbers, region=region))  # only here: most texts of a file say the same numbers again
    for stretch in STRETCH.matches(text, outlined):
        if not _inside_a_word(text, stretch):
            yield from (
                Found("telephone", stretch.start() + start, stretch.start() + end) for start, end in read(stretch[0])
            )


def _inside_a_word(text: str, match: re.Match[str]) -> bool:
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return before.isalnum() or after.isalnum()


def _numbers(stretch: str, *, region: str) -> tuple[tuple[int, int], ...]:
    """Return where in a stretch of digits there are telephone numbers."""
    possible = phonenumbers.Leniency.POSSIBLE
    matches = phonenumbers.PhoneNumberMatcher(stretch, region, leniency=possible)
    return tuple((match.start, match.end) for match in matches if _is_telephone(match, region))


def _is_telephone(match: phonenumbers.PhoneNumberMatch, region: str) -> bool:
    written = match.raw_string
    if phonenumbers.is_valid_number(match.number) or written.startswith(("+", "00")):
        return True
    digits = sum(map(str.isdigit, written))
    # Elsewhere numbers kept for fiction are not valid either, and many countries have no leading 0.
    return region != "GB" and digits >= 9 and phonenumbers.is_possible_number(match.number)


_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)")


def _is_postcode(match: re.Match[str]) -> bool:
    """Say no to "E1 2nd": an ordinal in small letters is no second half."""
    return _ORDINAL.fullmatch(match[1]) is None


# --- street addresses

_LONGEST_NUMBER = 40


@cache
def _not_names() -> frozenset[str]:
    return frozenset(streets("en")["not_names"] + streets("cy")["not_names"])


def _english_streets(text: str, outlined: bytes) -> Iterator[Found]:
    # Both are looked for at once, and nearly always there is none.
    if next(any_english_street().matches(text, outlined), None) is None:
        return
    for match in english_street().matches(text, outlined):
        names, kind = match[1].split(), match[2]
        if _is_english_street(names, kind) and not _is_year(match[0]):
            yield Found("street address", *match.span())
    for match in lone_street().matches(text, outlined):
        if match[1][0].isupper() and not _is_year(match[0]):
            yield Found("street address", *match.span())


def _is_english_street(names: list[str], kind: str) -> bool:
    words = streets("en")
    if f"{names[-1]} {kind}".casefold().replace("'", "") in words["not_streets"]:
        return False
    if names in (["The"], ["THE"]):
        return kind[0].isupper()
    if names[0].casefold() in _not_names():
        return False
    if kind[0].isupper() and all(name[0].isupper() for name in names):
        return True
    ordinary = any(name.casefold() in _not_names() for name in names)
    return kind.casefold() in words["plain_types"] and len(names) <= 2 and not ordinary


def _is_year(address: str) -> bool:
    """Say whether the number before a street is a year, the end of a date that stands before a name."""
    return re.match(r"(?:19|20)\d\d\s", address) is not None


def _welsh_streets(text: str, outlined: bytes) -> Iterator[Found]:
    for match in welsh_street().matches(text, outlined):
        kind, article, name = match.groups()
        before = text[max(0, match.start() - _LONGEST_NUMBER) : match.start()]
        number = number_before().search(before)
        if number is not None and _is_year(number[0]):
            number = None
        if _is_welsh_street(kind, article, name, numbered=number is not None):
            yield Found("street address", match.start() - (len(number[0]) if number else 0), match.end())


def _is_welsh_street(kind: str, article: str, name: str, *, numbered: bool) -> bool:
    named = (kind[0].isupper() and name[0].isupper()) or (
        numbered and article != "" and name.casefold() not in _not_names()
    )
    return named and (numbered or kind.casefold() in streets("cy")["types"])
