"""Mend what Word and a keyboard slip into tags: curly quotes, long dashes, spaces that are no spaces.

Word puts curly quotes and long dashes into a text while somebody types. Inside a tag they can only mean the plain
sign, so they are read as it: by the program when it fills a template, and by `template check`, which says so. What
stands between plain quotes is a text of the author's own and stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

QUOTES: Final = dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"') | dict.fromkeys(
    "\u2018\u2019\u201a\u201b\u2039\u203a\u2032", "'"
)
DASHES: Final = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
SPACES: Final = dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " ")
UNSEEN: Final = dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
"""Each sign by the plain one it is read as; those of the last group are left out."""

_MENDED: Final = QUOTES | DASHES | SPACES | UNSEEN

_SLIPS: Final = re.compile("[" + "".join(_MENDED) + "]")
_MARKUP: Final = re.compile(r"(<[^>]*>)")
_BETWEEN: Final = r"(?:<[^>]*>)*"
_TAG: Final = re.compile(rf"\{{{_BETWEEN}(?:\{{.*?\}}{_BETWEEN}\}}|%.*?%{_BETWEEN}\}})", re.DOTALL)


def mend(xml: str) -> str:
    """Return a part of a Word file with the slips in its tags mended, however Word split them into runs."""
    return _TAG.sub(lambda tag: _mended_tag(tag.group()), xml) if _SLIPS.search(xml) else xml


def _mended_tag(tag: str) -> str:
    if not _SLIPS.search(tag):
        return tag
    quote = ""
    pieces = _MARKUP.split(tag)
    for number in range(0, len(pieces), 2):  # mark-up stands at the odd places
        pieces[number], quote = _mended_text(pieces[number], quote)
    return "".join(pieces)


def _mended_text(text: str, quote: str) -> tuple[str, str]:
    """Mend a text that begins inside `quote` ("" for none); return it and the quote it ends in."""
    signs = []
    for sign in text:
        if quote in {'"', "'"}:
            quote = "" if sign == quote else quote
            signs.append(sign)
        elif quote:  # begun by a curly quote: only another one, or the plain sign, ends it
            ends = sign == QUOTES[quote] or QUOTES.get(sign) == QUOTES[quote]
            signs.append(QUOTES[quote] if ends else sign)
            quote = "" if ends else quote
        else:
            quote = sign if sign in QUOTES or sign in {'"', "'"} else ""
            signs.append(_MENDED.get(sign, sign))
    return "".join(signs), quote
