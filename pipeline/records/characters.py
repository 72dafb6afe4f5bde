"""Characters that may not stand in a record, and texts that only look like texts.

Control characters vanish from a Word file or cut its paragraph; bidirectional overrides and other unseen
characters can make a page read differently from what was agreed, or hide a word from the search for leaks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALLOWED = frozenset(
    "\n\t"
    # unseen, but part of how Persian, Urdu, Hindi, Arabic and Hebrew are written
    "\u200c\u200d\u200e\u200f\u061c"
    # number and verse signs of Arabic and Syriac: format characters that are seen
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\u0890\u0891"
)

# By Unicode category; bidirectional overrides and isolates are among Cf.
_REFUSED = {
    "Cs": ("Half a character", "Type the character again; it was cut in two when it was copied."),
    "Cc": ("A control character", r"Take it out. For a new line write \n."),
    "Cf": ("A character that cannot be seen", "Take it out: type the word again."),
    "Zl": ("A hidden line break", r"Take it out. For a new line write \n."),
    "Zp": ("A hidden line break", r"Take it out. For a new line write \n."),
}

_PLAINLY_FINE = re.compile("[!-~](?:[ -~]*[!-~])?")
"""ASCII that is seen, with no space at its ends: most texts of most records."""

_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")

_REPLACEMENTS = frozenset("\ufffc\ufffd")


def objections(text: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the characters of a text, and what to do; each kind of character once."""
    if _PLAINLY_FINE.fullmatch(text):
        return
    for character in sorted(set(text)):
        found = _objection(character)
        if found is not None:
            yield found
    if text and not _is_seen(text):
        yield "There is nothing to see in this text.", "Write something, or leave the field out where it is not needed."
    elif text != text.strip():
        yield "There are spaces or line breaks before or after this text.", "Take them out."


@lru_cache(maxsize=4096)
def _objection(character: str) -> tuple[str, str] | None:
    if character in _ALLOWED:
        return None
    code = f"U+{ord(character):04X}"
    if _is_noncharacter(character):
        return f"{code} is not a character.", "Take it out."
    if character in _REPLACEMENTS:
        return f"A character was lost here ({code}).", "Type the word again as it should be."
    kind = _REFUSED.get(unicodedata.category(character))
    return None if kind is None else (f"{kind[0]} stands here ({code}).", kind[1])


def _is_noncharacter(character: str) -> bool:
    code = ord(character)
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _is_seen(text: str) -> bool:
    return any(
        unicodedata.category(character)[0] in "LNPSC"
        and unicodedata.category(character) not in {"Cc", "Cf"}
        and character not in _BLANK_LETTERS
        for character in text
    )
