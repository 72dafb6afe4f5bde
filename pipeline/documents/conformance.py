"""Judge a PDF by the profiles that are promised of it, without outside programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import page

if TYPE_CHECKING:
    from collections.abc import Iterable


def failures(pdf: bytes, profiles: Iterable[str]) -> tuple[str, ...]:
    """Return what fails, one short sentence a rule: "PDF/A-2a: 6.2.11.8-1 ..."; nothing when the PDF keeps them all.

    `profiles` are names such as "2a" and "ua1". The words are those of the standard's rules, never of the document.
    """
    found: dict[str, None] = {}
    for name in profiles:
        profile = page.ValidationProfile(name)
        try:
            report = page.validate_pdf_bytes(pdf, profile=profile)
        except page.PageError as error:
            found[f"{_in_words(name)}: the file could not be read ({type(error).__name__})"] = None
            continue
        for failure in report.failures:
            found[f"{_in_words(name)}: {failure.rule_id} {failure.message}"] = None
        if not report.is_compliant and not report.failures:
            found[f"{_in_words(name)}: the file does not conform"] = None
    return tuple(found)


def _in_words(profile: str) -> str:
    return f"PDF/UA-{profile[2:]}" if profile.startswith("ua") else f"PDF/A-{profile}"
