"""What is read back from a finished file: every text in it, with its place in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a finished file.

    `place` says in words where it stands ("DOCX, header 1"); it never holds a part of the file's own content.
    A `technical` text is a value of mark-up: measures and identifiers in it are no telephone numbers.
    """

    place: str
    text: str
    technical: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as a reader sees it.

    In `text` a `SOFT` character stands where words may touch or part (where a line or a font run ends, or an
    invisible character stood), and a `COUNTED` character for what the engine works out itself, such as a page count.
    A `repeated` one stands in a row that a table repeats at the top of each page.
    """

    place: str
    text: str
    numbered: bool = False
    floating: bool = False
    repeated: bool = False


SOFT = "\x1f"
COUNTED = "\ue001"
