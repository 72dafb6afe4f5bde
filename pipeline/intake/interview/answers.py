"""What was typed, as the value of a record; and a value, as it is read out."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from pipeline.intake.interview.question import Form, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_YES = frozenset({"yes", "y"})
_NO = frozenset({"no", "n"})
_WRITTEN = ("%d %B %Y", "%d %b %Y")
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,?\s+", re.IGNORECASE)


class NotUnderstood(Exception):  # noqa: N818 - what was typed is no error of the program
    """What was typed is no answer to this question; the text says what to type."""


def understood(question: Question, typed: str, offer: Any) -> Any:
    """Return the value of what was typed; None for a question passed over. Raises NotUnderstood."""
    if not typed:
        if offer is not None or question.optional:
            return offer
        if question.form is Form.LINES:
            return []
        raise NotUnderstood("This needs an answer.")
    return _READ[question.form](question, typed)


def said(question: Question, value: Any) -> str:
    """Return a value as it is offered: the meaning of a word, a day with its weekday."""
    words = dict(question.choices)
    match question.form:
        case Form.CHOICES:
            shown = ", ".join(words.get(each) or each for each in value)
        case Form.YES_NO:
            shown = "yes" if value else "no"
        case Form.DATE:
            shown = day_in_words(value)
        case Form.DATES:
            shown = "; ".join(day_in_words(each) for each in value)
        case Form.LINES:
            shown = "; ".join(value)
        case _:
            shown = words.get(value) or str(value)
    return shown


def day_in_words(iso: str) -> str:
    """Return "Friday 27 November 2026" for "2026-11-27"."""
    day = date.fromisoformat(iso)
    return f"{day:%A} {day.day} {day:%B %Y}"


def _text(_question: Question, typed: str) -> str:
    return typed


def _lines(_question: Question, typed: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in typed.split("\n") if line.strip()))


def _choice(question: Question, typed: str) -> str:
    words = [word for word, _ in question.choices]
    if typed.isdigit() and 1 <= int(typed) <= len(words):
        return words[int(typed) - 1]
    wanted = _alike(typed)
    for word, meaning in question.choices:
        if wanted in {_alike(word), _alike(meaning)}:
            return word
    raise NotUnderstood(f"Type a number from 1 to {len(words)}.")


def _choices(question: Question, typed: str) -> list[str]:
    parts = [part for part in re.split(r"[,;\s]+", typed) if part]
    return list(dict.fromkeys(_choice(question, part) for part in parts))


def _alike(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word).strip().casefold()


def _yes_no(_question: Question, typed: str) -> bool:
    if typed.casefold() in _YES:
        return True
    if typed.casefold() in _NO:
        return False
    raise NotUnderstood("Type yes or no.")


def _date(_question: Question, typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        pass
    plain = _WEEKDAY.sub("", typed)
    for form in _WRITTEN:
        try:
            day = datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
        if plain != typed and not f"{day:%A}".casefold().startswith(typed[:3].casefold()):
            raise NotUnderstood(f"{day.day} {day:%B %Y} is a {day:%A}. Which day was meant?")
        return day.isoformat()
    raise NotUnderstood("Type a day such as 27 November 2026, or 2026-11-27.")


def _dates(question: Question, typed: str) -> list[str]:
    return [_date(question, part.strip()) for part in re.split(r"[,;]", typed) if part.strip()]


def _whole(_question: Question, typed: str) -> int:
    if typed.isascii() and typed.isdigit() and len(typed) < 10:
        return int(typed)
    raise NotUnderstood("Type a whole number in digits.")


def _money(_question: Question, typed: str) -> str:
    try:
        amount = Decimal(typed.strip("£€$ ").replace(",", ""))
        pence = amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise NotUnderstood("Type an amount such as 68.00.") from None
    if not amount.is_finite() or amount != pence or amount < 0:
        raise NotUnderstood("Type an amount such as 68.00.")
    return str(pence)


_READ: Mapping[Form, Callable[[Question, str], Any]] = {
    Form.TEXT: _text,
    Form.LINES: _lines,
    Form.CHOICE: _choice,
    Form.CHOICES: _choices,
    Form.YES_NO: _yes_no,
    Form.DATE: _date,
    Form.DATES: _dates,
    Form.WHOLE: _whole,
    Form.MONEY: _money,
}
