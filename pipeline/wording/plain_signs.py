"""Write a text in plain signs: ASCII digits, spaces, hyphens and apostrophes, and nothing that cannot be seen."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from pipeline.wording.words import APOSTROPHES

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
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def plain(text: str) -> str:
    """Return the text in plain signs; it may be shorter."""
    if text.isascii():  # it is plain already, as nearly all of nearly any text is
        return text
    return _NOT_ASCII.sub(lambda stretch: stretch[0].translate(_PLAIN), text)


class Places:
    """Where the signs of a text in plain signs stand in the text as it was."""

    def __init__(self, text: str) -> None:
        """Note, for each sign of the text that vanishes, how many plain signs stand before it."""
        gone = "".join(sign for sign in set(text) if not _PLAIN[ord(sign)])
        hits = re.finditer(f"[{re.escape(gone)}]", text) if gone else ()
        self._before = [hit.start() - nth for nth, hit in enumerate(hits)]

    def place(self, plain_place: int) -> int:
        """Return the place in the text of the sign at this place of the plain one."""
        return plain_place + bisect_right(self._before, plain_place)
