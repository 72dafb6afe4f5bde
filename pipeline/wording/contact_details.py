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
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import phonenumbers

from pipeline.service.toml import read_toml
from pipeline.wording.words import APOSTROPHES

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = Path(__file__).resolve().parent / "words"
_SHORTEST = 7


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
    plain = text if text.isascii() else text.translate(_PLAIN)
    found: list[Found] = []
    for detail in sorted(_details(plain, region), key=lambda one: (one.start, -one.end)):
        if not found or detail.start >= found[-1].end:
            found.append(detail)
    if not found or len(plain) == len(text):
        return found
    places = [place for place, sign in enumerate(text) if _PLAIN[ord(sign)]]
    return [Found(one.kind, places[one.start], places[one.end - 1] + 1) for one in found]


def _details(text: str, region: str) -> Iterator[Found]:
    if "@" in text or "at" in text.casefold():
        yield from (Found("email", *span) for span in _in_lines(_EMAIL, _AT, text))
    if "@" in text or "/" in text:
        yield from (Found("handle", *span) for span in _in_lines(_handle(), _AT_OR_SLASH, text))
    yield from _welsh_streets(text)
    if _A_DIGIT.search(text):
        yield from (Found("postcode", *match.span()) for match in _POSTCODE.finditer(text) if _is_postcode(match))
        yield from _english_streets(text)
        yield from _telephones(text, region)


# --- the text made plain

# By Unicode category: invisible signs and accents vanish, every space and hyphen is the plain one.
_LIKE_ASCII = {"Cf": "", "Cc": "", "Mn": "", "Zs": " ", "Zl": " ", "Zp": " ", "Pd": "-"}


class _Plain(dict[int, str]):
    """What a character becomes: an ASCII digit, hyphen or space where it is one of another kind, nothing, or itself."""

    def __missing__(self, code: int) -> str:
        self[code] = sign = _sign(chr(code))
        return sign


