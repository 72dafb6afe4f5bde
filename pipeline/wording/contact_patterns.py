"""The patterns of contact details, for texts in plain signs; compiled once, each tried only where it can match."""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from pipeline.service.toml import read_toml
from pipeline.wording.where_it_can_be import AroundSign, FromSign, first_signs

_WORDS = Path(__file__).resolve().parent / "words"

# --- telephone numbers

_GAP = r"[ \t\n().\-/*\u2022\u00b7_\u2192\[\]\"]{0,3}"
BRITISH_NUMBER = FromSign(
    re.compile(rf"(?<![\w.])(?:(?:\+|00){_GAP}44{_GAP}(?:\(?0\)?{_GAP})?|\(?0)(?:{_GAP}\d){{9,10}}(?!\w)"),
    sign=re.compile(rb"0(?=(?:[^0]{0,7}0){9})"),  # ten digits, and at most a bracket and two gaps between them
    before=4,  # + and a gap
)
"""0 or +44 and then nine or ten digits, however they are grouped."""
SHORTEST_NUMBER = 7
STRETCH = FromSign(
    re.compile(rf"[+(]?\d(?:[ ().\-/]*\d){{{SHORTEST_NUMBER - 1},}}"),
    sign=re.compile(rb"0(?=(?:[ ().\-/]*0){%d})" % (SHORTEST_NUMBER - 1)),
    before=1,
)
"""What may be a number of any country, perhaps after + or a bracket."""
NOT_NUMBERS = re.compile(
    r"[\dA-Z£$€](?:"  # begins with a set as well: what is said of this sign is said looking back
    r"(?<=\d)(?<!\w.)(?:"
    r"\d{3}-\d{2}-\d{2}(?!\w)"  # 2026-11-27
    r"|(?<![./-].)\d?([./-])\d{1,2}\1(?:\d{4}|\d{2})(?![./-]?\w)"  # 27/11/2026
    r"|(?<=0)\.\d+)"  # a decimal
    r"|(?<=[A-Z])(?<!\w.)[A-Z]{0,7}-\d{1,8}(?![ -]?\d)(?!\w)"  # NR-0412
    r"|(?<=[£$€]) ?\d[\d,]*(?:\.\d\d)?(?!\d))",
    re.DOTALL,
)
"""Dates, references, decimals and sums."""

# --- e-mail addresses, account names

EMAIL = AroundSign(
    re.compile(r"[^\s@<>()\[\]{},;:\"|]{1,64}(?:@| ?[(\[] ?at ?[)\]] ?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE),
    sign=re.compile(r"[@(\[](?:(?<=@)|(?i: ?at ?[)\]]))"),
    before=65,  # the longest account, and a space
)


@cache
def account() -> AroundSign:
    """Return the pattern of account names: "@jo.smith", and a page of a site where people have such a name."""
    names = streets("en")["sites"]
    sites = "|".join(re.escape(site) for site in names)
    pattern = re.compile(
        rf"(?<![\w.-])(?:www\.|m\.)?(?:{sites})/@?[\w.-]{{2,}}(?:/[\w.-]+)?|(?<![\w@./])@[^\W\d][\w.]+\w", re.IGNORECASE
    )
    return AroundSign(pattern, sign=re.compile("[@/]"), before=len("www.") + max(map(len, names)))


# --- postcodes

_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
    "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC "
    "WD WF WN WR WS WV YO ZE"
)
POSTCODE = FromSign(
    re.compile(
        rf"(?<![\w-])(?=[A-Z]{{1,2}}\d)(?:{_AREAS.replace(' ', '|')})\d[A-Z\d]?[ \t\n,-]{{0,2}}"
        r"(\d[ABD-HJLNP-UW-Z]{2})(?![\w-])",
        re.IGNORECASE,
    ),
    sign=re.compile(rb"0(?<=[a-z?]0)(?=[0a-z?]?[ \t\n,-]{0,2}0[a-z?]{2})"),
    before=2,
)
"""Group 1 is the second half."""

# --- street addresses

