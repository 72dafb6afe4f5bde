"""The marks that a structure element holds: which pieces of which page are its text (ISO 32000-1, 14.7.4.2)."""

from __future__ import annotations

import re
from typing import Any

from pikepdf import Array

# As qpdf writes them: [ << /MCID 3 /Pg 5 0 R /Type /MCR >> << ... >> ].
_ONLY_MARKS = re.compile(rb"\[(?: << /MCID [0-9]+ /Pg [0-9]+ [0-9]+ R /Type /MCR >>)+ \]")
_MARK = re.compile(rb"/MCID ([0-9]+) /Pg ([0-9]+) ([0-9]+) R")


def marks_alone(children: Any) -> list[tuple[int, tuple[int, int]]] | None:
    """Return number and page (object and generation) of each mark if these children are marks and nothing else.

    Nearly all of a structure tree is such lists: read as one piece of code, they cost a tenth of asking for each mark.
    """
    if not isinstance(children, Array) or not _ONLY_MARKS.fullmatch(code := children.unparse()):
        return None
    return [(int(mark), (int(page), int(generation))) for mark, page, generation in _MARK.findall(code)]
