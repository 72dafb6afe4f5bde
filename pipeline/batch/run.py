"""Many records, one after the other: from each record to its published copies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pipeline.batch.journal import Journal
from pipeline.batch.one_record import Order, carry_through, open_workshop
from pipeline.batch.reading import each_record
from pipeline.publication.place import check_output, restore_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.batch.model import Result
    from pipeline.batch.sources import Source
    from pipeline.documents.engines.engine import Engine


def generate(sources: Sequence[Source], order: Order) -> Iterator[Result]:
    """Return the results of these records, each as soon as it is there.

    Raises SetupError before the first record: for an unusable output, template, logo or engine.
    Whatever is wrong with one record is its result, and the others go on.
    """
    check_output(order.out)
    workshop = open_workshop(order)
    results = each_record(sources, order.service.extra_fields, partial(carry_through, workshop=workshop))
    if order.on_trial:
        return _closing(results, workshop.engine)
    restore_all(order.out)
    return _journalled(_closing(results, workshop.engine), Journal(order.out))


def _closing(results: Iterator[Result], engine: Engine) -> Iterator[Result]:
    try:
        yield from results
    finally:
        engine.close()


def _journalled(results: Iterator[Result], journal: Journal) -> Iterator[Result]:
    for result in results:
        journal.note(result)
        yield result
