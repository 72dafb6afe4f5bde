"""Processes that begin as a copy of this one: where that is safe, and a piece of work that a second core does so."""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_T = TypeVar("_T")
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG, prctl(2)
_BYTES_A_TURN = 2
_MOST_TURNS = 2_000
"""So many lie in the smallest pipe there is: writing them never waits."""


def may_fork() -> bool:
    """Say whether a forked process would be whole.

    Only the thread that forks lives on in the child. A library that left work to threads of its own, as the judge of
    PDF/A does once it has judged, would wait for them for ever. macOS and Windows do not fork safely at all.
    """
    try:
        return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:  # too many files are open to look
        return False


def end_with(parent: int) -> None:
    """Let this process be killed when its parent ends, where the system can do so; end now if the parent is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if sys.platform != "win32" and os.getppid() != parent:
        os._exit(1)  # it died before this process could tell the system that they belong together


def share_out(work: Callable[[int], _T], number: int, *, cores: int) -> list[_T]:
    """Do a work for each number from 0 on, below `number`, on so many cores; return the results in order.

    Each core takes the next one when it is done with one. What a process did that ended early is done again here.
    """
    if min(cores, number) < 2 or number > _MOST_TURNS or not may_fork():
        return [work(nth) for nth in range(number)]
    try:
        turns, writer = os.pipe()
    except OSError:  # too many files: slower, and no worse
        return [work(nth) for nth in range(number)]
    with os.fdopen(turns, "rb", buffering=0), ExitStack() as stack:
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(b"".join(nth.to_bytes(_BYTES_A_TURN, "big") for nth in range(number)))
        some = partial(_in_turn, work, turns)
        others = [stack.enter_context(beside(some, keeping=turns)) for _ in range(1, min(cores, number))]
        found = some()
        for results_of in others:
            found |= results_of()
    return [found[nth] if nth in found else work(nth) for nth in range(number)]


def _in_turn(work: Callable[[int], _T], turns: int) -> dict[int, _T]:
    taken = iter(partial(os.read, turns, _BYTES_A_TURN), b"")
    return {nth: work(nth) for nth in (int.from_bytes(turn, "big") for turn in taken)}


@contextmanager
def beside(work: Callable[[], _T], *, keeping: int | None = None) -> Iterator[Callable[[], _T]]:
    """Let a second core begin this work, and give what waits for its result. It keeps no file but this open.

    The work changes nothing outside itself, and its result can be pickled. Where there is no second core, where a
    process cannot be forked, or where it ends without a result, the work is done when the result is asked for.
    Afterwards the process is gone, whether its result was asked for or not.
    """
    if not may_fork() or len(os.sched_getaffinity(0)) < 2:
        yield work
        return
    try:
        reader, writer = os.pipe()
    except OSError:  # too many files: slower, and no worse
        yield work
        return
    parent = os.getpid()
    try:
        child = os.fork()
    except OSError:  # too many processes, or too little memory
        os.close(reader)
        os.close(writer)
        yield work
        return
    if child == 0:
        _answer(work, writer, parent, keeping)
    os.close(writer)
    try:
        yield partial(_result, work, reader)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _result(work: Callable[[], _T], reader: int) -> _T:
    with open(reader, "rb", closefd=False) as pipe:
        answer = pipe.read()
    try:
        found: _T = pickle.loads(answer)  # noqa: S301 - written by this program a moment ago
    except (EOFError, pickle.UnpicklingError):
        return work()
    return found


def _answer(work: Callable[[], object], writer: int, parent: int, keeping: int | None) -> None:
    """Do the work, write its result and end; an error is left to whoever does the work again."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits
        end_with(parent)
        _let_go_of_all_files_but(writer, keeping)
        with open(writer, "wb") as pipe:
            pickle.dump(work(), pipe)
    finally:
        os._exit(0)


def _let_go_of_all_files_but(*kept: int | None) -> None:
    """Close what the parent had open, such as a lock, which would otherwise be held until both are gone."""
    for number in map(int, os.listdir("/proc/self/fd")):  # noqa: PTH208 - their numbers are wanted
        if number > 2 and number not in kept:
            with suppress(OSError):  # the one that listed them is closed by now
                os.close(number)
