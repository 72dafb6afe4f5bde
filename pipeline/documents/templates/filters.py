"""Dates, money and names in the words of a language, for templates.

Every filter takes plain values. What it cannot word is a `TemplateRuntimeError` with a sentence for the person
who made the template, never with the value.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from jinja2.exceptions import TemplateRuntimeError

from pipeline.documents.templates import deadlines
from pipeline.languages import wording
from pipeline.languages.catalogue import phrases

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ARTICLES: Final = ("a ", "an ", "the ")


def date_words(value: Any, *, language: str) -> str:
    """Word a day ("2026-11-27"), a list of days, or the `when` of an item."""
    if isinstance(value, Mapping):
        return deadlines.words(value, day=lambda text: _day_words(text, language=language), language=language)
    if isinstance(value, str):
        return _day_words(value, language=language)
    days = [_day_words(text, language=language) for text in sequence(value)]
    return wording.list_words(days, language)


def money_words(value: Any, currency: Any, *, language: str) -> str:
    """Word an amount ("68.00") of a currency (ISO 4217), as in "£68.00"."""
    try:
        amount = Decimal(value)
    except (InvalidOperation, TypeError, ValueError) as fault:
        raise TemplateRuntimeError("'money' wants an amount such as payment.total") from fault
    if not isinstance(currency, str):
        raise TemplateRuntimeError("'money' wants a currency: money(payment.currency)")
    return wording.money_words(amount, currency, language)


def name_words(value: Any, *, language: str) -> str:
    """Name a person, or a list of them, as in "Tom, Lewis and Grace".

    A person whom this reader may not know by name is given by the label, in English with its article:
    "a supporter".
    """
    if isinstance(value, Mapping):
        return _name(value, language)
    return wording.list_words([_name(person, language) for person in sequence(value)], language)


def plain_words(value: Any, *, language: str) -> str:
    """Word a value of a service's own field: yes or no, a day, a number or a text."""
    if isinstance(value, bool):
        return phrases(language).say("yes" if value else "no")
    if isinstance(value, str):
        if not _DAY.fullmatch(value):  # such as 20261127, which Python takes for a day
            return value
        try:
            return _day_words(value, language=language)
        except TemplateRuntimeError:
            return value
    if isinstance(value, int | float | Decimal):
        return str(value)
    raise TemplateRuntimeError("'plain' wants a value of one of the service's own fields")


def capital(value: Any) -> str:
    """Begin a text with a capital letter and leave the rest as it is."""
    if not isinstance(value, str):
        raise TemplateRuntimeError("'capitalize' wants a text; test for it with 'if' first")
    return value[:1].upper() + value[1:]


def sentences(value: Any) -> list[str]:
    """Part a text where a sentence ends, so that each can have a line of its own; joined by spaces it is the text."""
    if not isinstance(value, str):
        raise TemplateRuntimeError("'sentences' wants a text; test for it with 'if' first")
    return wording.sentences(value)


def sequence(value: Any) -> Sequence[Any]:
    """Return a list or tuple as it is; anything else is a fault of the template."""
    if isinstance(value, list | tuple):
        return value
    raise TemplateRuntimeError("a list is wanted here; test for it with 'if' first")


def _day_words(value: Any, *, language: str) -> str:
    try:
        day = dt.date.fromisoformat(value)
    except (TypeError, ValueError) as fault:
        raise TemplateRuntimeError("'date' wants a day such as review_date, or the when of an item") from fault
    return wording.day_words(day, language)


def _name(person: Any, language: str) -> str:
    name, label = (person.get("display_name"), person.get("label")) if isinstance(person, Mapping) else (None, None)
    if isinstance(name, str) and name:
        return wording.isolated(name) if wording.is_right_to_left(language) else name
    if not isinstance(label, str) or not label:
        raise TemplateRuntimeError("'names' wants a person or a list of people; test for them with 'if' first")
    if wording.locale_of(language).language != "en" or label.casefold().startswith(_ARTICLES):
        return label
    return f"{'an' if label[0].casefold() in 'aeiou' else 'a'} {label}"
