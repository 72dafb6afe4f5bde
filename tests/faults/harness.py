"""Make the nth call of the operating system fail, or the process die at it, and look what is left.

The method is SQLite's (sqlite.org/testing.html): the 1st, the 2nd, the 3rd ... call fails until a run has no failure,
and after each the state must be the old one or the new one. A fault is put into functions of `os`, into writing a
file and into statements of SQLite, in a forked child; the parent looks at what the child left. Needs a system that can
fork, and a process with one thread.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CALLS = ("write", "fsync", "rename", "open", "mkdir", "unlink", "sql")
"""What can be made to fail; `rename` stands for both of its names, and `open` for every way to open a file."""

_PAGE = 4096
UNEXPLAINED = 99
"""The exit code of a child in which an error reached the top: every failure must be one we can explain."""

_OF_OS = {"fsync": ("fsync",), "rename": ("rename", "replace"), "mkdir": ("mkdir",), "unlink": ("unlink",)}


class Task(Protocol):
    """Something that changes folders and must survive anything.

    `prepare` builds the state before, once. `act` does the work, on a copy of that state, and returns an exit code.
    `left` says what is wrong with the state after a fault, `done` what is wrong after a rerun; empty is good.
    """

    name: str

    def prepare(self, folder: Path) -> None: ...
    def act(self, folder: Path) -> int: ...
    def left(self, folder: Path) -> Sequence[str]: ...
    def done(self, folder: Path) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """The nth call fails with an input/output error ("fail"), or the process dies before it ("kill")."""

    call: str
    nth: int
    kind: str

    def __str__(self) -> str:
        return f"{self.kind} at {self.call} {self.nth}"


class _Gate:
    """Count calls, and strike at the one that is meant."""

    def __init__(self, fault: Fault | None) -> None:
        self.fault, self.counts = fault, Counter()

    def passes(self, call: str, before: Callable[[], object] = lambda: None) -> None:
        self.counts[call] += 1
        if self.fault is None or (self.fault.call, self.fault.nth) != (call, self.counts[call]):
            return
        before()
        if self.fault.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if call == "sql":
            raise sqlite3.OperationalError("disk I/O error")
        raise OSError(errno.ENOSPC if call == "write" else errno.EIO, "injected")


class _Writing:
    """A file open for writing; a fault in it writes half of what it was given."""

    def __init__(self, file: Any, gate: _Gate) -> None:
        self._file, self._gate = file, gate

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        self._file.__enter__()
        return self

    def __exit__(self, *reason: object) -> None:
        self._file.__exit__(*reason)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)

    def write(self, data: Any) -> int:
        def half() -> None:
            self._file.write(data[: len(data) // 2])
            self._file.flush()

        self._gate.passes("write", half)
        return self._file.write(data)


def inject(gate: _Gate) -> None:
    """Put the gate before the calls, for the rest of this process's life."""
    for call, names in _OF_OS.items():
        for name in names:
            setattr(os, name, _gated(getattr(os, name), call, gate))
    open_file, open_descriptor, connect = io.open, os.open, sqlite3.connect

    def opening(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        if not isinstance(file, int):
            gate.passes("open")
        opened = open_file(file, mode, *more, **named)
        return _Writing(opened, gate) if set("wxa+") & set(mode) else opened

    def opening_descriptor(*given: Any, **named: Any) -> int:
        gate.passes("open")
        return open_descriptor(*given, **named)

    class Counted(sqlite3.Connection):
        def execute(self, *given: Any) -> sqlite3.Cursor:
            gate.passes("sql")
            return super().execute(*given)

        def executemany(self, *given: Any) -> sqlite3.Cursor:
            gate.passes("sql")
            return super().executemany(*given)

    io.open = builtins.open = opening
    os.open = opening_descriptor
    sqlite3.connect = lambda *given, **named: connect(*given, **named, factory=Counted)


def _gated(function: Callable[..., Any], call: str, gate: _Gate) -> Callable[..., Any]:
    def gated(*given: Any, **named: Any) -> Any:
        gate.passes(call)
        return function(*given, **named)

    return gated


def in_child(act: Callable[[], int], *, gate: _Gate | None = None, kill_after: float | None = None) -> int:
    """Run this in a forked child and return its exit code; negative where a signal ended it."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os._exit(_lived(act, gate))
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _lived(act: Callable[[], int], gate: _Gate | None) -> int:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    errors = sys.stderr
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until the child ends
    try:
        if gate is not None:
            inject(gate)
        return act()
    except BaseException:  # noqa: BLE001 - a child must never come back as its parent
        traceback.print_exc(file=errors)
        errors.flush()
        return UNEXPLAINED


def calls_of(task: Task, before: Path, work: Path) -> Counter[str]:
    """Return how often a run without a fault makes each call."""
    fresh(before, work)
    reader, writer = os.pipe()

    def counted() -> int:
        gate = _Gate(None)
        inject(gate)
        code = task.act(work)
        os.write(writer, repr(dict(gate.counts)).encode())
        return code

    code = in_child(counted)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        text = pipe.read()
    problems = list(task.done(work))
    if code != 0 or problems:
        raise RuntimeError(f"{task.name} does not work without a fault: exit code {code}, {problems}")
    return Counter({name: int(number) for name, number in (part.split(": ") for part in _parts(text))})


def _parts(text: str) -> list[str]:
    return [part.replace("'", "") for part in text.strip("{}").split(", ") if part]


def survives(task: Task, before: Path, work: Path, fault: Fault) -> tuple[str, ...]:
    """Strike once, look, run again, look again; return what is wrong, each said with the fault."""
    fresh(before, work)
    code = in_child(lambda: task.act(work), gate=_Gate(fault))
    found = ["an error reached the top"] if code == UNEXPLAINED else []
    found += [f"left: {each}" for each in in_order(task, work)]
    return tuple(f"{task.name}, {fault}: {each}" for each in found)


def killed_at(task: Task, before: Path, work: Path, seconds: float) -> tuple[str, ...]:
    """Kill the process after so long; return what is wrong then or after a rerun."""
    fresh(before, work)
    in_child(lambda: task.act(work), kill_after=seconds)
    return tuple(f"{task.name}, killed after {seconds:.3f} s: {each}" for each in in_order(task, work))


def worker_killed_at(task: Task, before: Path, work: Path, seconds: float) -> tuple[str, ...]:
    """Kill a process that the task started; the task itself must go on and complete. Linux only."""
    fresh(before, work)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os._exit(_lived(lambda: task.act(work), None))
    time.sleep(seconds)
    workers = Path(f"/proc/{child}/task/{child}/children").read_text(encoding="utf-8").split()
    if workers:
        os.kill(int(workers[-1]), signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    found = [f"the run ends with {code}"] if code else []
    found += [f"after the run: {each}" for each in task.done(work)]
    found += [f"left: {each}" for each in in_order(task, work)]
    return tuple(f"{task.name}, a worker killed after {seconds:.3f} s: {each}" for each in found)


def full_disk_sizes(before: Path) -> list[int]:
    """Return sizes of disks in KiB on which the state before has room, and little or nothing besides."""
    used = sum(path.stat().st_size + _PAGE for path in before.rglob("*")) // 1024
    return [used + used * step // 8 for step in range(1, 12)]


def on_a_disk_of(task: Task, before: Path, disk: Path, kib: int) -> tuple[str, ...]:
    """Run on a disk of so many KiB, look, make room, run again, look. Needs root and Linux."""
    disk.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", disk], check=True)  # noqa: S607
    try:
        work = disk / "work"
        fresh(before, work)
        code = in_child(lambda: task.act(work))
        found = ["an error reached the top"] if code == UNEXPLAINED else []
        found += [f"left: {each}" for each in task.left(work)]
        subprocess.run(["mount", "-o", "remount,size=1g", disk], check=True)  # noqa: S607
        again = in_child(lambda: task.act(work))
        found += [f"the rerun ends with {again}"] if again else []
        found += [f"after the rerun: {each}" for each in task.done(work)]
    finally:
        subprocess.run(["umount", disk], check=True)  # noqa: S607
    return tuple(f"{task.name}, on a disk of {kib} KiB: {each}" for each in found)


def in_order(task: Task, work: Path) -> list[str]:
    """Look at what a fault left, run again, and look at what is there then."""
    found = list(task.left(work))
    again = in_child(lambda: task.act(work))
    if again != 0:
        found.append(f"the rerun ends with {again}")
    return found + [f"after the rerun: {each}" for each in task.done(work)]


def fresh(before: Path, work: Path) -> None:
    """Put a copy of the state before in the place of whatever is there."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(before, work, symlinks=True)


def spread(total: int, most: int | None) -> list[int]:
    """Return the positions to strike at: every one, or so many spread evenly from the first to the last."""
    if most is None or total <= most:
        return list(range(1, total + 1))
    return sorted({1 + round(step * (total - 1) / max(most - 1, 1)) for step in range(most)})


def moments(seconds: float, number: int) -> list[float]:
    """Return so many random moments within a run that takes so long; the same ones each time."""
    chance = random.Random(2026)  # noqa: S311 - moments, not secrets
    return [chance.uniform(0, seconds) for _ in range(number)]
