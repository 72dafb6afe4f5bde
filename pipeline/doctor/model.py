"""One part of the machine that the program uses or could use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """What was found of a part."""

    WORKS = "works"
    MISSING = "missing"
    FAULTY = "faulty"
    UNKNOWN = "cannot be told"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what it is for, whether it is there, and how to get it.

    `kind` is the heading it stands under. `needed` parts must work, or nothing can be made. `version` and `note` are
    "" where there is nothing to say, `get` where nothing is to be done.
    """

    kind: str
    name: str
    state: State
    purpose: str
    needed: bool = False
    version: str = ""
    note: str = ""
    get: str = ""
