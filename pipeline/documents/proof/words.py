"""Prove that the Word file and the PDF say the same, and that they say what was agreed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.copies.matcher_letters import is_right_to_left
from pipeline.documents.reading.model import COUNTED, SOFT, Paragraph
from pipeline.errors import Problem
from pipeline.languages.wording import LEFT_TO_RIGHT_MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.documents.reading.docx import WordFile
    from pipeline.documents.reading.pdf import PdfFile

_LONGEST_LABEL = 10
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})
_TO_THE_RIGHT = frozenset({"L", "EN", "AN"})  # letters, and European and Arabic digits (UAX #9, table 4)
_PIECES = re.compile(f"[{SOFT}\\s]+")


class _Seen(dict[int, int | None]):
    """What stays of a character where only what a reader sees counts, and no space: itself, or nothing."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        left_out = character.isspace() or _is_unseen(character) or character == COUNTED
        self[code] = kept = None if left_out else code
        return kept


_SEEN = _Seen()


def missing_agreed_texts(agreed: Sequence[str], word: WordFile) -> list[Problem]:
    """Return a problem for each agreed text that the Word file does not hold letter by letter.

    White space counts as one space, because a line break in a record is a line break in Word. Two items with the
    same words must stand there twice.
    """
    page = " ".join(" ".join(_unmarked(paragraph.text.replace(SOFT, "")).split()) for paragraph in word.body)
    wanted = Counter(" ".join(_unmarked(unicodedata.normalize("NFC", text)).split()) for text in agreed)
    return [
        Problem(
            what=f"agreed text {number} of {len(wanted)} does not stand in the document as it was agreed",
            do="let the template print the text of every item, as it is",
            where="DOCX, body",
        )
        for number, (text, times) in enumerate(wanted.items(), 1)
        if page.count(text) < times
    ]


def _unmarked(text: str) -> str:
    """Leave out the invisible marks that set left-to-right words apart on a right-to-left page."""
    return text.replace(LEFT_TO_RIGHT_MARK, "")


def differing_words(word: WordFile, pdf: PdfFile) -> list[Problem]:
    """Return a problem where Word file and PDF first part ways, paragraph by paragraph and both ways.

    Page furniture is compared apart: the PDF repeats and counts what the Word file holds once.
    """
    shown = list(pdf.body)
    problems = []
    for paragraph in (each for each in word.body if each.floating):
        match = next((each for each in shown if each.floating and _agree(paragraph, each)), None)
        if match is None:
            problems.append(_problem("this text box is not in the PDF word for word", paragraph.place))
        else:
            shown.remove(match)
    problems += _first_difference([each for each in word.body if not each.floating], shown)
    return [*problems, *_missing_notes(word, pdf), *_unknown_furniture(word, pdf)]


def _first_difference(written: list[Paragraph], shown: list[Paragraph]) -> Iterator[Problem]:
    for first, second in zip(written, shown, strict=False):
        if not _agree(first, second):
            yield _problem(
                "from here on the words of the Word file and the PDF differ", f"{first.place}; {second.place}"
            )
            return
    if len(written) > len(shown):
        yield _problem("from here on the PDF lacks words of the Word file", written[len(shown)].place)
    elif len(shown) > len(written):
        yield _problem("from here on the PDF has words that the Word file lacks", shown[len(written)].place)


def _missing_notes(word: WordFile, pdf: PdfFile) -> Iterator[Problem]:
    if not word.notes:
        return
    shown = _letters(pdf.furniture) + "".join(_letters(each.text) for each in pdf.body)
    for note in word.notes:
        if not all(_letters(part) in shown for part in note.text.split(COUNTED)):
            yield _problem("this note is not in the PDF word for word", note.place)


def _unknown_furniture(word: WordFile, pdf: PdfFile) -> Iterator[Problem]:
    repeated = (each for each in word.body if each.repeated)  # a heading row is furniture from its second page on
    texts = [each.text for each in (*word.furniture, *word.notes, *repeated)]
    known = "".join(map(_letters, texts))
    words = [_letters(word) for text in texts for word in _PIECES.split(text)]
    drawn = {tuple(sorted(part)) for word in words for part in (word, *_stretches_of_letters(word))}
    pieces = {_letters(piece) for piece in _PIECES.split(pdf.furniture)}
    if any(piece and not piece.isdecimal() and not _is_in(piece, known, drawn) for piece in pieces):
        yield _problem("the PDF's headers and footers have words that the Word file lacks", "PDF, headers and footers")


