"""Many records, read and questioned; nothing is made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.batch.model import Result, State
from pipeline.batch.reading import Reading, read_and
from pipeline.batch.scan import scan
from pipeline.copies.record_scan import withheld_in_record
from pipeline.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.batch.sources import Source
    from pipeline.service.model import ExtraField


def check(sources: Sequence[Source], extra_fields: Mapping[str, ExtraField] | None) -> Iterator[Result]:
    """Return what is wrong with each record, and what a practitioner would question.

    `extra_fields` are those `agreements.toml` declares; None where there is no such file.
    """
    return (read_and(scanned, extra_fields, _questioned) for scanned in scan(sources))


def _questioned(reading: Reading, result: Result) -> Result:
    withheld = withheld_in_record(reading.agreement)
    if withheld:
        raise RecordError(withheld)
    return replace(result, state=State.CHECKED)
