"""Processes that begin as a copy of this one: where that is safe, and a piece of work that a second core does so."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


def may_fork() -> bool:
    """Say whether a forked process would be whole.

    Only the thread that forks lives on in the child. A library that left work to threads of its own, as the judge of
    PDF/A does once it has judged, would wait for them for ever. macOS and Windows do not fork safely at all.
    """
    return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1


def beside(work: Callable[[], _T]) -> Callable[[], _T]:
    """Let a second core begin this work, and return what waits for its result; call that once, whatever happens.

    The work changes nothing outside itself, and its result can be pickled. Where there is no second core, where a
    process cannot be forked, or where it ends without a result, the work is done when the result is asked for.
    """
    if not may_fork() or len(os.sched_getaffinity(0)) < 2:
        return work
    try:
        reader, writer = os.pipe()
        child = os.fork()
    except OSError:  # too many processes or files: slower, and no worse
        return work
    if child == 0:
        _answer(work, writer)
    os.close(writer)

    def result() -> _T:
        with os.fdopen(reader, "rb") as pipe:
            answer = pipe.read()
        os.waitpid(child, 0)
        try:
            found: _T = pickle.loads(answer)  # noqa: S301 - written by this program a moment ago
        except (EOFError, pickle.UnpicklingError):
            return work()
        return found

    return result


def _answer(work: Callable[[], object], writer: int) -> None:
    """Do the work, write its result and end; an error is left to whoever does the work again."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits
        with os.fdopen(writer, "wb") as pipe:
            pickle.dump(work(), pipe)
    finally:
        os._exit(0)
