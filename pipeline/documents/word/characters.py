"""Put every character into a run whose font has it.

The embedded engine shows a whole run in one font: where the run's own font lacks one character, it takes another for
the run, and the letters that one lacks become empty boxes without an error. So a symbol, or a word in another script,
gets a run of its own that names a font that has it (docs/field.md).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pipeline.documents.word.fonts import Fonts, bundled_fonts, embedded_fonts
from pipeline.documents.word.parts import W, name_in_words, parse, serialise
from pipeline.documents.word.pieces import Piece, alike, split, written_like
from pipeline.documents.word.run_fonts import RunFonts, run_fonts
from pipeline.documents.word.scripts import clusters, is_complex, right_to_left_spans
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SHOWN = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_WORDS = re.compile(r"\s+|\S+")
_EVERY_FONT_HAS = frozenset(map(ord, " \t\n\r"))  # never drawn as a glyph that could be missing
_TEXT, _HYPHEN, _NO_BREAK_HYPHEN = W + "t", W + "noBreakHyphen", "\u2011"
_NAMED_AT_MOST = 6
_AFTER_ASCII = 0x80


def place_characters(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a document with symbols and other scripts in runs of their own, in body, headers, footers and notes.

    Runs that need nothing stay as they are, and placing twice changes nothing more. Fonts embedded in the document
    count. Right-to-left words are marked as such, together with what stands between them. Raises RecordError naming
    the characters (U+XXXX and the Unicode name) that no font has, and what to do.
    """
    fonts = Fonts(embedded_fonts(parts))
    asked = run_fonts(parts)
    missing: dict[str, str] = {}
    changed: dict[str, bytes] = {}
    for name in sorted(name for name in parts if _SHOWN.fullmatch(name)):
        if not fonts.embedded and _is_plain(parts[name]):
            continue
        root = parse(parts[name])
        placing = _Placing(fonts, asked, name_in_words(name), missing)
        if any([placing.place(run) for run in list(root.iter(W + "r"))]):  # noqa: C419 - every run, not up to the first
            changed[name] = serialise(root)
    if missing:
        raise RecordError(_problems(missing))
    return {**parts, **changed}


@dataclass(slots=True)
class _Placing:
    """The work on one part; `missing` collects the characters no font has, each with the first place."""

    fonts: Fonts
    asked: RunFonts
    where: str
    missing: dict[str, str]

    def place(self, run: Any) -> bool:
        """Split one run where it must be; return whether anything changed."""
        texts = {child: child.text or _NO_BREAK_HYPHEN for child in run.iterchildren(_TEXT, _HYPHEN) if _shows(child)}
        if all(_has(_in_every_font(), text) for text in texts.values()) and not self.fonts.embedded:
            return False
        slots = self.asked.of(run)
        latin, other = self.asked.latin(slots), self.asked.complex(slots)
        own = _Own(self._shared(latin), self._shared(other), min(filter(None, latin), default=None))
        pieces = {child: list(_joined(self._pieces(text, own), self.fonts)) for child, text in texts.items()}
        if all(piece == Piece(piece.text) for found in pieces.values() for piece in found):
            return False
        return split(run, pieces)

    def _shared(self, families: Iterable[str | None]) -> frozenset[int]:
        return frozenset.intersection(*(self.fonts.code_points(family) for family in families))

    def _pieces(self, text: str, own: _Own) -> Iterator[Piece]:
        end = 0
        for start, stop in right_to_left_spans(text):
            yield from self._left_to_right(text[end:start], own)
            yield from self._right_to_left(text[start:stop], own)
            end = stop
        yield from self._left_to_right(text[end:], own)

    def _right_to_left(self, text: str, own: _Own) -> Iterator[Piece]:
        """Give the whole span one font, else each character with its marks."""
        if _has(own.complex, text):
            yield Piece(text, None, right_to_left=True)
        elif family := self.fonts.family_with(text, beside=own.family):
            yield Piece(text, family, right_to_left=True)
        else:
            for cluster in clusters(text):
                family = None if _has(own.complex, cluster) else self._family(cluster, own)
                yield Piece(cluster, family, right_to_left=True)

    def _left_to_right(self, text: str, own: _Own) -> Iterator[Piece]:
        """Give each word one font when a letter of it is missing; a symbol leaves the word in its own."""
        for word in _WORDS.findall(text):
            if _has(own.points(word), word):
                yield Piece(word, complex=is_complex(word))
            elif _lacks_a_letter(own.points(word), word) and (
                family := self.fonts.family_with(word, beside=own.family)
            ):
                yield Piece(word, family, complex=is_complex(word))
            else:
                for cluster in clusters(word):
                    family = None if _has(own.points(cluster), cluster) else self._family(cluster, own)
                    yield Piece(cluster, family, complex=is_complex(cluster))

    def _family(self, cluster: str, own: _Own) -> str | None:
        family = self.fonts.family_with(cluster, beside=own.family)
        if family is None:
            alone = [character for character in cluster if self.fonts.family_with(character) is None]
            for character in alone or cluster:
                self.missing.setdefault(character, self.where)
        return family


