"""Many records: a plan first, then from each record to its published copies, under the lock of the output."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from pipeline.batch import known
from pipeline.batch.journal import Journal
from pipeline.batch.local import Local
from pipeline.batch.model import Batch, Result, State
from pipeline.batch.one_record import Order, Workshop, open_workshop, stands
from pipeline.batch.parts import belongs, is_for
from pipeline.batch.runner import InThisProcess, Runner
from pipeline.batch.scan import Scanned, scan
from pipeline.errors import SetupError
from pipeline.publication.lock import holding
from pipeline.publication.place import check_output, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.batch.known import Known
    from pipeline.batch.sources import Source
    from pipeline.publication.lock import Part


@dataclass(frozen=True, slots=True)
class _Planned:
    """A record of the run; `stands`: a former run made its version, and it is up to date."""

    scanned: Scanned
    stands: bool


@contextmanager
def batch(sources: Sequence[Source], order: Order, *, jobs: int = 1, part: Part | None = None) -> Iterator[Batch]:
    """Plan these records and hold the output for them; the work goes on while the results are taken.

    Raises SetupError before the first record: for an unusable output, template, logo or engine, or when another run
    holds the output. Whatever is wrong with one record is its result, and the others go on.
    """
    check_output(order.out)
    with ExitStack() as stack:
        workshop = open_workshop(order)
        stack.callback(workshop.engine.close)
        if not order.plan_only:
            stack.enter_context(holding(order.out, part=part))
            sweep(order.out, ours=partial(belongs, part=part))
            stack.push(partial(_swept, order, part))
        memory = known.Known.read_from(order.out / _name_of_known(part), template=order.template)
        stack.callback(memory.close)
        plan = _plan(sources, workshop, memory, part)
        at_work = sum(not each.stands for each in plan)
        runner = _runner(workshop, jobs=jobs, records=at_work)
        stack.callback(runner.close)
        results = _results(plan, runner, memory)
        yield Batch(len(plan), at_work, results if order.plan_only else _written_down(results, order, memory))


def generate(sources: Sequence[Source], order: Order, *, jobs: int = 1) -> Iterator[Result]:
    """Return the results of these records, each as soon as it is there. Raises SetupError as `batch` does."""
    with batch(sources, order, jobs=jobs) as ready:
        yield from ready.results


def _plan(sources: Sequence[Source], workshop: Workshop, memory: Known, part: Part | None) -> list[_Planned]:
    return [
        _Planned(each if not up_to_date else replace(each, source=replace(each.source, data=None)), up_to_date)
        for each in scan(sources)
        if is_for(each, part)
        for up_to_date in (_stands(each, workshop, memory),)
    ]


def _stands(scanned: Scanned, workshop: Workshop, memory: Known) -> bool:
    order, ref, version = workshop.order, scanned.ref, scanned.version
    if order.again or order.only is not None or scanned.same or ref is None or version is None:
        return False
    manifest = memory.manifest_of(ref, version)
    if manifest is None or scanned.digest is None:
        return False
    return stands(ref, version, record=scanned.digest, manifest=manifest, workshop=workshop)


def _runner(workshop: Workshop, *, jobs: int, records: int) -> Runner:
    """Choose who does it. A record that is alone needs nobody to be kept safe from it, so nothing is started for it."""
    if records <= 1:
        return InThisProcess(workshop)
    return Local(workshop.order, jobs=min(jobs, records), workshop=workshop)


def _results(plan: Sequence[_Planned], runner: Runner, memory: Known) -> Iterator[Result]:
    made = runner.run(each.scanned for each in plan if not each.stands)
    for each in plan:
        yield _known(each.scanned, memory) if each.stands else next(made)


def _known(scanned: Scanned, memory: Known) -> Result:
    ref, version, name = scanned.ref or "", scanned.version or 0, scanned.source.name
    return memory.result_of(ref, version, source=name) or Result(name, State.UP_TO_DATE, ref=ref, version=version)


def _written_down(results: Iterator[Result], order: Order, memory: Known) -> Iterator[Result]:
    journal = Journal(order.out)
    try:
        for result in results:
            journal.note(result)
            memory.note(result)
            yield result
    finally:
        journal.close()


def _swept(order: Order, part: Part | None, kind: type[BaseException] | None, *_: object) -> None:
    """After a run that was broken off, take away what its workers were building."""
    if kind is not None:
        with suppress(SetupError):
            sweep(order.out, ours=partial(belongs, part=part))


def _name_of_known(part: Part | None) -> str:
    return known.NAME if part is None else known.NAME.replace(".jsonl", f"-{part.number}-of-{part.of}.jsonl")
