"""Who carries records through: one way to ask for it, whether in this process, in several, or on many machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pipeline.batch.one_record import make_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.batch.model import Result
    from pipeline.batch.scan import Scanned
    from pipeline.batch.workshop import Workshop


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

    def __init__(self, workshop: Workshop) -> None:
        """Take the workshop as it is; whoever opened it closes its engine."""
        self._workshop = workshop

    def run(self, records: Iterable[Scanned]) -> Iterator[Result]:
        """Return the result of each record."""
        return (make_one(record, self._workshop) for record in records)

    def close(self) -> None:
        """Do nothing: this starts nothing that outlives a record."""
