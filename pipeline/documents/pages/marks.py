"""The marks that a structure element holds: which pieces of which page are its text (ISO 32000-1, 14.7.4.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikepdf import Pdf

# As qpdf writes them: [ << /MCID 3 /Pg 5 0 R /Type /MCR >> << ... >> ].
_MARKS = rb"\[(?: << /MCID [0-9]+ /Pg [0-9]+ [0-9]+ R /Type /MCR >>)+ \]"
_ONLY_MARKS = re.compile(_MARKS)
_HOLDS_ONLY_MARKS = re.compile(rb"/K (%b)" % _MARKS)
_MARK = re.compile(rb"/MCID ([0-9]+) /Pg ([0-9]+) ([0-9]+) R")

Mark = tuple[int, tuple[int, int]]
"""A mark's number, and the page it stands on (object and generation)."""


@dataclass(frozen=True, slots=True)
class Element:
    """A structure element, and its own code; `marks` are all that it holds, empty where it holds something else too."""

    dictionary: Any
    code: bytes
    marks: list[Mark]


def structure(document: Pdf) -> Iterator[Element]:
    """Yield every structure element of a document, in no particular order.

    Reading each as a piece of code costs a third of asking for what it holds.
    """
    for each in document.objects:
        if isinstance(each, Dictionary) and b"/Type /StructElem" in (code := each.unparse(resolved=True)):
            held = _HOLDS_ONLY_MARKS.search(code)
            yield Element(each, code, [] if held is None else _marks(held[1]))


def marks_alone(children: Any) -> list[Mark] | None:
    """Return each mark if these children are marks and nothing else.

    Nearly all of a structure tree is such lists: read as one piece of code, they cost a tenth of asking for each mark.
    """
    if not isinstance(children, Array) or not _ONLY_MARKS.fullmatch(code := children.unparse()):
        return None
    return _marks(code)


def _marks(code: bytes) -> list[Mark]:
    return [(int(mark), (int(page), int(generation))) for mark, page, generation in _MARK.findall(code)]
