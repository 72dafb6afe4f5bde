"""Whether a withheld word stands in a text: an early look, before the leak scan reads every finished file."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.records.model import Agreement


def holds_withheld_word(text: str, agreement: Agreement) -> bool:
    """Say whether a withheld word of anybody stands in the text, whatever its case, accents and hyphens."""
    flat = f" {_flat(text)} "
    entries = {_flat(entry) for person in agreement.participants for entry in person.withheld}
    return any(f" {entry} " in flat for entry in entries if entry)


def _flat(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", letters))