_SPACE = r"[ \t\n]+"
_GAP_OF_A_RANGE = r" ?[-/&] ?"
_NEVER_BEFORE_A_NUMBER = r"[\w.:/£$€,-]"
_NEVER_BEFORE_A_WORD = r"[\w'-]"
_NUMBER_OUTLINED = rb"0{1,4}[a-d]?(?: ?[-/&] ?0{1,4}[a-d]?)?,?[ \t\n]+"
_NAME_OUTLINED = rb"(?:[a-z?][0a-z_?'.-]*[ \t\n]+){1,3}?"
_NEVER_BEFORE_A_NUMBER_OUTLINED = rb"[0a-z_.:/$,-]"
_NEVER_BEFORE_A_WORD_OUTLINED = rb"[0a-z_'-]"
_WORD = r"[^\W\d_][\w'.-]*"


@cache
def streets(language: str) -> dict[str, Any]:
    """Return the word lists of a language about streets."""
    table = read_toml(_WORDS / f"{language}.toml")["streets"]
    return {name: tuple(words) for name, words in table.items()}


@cache
def any_english_street() -> FromSign:
    """Return the pattern of which something stands wherever one of the next two does."""
    return _after_a_number(rf"(?:{_named_street()}|{_lone_names()})")


@cache
def english_street() -> FromSign:
    """Return the pattern of "14 Mill Lane"; group 1 is the name, group 2 the sort of street."""
    return _after_a_number(_named_street())


@cache
def lone_street() -> FromSign:
    """Return the pattern of streets whose name is one word, "14 Broadway"; group 1 is the name."""
    return _after_a_number(_lone_names())


def _named_street() -> str:
    return rf"((?:{_WORD}{_SPACE}){{1,3}}?)({_types()})"


def _types() -> str:
    # One branch for each first letter: `re` tries every branch in turn wherever a word begins.
    longest_first = sorted(streets("en")["types"], key=lambda kind: (kind[0], -len(kind)))
    return "|".join(
        rf"{first}(?:{'|'.join(kind[1:] for kind in kinds)})" for first, kinds in groupby(longest_first, itemgetter(0))
    )


def _lone_names() -> str:
    return rf"({'|'.join(streets('en')['lone'])})"


def _after_a_number(pattern: str) -> FromSign:
    return FromSign(re.compile(rf"{_number()}{pattern}(?![\w'-])", re.IGNORECASE), _begins_address())


@cache
def welsh_street() -> FromSign:
    """Return the pattern of "Heol y Bont"; the groups are the sort of street, an article, and the name."""
    types = streets("cy")["types"] + streets("cy")["numbered_types"]
    articles = "|".join(streets("cy")["articles"])
    pattern = rf"(?<!{_NEVER_BEFORE_A_WORD})({'|'.join(types)}){_SPACE}((?:(?:{articles}){_SPACE})?)({_WORD})"
    return FromSign(
        re.compile(pattern, re.IGNORECASE),
        sign=first_signs(types, never_after=_NEVER_BEFORE_A_WORD_OUTLINED),
    )


@cache
def number_before() -> re.Pattern[str]:
    """Return the pattern of a house number at the end of a text."""
    return re.compile(rf"{_number()}$", re.IGNORECASE)


@cache
def _number() -> str:
    flat = rf"(?:{'|'.join(_dwellings())}){_SPACE}\w{{1,4}},?{_SPACE}"
    house = r"\d{1,4}[a-d]?"
    houses = rf"{house}(?:{_GAP_OF_A_RANGE}{house})?"
    return rf"(?<!{_NEVER_BEFORE_A_NUMBER})(?:(?:{flat})?{houses},?{_SPACE}|{flat})"


@cache
def _begins_address() -> re.Pattern[bytes]:
    street = rb"(?:%b(?:%b)|%b)" % (_NAME_OUTLINED, _types().encode("ascii"), _lone_names().encode("ascii"))
    return first_signs(
        _dwellings(), never_after=_NEVER_BEFORE_A_NUMBER_OUTLINED, also=rb"%b%b" % (_NUMBER_OUTLINED, street)
    )


def _dwellings() -> tuple[str, ...]:
    return tuple(streets("en")["dwellings"] + streets("cy")["dwellings"])
