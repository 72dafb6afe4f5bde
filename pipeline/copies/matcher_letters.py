"""Fold text to the letters that matter when a word is looked for, whatever way it was typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# A mark that joins unrelated texts into one search: no run of tokens reaches across it.
BARRIER = "\ue000"

# Letters that Unicode does not decompose; Arabic and Persian keyboards write the last ones differently, and the
# tatweel (U+0640) only stretches a line.
_SAME_LETTER = {
    "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe", "\u00fe": "th",
    "\u00f0": "d", "\u0127": "h", "\u0167": "t", "\u014b": "ng",
    "\u06a9": "\u0643", "\u06cc": "\u064a", "\u0649": "\u064a", "\u0629": "\u0647", "\u0640": "",
}  # fmt: skip
# Letters of other scripts, and small capitals, that look like a Latin one on the page, in small or in capitals: the eye
# reads a surname with two Cyrillic letters as the name it is. Entries are folded alike, so each script still counts.
_LOOKS_LIKE = str.maketrans(
    "\u0430\u0432\u0435\u0456\u0458\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u04bb\u0501"
    "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
    "\u1d00\u0299\u1d04\u1d05\u1d07\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c"
    "\u1d20\u1d21\u028f\u1d22",
    "abeijkmhopctyxshdabezhikmnoptyxabcdeghijklmnoprstuvwyz",
)  # fmt: skip
_MODIFIER_LETTERS = re.compile("[\u02b9-\u02ff]")  # apostrophes and strokes that Unicode calls letters

# Scripts written without spaces between words: kana, Han, Thai, Lao, Myanmar, Khmer (Unicode Standard, ch. 16 and 18).
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\U00020000-\U0003ffff]"
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_TOKENS = re.compile(rf"{BARRIER}|[0-9]+|[^\s0-9{BARRIER}]+")
_DIGITS = re.compile("([0-9]+)")
_ASCII_OR_NOT = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Token:
    """Letters or digits that stand together, folded, and where they stand in the text as it was."""

    letters: str
    start: int
    end: int


class _Letters(dict[int, str]):
    """What a folded character becomes: itself, nothing, a space, or the letters it stands for."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = letters = _letters(character)
        return letters


def _letters(character: str) -> str:
    category = unicodedata.category(character)
    if character in _SAME_LETTER:
        return _SAME_LETTER[character]
    if character == BARRIER:
        return f" {BARRIER} "
    if category in {"Cf", "Me"} or unicodedata.combining(character):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    return _apart(character, category)


def _apart(character: str, category: str) -> str:
    """Return a letter as it is, a letter of a script without spaces on its own, and a space for anything else."""
    if _WITHOUT_SPACES.match(character):
        return f" {character} " if category[0] == "L" else character
    is_letter = category[0] in "LM" or category in ("Nl", "No")
    return character.translate(_LOOKS_LIKE) if is_letter and not _MODIFIER_LETTERS.match(character) else " "


_FOLD = _Letters()
_EXACT_CASE = _Letters()


def is_right_to_left(text: str) -> bool:
    """Say whether any letter of the text belongs to a script that runs from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def joined(texts: Iterable[str]) -> str:
    """Return unrelated texts as one, in which whatever stands in one of them is found, and no word across two."""
    return f"\n{BARRIER}\n".join(texts)


def folded(text: str) -> str:
    """Return the letters of a text without case, accents and marks that cannot be seen; all other signs are spaces."""
    return "".join(map(_folded_stretch, _stretches(text)))


def with_case(text: str) -> str:
    """Return the same with their case, for names that may be ordinary words."""
    return "".join([unicodedata.normalize("NFKD", each).translate(_EXACT_CASE) for each in _stretches(text)])


def tokens_of(letters: str) -> list[str]:
    """Return what `_TOKENS` finds in folded text, in which all other signs are spaces, in a fraction of the time."""
    return " ".join(_DIGITS.split(letters)).split()


def together(letters: str) -> str:
    """Return the tokens of folded text as one word, in a fraction of the time again."""
    return "".join(letters.split())


def tokens_in_place(text: str, fold: Callable[[str], str]) -> list[Token]:
    """Return the tokens of `fold(text)`, each with its place in `text`; `fold` is `folded` or `with_case`."""
    return _in_place(text, [fold(character) for character in text])


def _stretches(text: str) -> list[str]:
    """Return the stretches of ASCII, which Python translates many times quicker, and of anything else.

    What a character becomes never depends on those beside it: only the order of marks does, and all marks go.
    """
    return [text] if text.isascii() else _ASCII_OR_NOT.findall(text)


def _folded_stretch(text: str) -> str:
    # Folding the case can bring marks of its own ("İ" becomes "i" with a dot): decompose once more.
    if text.isascii():
        return text.casefold().translate(_FOLD)
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return decomposed.translate(_FOLD)


def _in_place(text: str, pieces: list[str]) -> list[Token]:
    origin = [index for index, piece in enumerate(pieces) for _ in piece]
    found = _TOKENS.finditer("".join(pieces))
    return [Token(hit.group(), origin[hit.start()], _end(text, origin[hit.end() - 1])) for hit in found]


def _end(text: str, last: int) -> int:
    """Return the end of a token: after its last letter and the accents that belong to it."""
    end = last + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end
