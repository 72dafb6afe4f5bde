"""Records in several processes of this machine: each worker has one record at a time and may crash or hang with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, islice
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from pipeline.batch.model import Result, State
from pipeline.batch.worker import serve
from pipeline.errors import Problem, SetupError
from pipeline.forking import may_fork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

    from pipeline.batch.scan import Scanned
    from pipeline.batch.workshop import Order, Workshop

_RECORDS_A_WORKER = 500
"""After so many records a worker is replaced, so that whatever some library forgets to free does not add up."""
_AHEAD = 100
"""So many records a job are finished before one that is slow; their results wait for it."""
_HEAD_START_SECONDS = 10.0
"""So long no other record begins beside the first; what takes longer is not the making of copies."""
_GRACE_SECONDS = 3.0
_LONGEST_TIDYING_SECONDS = 15.0
"""So long a worker that has nothing left to do may take to end the engine it opened."""


def time_limit(record: Scanned) -> float:
    """Return the seconds that a record may take: two minutes, and one for every 50 KB of it."""
    return 120 + len(record.source.data or b"") * 60 / 50_000


@dataclass(slots=True)
class _Task:
    nth: int
    record: Scanned
    seconds: float
    before: str = ""


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    done: int = 0
    task: _Task | None = None
    until: float = 0.0
    alone_until: float = 0.0

    def give(self, task: _Task, *, alone: float = 0.0) -> None:
        """Let it begin; for so many seconds no other may begin beside it."""
        now = time.monotonic()
        self.task, self.until, self.alone_until = task, now + task.seconds, now + alone
        with suppress(OSError):  # where it died while it had nothing to do, that is seen when its answer is awaited
            self.pipe.send(task.record)

    def stop(self) -> None:
        """End the process: first politely, so that it ends what it started itself, then for certain."""
        self.process.terminate()
        self.process.join(_LONGEST_TIDYING_SECONDS if self.task is None else _GRACE_SECONDS)
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Local:
    """Worker processes on this machine, at most `jobs` at a time.

    A worker that dies, or takes longer than the limit, costs its record only; that record is tried once more with no
    other at work. Where it is safe a worker is forked, with the templates already parsed; elsewhere it starts anew.
    Where a worker is forked, the first record has `cores` cores to itself and is one that is quick, so that the first
    copies are there soon.
    """

    def __init__(
        self,
        order: Order,
        *,
        jobs: int,
        cores: int = 1,
        workshop: Workshop | None = None,
        limit: Callable[[Scanned], float] = time_limit,
    ) -> None:
        """Start nothing yet: a worker starts when there is a record for it."""
        self._order, self._jobs, self._limit = order, jobs, limit
        fork = may_fork()
        self._opened = workshop if fork else None
        self._cores_at_first = cores if fork else 1
        self._context: Any = multiprocessing.get_context("fork" if fork else "spawn")
        self._workers: list[_Worker] = []

    def run(self, records: Iterable[Scanned]) -> Iterator[Result]:
        """Return the result of each record, in order. Raises SetupError when not one process can be started."""
        coming = enumerate(records) if self._cores_at_first == 1 else _a_quick_one_first(records)
        finished: dict[int, Result] = {}
        troubled: list[_Task] = []
        nth, more = 0, True
        while more or finished or troubled or self._busy():
            if troubled and not self._busy():
                task = troubled.pop(0)
                finished[task.nth] = self._alone(task)
            while more and not troubled and self._room() and self._ahead(nth, finished):
                more = self._hand_out(coming)
            for task, result in self._answers(block=nth not in finished):
                if isinstance(result, Result):
                    finished[task.nth] = result
                else:
                    task.before = result
                    troubled.append(task)
            if nth in finished:
                yield finished.pop(nth)
                nth += 1

    def close(self) -> None:
        """End every worker, whatever it is doing."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def _ahead(self, nth: int, finished: dict[int, Result]) -> bool:
        """Say whether another record may begin before the nth is there."""
        return nth in finished or len(finished) < _AHEAD * self._jobs

    def _room(self) -> bool:
        """Say whether another record may begin beside those that are being made."""
        busy, now = self._busy(), time.monotonic()
        return len(busy) < self._jobs and all(worker.alone_until <= now for worker in busy)

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.task is not None]

    def _hand_out(self, coming: Iterator[tuple[int, Scanned]]) -> bool:
        """Give the next record to a worker; False when there is none left."""
        for nth, record in coming:
            cores, self._cores_at_first = self._cores_at_first, 1
            alone = _HEAD_START_SECONDS if cores > 1 else 0.0
            self._idle(cores=cores).give(_Task(nth, record, self._limit(record)), alone=alone)
            return True
        return False

    def _idle(self, *, cores: int = 1) -> _Worker:
        """Return a worker that has nothing to do; with fewer workers than jobs, one that is started now.

        That one makes the copies of a record on so many cores, until it has judged one: from then on it has threads.
        """
        for worker in self._workers:
            if worker.task is None:
                return worker
        ours, theirs = self._context.Pipe()
        opened = None if self._opened is None else replace(self._opened, cores=cores)
        try:
            process = self._context.Process(target=serve, args=(self._order, theirs, os.getpid(), opened), daemon=True)
            process.start()
        except OSError as error:
            ours.close()
            raise SetupError([_no_process()]) from error
        finally:
            theirs.close()
        self._workers.append(_Worker(process, ours))
        return self._workers[-1]

    def _answers(self, *, block: bool) -> Iterator[tuple[_Task, Result | str]]:
        """Yield each record that is finished with its result, and each that went wrong with what happened, in words."""
        busy = self._busy()
        if not busy:
            return
        now = time.monotonic()
        turns = [worker.until for worker in busy] + [worker.alone_until for worker in busy if worker.alone_until > now]
        seconds = max(0.0, min(turns) - now) if block else 0
        wait([worker.pipe for worker in busy] + [worker.process.sentinel for worker in busy], seconds)
        for worker in busy:
            task = worker.task
            if task is None:
                continue
            answer = _answer(worker)
            if answer is None:
                continue
            worker.task, worker.done = None, worker.done + 1
            if isinstance(answer, str) or worker.done >= _RECORDS_A_WORKER:
                self._workers.remove(worker)
                worker.stop()
            yield task, answer

    def _alone(self, task: _Task) -> Result:
        """Try a record once more, in a new process, while no other is at work."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()
        self._idle().give(task)
        while True:
            for _, answer in self._answers(block=True):
                if isinstance(answer, Result):
                    return answer
                return Result(task.record.source.name, State.FAILED, problems=(_twice(task.before, answer),))


def _a_quick_one_first(records: Iterable[Scanned]) -> Iterator[tuple[int, Scanned]]:
    """Give the records with their numbers; one of the first hundred that asks for few copies leads them."""
    numbered = enumerate(records)
    first = sorted(islice(numbered, _AHEAD), key=lambda each: (each[1].copies or 1_000_000, each[0]))
    return chain(first[:1], sorted(first[1:]), numbered)


def _answer(worker: _Worker) -> Result | str | None:
    """Return the result, or in words how the worker ended without one; None while it is at work."""
    try:
        if worker.pipe.poll():
            result: Result = worker.pipe.recv()
            return result
    except (EOFError, OSError):
        worker.process.join(_GRACE_SECONDS)
    if not worker.process.is_alive():
        return _ending(worker.process.exitcode)
    if time.monotonic() >= worker.until:
        return f"took longer than {worker.task.seconds:.0f} seconds" if worker.task is not None else ""
    return None


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return f"was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"was ended by signal {-code}"
    return f"ended with code {code}"


def _twice(first: str, second: str) -> Problem:
    told = f"it {first}" if first == second else f"first it {first}, then it {second}"
    return Problem(
        f"The process that made the copies of this record broke down twice, the second time alone: {told}.",
        "The other records went on. Look whether the machine is short of memory; then try this record with the "
        "standard template, and report it if it comes back.",
    )


def _no_process() -> Problem:
    return Problem(
        "The system starts no further process for this run (too many processes, open files, or too little memory).",
        "End other programs or ask for higher limits, then run it again: what was published stands.",
    )
