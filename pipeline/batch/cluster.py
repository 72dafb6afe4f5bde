"""Records on many machines: a Dask cluster whose workers carry each record through in a limited process of their own.

Only paths and results travel: every machine reads records, set-up and templates from the same shared storage and
publishes into the same output.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dask import config
from distributed import Client, KilledWorker

from pipeline import __version__
from pipeline.batch.local import Local
from pipeline.batch.model import Result, State
from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.batch.scan import Scanned
    from pipeline.batch.workshop import Order

_AHEAD = 20
"""So many records a worker's thread are with the cluster at a time."""
_OF_THREAD = threading.local()


class Cluster:
    """The workers of a Dask scheduler. A worker that dies costs nothing: its records go to another one."""

    def __init__(self, order: Order, *, address: str) -> None:
        """Connect to the scheduler. Raises SetupError when it does not answer or a worker cannot do the work."""
        self._order = replace(order, out=order.out.absolute())
        try:
            with config.set({"distributed.comm.retry.count": 2}):
                self._client: Any = Client(  # type: ignore[no-untyped-call]
                    address, timeout="15s", set_as_default=False
                )
        except (OSError, ValueError, TimeoutError) as error:
            what = f"The scheduler of the cluster does not answer ({type(error).__name__})."
            do = "Look whether it runs and whether the address is right, such as tcp://scheduler:8786."
            raise SetupError([Problem(what, do, where="--cluster")]) from error
        try:
            self._check_workers()
        except BaseException:
            self.close()
            raise

    def run(self, records: Iterable[Scanned]) -> Iterator[Result]:
        """Return the result of each record, in order. Raises SetupError when the cluster is lost."""
        waiting: deque[tuple[Scanned, Any]] = deque()
        for record in records:
            waiting.append((record, self._submit(record)))
            if len(waiting) >= _AHEAD * max(1, sum(self._client.nthreads().values())):
                yield self._result(*waiting.popleft())
        while waiting:
            yield self._result(*waiting.popleft())

    def close(self) -> None:
        """Leave the cluster; what it was still asked to do is dropped."""
        self._client.close()

    def _submit(self, record: Scanned) -> Any:
        path = record.source.path
        if path is not None:  # a record is read where it is made: nothing of it goes over the network
            source = replace(record.source, path=path.absolute(), data=None)
            record = replace(record, source=source)
        return self._client.submit(carry, self._order, record, __version__, pure=False)

    def _result(self, record: Scanned, future: Any) -> Result:
        try:
            result: Result = future.result()
        except KilledWorker:
            what = "Every worker that was given this record died."
            do = "Look at the logs of the workers and whether they are short of memory; then run it again."
            return Result(record.source.name, State.FAILED, problems=(Problem(what, do),))
        except (OSError, TimeoutError) as error:
            what = f"The cluster was lost ({type(error).__name__})."
            raise SetupError([Problem(what, "Run it again: what was published stands.", where="--cluster")]) from error
        return result

    def _check_workers(self) -> None:
        self._client.wait_for_workers(1, timeout=30)
        problems = self._client.run(unfit, self._order.out, __version__)
        for address, problem in problems.items():
            if problem:
                do = "docs/scaling.md says what each worker needs."
                raise SetupError([Problem(f"The worker {address} cannot be used: {problem}.", do, where="--cluster")])


def unfit(out: Path, version: str) -> str:
    """Say why this worker cannot be used; empty if it can."""
    if version != __version__:
        return f"it has version {__version__} of outcome-agreements, this machine {version}"
    if multiprocessing.current_process().daemon:
        return "it may not start processes of its own (start it with --no-nanny)"
    return "" if (out / ".lock").exists() else "it does not see the output folder, which must lie on shared storage"


def carry(order: Order, record: Scanned, version: str) -> Result:
    """Carry one record through on a worker, in a process that may crash or hang. Raises SetupError if it is unfit."""
    problem = unfit(order.out, version)
    if problem:
        raise SetupError([Problem(f"A worker of the cluster cannot be used: {problem}.", "See docs/scaling.md.")])
    if getattr(_OF_THREAD, "order", None) != order:
        if getattr(_OF_THREAD, "order", None) is not None:
            _OF_THREAD.runner.close()
        _OF_THREAD.order, _OF_THREAD.runner = order, Local(order, jobs=1)
    runner: Local = _OF_THREAD.runner
    [result] = runner.run([record])
    return replace(result, trace="")
