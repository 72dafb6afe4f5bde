"""Judge a PDF by the profiles that are promised of it, without outside programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import page

if TYPE_CHECKING:
    from collections.abc import Iterable

# A stream whose last byte happens to be a carriage return, one in 256, is followed by the line end that PDF asks for
# before `endstream`; page-validation 0.11 takes both for one line end and counts a byte too few. veraPDF does not.
_LENGTH_RULE = "STREAM-LENGTH-001"
_STREAM = re.compile(
    rb"[\r\n][0-9]+ [0-9]+ obj\s*<<(?:(?!endobj|stream\b).)*?/Length ([0-9]+)[\s/>](?:(?!endobj).)*?>>\s*stream\r?\n",
    re.DOTALL,
)
_ANY_STREAM = re.compile(rb">>\s*stream\r?\n")


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
            if failure.rule_id.endswith(_LENGTH_RULE) and _lengths_are_exact(pdf):
                continue
            found[f"{_in_words(name)}: {failure.rule_id} {failure.message}"] = None
        if not report.is_compliant and not report.failures:
            found[f"{_in_words(name)}: the file does not conform"] = None
    return tuple(found)


def _lengths_are_exact(pdf: bytes) -> bool:
    """Say whether every stream of the file is exactly as long as it says, whatever its last byte is."""
    heads = list(_STREAM.finditer(pdf))
    exact = (pdf[(end := head.end() + int(head.group(1))) : end + 10] == b"\nendstream" for head in heads)
    return bool(heads) and len(heads) == len(_ANY_STREAM.findall(pdf)) and all(exact)


def _in_words(profile: str) -> str:
    return f"PDF/UA-{profile[2:]}" if profile.startswith("ua") else f"PDF/A-{profile}"
