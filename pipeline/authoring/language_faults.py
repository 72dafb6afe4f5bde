"""The Word files of one template in several languages: each has the fields and places to sign of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.authoring.finding import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Version:
    """What the Word file of one language has: fields, tags that make a place to sign, protected clauses declared."""

    language: str
    fields: frozenset[str]
    signatures: int
    clauses: frozenset[str]


def language_faults(versions: Sequence[Version]) -> Mapping[str, list[Finding]]:
    """Return, by language, what the Word file of that language lacks and another has."""
    return {version.language: list(dict.fromkeys(_lacking(version, versions))) for version in versions}


def _lacking(version: Version, versions: Sequence[Version]) -> Iterator[Finding]:
    for other in versions:
        for field in sorted(other.fields - version.fields):
            yield _differs(f"The field '{field}' is used in {other.language} and not here.", "Use it here, too.")
        for clause in sorted(other.clauses - version.clauses):
            what = f"The clause '{clause}' is protected in {other.language} and has no words in {version.language}."
            yield _differs(what, f"Write them into template.toml: clauses.{clause}.{version.language}.")
        if other.signatures > version.signatures:
            what = f"{other.language} has {other.signatures} tags for places to sign, this file {version.signatures}."
            yield _differs(what, "Write {{ signature(person) }} where it is missing.")


def _differs(what: str, do: str) -> Finding:
    return Finding("language-differs", Place("body"), what, do)
