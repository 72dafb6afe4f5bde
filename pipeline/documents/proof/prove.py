"""Prove a finished copy before it is published: nothing an engine or a template made is trusted unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.copies.matcher import Matcher
from pipeline.documents.proof.conformance import failures
from pipeline.documents.proof.leak_scan import leaks
from pipeline.documents.proof.places import PlaceOnPage, find_drawn_places
from pipeline.documents.proof.words import differing_words, missing_agreed_texts
from pipeline.documents.reading.docx import read_docx
from pipeline.documents.reading.pdf import read_drawn_pdf
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.copies.model import Copy
    from pipeline.documents.reading.pdf_drawn import DrawnPage


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven of a copy: the PDF profiles it keeps, its pages, and its places to sign."""

    profiles: tuple[str, ...]
    pages: int
    places: tuple[PlaceOnPage, ...]


def prove(  # noqa: PLR0913
    *,
    copy: Copy,
    docx: bytes,
    pdf: bytes,
    pages: Sequence[DrawnPage],
    carries_agreement: bool,
    signature_width_mm: float,
    signature_height_mm: float,
    profiles: tuple[str, ...],
) -> Proof:
    """Return the proof of both files of a copy, its PDF open as `pages`; raise RecordError with every failed proof.

    Proven is that (a) every agreed text stands in the Word file letter by letter, if the template carries the
    agreement; (b) both files hold the same words; (c) every place to sign is there once, with its room; (d) nothing
    this reader must not see is in either file or its name; (e) the PDF keeps the promised profiles and hides
    nothing outside its pages.
    """
    word = read_docx(docx)
    shown = read_drawn_pdf(pdf, pages)
    places, place_problems = find_drawn_places(
        pages,
        [place.caption for place in copy.places],
        width_mm=signature_width_mm,
        height_mm=signature_height_mm,
    )
    problems = [
        *(missing_agreed_texts(copy.agreed_texts, word) if carries_agreement else ()),
        *differing_words(word, shown),
        *place_problems,
        *leaks(Matcher(copy.withheld), (*word.texts, *shown.texts), file_names=_file_names(copy)),
        *shown.faults,
        *_broken_profiles(failures(pdf, profiles)),
    ]
    if problems:
        raise RecordError(problems)
    return Proof(profiles=profiles, pages=shown.pages, places=places)


def _file_names(copy: Copy) -> tuple[str, ...]:
    return (copy.folder, f"{copy.stem}.docx", f"{copy.stem}.pdf")


def _broken_profiles(verdict: tuple[str, ...]) -> list[Problem]:
    return [
        Problem(
            what=f"the PDF does not keep the profile that was promised: {failure}",
            do="make the copy again; if this stays, use another template or engine",
            where="PDF",
        )
        for failure in verdict
    ]
