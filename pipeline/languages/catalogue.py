"""The words of the program itself in a language: one gettext catalogue each, English being the source.

A catalogue is `templates/languages/cy.po`. It holds the names of the roles, the phrases of a deadline, and every
sentence of the shipped templates. Whoever translates needs no other file.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language; what a catalogue lacks comes out in English."""

    language: str
    _translations: gettext.NullTranslations = field(repr=False, compare=False)

    def say(self, phrase: str, **values: object) -> str:
        """Return a phrase in this language, with its `{values}` filled in."""
        words = self._translations.gettext(phrase)
        return words.format(**values) if values else words

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """Return the form of a phrase that goes with a number; `{number}` is filled in too."""
        return self._translations.ngettext(one, many, number).format(number=number, **values)


def phrases(language: str) -> Phrases:
    """Return the phrases of a language (BCP 47), or of the nearest wider one: "ar-EG", then "ar", then English."""
    return _phrases(language)


def fallbacks(language: str) -> Iterator[str]:
    """Yield a language and then each wider one: "zh-Hant-HK", "zh-Hant", "zh"."""
    parts = language.split("-")
    for length in range(len(parts), 0, -1):
        yield "-".join(parts[:length])


def catalogues() -> tuple[str, ...]:
    """Return the languages that have a catalogue, English not among them."""
    return tuple(sorted(file.stem for file in _folder().glob("*.po")))


@lru_cache(maxsize=32)
def _phrases(language: str) -> Phrases:
    for wider in fallbacks(language):
        if wider == SOURCE:
            break
        file = _folder() / f"{wider}.po"
        if file.is_file():
            return Phrases(wider, _translations(file))
    return Phrases(SOURCE, gettext.NullTranslations())


def _translations(file: Path) -> gettext.GNUTranslations:
    # Who writes English needs none of it, and it takes its time to come in.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = io.BytesIO()
    with file.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=file.stem.replace("-", "_")))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _folder() -> Path:
    return shipped("templates") / "languages"
