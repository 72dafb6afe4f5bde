"""Clauses a service protects: each must stand in the Word file in the words of `template.toml`."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from pipeline.authoring.finding import Finding, Place
from pipeline.documents.templates.settings import CLAUSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.authoring.stories import Paragraph, Story

_STILL_ALIKE: Final = 0.6
_BRACES: Final = ("{{", "}}", "{%", "%}")


def clause_faults(stories: Sequence[Story], clauses: Mapping[str, str]) -> Iterator[Finding]:
    """Find protected clauses that are missing, or stand there in other words."""
    paragraphs = [paragraph for story in stories for paragraph in story.paragraphs if paragraph.text.strip()]
    for name, words in clauses.items():
        wanted = _plain(words)
        if any(wanted in _plain(paragraph.text) for paragraph in paragraphs):
            continue
        called = f"The clause '{name}' ({CLAUSES[name]})"
        near = max(paragraphs, key=lambda each: _alike(wanted, each), default=None)
        if near is not None and _alike(wanted, near) >= _STILL_ALIKE:
            what = f"{called} is protected, and stands here in other words."
            yield Finding("clause-reworded", near.place, what, f"Write: {words}", near.text.strip()[:120], near.element)
        else:
            do = f"Write it into a paragraph: {words}"
            yield Finding("clause-missing", Place(stories[0].name), f"{called} is protected, and missing.", do)


def _alike(wanted: str, paragraph: Paragraph) -> float:
    """Say how much of the clause stands in the paragraph, in order: 0 to 1. Every tag has braces: they say nothing."""
    words, there = _words(wanted), _words(_plain(paragraph.text))
    same = sum(block.size for block in SequenceMatcher(None, words, there, autojunk=False).get_matching_blocks())
    return same / len(words)


def _words(plain: str) -> list[str]:
    return [word for word in plain.split() if word not in _BRACES]


def _plain(text: str) -> str:
    for brace in _BRACES:
        text = text.replace(brace, f" {brace} ")
    return " ".join(text.split()).casefold()
