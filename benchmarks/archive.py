"""Time and weigh an archive of 10 000 agreements: verify, find, due, and taking one more in.

Run: python benchmarks/archive.py [--entries 10000]

The archive is filled without forcing each file to the disk, which is the only thing the program itself does otherwise;
`add` is then timed as it is. Each figure of memory is the highest of a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.archive import rows
from pipeline.archive.checking import verify
from pipeline.archive.finding import Status, Wanted, find
from pipeline.archive.index import Archive, now, open_archive, open_or_make
from pipeline.archive.model import Entry, Event, Facts, HeldFile, Kind, What
from pipeline.archive.standing import standings
from pipeline.publication.manifest import NAME, digest
from pipeline.service.model import KeepingTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READERS = ("harmed-1", "responsible-1", "service")
FILE_BYTES = 12_000
ONCE_MORE = 15


def version(number: int, chance: random.Random) -> tuple[Entry, dict[str, bytes], tuple[HeldFile, ...]]:
    """Return one signed version with three copies: its entry, its bytes, its files."""
    ref = f"NR-{number:05}"
    data, files, copies = {}, [], []
    for reader in READERS:
        stem = f"{ref}-v1-{reader}"
        names = {Kind.PDF: f"{reader}/{stem}.pdf", Kind.SIGNED: f"{reader}/signed/{stem}.pdf"}
        made = {kind: HeldFile(name, kind, reader, "", 0) for kind, name in names.items()}
        for kind, name in names.items():
            data[name] = chance.randbytes(FILE_BYTES)
            made[kind] = HeldFile(name, kind, reader, digest(data[name]), FILE_BYTES)
        files += made.values()
        said = {kind: {"name": file.name, "sha256": file.sha256} for kind, file in made.items()}
        copies.append({"files": [said[Kind.PDF]], "signed": said[Kind.SIGNED]})
    data[NAME] = json.dumps({"copies": copies}).encode()
    own = HeldFile(NAME, Kind.MANIFEST, None, digest(data[NAME]), len(data[NAME]))
    met_on = date(2020, 1, 1) + timedelta(days=number % 2500)
    entry = Entry(0, ref, 1, met_on, sealed=False, settled=True, added_at=now(), manifest=own.sha256)
    return entry, data, (own, *files)


def fill(folder: Path, entries: int) -> None:
    """Make an archive with so many entries, each with an event."""
    chance = random.Random(2026)  # noqa: S311 - filling, not secrets
    with open_or_make(folder) as archive, archive.writing():
        for number in range(entries):
            entry, data, files = version(number, chance)
            for file in files:
                path = archive.store.path(file.sha256)
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(data[file.name])
            known(archive, entry, files)


def known(archive: Archive, entry: Entry, files: tuple[HeldFile, ...]) -> None:
    """Write the rows of an entry."""
    rows.insert_entry(archive.index, entry, files)
    rows.insert_facts(archive.index, entry.ref, entry.version, Facts("completed", years=7))
    rows.insert_event(archive.index, entry.ref, Event(What.COMPLETED, entry.met_on + timedelta(days=200)))


def in_a_process_of_its_own(measure: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds and the highest memory (MB) of a forked process that does this."""
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        measure()
        os._exit(0)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError("the measured process failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def verify_all(folder: Path) -> None:
    """Read every file again; the archive must be in order."""
    with open_archive(folder) as archive:
        if any(step.problems for step in verify(archive)):
            raise RuntimeError("the archive is not in order")


def searches(entries: int) -> dict[str, Wanted]:
    """Return what is looked for: few, some and many."""
    return {
        "one reference": Wanted(ref=f"NR-{entries // 2:05}"),
        "a week": Wanted(first=date(2023, 3, 1), last=date(2023, 3, 7)),
        "a reader and a month": Wanted(reader="harmed-1", first=date(2023, 3, 1), last=date(2023, 3, 31)),
        "completed in a month": Wanted(status=Status.COMPLETED, first=date(2023, 3, 1), last=date(2023, 3, 31)),
        "everything": Wanted(),
    }


def milliseconds(archive: Archive, wanted: Wanted) -> tuple[float, int]:
    """Return the median of several searches in milliseconds, and how many they find."""
    times, found = [], 0
    for _ in range(ONCE_MORE):
        start = time.perf_counter()
        found = sum(1 for _ in find(archive, wanted))
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), found


def seconds_to_add(folder: Path, entries: int) -> Iterator[float]:
    """Yield the seconds of taking one more version in: seven files forced to the disk, one transaction."""
    chance = random.Random(7)  # noqa: S311 - filling, not secrets
    with open_archive(folder) as archive:
        for number in range(entries, entries + ONCE_MORE):
            entry, data, files = version(number, chance)
            start = time.perf_counter()
            with archive.writing():
                for file in files:
                    archive.store.put(data[file.name])
                known(archive, entry, files)
            yield time.perf_counter() - start


def due(folder: Path) -> None:
    """Decide on every agreement."""
    with open_archive(folder) as archive:
        for _ in standings(archive, KeepingTime(7, None), on=date(2030, 1, 1)):
            pass


def main() -> None:
    """Print the figures for a tenth of the entries and for all of them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--entries", type=int, default=10_000)
    given = asked.parse_args()
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory before anything: {idle:.0f} MB")
    for entries in (given.entries // 10, given.entries):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "archive"
            in_a_process_of_its_own(lambda folder=folder, entries=entries: fill(folder, entries))
            size = sum(path.stat().st_size for path in folder.glob("archive.sqlite3*")) / 1e6
            print(f"\n{entries} entries of {len(READERS) * 2 + 1} files, index {size:.1f} MB")
            for name, measure in (("verify", verify_all), ("due", due)):
                seconds, memory = in_a_process_of_its_own(lambda measure=measure, folder=folder: measure(folder))
                print(f"{name:22} {seconds:8.2f} s {seconds / entries * 1000:8.3f} ms an entry {memory:6.0f} MB")
            with open_archive(folder) as archive:
                for name, wanted in searches(entries).items():
                    median, found = milliseconds(archive, wanted)
                    print(f"find {name:21} {median:8.2f} ms {found:6} found")
            added = statistics.median(seconds_to_add(folder, entries)) * 1000
            print(f"{'add one more':22} {added:8.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
