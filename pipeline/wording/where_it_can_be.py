"""Try a costly pattern only where it can match, which hardly ever is: the same matches, in a fraction of the time.

Python's `re` looks for a pattern that begins with a set of signs in a tight loop, and for one that begins with a sign
in the tightest; one that begins by looking behind, or that minds no case, is tried letter by letter. Every text of
every file is searched, so each of our patterns of that kind comes with a quick one for what it cannot do without.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


# Letters that `re` takes for an ASCII one where it minds no case, each of which stays one sign.
_AS_RE_READS_THEM = (("\u0130", "i"), ("\u0131", "i"), ("\u017f", "s"), ("\u212a", "k"))
_OUTLINE = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789", b"abcdefghijklmnopqrstuvwxyz000000000")


def outline(text: str) -> bytes:
    """Return a text sign for sign: in small letters, 0 for each ASCII digit, and ? for whatever is not ASCII."""
    for sign, letter in _AS_RE_READS_THEM:
        text = text.replace(sign, letter)
    return text.encode("ascii", "replace").translate(_OUTLINE)


@dataclass(frozen=True, slots=True)
class FromSign:
    """A pattern whose every match begins at a sign of the text's outline, or at most `before` characters earlier.

    `sign` matches one sign, wherever it may be that of a match.
    """

    pattern: re.Pattern[str]
    sign: re.Pattern[bytes]
    before: int = 0

    def matches(self, text: str, outlined: bytes) -> Iterator[re.Match[str]]:
        """Yield what `pattern.finditer(text)` yields; `outlined` is the outline of the text."""
        tried = 0
        for hit in self.sign.finditer(outlined):
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


def first_signs(words: Iterable[str], *, never_after: bytes, also: bytes = b"") -> re.Pattern[bytes]:
    """Return a pattern for the first sign of each of these words in an outline, and of what the pattern `also` finds.

    `never_after` is a set of signs none of which stands before it. `also` begins with a 0.
    """
    outlines = [outline(word) for word in words]
    letters = b"".join(sorted({word[:1] for word in outlines} | {also[:1]}))
    begun = b"|".join([*([also] if also else []), *map(re.escape, outlines)])
    # The tight loop is for the set of letters; only then do we look behind it, and ahead from where it stands.
    return re.compile(rb"[%b](?<!%b.)(?<=(?=%b).)" % (letters, never_after, begun), re.DOTALL)
