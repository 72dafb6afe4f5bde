"""Days, times, amounts, lists and the names of languages, as a language words them (Unicode CLDR, by Babel)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency, get_currency_symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOME_OF: Final = {"en": "en_GB", "cy": "cy_GB"}
# A weekday needs no comma before the day: "Friday 27 November 2026" (docs/field.md, plain language). In Polish the
# weekday would have to change its ending after "do" or "od"; behind the date it stands as it is.
_DAY_PATTERNS: Final = {
    **dict.fromkeys(("en", "cy", "ar", "ur"), "EEEE d MMMM y"),
    "pl": "d MMMM y (EEEE)",
}
# In the middle of a sentence Welsh writes "dydd Gwener"; CLDR gives the form that begins one.
_SMALL_FIRST_LETTER: Final = frozenset({"cy"})
_RIGHT_TO_LEFT: Final = frozenset({"ar", "ur", "fa", "he", "ps", "ckb", "sd", "ug", "yi", "dv"})
# CLDR writes "a(c)" and leaves it to the reader: "ac" stands before a vowel.
_VOWELS: Final = frozenset("aeiouwyâêîôûŵŷáéíóúàèìòùäëïöü")
_TURNS: Final = frozenset({"R", "AL"})
_END_OF_SENTENCE: Final = re.compile(r"(?<=[.!?\u061f\u06d4])[\u201d\u2019\"')\]]*\s+")
LEFT_TO_RIGHT_MARK: Final = "\u200e"


def is_right_to_left(language: str) -> bool:
    """Say whether a language is written from right to left."""
    return language.partition("-")[0] in _RIGHT_TO_LEFT


def isolated(text: str) -> str:
    """Set a reference, a number or a name apart in a right-to-left line, so that it is never reversed.

    A text with right-to-left letters of its own stays as it is. The marks are invisible and nobody reads them aloud.
    """
    if not text or any(unicodedata.bidirectional(sign) in _TURNS for sign in text):
        return text
    return f"{LEFT_TO_RIGHT_MARK}{text}{LEFT_TO_RIGHT_MARK}"


def day_words(day: dt.date, language: str) -> str:
    """Word a day with its weekday, as in the middle of a sentence."""
    locale = locale_of(language)
    words = format_date(day, _DAY_PATTERNS.get(locale.language, "full"), locale=locale)
    return words[:1].lower() + words[1:] if locale.language in _SMALL_FIRST_LETTER else words


def short_day_words(day: dt.date, language: str) -> str:
    """Word a day without its weekday: "27 November 2026"."""
    return format_date(day, "d MMMM y", locale=locale_of(language))


def weekday_words(weekday: int, language: str) -> str:
    """Word a day of the week; Monday is 0."""
    locale = locale_of(language)
    words: str = locale.days["format"]["wide"][weekday]
    return words[:1].lower() + words[1:] if locale.language in _SMALL_FIRST_LETTER else words


def time_words(time: dt.time, language: str) -> str:
    """Word a time of day. English says "6pm" and "12.30pm": nobody has to count, and no line breaks inside it."""
    locale = locale_of(language)
    if locale.language != "en":
        return format_time(time, "short", locale=locale).replace("\u202f", "\xa0")
    if time.minute == 0 and time.hour in {0, 12}:
        return "midnight" if time.hour == 0 else "midday"
    minute = f".{time.minute:02}" if time.minute else ""
    return f"{time.hour % 12 or 12}{minute}{'am' if time.hour < 12 else 'pm'}"


def money_words(amount: Decimal, currency: str, language: str) -> str:
    """Word an amount of a currency (ISO 4217) with the sign people here know: £, not UK£ or GBP."""
    locale = locale_of(language)
    words = format_currency(amount, currency, locale=locale)
    if locale.language != "en":
        words = words.replace(get_currency_symbol(currency, locale=locale), get_currency_symbol(currency, "en_GB"))
        words = words.replace("\u200f", "").replace("\u200e", "")
    return isolated(words) if is_right_to_left(language) else words


def list_words(texts: Sequence[str], language: str) -> str:
    """Join texts as a sentence does: "Tom, Lewis and Grace"."""
    if locale_of(language).language == "cy" and len(texts) > 1:
        and_ = "ac" if texts[-1][:1].casefold() in _VOWELS else "a"
        return f"{', '.join(texts[:-1])} {and_} {texts[-1]}"
    return format_list(list(texts), locale=locale_of(language))


def language_name(language: str, said_in: str) -> str:
    """Return the name of a language as another one calls it: "Saesneg" for English in Welsh."""
    locale = locale_of(said_in)
    known = locale.languages.get(language.partition("-")[0])
    return str(known) if known else language


def sentences(text: str) -> list[str]:
    """Part a text where a sentence ends; joined by spaces it is the text again."""
    parts: list[str] = []
    begin = 0
    for end in _END_OF_SENTENCE.finditer(text):
        parts.append(text[begin : end.end()].strip())
        begin = end.end()
    rest = text[begin:].strip()
    return [*parts, rest] if rest else parts


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """Return the locale of a language tag; a language that Babel does not know is worded as English is."""
    try:
        return Locale.parse(_HOME_OF.get(language, language), sep="_" if language in _HOME_OF else "-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_HOME_OF["en"])
