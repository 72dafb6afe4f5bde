"""One question of the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Form(Enum):
    """What kind of answer a question takes."""

    TEXT = "text"
    LINES = "lines"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes or no"
    DATE = "date"
    DATES = "dates"
    WHOLE = "whole number"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `key` is its place in the conversation, and the JSON pointer of its value where it has one.

    `choices` pairs each word that may be answered with what it means. `why` is always said, `more` on "help".
    `offer` stands for an empty answer; without one, `optional` says whether the question may be passed over. `again`
    says that an answer taken back is offered again.
    """

    key: str
    text: str
    form: Form = Form.TEXT
    why: str = ""
    more: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    offer: Any = None
    again: bool = True
