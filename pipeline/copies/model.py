"""What one reader gets: a copy, before any document is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Reader(StrEnum):
    """The readers of the visibility matrix (docs/field.md); the vocabulary of `x-visible-to` without "self"."""

    HARMED = "harmed"
    HARMED_SUPPORT = "harmed_support"
    RESPONSIBLE = "responsible"
    RESPONSIBLE_SUPPORT = "responsible_support"
    OUTSIDE = "outside"
    REFERRER = "referrer"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """A place to sign: the caption that stands there ("Signature 2") and who signs in it."""

    caption: str
    participant: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """What must not stand in a copy.

    `words` are found whatever their case, accents, spacing and hyphens. `names` are display names of people this
    reader must not know of; names may be ordinary words ("Will"), so they are found only as they are written,
    or in capitals. `own_details` are the service's telephone numbers, addresses and e-mail addresses, the only
    contact details that may stand on a page. `telephone_region` (ISO 3166) says how a number without a country
    code is read. `code` is the agreement code of the page: no contact detail, whatever its digits look like.
    """

    words: tuple[str, ...]
    names: tuple[str, ...]
    own_details: tuple[str, ...]
    telephone_region: str = "GB"
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """One reader's copy of one sheet: what it says, and what it must not say.

    `folder` and `stem` name its place in the output ("harmed-1", "NR-0412-v1-harmed-1"). `context` is what a
    template may use: plain values, already without everything this reader may not see. `agreed_texts` are
    the agreed words that must stand in the document letter by letter. `notes` are sentences for the report.
    `template` is the Word template for it, unless the run was asked for another. `extra` is None for the copy that is
    signed, else the name of the unsigned paper. `format` is the reader's; `print_size_pt` is set for large print only.
    """

    ref: str
    version: int
    reader: Reader
    reader_id: str
    folder: str
    stem: str
    language: str
    code: str
    context: Mapping[str, Any]
    agreed_texts: tuple[str, ...]
    places: tuple[SignaturePlace, ...]
    withheld: Withheld
    notes: tuple[str, ...]
    template: str = "standard"
    extra: str | None = None
    format: str = "standard"
    print_size_pt: int | None = None

    @property
    def follows_the_run(self) -> bool:
        """Say whether the template that a run was asked for takes the place of this copy's own."""
        return self.extra in {None, "full-text"} and self.format not in {"large_print", "easy_read"}
