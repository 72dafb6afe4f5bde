"""A fault by its path in a value, before anybody knows the line it stands on."""

from __future__ import annotations

import re
from dataclasses import dataclass

Path = tuple[str | int, ...]

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_$-]{1,40}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a path of keys and indexes, and what to do; `on_key` if the name itself is wrong.

    `missing` is the name of the field that is not there and should be. Neither sentence repeats a value.
    """

    path: Path
    what: str
    do: str
    on_key: bool = False
    missing: str | None = None


def pointer(path: Path) -> str:
    """Return the JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def shown_pointer(path: Path) -> str:
    """Return the JSON pointer as a message may show it.

    A key nobody expected may be somebody's name typed in the wrong place: from the first step that does
    not look like a property name, the pointer is cut to what surrounds it.
    """
    for depth, step in enumerate(path):
        if isinstance(step, str) and not _PLAIN_NAME.fullmatch(step):
            return pointer(path[:depth])
    return pointer(path)
