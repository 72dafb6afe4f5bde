"""Which fonts this machine has, for the engine that uses them."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from pipeline.doctor.model import Part, State
from pipeline.documents.engines.found import how_to_install

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_LISTING_S: Final = 60
_WANTED: Final = (
    (("Calibri", "Carlito"), "fonts-crosextra-carlito", "the shipped templates"),
    (("Cambria", "Caladea"), "fonts-crosextra-caladea", "templates set in Cambria"),
    (("Arial", "Liberation Sans"), "fonts-liberation", "templates set in Arial"),
    (("Times New Roman", "Liberation Serif"), "fonts-liberation", "templates set in Times New Roman"),
    (("FreeSerif",), "fonts-freefont-ttf", "Arabic and Urdu"),
    (("Noto Sans Devanagari",), "fonts-noto-core", "Hindi"),
    (("Noto Sans Thai",), "fonts-noto-core", "Thai"),
    (("Noto Sans Symbols 2", "Noto Sans Symbols2"), "fonts-noto-core", "boxes to tick, arrows"),
)
"""Families of which one is enough, since they have the same widths; the package; and what they are for."""


def font_parts() -> Iterator[Part]:
    """Give one part for each font that LibreOffice may be asked for. The embedded engine has its own."""
    there = _families()
    for families, package, purpose in _WANTED:
        found = [] if there is None else [family for family in families if family.casefold() in there]
        state = State.UNKNOWN if there is None else State.WORKS if found else State.MISSING
        yield Part(
            kind="Fonts for LibreOffice",
            name=found[0] if found else " or ".join(families[:2]),
            state=state,
            purpose=purpose,
            note="fc-list, which lists fonts, is not there" if there is None else "",
            get="" if found else how_to_install(package),
        )


def _families() -> frozenset[str] | None:
    """Return the names of the families that are installed, in small letters; None where nothing lists them."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    try:
        listed = subprocess.run(  # noqa: S603 - it lists fonts
            [program, ":", "family"], check=True, capture_output=True, timeout=_LONGEST_LISTING_S
        )
    except (OSError, subprocess.SubprocessError):
        return None
    lines = listed.stdout.decode("utf-8", "replace").casefold().splitlines()
    return frozenset(name.strip() for line in lines for name in line.split(","))
