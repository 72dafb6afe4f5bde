"""Many records: a plan first, then from each record to its published copies, under the lock of the output."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from pipeline.batch import known
from pipeline.batch.journal import Journal
from pipeline.batch.model import Batch, Result, State, Tally
from pipeline.batch.page import write_page
from pipeline.batch.parts import belongs, is_for
from pipeline.batch.scan import Scanned, scan
from pipeline.batch.spool import Spool
from pipeline.batch.workshop import Order, Workshop, open_workshop
from pipeline.errors import Problem, SetupError
from pipeline.publication.lock import holding
from pipeline.publication.place import check_output, sweep

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from pipeline.batch.known import Known
    from pipeline.batch.runner import Runner
    from pipeline.batch.sources import Source
    from pipeline.publication.lock import Part

PAGE = "report.html"


@dataclass(frozen=True, slots=True)
class _Planned:
    """A record of the run; `stands`: a former run made its version, and it is up to date."""

    scanned: Scanned
    stands: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """How a run is spread: over `jobs` processes, or over the workers of the Dask scheduler at `cluster`.

    `part` is the part of the records that is this run's. With `apart` even a single record has a process of its own,
    so that it cannot end this one.
    """

    jobs: int = 1
    cluster: str | None = None
    part: Part | None = None
    apart: bool = False


_ALONE = Spread()


@contextmanager
def batch(sources: Sequence[Source], order: Order, spread: Spread = _ALONE) -> Iterator[Batch]:
    """Plan these records and hold the output for them; the work goes on while the results are taken.

    Raises SetupError before the first record: for an unusable output, template, logo, engine or cluster, or when
    another run holds the output. Whatever is wrong with one record is its result, and the others go on.
    """
    part = spread.part
    check_output(order.out)
    with ExitStack() as stack:
        workshop = open_workshop(order)
        stack.callback(workshop.engine.close)
        if not order.plan_only:
            stack.enter_context(holding(order.out, part=part))
            sweep(order.out, ours=partial(belongs, part=part))
            stack.push(partial(_swept, order, part))
        memory = known.Known.read_from(order.out / _for_part(known.NAME, part), template=order.template)
        stack.callback(memory.close)
        plan = _plan(sources, workshop, memory, part)
        at_work = sum(not each.stands for each in plan)
        runner = _runner(workshop, spread, at_work)
        stack.callback(runner.close)
        results = _results(plan, runner, memory)
        if not order.plan_only:
            results = _written_down(results, plan, order, memory, part)
        stack.callback(results.close)
        yield Batch(len(plan), at_work, results)


def generate(sources: Sequence[Source], order: Order, spread: Spread = _ALONE) -> Iterator[Result]:
    """Return the results of these records, each as soon as it is there. Raises SetupError as `batch` does."""
    with batch(sources, order, spread) as ready:
        yield from ready.results


def _plan(sources: Sequence[Source], workshop: Workshop, memory: Known, part: Part | None) -> list[_Planned]:
    return [
        _Planned(each if not up_to_date else replace(each, source=replace(each.source, data=None)), up_to_date)
        for each in scan(sources)
        if is_for(each, part)
        for up_to_date in (_stands(each, workshop, memory),)
    ]


def _stands(scanned: Scanned, workshop: Workshop, memory: Known) -> bool:
    from pipeline.batch.one_record import stands  # noqa: PLC0415 - open_workshop imports it at a better time

    order, ref, version = workshop.order, scanned.ref, scanned.version
    if order.again or order.only is not None or scanned.same or ref is None or version is None:
        return False
    manifest = memory.manifest_of(ref, version)
    if manifest is None or scanned.digest is None:
        return False
    return stands(ref, version, record=scanned.digest, manifest=manifest, workshop=workshop)


def _runner(workshop: Workshop, spread: Spread, records: int) -> Runner:
    """Choose who does it. A record that is alone needs nobody to be kept safe from it, so nothing is started for it.

    An office is not shared between processes: with it a record keeps to one core.
    """
    if spread.cluster is not None and not workshop.order.plan_only:
        return _cluster(workshop.order, spread.cluster)
    from pipeline.batch.local import Local  # noqa: PLC0415 - brings one_record along, as above
    from pipeline.batch.runner import InThisProcess  # noqa: PLC0415 - likewise

    cores = spread.jobs if workshop.engine.name == "embedded" else 1
    if records <= 1 and not spread.apart:
        return InThisProcess(replace(workshop, cores=cores))
    return Local(workshop.order, jobs=max(1, min(spread.jobs, records)), cores=cores, workshop=workshop)


def _cluster(order: Order, address: str) -> Runner:
    try:
        from pipeline.batch.cluster import Cluster  # noqa: PLC0415 - what it needs is an extra
    except ImportError as error:
        what = "Working on a cluster needs the library distributed, which is not installed."
        raise SetupError([Problem(what, "Install it: pip install 'outcome-agreements[cluster]'.")]) from error
    return Cluster(order, address=address)


def _results(plan: Sequence[_Planned], runner: Runner, memory: Known) -> Generator[Result]:
    made = runner.run(each.scanned for each in plan if not each.stands)
    for each in plan:
        yield _known(each.scanned, memory) if each.stands else next(made)


def _known(scanned: Scanned, memory: Known) -> Result:
    ref, version, name = scanned.ref or "", scanned.version or 0, scanned.source.name
    return memory.result_of(ref, version, source=name) or Result(name, State.UP_TO_DATE, ref=ref, version=version)


def _written_down(
    results: Iterator[Result], plan: Sequence[_Planned], order: Order, memory: Known, part: Part | None
) -> Generator[Result]:
    """Pass the results on, and write what they say into the journal, the memory of the output, and its page."""
    journal, tally, whole = Journal(order.out), Tally(), True
    with closing(Spool()) as spool:
        try:
            for result in results:
                journal.note(result)
                memory.note(result)
                tally.add(result)
                whole = False
                spool.add(result)
                whole = True
                yield result
        finally:
            journal.close()
            if whole and journal.path.is_file():  # something was published here, now or before
                with suppress(OSError):  # the same is on the screen and in the journal
                    write_page(order.out / _for_part(PAGE, part), spool, tally, expected=len(plan))


def _swept(order: Order, part: Part | None, kind: type[BaseException] | None, *_: object) -> None:
    """After a run that was broken off, take away what its workers were building."""
    if kind is not None:
        with suppress(SetupError):
            sweep(order.out, ours=partial(belongs, part=part))


def _for_part(name: str, part: Part | None) -> str:
    """Return the name of a file of the output that each part of a run has for itself."""
    stem, dot, ending = name.rpartition(".")
    return name if part is None else f"{stem}-{part.number}-of-{part.of}{dot}{ending}"
