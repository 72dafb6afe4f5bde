"""Prove a signed copy again: the signatures are added, nothing else has changed, and nothing leaks."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.copies.matcher import Matcher
from pipeline.documents.proof.conformance import failures
from pipeline.documents.proof.leak_scan import leaks
from pipeline.documents.reading.model import SOFT
from pipeline.documents.reading.pdf import PdfFile, read_pdf
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.copies.model import Copy

_AGAIN = "Sign the version again; if this stays, use the standard template."
_BETWEEN = re.compile(f"[{SOFT}\\s]+")


def prove_signed(
    *, copy: Copy, original: bytes, signed: bytes, stamped: Iterable[str], profiles: Iterable[str]
) -> None:
    """Raise RecordError with every proof of a signed copy that fails.

    Proven is that (a) the words of the signed PDF are those of the original and the `stamped` ones, no more and no
    fewer; (b) nothing this reader must not see is in it; (c) it keeps the promised profiles and hides nothing.
    """
    before, after = read_pdf(original), read_pdf(signed)
    problems = [
        *_differing_words(before, after, stamped),
        *leaks(Matcher(copy.withheld), after.texts, file_names=(f"{copy.stem}.pdf",)),
        *after.faults,
        *(
            Problem(f"The signed PDF does not keep its profile: {each}.", _AGAIN, "PDF")
            for each in failures(signed, profiles)
        ),
    ]
    if problems:
        raise RecordError(problems)


def _differing_words(before: PdfFile, after: PdfFile, stamped: Iterable[str]) -> Iterator[Problem]:
    expected = Counter(letter for text in (_words_of(before), *stamped) for letter in _letters(text))
    found = Counter(_letters(_words_of(after)))
    if expected - found:
        yield Problem("The signed PDF lacks words that it should have.", _AGAIN, "PDF")
    if found - expected:
        yield Problem("The signed PDF has words that nobody put there.", _AGAIN, "PDF")
    if _letters(before.furniture) != _letters(after.furniture):
        yield Problem("The headers and footers of the signed PDF are not those of the original.", _AGAIN, "PDF")
    if before.pages != after.pages:
        yield Problem("The signed PDF has another number of pages.", _AGAIN, "PDF")


def _words_of(pdf: PdfFile) -> str:
    return " ".join(paragraph.text for paragraph in pdf.body)


def _letters(text: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
