"""Refuse to seal anything but a plain, finished copy: what is sealed must have nothing to hide."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LARGEST_FILE = 64_000_000  # bytes
_START_OF_XREF = re.compile(rb"\bstartxref\b")
_OPENS_SOMETHING = frozenset({"/OpenAction", "/AA", "/JS", "/JavaScript", "/Launch", "/XFA"})
_ATTACHES_SOMETHING = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/Collection"})
_HIDES_SOMETHING = frozenset({"/OCProperties", "/OCG", "/OCMD"})
# What pyHanko raises on a file that is damaged, or built to do harm.
UNREADABLE = (
    PdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def refuse_unfit(pdf: bytes) -> None:
    """Raise RecordError, with everything that stands against it, for a file that must not be sealed.

    That is one that is signed electronically already, encrypted, has more than one revision, holds a script, an
    attachment, a form or layers that can be switched off, or cannot be read.
    """
    problems = [Problem(what, "Sign the version again from its unsigned copies.", "PDF") for what in _unfit(pdf)]
    if problems:
        raise RecordError(problems)


def _unfit(pdf: bytes) -> list[str]:
    if len(pdf) > LARGEST_FILE:
        return ["The file is too large to be one of our copies."]
    try:
        reader = PdfFileReader(BytesIO(pdf))
        if reader.encrypted:
            return ["The file is encrypted."]
        return list(dict.fromkeys(_faults(pdf, reader)))
    except UNREADABLE:
        return ["The file is damaged, or not a PDF."]


def _faults(pdf: bytes, reader: PdfFileReader) -> Iterator[str]:
    if reader.embedded_signatures:
        yield "The file carries an electronic signature or a seal already."
    elif "/AcroForm" in reader.root:
        yield "The file holds a form."
    if reader.xrefs.total_revisions != 1 or len(_START_OF_XREF.findall(pdf)) != 1:
        yield "The file keeps an earlier revision of itself."
    names = {name for each in reader.xrefs.explicit_refs_in_revision(0) for name in _names(each.get_object())}
    if names & _OPENS_SOMETHING:
        yield "The file holds a script, or does something when it is opened."
    if names & _ATTACHES_SOMETHING:
        yield "The file holds another file."
    if names & _HIDES_SOMETHING:
        yield "The file has layers that can be shown and hidden."


def _names(part: Any) -> Iterator[str]:
    """Yield every key and every name in one object; what it refers to is an object of its own."""
    waiting = [part]
    while waiting:
        each = waiting.pop()
        if isinstance(each, DictionaryObject):
            yield from each
            waiting += _direct(map(each.raw_get, each))
        elif isinstance(each, ArrayObject):
            waiting += _direct(map(each.raw_get, range(len(each))))
        elif isinstance(each, str):
            yield each


def _direct(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if not isinstance(value, IndirectObject)]
