"""A progress bar on standard error, where that is a terminal, with the time that is left."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.batch.model import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.batch.model import Batch, Result

_ENOUGH_RECORDS, _ENOUGH_SECONDS = 5, 5.0


@dataclass(slots=True)
class TimeLeft:
    """How long the rest of a run takes, going by the records that needed work so far.

    Records that were up to date take next to nothing and say nothing about the others, so they count for neither. As
    long as too little is known, nothing is said.
    """

    at_work: int
    worked: int = 0
    _start: float = field(default_factory=time.monotonic)

    def add(self, result: Result) -> None:
        """Take one more result into account."""
        self.worked += result.state is not State.UP_TO_DATE

    def words(self) -> str:
        """Return the time left, rounded as roughly as it is known."""
        gone, left = time.monotonic() - self._start, self.at_work - self.worked
        if self.worked < _ENOUGH_RECORDS or gone < _ENOUGH_SECONDS or left <= 0:
            return ""
        return _rounded(gone / self.worked * left)


def _rounded(seconds: float) -> str:
    if seconds < 50:
        return f"about {max(10, round(seconds / 10) * 10)} s left"
    if seconds < 50 * 60:
        return f"about {max(1, round(seconds / 60))} min left"
    return f"about {seconds / 3600:.1f} h left"


@contextmanager
def progress(batch: Batch) -> Iterator[Callable[[Result, Callable[[], None]], None]]:
    """Give a function that shows one result and moves the bar on by one.

    Off a terminal, and for a single record, there is no bar. `NO_COLOR` is honoured.
    """
    if batch.total < 2 or not sys.stderr.isatty():
        yield lambda _, show: show()
        return
    from rich.console import Console  # noqa: PLC0415 - most runs are not on a terminal and start sooner without
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = TextColumn("records"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[left]}")
    left = TimeLeft(batch.at_work)
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=batch.total, left="")

        def step(result: Result, show: Callable[[], None]) -> None:
            left.add(result)
            bar.stop()  # out of the way: what is shown may go to the same terminal
            show()
            bar.start()
            bar.update(task, advance=1, left=left.words())
            bar.refresh()

        yield step
