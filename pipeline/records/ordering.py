"""Problems in the order in which somebody reading the record meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PROBLEMS = 200


def in_order(found: Iterable[Problem]) -> list[Problem]:
    """Return problems by line and column; beyond MOST_PROBLEMS only the first, and that there are more."""
    ordered = sorted(found, key=lambda problem: (problem.line or 0, problem.column or 0))
    if len(ordered) <= MOST_PROBLEMS:
        return ordered
    more = Problem("There are more problems than these.", "Correct these first, and check again.")
    return [*ordered[:MOST_PROBLEMS], more]