def _is_in(piece: str, known: str, drawn: set[tuple[str, ...]]) -> bool:
    """Say whether a piece stands in the known letters, or is a right-to-left word with its letters as drawn."""
    return piece in known or (is_right_to_left(piece) and tuple(sorted(piece)) in drawn)


def _stretches_of_letters(word: str) -> Iterator[str]:
    """Yield the letters of a word without the signs at it: an engine draws a colon apart if its font is another."""
    for are_letters, stretch in groupby(word, key=lambda each: unicodedata.category(each)[0] in "LM"):
        if are_letters:
            yield "".join(stretch)


def _agree(written: Paragraph, shown: Paragraph) -> bool:
    """Say whether the two paragraphs hold the same words; a list's label is drawn by the engine alone."""
    if _same(written.text, shown.text):
        return True
    label, _, rest = shown.text.lstrip(SOFT).partition(SOFT)
    return written.numbered and len(label.strip()) <= _LONGEST_LABEL and _same(written.text, rest)


def _same(written: str, shown: str) -> bool:
    if " ".join(written.split()) == " ".join(shown.replace(SOFT, "").split()):
        return True
    if COUNTED in written:
        pattern = r"\w{0,8}\W?".join(re.escape(_letters(part)) for part in written.split(COUNTED))
        return re.fullmatch(pattern, _letters(shown)) is not None
    if _letters(written) == _letters(shown):
        return _words_part_alike(written, shown)
    return is_right_to_left(written) and _is_drawn(_letters(written), _drawn_words(shown))


def _is_drawn(written: str, words: Iterable[str]) -> bool:
    """Say whether these words of a right-to-left paragraph, one after the other, draw what is written.

    Without /ActualText the glyphs of a right-to-left word come from the left, and two letters may share a glyph: so its
    letters are the same ones. A word that holds a left-to-right letter or a digit is drawn as it is read.
    """
    start = 0
    for word in words:
        read = written[start : start + len(word)]
        if read != word and (sorted(read) != sorted(word) or any(map(_runs_to_the_right, word))):
            return False
        start += len(word)
    return start == len(written)


def _drawn_words(shown: str) -> Iterator[str]:
    """Yield the words of a drawn paragraph as they are read: its parts are in order, words to the left are not."""
    for part in shown.split(SOFT):
        words = [_letters(word) for word in part.split()]
        yield from words if any(map(_runs_to_the_right, part)) else reversed(words)


def _runs_to_the_right(character: str) -> bool:
    return unicodedata.bidirectional(character) in _TO_THE_RIGHT


def _words_part_alike(written: str, shown: str) -> bool:
    """Say whether no word is torn apart, and no two words are run together."""
    (parted, may_part), (parted_shown, may_part_shown) = _partings(written), _partings(shown)
    return parted <= parted_shown | may_part_shown and parted_shown <= parted | may_part


def _partings(text: str) -> tuple[set[int], set[int]]:
    """Return after how many letters words part, and where they may."""
    parted: set[int] = set()
    may_part: set[int] = set()
    letters = 0
    for character in _normal(text):
        if character.isspace() and character != SOFT:
            parted.add(letters)
        elif _is_unseen(character):
            may_part.add(letters)
        else:
            letters += 1
    ends = {0, letters}
    return parted - ends, may_part - ends


def _letters(text: str) -> str:
    return _normal(text).translate(_SEEN)


def _normal(text: str) -> str:
    """Return the text without differences of form: ligatures, kinds of hyphen, and capitals set by a style."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_HYPHENS)


def _is_unseen(character: str) -> bool:
    return character == SOFT or unicodedata.category(character) == "Cf"


def _problem(what: str, where: str) -> Problem:
    return Problem(what, "make the copy again; if this stays, simplify this part of the template", where)
