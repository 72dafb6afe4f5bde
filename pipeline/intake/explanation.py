"""The first sheet of a workbook: how it is filled in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.intake.forms import Form

_TEXT = Path(__file__).with_name("explanation.txt")


def explanation(forms: Sequence[Form]) -> Iterator[tuple[str, str]]:
    """Yield the lines of the first sheet, each with what it is about."""
    for line in _TEXT.read_text(encoding="utf-8").splitlines():
        about, _, text = line.partition(" | ")
        yield about.strip(), text.strip()
    for form in forms:
        yield form.name, form.description if form.path else "One row an agreement (and version)."
