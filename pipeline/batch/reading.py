"""One record in: the checked agreement, the digest of its bytes, and what a practitioner would question."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.batch.mistakes import unexpected
from pipeline.batch.model import DUPLICATE, Finding, Result, State
from pipeline.batch.sources import bytes_of
from pipeline.errors import Problem, RecordError, SetupError, refused_by_the_system
from pipeline.publication.manifest import digest
from pipeline.records.load import load_record_bytes
from pipeline.wording.advice import advise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipeline.batch.scan import Scanned
    from pipeline.batch.sources import Source
    from pipeline.records.model import Agreement
    from pipeline.service.model import ExtraField


@dataclass(frozen=True, slots=True)
class Reading:
    """A record that can be used: what it says, and the SHA-256 of the bytes that said it."""

    agreement: Agreement
    digest: str


def read_and(
    scanned: Scanned,
    extra_fields: Mapping[str, ExtraField] | None,
    step: Callable[[Reading, Result], Result],
) -> Result:
    """Read one record and let `step` finish its result; whatever is wrong with it costs this record alone.

    A record that shares reference and version with another is refused. What shows to be wrong with the set-up in one
    record costs this record: the set-up was usable for those before it.
    """
    source = scanned.source
    if scanned.same:
        return Result(source.name, State.REFUSED, problems=(_duplicate(source, scanned.same),))
    result, agreement = Result(source.name, State.FAILED), None
    try:
        reading = _read(scanned, extra_fields)
        agreement = reading.agreement
        result = replace(result, ref=agreement.ref, version=agreement.version)
        result = replace(result, advice=_findings(agreement))
        return step(reading, result)
    except (RecordError, SetupError) as error:
        return replace(result, problems=_located(error.problems, agreement))
    except OSError as error:
        return replace(result, problems=(refused_by_the_system(error),))
    except Exception as error:  # noqa: BLE001 - the one place: a mistake of ours costs one record, not the batch
        return replace(result, problems=(unexpected(error),), trace=traceback.format_exc())


def _read(scanned: Scanned, extra_fields: Mapping[str, ExtraField] | None) -> Reading:
    data = bytes_of(scanned.source)
    found = digest(data)
    if scanned.digest not in {None, found}:
        what = "This record was changed while the run was under way, so nothing was made of it."
        raise RecordError([Problem(what, "Run it again.")])
    return Reading(load_record_bytes(data, extra_fields=extra_fields), found)


def _duplicate(source: Source, same: Sequence[str]) -> Problem:
    others = ", ".join(name for name in same if name != source.name)
    return Problem(
        f"{DUPLICATE}: {others}.",
        "Keep one of them, or give the changed agreement a new version. Neither was used.",
        where="/ref",
    )


def _findings(agreement: Agreement) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            rule=advice.rule,
            severity=advice.severity.value,
            where=advice.where,
            line=position[0],
            column=position[1],
            item=advice.item,
            what=advice.what,
            better=advice.better,
            accepted=advice.accepted,
        )
        for advice in advise(agreement)
        for position in (_position(advice.where, agreement.positions),)
    )


def _located(problems: tuple[Problem, ...], agreement: Agreement | None) -> tuple[Problem, ...]:
    if agreement is None:
        return problems
    return tuple(_with_line(problem, agreement.positions) for problem in problems)


def _with_line(problem: Problem, positions: Mapping[str, tuple[int, int]]) -> Problem:
    if problem.line is not None or not problem.where.startswith("/"):
        return problem
    line, column = _position(problem.where, positions)
    return replace(problem, line=line, column=column)


def _position(pointer: str, positions: Mapping[str, tuple[int, int]]) -> tuple[int | None, int | None]:
    """Return where the value stands, or the nearest value around it when it is not there."""
    while pointer and pointer not in positions:
        pointer = pointer.rpartition("/")[0]
    return positions.get(pointer, (None, None))
