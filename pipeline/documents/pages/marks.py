"""The marks that a structure element holds: which pieces of which page are its text (ISO 32000-1, 14.7.4.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pikepdf import Dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikepdf import Pdf

# As qpdf writes them.
_ONLY_MARKS = re.compile(rb"/K (\[(?: << /MCID [0-9]+ /Pg [0-9]+ [0-9]+ R /Type /MCR >>)+ \])")
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
            held = _ONLY_MARKS.search(code)
            marks = [] if held is None else _MARK.findall(held[1])
            yield Element(each, code, [(int(mark), (int(page), int(of_page))) for mark, page, of_page in marks])
