"""Look up values of a record by where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.validation.fault import Path


def found_at(value: Any, place: Path, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield path and value of every text at a place; "*" stands for every entry of a list."""
    if not place:
        if isinstance(value, str):
            yield path, value
        return
    step, rest = place[0], place[1:]
    if step == "*":
        for nth, part in enumerate(value if isinstance(value, list) else []):
            yield from found_at(part, rest, (*path, nth))
    elif isinstance(value, dict) and step in value:
        yield from found_at(value[step], rest, (*path, step))


def text_at(value: Any, path: Path) -> str:
    """Return the text at a path that the schema promises to be there."""
    for step in path:
        value = value[step]
    return str(value)
