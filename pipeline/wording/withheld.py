"""Whether a withheld word stands in a text: an early look, before the leak scan reads every finished file."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.records.model import Agreement


def withheld_entries(agreement: Agreement) -> frozenset[str]:
    """Return what everybody asked to withhold, in small letters without accents and hyphens."""
    return frozenset(_flat(entry) for person in agreement.participants for entry in person.withheld) - {""}


def holds_any(text: str, entries: frozenset[str]) -> bool:
    """Say whether one of the `withheld_entries` stands in the text in whole words, whatever its case and accents."""
    flat = f" {_flat(text)} "
    return any(f" {entry} " in flat for entry in entries)


def _flat(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", letters))
