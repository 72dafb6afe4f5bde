"""Tell how text is written: right to left, in a complex script, and which marks belong to a letter."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_STANDS_BETWEEN = frozenset({"WS", "ON", "CS", "EN", "AN", "ES", "ET", "NSM", "BN"})
_COMPLEX = re.compile("[\u0900-\u109f\u1780-\u17ff]")
"""Indic, Thai, Lao, Tibetan, Burmese and Khmer: Word takes their font from `w:cs`."""
_JOINERS = frozenset("\u200c\u200d")


def right_to_left_spans(text: str) -> list[tuple[int, int]]:
    """Return where right-to-left text stands, each from its first letter to its last.

    What stands between two such letters belongs to the span (spaces, digits, punctuation, never a letter of the other
    direction), because Word orders the words of one run only; what follows the last letter does not.
    """
    spans: list[tuple[int, int]] = []
    start = end = -1
    for place, character in enumerate(text):
        kind = unicodedata.bidirectional(character)
        if kind in _RIGHT_TO_LEFT:
            start, end = (place if start < 0 else start), place + 1
        elif start >= 0 and kind == "NSM" and end == place:
            end = place + 1
        elif start >= 0 and kind not in _STANDS_BETWEEN:
            spans.append((start, end))
            start = end = -1
    return [*spans, (start, end)] if start >= 0 else spans


def is_complex(text: str) -> bool:
    """Return whether text is written in a left-to-right script that needs shaping, such as Hindi or Thai."""
    return _COMPLEX.search(text) is not None


def clusters(text: str) -> Iterator[str]:
    """Yield each character with the marks that belong to it; a joiner keeps its two neighbours together."""
    cluster = ""
    for character in text:
        belongs = unicodedata.category(character)[0] == "M" or character in _JOINERS or cluster[-1:] in _JOINERS
        if cluster and not belongs:
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster
