"""Who the service is and how it words things: `agreements.toml`, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DEFAULT_TIME_ZONE = "Europe/London"
DEFAULT_LABELS: Mapping[str, str] = {
    "harmed": "person harmed",
    "responsible": "person responsible",
    "supporter": "supporter",
    "parent_guardian": "parent or guardian",
    "appropriate_adult": "appropriate adult",
    "representative_of_harmed": "representative of the person harmed",
    "surrogate": "surrogate for the person harmed",
    "organisation_rep": "representative of the organisation",
    "facilitator": "facilitator",
    "co_facilitator": "co-facilitator",
    "interpreter": "interpreter",
    "signer_bsl": "sign language interpreter",
    "checker": "person who checks",
    "referrer": "referrer",
    "observer": "observer",
    "absent_beneficiary": "person who was not there",
}
"""What each role is called on a page unless the service words it otherwise (docs/field.md, "Words")."""


@dataclass(frozen=True, slots=True)
class ExtraField:
    """A field of the service's own: its `type` is "text", "date", "number" or "yes_no".

    `visible_to` holds readers of the visibility matrix (docs/field.md); nobody else sees the value.
    """

    name: str
    title: str
    type: str
    visible_to: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeepingTime:
    """How long the service keeps records: years after the end, and for children until an age."""

    years: int
    until_age: int | None


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The service's own words in one of its other languages; None, or no entry, where it gave none."""

    name: str | None = None
    complaint_route: str | None = None
    privacy_text: str | None = None
    next_steps: str | None = None
    legal_notes: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every text."""
        own = (self.name, self.complaint_route, self.privacy_text, self.next_steps)
        return (*(text for text in own if text), *self.legal_notes.values(), *self.extra.values())


@dataclass(frozen=True, slots=True)
class Service:
    """One `agreements.toml`; every text in NFC, every path absolute.

    `labels` has an entry for each role. `legal_notes` has an entry only for the pathways the service gave one
    for. `translations` are the service's words in its other languages. `extras` names the readers for whom each
    unsigned paper is made. `bank_holidays` is a country or a part of one (ISO 3166: "GB", "GB-SCT"). `folder` is where
    the file lies. `digest` is the SHA-256, in hex, of the file and the logo: two runs with the same digest were set up
    alike.
    """

    name: str
    telephone: str
    email: str
    complaint_route: str
    privacy_text: str
    next_steps: str
    legal_notes: Mapping[str, str]
    labels: Mapping[str, str]
    languages: tuple[str, ...]
    time_zone: str
    paper: str
    telephone_region: str
    bank_holidays: str
    logo: Path | None
    templates: Path | None
    output: Path | None
    archive: Path | None
    keeping: KeepingTime
    extra_fields: Mapping[str, ExtraField]
    folder: Path
    digest: str
    translations: Mapping[str, OwnWords] = field(default_factory=dict)
    extras: Mapping[str, frozenset[str]] = field(default_factory=dict)
