"""Who carries records through: one way to ask for it, whether in this process, in several, or on many machines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from pipeline.batch.one_record import make_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.batch.model import Result
    from pipeline.batch.one_record import Workshop
    from pipeline.batch.scan import Scanned


class Runner(Protocol):
    """Carries records from their bytes to their published copies."""

    def run(self, records: Iterable[Scanned]) -> Iterator[Result]:
        """Return the result of each record, in the order of the records, each as soon as it and those before are there.

        The copies are the same bytes whoever makes them. Whatever happens to one record, the others go on.
        """

    def close(self) -> None:
        """End every process this started, whatever it is doing; called once."""


class InThisProcess:
    """One record after the other in this process: nothing has to be started, but a crash would end the run."""

    def __init__(self, workshop: Workshop, *, cores: int = 1) -> None:
        """Take the workshop as it is; whoever opened it closes its engine. A second core helps with each copy."""
        self._beside = ThreadPoolExecutor(max_workers=1) if cores > 1 else None
        self._workshop = replace(workshop, beside=self._beside)

    def run(self, records: Iterable[Scanned]) -> Iterator[Result]:
        """Return the result of each record."""
        return (make_one(record, self._workshop) for record in records)

    def close(self) -> None:
        """End the thread that helped, if there was one."""
        if self._beside is not None:
            self._beside.shutdown()