@dataclass(frozen=True, slots=True)
class _Own:
    """What a run's own fonts have, for Latin text and for complex scripts, and the name of the first of them."""

    latin: frozenset[int]
    complex: frozenset[int]
    family: str | None

    def points(self, text: str) -> frozenset[int]:
        """Return the code points of the font that Word takes for this text."""
        return self.complex if is_complex(text) else self.latin


@cache
def _in_every_font() -> frozenset[int]:
    """Return the code points that every font inside the engine has, but the one of symbols: most text is of these."""
    return frozenset.intersection(*(points for family, points in bundled_fonts().items() if "Symbols" not in family))


@cache
def _ascii_in_every_font() -> bytes:
    return bytes(point for point in _in_every_font() if point < _AFTER_ASCII)


def _is_plain(part: bytes) -> bool:
    """Say whether every font has every character of this part, mark-up and all: then nothing in it needs another font.

    What a part may show that does not stand in it letter for letter is a hyphen of Word's, or a numbered character.
    """
    if b"noBreakHyphen" in part or b"&#" in part:
        return False
    return _has(_in_every_font(), part.translate(None, _ascii_in_every_font()).decode("utf-8", "replace"))


def _shows(child: Any) -> bool:
    return child.tag == _HYPHEN or bool(child.text)


def _has(points: frozenset[int], text: str) -> bool:
    return set(map(ord, set(text))) - _EVERY_FONT_HAS <= points


def _lacks_a_letter(points: frozenset[int], word: str) -> bool:
    return any(ord(character) not in points and unicodedata.category(character)[0] in "LM" for character in word)


def _joined(pieces: Iterable[Piece], fonts: Fonts) -> Iterator[Piece]:
    """Join neighbours that are written alike, and a space between them where their font has one."""
    waiting: list[Piece] = []
    for piece in pieces:
        if waiting and alike(waiting[-1], piece):
            waiting[-1] = written_like(waiting[-1], waiting[-1].text + piece.text)
        elif len(waiting) > 1 and waiting[-1].text == " " and alike(waiting[-2], piece) and _has_space(piece, fonts):
            space = waiting.pop()
            waiting[-1] = written_like(waiting[-1], waiting[-1].text + space.text + piece.text)
        else:
            waiting.append(piece)
    yield from waiting


def _has_space(piece: Piece, fonts: Fonts) -> bool:
    return piece.family is None or ord(" ") in fonts.code_points(piece.family)


def _problems(missing: Mapping[str, str]) -> list[Problem]:
    """Return one problem per script that no font has, or per symbol."""
    groups: dict[tuple[str, str], list[str]] = {}
    for character, where in missing.items():
        name = unicodedata.name(character, "no name")
        is_letter = unicodedata.category(character)[0] in "LMN"
        groups.setdefault((where, name.split(" ")[0] if is_letter else character), []).append(character)
    return [_problem(characters, where) for (where, _), characters in groups.items()]


def _problem(characters: list[str], where: str) -> Problem:
    named = [f"U+{ord(one):04X} ({unicodedata.name(one, 'no name')})" for one in characters[:_NAMED_AT_MOST]]
    more = len(characters) - len(named)
    listed = ", ".join(named) + (f" and {more} more of this script" if more else "")
    return Problem(
        what=f"No font has {listed}, so the PDF would show an empty box.",
        do="Write it in other characters, or open the template in Word and embed a font that has it"
        " (File, Options, Save, Embed fonts in the file).",
        where=where,
    )