def _sign(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    if sign in APOSTROPHES:
        return "'"
    category = unicodedata.category(sign)
    if category in _LIKE_ASCII and not sign.isascii():
        return _LIKE_ASCII[category]
    compatible = unicodedata.normalize("NFKC", sign)
    return compatible if len(compatible) == 1 else sign


_PLAIN = _Plain()


def _in_lines(pattern: re.Pattern[str], sign: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where a pattern stands that never reaches beyond a line: only lines that hold its sign are searched."""
    end = 0
    for hit in sign.finditer(text):
        if hit.start() >= end:
            start = text.rfind("\n", 0, hit.start()) + 1
            end = text.find("\n", hit.end())
            end = len(text) if end < 0 else end
            yield from (match.span() for match in pattern.finditer(text, start, end))


# --- telephone numbers

_A_DIGIT = re.compile(r"\d")
_GAP = r"[ \t\n().\-/*\u2022\u00b7_\u2192\[\]\"]{0,3}"
# A British number: 0 or +44 and then nine or ten digits, however they are grouped.
_BRITISH = re.compile(rf"(?<![\w.])(?:(?:\+|00){_GAP}44{_GAP}(?:\(?0\)?{_GAP})?|\(?0)(?:{_GAP}\d){{9,10}}(?!\w)")
_STRETCH = re.compile(r"[+(]?\d[\d ().\-/]{5,}\d")
_THREE_TOGETHER = re.compile(r"\d{3}")
_NOT_TELEPHONES = re.compile(
    r"(?=[\dA-Z£$€])(?:"  # what each of these begins with
    r"(?<!\w)\d{4}-\d{2}-\d{2}(?!\w)"  # 2026-11-27
    r"|(?<![\w./-])\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?![./-]?\w)"  # 27/11/2026
    r"|(?<!\w)[A-Z]{1,8}-\d{1,8}(?![ -]?\d)(?!\w)"  # NR-0412
    r"|(?<!\w)0\.\d+"  # a decimal
    r"|[£$€] ?\d[\d,]*(?:\.\d\d)?(?!\d))"
)


def _telephones(text: str, region: str) -> Iterator[Found]:
    if sum(map(str.isdigit, text)) < _SHORTEST:
        return
    text = _NOT_TELEPHONES.sub(lambda match: "_" * len(match[0]), text)
    if region == "GB":
        for match in _BRITISH.finditer(text):
            if _THREE_TOGETHER.search(match[0]):
                yield Found("telephone", *match.span())
    for stretch in _STRETCH.finditer(text):
        if sum(map(str.isdigit, stretch[0])) >= _SHORTEST and not _inside_a_word(text, stretch):
            yield from _matched(stretch, region)


def _inside_a_word(text: str, match: re.Match[str]) -> bool:
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return before.isalnum() or after.isalnum()


def _matched(stretch: re.Match[str], region: str) -> Iterator[Found]:
    possible = phonenumbers.Leniency.POSSIBLE
    for match in phonenumbers.PhoneNumberMatcher(stretch[0], region, leniency=possible):
        if _is_telephone(match, region):
            yield Found("telephone", stretch.start() + match.start, stretch.start() + match.end)


def _is_telephone(match: phonenumbers.PhoneNumberMatch, region: str) -> bool:
    written = match.raw_string
    if phonenumbers.is_valid_number(match.number) or written.startswith(("+", "00")):
        return True
    digits = sum(map(str.isdigit, written))
    # Elsewhere numbers kept for fiction are not valid either, and many countries have no leading 0.
    return region != "GB" and digits >= 9 and phonenumbers.is_possible_number(match.number)


# --- e-mail addresses, account names

_AT = re.compile(r"@|[(\[] ?at ?[)\]]", re.IGNORECASE)
_AT_OR_SLASH = re.compile(r"[@/]")
_EMAIL = re.compile(r"[^\s@<>()\[\]{},;:\"|]{1,64}(?:@| ?[(\[] ?at ?[)\]] ?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


@cache
def _handle() -> re.Pattern[str]:
    sites = "|".join(re.escape(site) for site in _streets("en")["sites"])
    return re.compile(
        rf"(?<![\w.-])(?:www\.|m\.)?(?:{sites})/@?[\w.-]{{2,}}(?:/[\w.-]+)?|(?<![\w@./])@[^\W\d][\w.]+\w", re.IGNORECASE
    )


# --- postcodes

_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
    "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC "
    "WD WF WN WR WS WV YO ZE"
)
_POSTCODE = re.compile(
    rf"(?<![\w-])(?=[A-Z]{{1,2}}\d)(?:{_AREAS.replace(' ', '|')})\d[A-Z\d]?[ \t\n,-]{{0,2}}"
    r"(\d[ABD-HJLNP-UW-Z]{2})(?![\w-])",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)")


def _is_postcode(match: re.Match[str]) -> bool:
    """Say no to "E1 2nd": an ordinal in small letters is no second half."""
    return _ORDINAL.fullmatch(match[1]) is None


# --- street addresses

_SPACE = r"[ \t\n]+"
_LONGEST_NUMBER = 40
_GAP_OF_A_RANGE = r" ?[-/&] ?"
_WORD = r"[^\W\d_][\w'.-]*"


@cache
def _streets(language: str) -> dict[str, Any]:
    table = read_toml(_WORDS / f"{language}.toml")["streets"]
    return {name: tuple(words) for name, words in table.items()}


@cache
def _not_names() -> frozenset[str]:
    return frozenset(_streets("en")["not_names"] + _streets("cy")["not_names"])


@cache
def _number() -> str:
    dwellings = "|".join(_streets("en")["dwellings"] + _streets("cy")["dwellings"])
    flat = rf"(?:{dwellings}){_SPACE}\w{{1,4}},?{_SPACE}"
    house = r"\d{1,4}[a-d]?"
    houses = rf"{house}(?:{_GAP_OF_A_RANGE}{house})?"
    return rf"(?<![\w.:/£$€,-])(?:(?:{flat})?{houses},?{_SPACE}|{flat})"


@cache
def _english() -> re.Pattern[str]:
    types = "|".join(sorted(_streets("en")["types"], key=len, reverse=True))
    return re.compile(rf"{_number()}((?:{_WORD}{_SPACE}){{1,3}}?)({types})(?![\w'-])", re.IGNORECASE)


@cache
def _lone() -> re.Pattern[str]:
    """Return the pattern of streets whose name is one word: "14 Broadway"."""
    return re.compile(rf"{_number()}({'|'.join(_streets('en')['lone'])})(?![\w'-])", re.IGNORECASE)


@cache
def _welsh() -> re.Pattern[str]:
    own, numbered = _streets("cy")["types"], _streets("cy")["numbered_types"]
    name = rf"{_SPACE}((?:(?:{'|'.join(_streets('cy')['articles'])}){_SPACE})?)({_WORD})"
    return re.compile(rf"(?<![\w'-])({'|'.join(own + numbered)}){name}", re.IGNORECASE)


@cache
def _number_before() -> re.Pattern[str]:
    return re.compile(rf"{_number()}$", re.IGNORECASE)


def _english_streets(text: str) -> Iterator[Found]:
    for match in _english().finditer(text):
        names, kind = match[1].split(), match[2]
        if _is_english_street(names, kind) and not _is_year(match[0]):
            yield Found("street address", *match.span())
    for match in _lone().finditer(text):
        if match[1][0].isupper() and not _is_year(match[0]):
            yield Found("street address", *match.span())


def _is_english_street(names: list[str], kind: str) -> bool:
    streets = _streets("en")
    if f"{names[-1]} {kind}".casefold().replace("'", "") in streets["not_streets"]:
        return False
    if names in (["The"], ["THE"]):
        return kind[0].isupper()
    if names[0].casefold() in _not_names():
        return False
    if kind[0].isupper() and all(name[0].isupper() for name in names):
        return True
    ordinary = any(name.casefold() in _not_names() for name in names)
    return kind.casefold() in streets["plain_types"] and len(names) <= 2 and not ordinary


def _is_year(address: str) -> bool:
    """Say whether the number before a street is a year, the end of a date that stands before a name."""
    return re.match(r"(?:19|20)\d\d\s", address) is not None


def _welsh_streets(text: str) -> Iterator[Found]:
    for match in _welsh().finditer(text):
        kind, article, name = match.groups()
        before = text[max(0, match.start() - _LONGEST_NUMBER) : match.start()]
        number = _number_before().search(before)
        if number is not None and _is_year(number[0]):
            number = None
        if _is_welsh_street(kind, article, name, numbered=number is not None):
            yield Found("street address", match.start() - (len(number[0]) if number else 0), match.end())


def _is_welsh_street(kind: str, article: str, name: str, *, numbered: bool) -> bool:
    named = (kind[0].isupper() and name[0].isupper()) or (
        numbered and article != "" and name.casefold() not in _not_names()
    )
    return named and (numbered or kind.casefold() in _streets("cy")["types"])
