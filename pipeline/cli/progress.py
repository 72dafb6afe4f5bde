"""A progress bar on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress(total: int) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Give a function that shows one result and moves the bar on by one.

    Off a terminal, and for a single record, there is no bar. `NO_COLOR` is honoured.
    """
    if total < 2 or not sys.stderr.isatty():
        yield lambda show: show()
        return
    from rich.console import Console  # noqa: PLC0415 - most runs are not on a terminal and start sooner without
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = TextColumn("records"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=total)

        def step(show: Callable[[], None]) -> None:
            bar.stop()  # out of the way: what is shown may go to the same terminal
            show()
            bar.start()
            bar.advance(task)
            bar.refresh()

        yield step
