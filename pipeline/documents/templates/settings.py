"""Read a template's settings: a closed vocabulary, so that a slip of the pen switches no proof off."""

from __future__ import annotations

import re
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pipeline.copies.model import Reader
from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

CARRIES: Final = ("agreement", "nothing")
"""What a document made from a template must hold: every agreed word, or none."""

PAPERS: Final = ("service", "own")
"""Whose paper a template is printed on: the service's A4 or Letter, or the size it has in Word."""

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")

CLAUSES: Final = {
    "voluntary": "that nobody has to agree, and may say no",
    "confidential": "who is told what was said, and who is not",
    "complaint_route": "how to complain",
    "data_holder": "who holds the data, and how to ask for it",
}
"""The clauses that a service may protect, each with what it says."""

_TITLES: Final = ("agreement", "statement_only", "outside")
_FONTS: Final = ("body", "metric_twin")
_LONGEST_TITLE: Final = 120
# The smallest room somebody can sign in, and the largest that fits on A4.
_ROOM_MM: Final = {"width_mm": (10, 210), "height_mm": (5, 297)}
_KEYS: Final = {
    "": ("name", "carries", "paper", "readers", "signs", "titles", "signature", "fonts", "checked", "clauses"),
    "titles": _TITLES,
    "clauses": tuple(CLAUSES),
    "signature": tuple(_ROOM_MM),
    "fonts": _FONTS,
}


def check_settings(settings: Mapping[str, Any], *, name: str) -> None:
    """Raise SetupError, with every problem, unless these are settings of the template `name`."""
    problems = tuple(_problems(settings, name))
    if problems:
        raise SetupError(problems)


def titles(settings: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what a document calls itself, from settings that were checked."""
    return MappingProxyType(dict(settings["titles"]))


def clauses(settings: Mapping[str, Any], *, language: str) -> Mapping[str, str]:
    """Return the words of each protected clause in this language, from settings that were checked.

    A clause that is one text is the same in every language: it is a tag. A clause that lacks this language is absent.
    """
    found = {}
    for name, words in settings.get("clauses", {}).items():
        text = words if isinstance(words, str) else words.get(language)
        if text is not None:
            found[name] = text
    return MappingProxyType(found)


def signs(settings: Mapping[str, Any]) -> bool:
    """Say whether what is made from the template is signed: it is, unless its settings say signs = false."""
    return bool(settings.get("signs", True))


def readers(settings: Mapping[str, Any]) -> frozenset[Reader]:
    """Return the kinds of readers the template is for: all, unless its settings name some."""
    return frozenset(Reader(name) for name in settings.get("readers", Reader))


def _problems(settings: Mapping[str, Any], name: str) -> Iterator[Problem]:
    yield from _unknown(settings, "")
    tables: dict[str, Mapping[str, Any]] = {}
    for table in ("titles", "signature", "fonts", "checked", "clauses"):
        value = settings.get(table, {})
        if isinstance(value, dict):
            tables[table] = value
            yield from _unknown(value, table) if table in _KEYS else ()
        else:
            yield _problem(table, f"This is a table: write [{table}] and its settings below it.")
    if settings.get("name", name) != name:
        yield _problem("name", f'The name is that of the folder: name = "{name}".')
    if settings.get("carries") not in CARRIES:
        near = _near(settings.get("carries"), CARRIES)
        yield _problem("carries", f'Write carries = "agreement", or "nothing" for a page without agreed words.{near}')
    if settings.get("paper", "service") not in PAPERS:
        yield _problem("paper", 'Write paper = "own" for a size of its own, such as a card; else leave it out.')
    yield from _speakers(tables.get("checked", {}))
    for key in _TITLES:
        yield from _title(tables.get("titles"), key)
    for key in _ROOM_MM:
        yield from _length(tables.get("signature"), key)
    yield from _typefaces(tables.get("fonts", {}))

    yield from _readers_and_clauses(settings, tables.get("clauses", {}))


def _readers_and_clauses(settings: Mapping[str, Any], protected: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(settings.get("signs", True), bool):
        yield _problem("signs", "Write signs = false for a paper that nobody signs; else leave it out.")
    if "readers" in settings and not _are_readers(settings["readers"]):
        yield _problem("readers", f"Write a list of whom the template is for, from: {', '.join(Reader)}.")
    for key, value in protected.items():
        if key in CLAUSES and not _is_clause(value):
            yield _problem(f"clauses.{key}", 'Write the words in quotes, or one text a language: {en = "…", cy = "…"}.')


def _are_readers(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(name in list(Reader) for name in value)


def _is_clause(value: Any) -> bool:
    texts = list(value.values()) if isinstance(value, dict) else [value]
    return bool(texts) and all(isinstance(text, str) and text.strip() for text in texts)


def _unknown(values: Mapping[str, Any], table: str) -> Iterator[Problem]:
    for key in values:
        if key not in _KEYS[table]:
            near = _near(key, _KEYS[table])
            do = f"The settings here are {', '.join(_KEYS[table])}.{near}"
            yield Problem("There is no such setting.", do, where=_place(f"{table}.{key}" if table else key))


def _typefaces(values: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in values.items():
        if key in _FONTS and (not isinstance(value, str) or not value.strip()):
            yield _problem(f"fonts.{key}", "Write the name of a typeface, in quotes.")


def _speakers(values: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in values.items():
        if not _LANGUAGE.fullmatch(key) or not isinstance(value, str) or not value.strip() or not value.isprintable():
            do = 'Write a language and who read it, and when: cy = "Mair Example, 1 December 2026".'
            yield _problem(f"checked.{key}", do)


def _title(values: Mapping[str, Any] | None, key: str) -> Iterator[Problem]:
    if values is None or (key not in values and key != "agreement"):
        return
    title = values.get(key)
    if (
        not isinstance(title, str)
        or not title.strip()
        or len(title) > _LONGEST_TITLE
        or not title.isprintable()
        or "{" in title
    ):
        do = f"Write a title in quotes: one line of at most {_LONGEST_TITLE} letters, without tags."
        yield _problem(f"titles.{key}", do)


def _length(values: Mapping[str, Any] | None, key: str) -> Iterator[Problem]:
    if values is None:
        return
    length = values.get(key)
    least, most = _ROOM_MM[key]
    if isinstance(length, bool) or not isinstance(length, int | float) or not least <= length <= most:
        do = f"Write a number of millimetres from {least} to {most}, without quotes: the room above a caption."
        yield _problem(f"signature.{key}", do)


def _near(word: Any, words: Iterable[str]) -> str:
    close = get_close_matches(word.casefold(), words, n=1) if isinstance(word, str) else []
    return f" Did you mean {close[0]}?" if close else ""


def _problem(key: str, do: str) -> Problem:
    return Problem(f"The setting '{key}' is missing or not one that it can have.", do, where=_place(key))


def _place(key: str) -> str:
    return f"template.toml, {key}"
