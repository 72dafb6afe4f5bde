"""A workbook as it was read, and the records that were gathered from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.errors import Problem
    from pipeline.intake.cells import Raw
    from pipeline.intake.forms import Form
    from pipeline.validation.fault import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty: its number as the spreadsheet shows it (from 1), and its cells from column A on."""

    number: int
    cells: tuple[Raw, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet (or CSV file) by its name: its rows, the first of which names the columns."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one group of fields of a record comes from: a sheet, a row, and the place of each column in it."""

    form: Form
    row: int
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Gathered:
    """One agreement of a workbook, before it is checked.

    `standing` says for the path of each group of fields which row it comes from. `problems` are those of its cells,
    `said` the paths they are about, so that nothing is said twice.
    """

    ref: str
    version: int | None
    row: int
    value: Mapping[str, Any]
    standing: Mapping[Path, Standing]
    problems: tuple[Problem, ...]
    said: frozenset[Path]


@dataclass
class Growing:
    """The same while rows are still being added."""

    ref: str
    version: int | None
    row: int
    value: dict[str, Any] = field(default_factory=dict)
    standing: dict[Path, Standing] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    said: set[Path] = field(default_factory=set)

    def gathered(self) -> Gathered:
        """Return what was gathered; nothing more is added to it."""
        return Gathered(
            self.ref,
            self.version,
            self.row,
            self.value,
            self.standing,
            tuple(self.problems),
            frozenset(self.said),
        )
