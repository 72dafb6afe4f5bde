"""Records to a workbook, and the blank workbook: the way back of importing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem, RecordError
from pipeline.intake.drawing import draw
from pipeline.intake.forms import EXAMPLE, Form, forms
from pipeline.intake.spreading import rows_of
from pipeline.service.starting import FIRST_RECORD
from pipeline.validation.schemas import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.intake.cells import Raw
    from pipeline.records.model import Agreement
    from pipeline.service.model import ExtraField

_EXTRA = "extra"


def workbook_of(agreements: Sequence[Agreement], *, extra_fields: Mapping[str, ExtraField] | None) -> bytes:
    """Return a workbook with these agreements, from which `import` makes the same records again.

    A list that a record may leave out and that is empty is left out. Raises RecordError for a text that
    spreadsheets would change.
    """
    records = [agreement.record for agreement in agreements]
    names = {name for record in records for name in record.get(_EXTRA, {})}
    found = forms(names, extra_fields)
    rows = {form.name: [row for record in records for row in rows_of(form, record)] for form in found}
    return draw(found, rows, examples=False)


def blank_workbook(*, extra_fields: Mapping[str, ExtraField] | None) -> bytes:
    """Return a workbook to fill in, with a row of example on each sheet for which the program has one."""
    found = forms((), extra_fields)
    record = _example()
    return draw(found, {form.name: list(_one_row(form, record)) for form in found}, examples=True)


def can_be_written(agreement: Agreement) -> Agreement:
    """Return the agreement. Raises RecordError if a spreadsheet would change one of its texts."""
    for form in forms((), None):
        list(rows_of(form, agreement.record))
    return agreement


def _one_row(form: Form, record: Mapping[str, Any]) -> Iterator[tuple[Raw, ...]]:
    """Yield the first row of the example, with the reference that marks it as one."""
    for row in list(rows_of(form, record))[:1]:
        yield (EXAMPLE, *row[1:])


def _example() -> Mapping[str, Any]:
    """Return the first record of a new service, and for what it lacks the examples of the schema."""
    record: dict[str, Any] = json.loads(FIRST_RECORD.read_bytes())
    properties = load_schema("agreement")["properties"]
    lists = {name: about["examples"][0] for name, about in properties.items() if about.get("type") == "array"}
    item = load_schema("agreement")["$defs"]["item"]["properties"]
    lists["items"] = [
        entry | {name: item[name]["examples"][0] for name in ("consents", "translations")} for entry in record["items"]
    ]
    return lists | {name: value for name, value in record.items() if name != "items"}


def refuse_same(agreements: Sequence[Agreement], agreement: Agreement) -> None:
    """Raise RecordError if this reference and version is among the agreements already."""
    if any((other.ref, other.version) == (agreement.ref, agreement.version) for other in agreements):
        raise RecordError(
            [Problem("Another record has the same reference and version.", "Keep one of the two.", where="/ref")]
        )
