"""A folder into which records are put, watched: each is carried through when it is whole, and moved out of the way.

A record that is done goes to `done/`, one that failed or was refused to `failed/`, each with its report beside it. What
is not a whole plain file of its own is left alone: files that still grow, temporary files of editors and of copying
programs, links, hidden files.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from watchfiles import watch as watch_folder

from pipeline.batch.report import record_report
from pipeline.batch.run import Spread, batch
from pipeline.batch.sources import NOT_RECORDS, Source
from pipeline.errors import Problem, SetupError, refused_by_the_system
from pipeline.publication.disk import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.batch.model import Result
    from pipeline.batch.workshop import Order

DONE, FAILED = "done", "failed"
_LOOK_EVERY_MS = 500
_TEMPORARY = ("~", ".tmp", ".part", ".partial", ".crdownload", ".swp")
_PATIENCE_SECONDS = 10.0

_State = tuple[int, int, int]
"""Inode, size and time of the last change (ns): what tells that a file is still being written."""


@dataclass(slots=True)
class Watch:
    """A folder that is watched; `settle` is how many seconds a file must lie unchanged before it is read.

    `order` says what to make; it is asked for once a round, so that a set-up that was changed counts.
    """

    folder: Path
    out: Path
    order: Callable[[], Order]
    jobs: int
    settle: float
    polling: bool
    _seen: dict[Path, tuple[_State, float]] = field(default_factory=dict)
    _stuck: dict[Path, _State] = field(default_factory=dict)

    def results(self, trouble: Callable[[SetupError], None]) -> Iterator[Result]:
        """Yield the result of each record that comes, after it has been moved, for ever.

        `trouble` hears of what keeps a whole round from being done (another run at work, a template that cannot be
        used): the records stay, and are tried again. Raises SetupError at once for folders that cannot be used so.
        """
        _refuse_overlap(self.folder, self.out)
        with batch([], self.order()):
            pass  # says at once what is wrong with the set-up
        rounds = watch_folder(
            self.folder,
            watch_filter=None,
            recursive=False,
            force_polling=self.polling or None,
            rust_timeout=_LOOK_EVERY_MS,
            yield_on_timeout=True,
            debounce=_LOOK_EVERY_MS,
        )
        yield from self._round(trouble)
        for _ in rounds:
            yield from self._round(trouble)

    def _round(self, trouble: Callable[[SetupError], None]) -> Iterator[Result]:
        ready = self._whole_files()
        if not ready:
            return
        sources = [Source(path.name, path) for path in sorted(ready)]
        try:
            with batch(sources, self.order(), Spread(jobs=self.jobs, apart=True)) as run:
                for source, result in zip(sources, run.results, strict=True):
                    yield self._moved(source.path or self.folder, ready, result)
        except SetupError as error:
            trouble(error)
            later = time.monotonic() + _PATIENCE_SECONDS
            self._seen.update({path: (state, later) for path, state in ready.items() if path.exists()})

    def _whole_files(self) -> dict[Path, _State]:
        """Return the records that have lain unchanged long enough, and what tells whether they change now."""
        now, there, ready = time.monotonic(), {}, {}
        for path, state in _records_in(self.folder):
            known = self._seen.get(path)
            since = now if known is None or known[0] != state else known[1]
            there[path] = (state, since)
            if now - since >= self.settle and self._stuck.get(path) != state:
                ready[path] = state
        self._seen = there
        return ready

    def _moved(self, path: Path, states: dict[Path, _State], result: Result) -> Result:
        """Put a record and its report where they belong; one that was written again meanwhile stays for a next time.

        Raises SetupError where the system does not let it; then the record is left alone until it changes.
        """
        try:
            if _state(path) == states[path]:
                _move(path, self.folder / (DONE if result.done else FAILED), result)
        except FileNotFoundError:
            pass  # somebody took it away
        except OSError as error:
            self._stuck[path] = states[path]
            raise SetupError([refused_by_the_system(error)]) from error
        return result


def _records_in(folder: Path) -> Iterator[tuple[Path, _State]]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    except OSError:
        return  # a share that is away for a moment: the next look finds it again
    for name in names:
        low = name.lower()
        if low.endswith(".json") and not low.startswith((".", "~")) and low not in NOT_RECORDS:
            path = folder / name
            if not path.stem.lower().endswith(_TEMPORARY):
                try:
                    yield path, _state(path)
                except OSError:
                    continue


def _state(path: Path) -> _State:
    found = path.lstat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _move(path: Path, folder: Path, result: Result) -> None:
    """Move a record into this folder, beside its report; what lies there already stays."""
    make_private_folder(folder)
    target, nth = folder / path.name, 1
    while target.exists():
        nth += 1
        target = folder / f"{path.stem}-{nth}{path.suffix}"
    report = json.dumps(record_report(result), indent=2, ensure_ascii=False) + "\n"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(target.with_suffix(".report.json"), flags, 0o600), "w", encoding="utf-8") as file:
        file.write(report)
    path.rename(target)


def _refuse_overlap(folder: Path, out: Path) -> None:
    """Raise SetupError when the output lies in the folder that is watched, or the other way round."""
    watched, written = folder.resolve(), out.resolve()
    if watched == written or watched in written.parents or written in watched.parents:
        what = "The output lies in the folder that is watched, or that folder in the output."
        raise SetupError([Problem(what, "Give two folders beside each other.", where="--out")])
