"""From a file to an Agreement, or to every problem at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem, RecordError
from pipeline.records.building import build
from pipeline.records.ordering import in_order
from pipeline.records.parsing import Parsed, parse
from pipeline.records.reading import check_size, read_record
from pipeline.records.rules.every import rule_faults
from pipeline.records.rules.extra import extra_faults
from pipeline.records.upgrade import version_faults
from pipeline.validation.check import faults
from pipeline.validation.fault import Fault, pointer, shown_pointer
from pipeline.validation.schemas import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pipeline.records.model import Agreement
    from pipeline.service.model import ExtraField


def load_record(path: Path, *, extra_fields: Mapping[str, ExtraField] | None) -> Agreement:
    """Return the agreement in a file.

    `extra_fields` are the fields of the service's own, None where no configuration is known. Raises RecordError
    with every problem, sorted by line.
    """
    return load_record_bytes(read_record(path), extra_fields=extra_fields)


def load_record_bytes(data: bytes, *, extra_fields: Mapping[str, ExtraField] | None) -> Agreement:
    """Return the agreement in these bytes; see load_record."""
    check_size(data)
    parsed = parse(data)
    found = [*parsed.problems, *_located(_all_faults(parsed, extra_fields), parsed)]
    if found:
        raise RecordError(in_order(found))
    return build(parsed.value, parsed.positions)


def _all_faults(parsed: Parsed, extra_fields: Mapping[str, ExtraField] | None) -> Iterator[Fault]:
    record = parsed.value
    if isinstance(record, dict) and (other_version := version_faults(record)):
        yield from other_version
        return
    of_schema = faults(record, "agreement")
    # What is wrong with the characters of a text is said already; do not say it in the schema's words too.
    yield from (fault for fault in of_schema if pointer(fault.path) not in parsed.faulty)
    if isinstance(record, dict):
        broken = _broken(record, of_schema)
        yield from rule_faults(record, broken)
        if "extra" not in broken:
            yield from extra_faults(record.get("extra", {}), extra_fields)


def _broken(record: Mapping[str, Any], of_schema: Iterable[Fault]) -> frozenset[str]:
    """Return the root names that are missing or do not fit the schema; a name nobody knows breaks nothing."""
    missing = set(load_schema("agreement")["required"]) - record.keys()
    unfit = {str(fault.path[0]) for fault in of_schema if fault.path and not _is_only_unknown(fault)}
    return frozenset(unfit | missing)


def _is_only_unknown(fault: Fault) -> bool:
    """Say whether the fault is a name nobody knows, further down; in a `when` a name also tells which form it is."""
    return fault.on_key and len(fault.path) > 1 and "when" not in fault.path


def _located(all_faults: Iterable[Fault], parsed: Parsed) -> Iterator[Problem]:
    for fault in all_faults:
        where = pointer(fault.path)
        places = parsed.key_positions if fault.on_key else parsed.positions
        line, column = places[where]
        yield Problem(fault.what, fault.do, shown_pointer(fault.path), line, column, fault.missing)
