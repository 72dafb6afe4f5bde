"""Processes that begin as a copy of this one: where that is safe, and a piece of work that a second core does so."""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_T = TypeVar("_T")
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG, prctl(2)


def may_fork() -> bool:
    """Say whether a forked process would be whole.

    Only the thread that forks lives on in the child. A library that left work to threads of its own, as the judge of
    PDF/A does once it has judged, would wait for them for ever. macOS and Windows do not fork safely at all.
    """
    return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1


def end_with(parent: int) -> None:
    """Let this process be killed when its parent ends, where the system can do so; end now if the parent is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if sys.platform != "win32" and os.getppid() != parent:
        os._exit(1)  # it died before this process could tell the system that they belong together


@contextmanager
def beside(work: Callable[[], _T]) -> Iterator[Callable[[], _T]]:
    """Let a second core begin this work, and give what waits for its result.

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
        _answer(work, writer, parent)
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


def _answer(work: Callable[[], object], writer: int, parent: int) -> None:
    """Do the work, write its result and end; an error is left to whoever does the work again."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits
        end_with(parent)
        _let_go_of_all_files_but(writer)
        with open(writer, "wb") as pipe:
            pickle.dump(work(), pipe)
    finally:
        os._exit(0)


def _let_go_of_all_files_but(kept: int) -> None:
    """Close what the parent had open, such as a lock, which would otherwise be held until both are gone."""
    for number in map(int, os.listdir("/proc/self/fd")):  # noqa: PTH208 - their numbers are wanted
        if number > 2 and number != kept:
            with suppress(OSError):  # the one that listed them is closed by now
                os.close(number)
