"""Prove the two files for a screen reader: the words of the Word file, no others, and no leak."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from pipeline.copies.matcher import Matcher
from pipeline.documents.proof.leak_scan import leaks
from pipeline.documents.reading.docx import read_docx
from pipeline.documents.reading.model import COUNTED, SOFT, Text
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.copies.model import Copy


def prove_plain(copy: Copy, docx: bytes, *, text: bytes, page: bytes, carries_agreement: bool) -> None:
    """Raise RecordError with every proof that fails.

    Proven is that both say every word of the Word file in its order, and no other word; that every agreed text stands
    in both letter by letter; and that neither holds, in any layer, what this reader must not see.
    """
    said = [word for paragraph in read_docx(docx).body for word in _words(paragraph.text)]
    read = _Page()
    read.feed(page.decode())
    plain = text.decode()
    problems = [*_differences(said, _words(" ".join(read.texts)), "HTML"), *_differences(said, _words(plain), "TXT")]
    if carries_agreement:
        for place, shown in (("HTML", " ".join(read.texts)), ("TXT", plain)):
            held = " ".join(shown.split())
            problems += [_missing(place) for agreed in copy.agreed_texts if " ".join(agreed.split()) not in held]
    names = (f"{copy.stem}.txt", f"{copy.stem}.html")
    texts = (Text("TXT", plain), Text("HTML", "\n".join(read.texts)), *(Text("HTML", each) for each in read.values))
    problems += leaks(Matcher(copy.withheld), texts, file_names=names)
    if problems:
        raise RecordError(problems)


class _Page(HTMLParser):
    """The words of a web page, and the values of its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.values: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside.append(tag)
        self.values += [value for name, value in attrs if value and name in {"aria-label", "title", "alt"}]

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "main" in self._inside:
            self.texts.append(data)
        elif "title" in self._inside:
            self.values.append(data)


def _words(text: str) -> list[str]:
    return text.replace(SOFT, "").replace(COUNTED, "").split()


def _differences(said: list[str], shown: list[str], place: str) -> Iterable[Problem]:
    # In plain text the head of a column stands before each of its cells, with a colon, and a comma between heads.
    said, shown = [[word.strip(",:") for word in words] for words in (said, shown)]
    there = iter(shown)
    if not all(word in there for word in said):
        yield _problem("lacks words of the Word file", place)
    if not set(shown) <= set(said):
        yield _problem("has words that the Word file lacks", place)


def _missing(place: str) -> Problem:
    return _problem("does not hold an agreed text as it was agreed", place)


def _problem(what: str, place: str) -> Problem:
    return Problem(f"the file for a screen reader {what}", "make the copy again with the standard template", place)
