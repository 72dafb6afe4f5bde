"""How long the record is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.validation.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator


def time_is_said(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that the time of keeping has an end, and a decision on open promises says what it needs."""
    retention = record["retention"]
    path = ("retention",)
    if retention["start"] == "age" and "until_age" not in retention:
        yield Fault(path, "It is not said until which age the record is kept.", 'Add "until_age".')
    if retention["start"] != "age" and not {"years", "delete_after"} & retention.keys():
        yield Fault(path, "It is not said how long the record is kept.", 'Add "years" or "delete_after".')
    promises = retention.get("open_promises")
    if promises is not None:
        needed = "to" if promises["decision"] == "hand_over" else "until"
        if needed not in promises:
            what = "The decision on open promises is not complete."
            yield Fault((*path, "open_promises"), what, f'Add "{needed}".')
