"""Try a costly pattern only where it can match, which hardly ever is: the same matches, in a fraction of the time.

Python's `re` looks for a pattern that begins with a set of signs in a tight loop; one that begins by looking behind, or
that minds no case, is tried letter by letter. Every text of every file is searched, so each of our patterns of that
kind comes with a quick one for a sign it cannot do without.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class FromSign:
    """A pattern whose every match begins at a sign, or at most `before` characters earlier.

    `sign` matches one character, wherever it may be that of a match.
    """

    pattern: re.Pattern[str]
    sign: re.Pattern[str]
    before: int = 0

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield what `pattern.finditer(text)` yields."""
        tried = 0
        for hit in self.sign.finditer(text):
            for start in range(max(0, hit.start() - self.before), hit.start() + 1):
                if start >= tried:
                    match = self.pattern.match(text, start)
                    tried = start + 1
                    if match is not None:
                        yield match
                        tried = max(tried, match.end())


@dataclass(frozen=True, slots=True)
class AroundSign:
    """A pattern whose every match stays in one line, and begins at most `before` characters before a sign it holds."""

    pattern: re.Pattern[str]
    sign: re.Pattern[str]
    before: int

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield what `pattern.finditer(text)` yields."""
        end = 0
        for hit in self.sign.finditer(text):
            if hit.start() < end:
                continue
            end_of_line = text.find("\n", hit.end())
            end_of_line = len(text) if end_of_line < 0 else end_of_line
            match = self.pattern.search(text, max(end, hit.start() - self.before), end_of_line)
            if match is None:
                end = end_of_line  # nor does a match begin before another sign of this line
            else:
                yield match
                end = match.end()


def first_signs(words: Iterable[str], *, never_after: str, also: str = "") -> re.Pattern[str]:
    """Return a pattern for the first sign of each of these words, in any case, and for each sign of the set `also`.

    `never_after` is a set of signs none of which stands before it.
    """
    letters = "".join(sorted({letter for word in words for letter in (word[0], word[0].upper())}))
    begun = "|".join([*([f"[{also}]"] if also else []), f"(?i:{'|'.join(words)})"])
    # The tight loop is for the set of letters; only then do we look behind it, and ahead from where it stands.
    return re.compile(rf"[{also}{letters}](?<!{never_after}.)(?<=(?={begun}).)", re.DOTALL)
