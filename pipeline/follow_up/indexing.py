"""What is due among thousands of records, without reading each of them again: an index that may always be thrown away.

It is a hidden file in each folder with many records. A line is trusted while the record and its journal are the very
files that were read: same time of change, size and number on the disk, and settled for two seconds when they were read.
It holds ids, days and amounts, no name and no word of the text.
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Final
from zlib import crc32

from pipeline import __version__
from pipeline.follow_up.compact import from_text, next_day, to_text
from pipeline.follow_up.model import Standing, journal_name
from pipeline.follow_up.rows import Listed, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pipeline.errors import Problem
    from pipeline.follow_up.reading import Read
    from pipeline.service.model import Service

NAME: Final = ".agreements-due"
MANY: Final = 100
_FORMAT: Final = 3
_SETTLED: Final = 2_000_000_000  # nanoseconds: file systems tell time in coarser steps than files can change
_FORGOTTEN: Final = 3600  # seconds after which a file that was being written is a leftover


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in records: their rows, what is wrong with which file, and how many can and cannot be used."""

    agreements: tuple[Listed, ...]
    problems: tuple[tuple[Path, tuple[Problem, ...]], ...]
    usable: int
    unusable: int


@dataclass(frozen=True, slots=True)
class _Line:
    """One record in the index: whose files it was made from, what is next, and its rows as text."""

    name: str
    stamp: str
    ref: str
    standing: Standing
    next: str
    text: str

    def written(self) -> str:
        return "\t".join((self.name, self.stamp, self.ref, *map(str, map(int, self.standing)), self.next, self.text))


def read_all(paths: Sequence[Path], service: Service, *, until: date) -> Found:
    """Return the rows of each agreement that has something open by `until`, of the version of it that counts.

    What cannot be used is there with its problems. The index is brought up to date on the way; where it cannot be
    written nothing is lost but time.
    """
    folders: defaultdict[Path, list[Path]] = defaultdict(list)
    for path in paths:
        folders[path.parent].append(path)
    lines: list[_Line] = []
    doubtful: list[Read] = []
    for folder, files in folders.items():
        of_folder, doubts = _folder(folder, files, service)
        lines += of_folder
        doubtful += doubts
    counts: dict[str, Standing] = {}
    for line in lines:
        counts[line.ref] = max(counts.get(line.ref, line.standing), line.standing)
    last = until.isoformat()
    wanted = (line for line in lines if line.next <= last and line.standing == counts[line.ref])
    told = [each for each in doubtful if each.followed is None or each.followed.standing == counts[each.followed.ref]]
    return Found(
        agreements=tuple(from_text(line.text, line.ref, line.standing.version, last) for line in wanted),
        problems=tuple((each.path, each.problems) for each in sorted(told, key=lambda each: each.path)),
        usable=len(counts),
        unusable=sum(each.followed is None for each in doubtful),
    )


def _folder(folder: Path, files: Sequence[Path], service: Service) -> tuple[list[_Line], list[Read]]:
    """Return a line a record that can be used, and what was read with problems; a torn journal gives both."""
    stamps = _Stamps(folder)
    many = len(files) >= MANY
    known = _load(folder, service) if many else {}
    lines: list[_Line] = []
    doubtful: list[Read] = []
    changed = 0
    for path in files:
        line = known.get(path.name)
        if line is None or line.stamp != stamps.of(path.name, line.ref):
            seen = time.time_ns()
            read = _read(path, service)
            changed += 1
            if read.problems:
                doubtful.append(read)
            if read.followed is None:
                continue
            rows = listed(read.followed, service.bank_holidays)
            stamp = "" if read.problems else stamps.settled(path.name, rows.ref, seen)
            line = _Line(path.name, stamp, rows.ref, read.followed.standing, next_day(rows), to_text(rows))
        lines.append(line)
    if many and (changed or len(known) != len(lines)):
        _save(folder, service, (line for line in lines if line.stamp and line.name.isprintable()))
    return lines, doubtful


def _read(path: Path, service: Service) -> Read:
    from pipeline.follow_up.reading import read_one  # noqa: PLC0415 - mostly nothing has changed

    return read_one(path, service.extra_fields)


class _Stamps:
    """What a folder says of its files: looked at once."""

    def __init__(self, folder: Path) -> None:
        self._stats: dict[str, os.stat_result] = {}
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                with suppress(OSError):
                    self._stats[entry.name] = entry.stat(follow_symlinks=False)

    def of(self, name: str, ref: str) -> str:
        """Return the stamp of a record and its journal."""
        return f"{self._stamp(name)} {self._stamp(journal_name(ref))}"

    def settled(self, name: str, ref: str, seen: int) -> str:
        """Return the stamp, empty where one of the two may have changed since within the same tick of the clock."""
        both = (self._stats.get(name), self._stats.get(journal_name(ref)))
        changed = (each.st_mtime_ns for each in both if each is not None)
        return self.of(name, ref) if all(at + _SETTLED < seen for at in changed) else ""

    def _stamp(self, name: str) -> str:
        stat = self._stats.get(name)
        return "-" if stat is None else f"{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_size}:{stat.st_ino}"


def _head(service: Service, body: bytes) -> bytes:
    """Return the first line: whose index it is, and a sum by which damage to the rest shows."""
    of = {"program": __version__, "holidays": version("holidays"), "service": service.digest}
    return json.dumps({"format": _FORMAT, **of, "sum": crc32(body)}).encode()


def _load(folder: Path, service: Service) -> Mapping[str, _Line]:
    """Return the lines of the index; none where there is none, or it is another program's, set-up's, or damaged."""
    try:
        head, _, body = (folder / NAME).read_bytes().partition(b"\n")
    except OSError:
        return {}
    if head != _head(service, body):
        return {}
    return {line.name: line for line in map(_line, body.decode().split("\n")[:-1])}


def _line(text: str) -> _Line:
    name, stamp, ref, read_back, number, following, rest = text.split("\t", 6)
    return _Line(name, stamp, ref, Standing(read_back == "1", int(number)), following, rest)


def _save(folder: Path, service: Service, lines: Iterable[_Line]) -> None:
    """Put a new index in the place of the old one, by renaming."""
    own = folder / f"{NAME}.{os.getpid()}"
    body = "".join(f"{line.written()}\n" for line in lines).encode()
    with suppress(OSError):
        for leftover in folder.glob(f"{NAME}.*"):
            if leftover.stat().st_mtime < time.time() - _FORGOTTEN:
                leftover.unlink()
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_head(service, body) + b"\n" + body)
        own.replace(folder / NAME)
