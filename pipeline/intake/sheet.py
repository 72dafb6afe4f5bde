"""One sheet as it was filled in: which column of its form stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import Problem
from pipeline.intake.cells import Raw
from pipeline.intake.forms import EXAMPLE, EXTRA, Column, Form, extra_column
from pipeline.intake.model import Row, Table
from pipeline.intake.places import place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.service.model import ExtraField

_BY_NAME = f"{EXTRA.capitalize()}: ".casefold()


class Sheet:
    """One table with its form: which column of the form stands where."""

    def __init__(self, form: Form, table: Table, declared: Mapping[str, ExtraField] | None) -> None:
        """Read the heads of a table; what is wrong with them is in `problems`."""
        self.form = form
        self.rows = table.rows[1:]
        self.columns: dict[int, Column] = {}
        self.unknown: dict[int, str] = {}
        self.problems: list[Problem] = []
        head = table.rows[0] if table.rows else Row(1, ())
        for index, raw in enumerate(head.cells):
            self._add(index, str(raw).strip() if isinstance(raw, str) else "", head.number, declared)
        self.where = {column.field: index for index, column in self.columns.items()}
        missing = [key.label for key in form.keys if key.required and key.field not in self.where]
        if missing and (self.rows or not form.path):
            do = f"Write these names into the first row, as in a new blank workbook: {', '.join(missing)}."
            self.problems.append(Problem("A column is missing on this sheet.", do, where=form.name))

    def _add(self, index: int, head: str, row: int, declared: Mapping[str, ExtraField] | None) -> None:
        column = _column_named(head, self.form, declared)
        if column is None:
            self.unknown[index] = head
        elif any(column.path == other.path for other in self.columns.values()):
            where = place(self.form, row, column, index)
            what = "Two columns of this sheet have the same name."
            self.problems.append(Problem(what, "Take one of them out.", where=where))
        else:
            self.columns[index] = column

    def raw(self, row: Row, field: str) -> Raw:
        """Return the cell of this row under the column of a field; None where there is no such column or cell."""
        index = self.where.get(field)
        return row.cells[index] if index is not None and index < len(row.cells) else None

    def is_example(self, row: Row) -> bool:
        """Say whether this row is the example of a blank workbook."""
        return self.raw(row, "ref") == EXAMPLE


def _column_named(head: str, form: Form, declared: Mapping[str, ExtraField] | None) -> Column | None:
    """Return the column that a head names, by what the sheet calls it or by the name of the field."""
    wanted = head.rstrip("*").strip().casefold()
    for column in form.every_column:
        if wanted in {column.label.casefold(), column.field.casefold()}:
            return column
    for start in (_BY_NAME, f"{EXTRA}."):
        if not form.path and wanted.startswith(start) and len(wanted) > len(start):
            name = head.rstrip("*").strip()[len(start) :].strip()
            return extra_column(name, (declared or {}).get(name))
    return None
