"""A copy of a template with a Word comment at each fault, for whoever opens it in Word."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
from docx.text.paragraph import Paragraph

from pipeline.authoring.stories import P
from pipeline.documents.word.names import MC
from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document

    from pipeline.authoring.finding import Finding

_AUTHOR = "agreements template check"
_INITIALS = "AT"


def commented(word_file: bytes, findings: Iterable[Finding]) -> bytes:
    """Return the Word file with a comment for each finding, at its paragraph.

    Word keeps comments in the body alone: what stands in a header, a footer or a note is said at the first
    paragraph, with its place. Raises SetupError for a file that Word would not open either.
    """
    try:
        document: Document = docx.Document(io.BytesIO(word_file))
    except (KeyError, ValueError) as error:
        what = "This file cannot be opened, so no comments can be written into it."
        raise SetupError([Problem(what, "Make the file again in Word.", where="--comments")]) from error
    paragraphs = [each for each in document.element.body.iter(P) if not _is_twin(each)]
    for finding in findings:
        _comment(document, paragraphs, finding)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _comment(document: Document, paragraphs: list[Any], finding: Finding) -> None:
    place = _number_in_body(finding)
    paragraph = Paragraph(paragraphs[place or 0], document)
    runs = paragraph.runs or [paragraph.add_run()]
    where = "" if place is not None else f"{finding.place.in_words()}: "
    comment = document.add_comment([runs[0], runs[-1]], author=_AUTHOR, initials=_INITIALS)
    comment.paragraphs[0].add_run(f"{where}{finding.what}")
    comment.add_paragraph(finding.do)
    comment.add_paragraph(f"{finding.severity}: {finding.rule}")


def _number_in_body(finding: Finding) -> int | None:
    """Return which paragraph of the body a finding is about, counted as the file has them."""
    if finding.paragraph is None:
        return None
    root = finding.paragraph.getroottree().getroot()
    if not root.tag.endswith("}document"):
        return None
    paragraphs = [each for each in root.iter(P) if not _is_twin(each)]
    return paragraphs.index(finding.paragraph)


def _is_twin(paragraph: Any) -> bool:
    """Say whether a paragraph is the older form of another, kept for old programs."""
    return any(above.tag == f"{MC}Fallback" for above in paragraph.iterancestors())
