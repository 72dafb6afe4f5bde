"""Copies a second and their cost, beside peers: in one sitting, with the same records and the same template.

Run: python benchmarks/throughput.py                     the whole table: 200 records, three rounds
     python benchmarks/throughput.py --ours-only         this project alone, with one job and with two
     python benchmarks/throughput.py --sizes 10 100 1000 5000     cost a record and memory as a batch grows
     python benchmarks/throughput.py --sizes 10 100 1000 5000 --short     the same with records of one sentence
     python benchmarks/throughput.py --rerun 5000        a rerun in which everything is up to date

Peers are written as they usually are, in one process: docxtpl with a new DocxTemplate a copy, and LibreOffice started
once a copy, called once for all files, or kept running by unoserver; the bare floor is docxtpl and rdocx in a loop.
None of them checks anything. Slow peers make fewer copies (--peer-records) and are given a copy. LibreOffice must be
installed, and python3-uno for unoserver; a peer that is missing is left out and said.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import xmlrpc.client
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from docxtpl import DocxTemplate
from floor import SAMPLE, bare_floor, plain_jinja, values_of, write_records, write_short_records

from pipeline.copies.plan import plan_copies
from pipeline.records.load import load_record
from pipeline.service.load import find_config, load_service
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.copies.model import Copy

COMMAND = Path(sys.executable).with_name("agreements")
UNOSERVER = "unoserver==3.6"


@dataclass(frozen=True, slots=True)
class Cost:
    """What some copies took: seconds on the clock, and of all cores together."""

    copies: int
    wall: float
    processor: float


@dataclass(slots=True)
class Memory:
    """The highest memory (MB) of a process and of any that it started."""

    parent: float = 0.0
    worker: float = 0.0
    _ended: threading.Event = field(default_factory=threading.Event)

    def watch(self, process: int) -> None:
        """Look twice a second until the process ends. Linux only; elsewhere the figures stay 0."""
        while not self._ended.wait(0.5):
            with suppress(OSError, ValueError, IndexError):  # one that has just ended
                self.parent = max(self.parent, _peak(process))
                children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
                self.worker = max([self.worker, *(_peak(int(child)) for child in children.split())])

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()


def _peak(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def ours(records: Path, out: Path, *, jobs: int, memory: Memory | None = None) -> None:
    """Run the command."""
    words = [COMMAND, "generate", records, "--out", out, "--jobs", str(jobs), "--config", find_config(None, SAMPLE)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        if memory is not None:
            threading.Thread(target=memory.watch, args=(process.pid,), daemon=True).start()
        errors = process.communicate()[1]
        if memory is not None:
            memory.end()
    if process.returncode:
        raise RuntimeError(errors.decode())


def template_of(copy: Copy) -> Path:
    """Return the Word file that this copy is made from."""
    return shipped("templates") / copy.template / f"{copy.template}.{copy.language}.docx"


def the_floor(copies: Sequence[Copy], folder: Path) -> None:
    """Fill and convert in this process, in a loop."""
    jinja = plain_jinja("en")
    for copy in copies:
        bare_floor(template_of(copy), values_of(copy), jinja=jinja, stem=folder / copy.stem)


def filled(copies: Sequence[Copy], folder: Path) -> list[Path]:
    """Fill the template for each copy, as docxtpl is usually used."""
    jinja, files = plain_jinja("en"), []
    for copy in copies:
        document = DocxTemplate(template_of(copy))
        document.render(values_of(copy), jinja, autoescape=True)
        files.append(folder / f"{copy.stem}.docx")
        document.save(files[-1])
    return files


def soffice(files: Sequence[Path], folder: Path) -> None:
    """Convert these files by one start of LibreOffice."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)]
    subprocess.run(words, check=True, capture_output=True)  # found by its name, as users call it


def a_start_each(copies: Sequence[Copy], folder: Path) -> None:
    """Start LibreOffice once a copy."""
    for copy in copies:
        soffice(filled([copy], folder), folder)


def one_call(copies: Sequence[Copy], folder: Path) -> None:
    """Call LibreOffice once for all."""
    soffice(filled(copies, folder), folder)


def with_unoserver(copies: Sequence[Copy], folder: Path, library: Path) -> None:
    """Start unoserver, then give it one file after the other."""
    ports = [_free_port(), _free_port()]
    words = ["/usr/bin/python3", "-m", "unoserver.server", "--port", str(ports[0]), "--uno-port", str(ports[1])]
    words += ["--user-installation", str(folder / "profile")]
    environment = os.environ | {"PYTHONPATH": str(library)}
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            proxy = xmlrpc.client.ServerProxy(f"http://127.0.0.1:{ports[0]}", allow_none=True)
            _wait_until(proxy.info)
            for file in filled(copies, folder):
                proxy.convert(str(file), None, str(file.with_suffix(".pdf")), "pdf", None, [], 1, None)
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_until(answers: Callable[[], object]) -> None:
    for _ in range(300):
        with suppress(OSError):
            answers()
            return
        time.sleep(0.2)
    raise RuntimeError("unoserver does not answer")


def unoserver_library(folder: Path) -> Path:
    """Install unoserver into this folder. Raises RuntimeError where it cannot run."""
    if subprocess.run(["/usr/bin/python3", "-c", "import uno"], check=False, capture_output=True).returncode:
        raise RuntimeError("python3-uno is not installed")
    words = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, UNOSERVER]
    subprocess.run(words, check=True, capture_output=True)
    return folder


def cost_of(work: Callable[[], None], copies: int) -> Cost:
    """Do this in a process of its own and return what it and all it starts took."""
    start, before = time.perf_counter(), os.times()
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - a child must never come back as its parent
            print(error, file=sys.stderr)
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("a measured run failed")
    wall, after = time.perf_counter() - start, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(copies, wall, spent)


def side_by_side(number: int, peers: int, rounds: int, *, ours_only: bool) -> None:
    """Print the table: everybody once a round, one after the other, so that what slows the machine meets all."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        service = load_service(find_config(None, SAMPLE))
        (root / "records").mkdir()
        records = write_records(root / "records", number)
        copies = [
            copy
            for path in records
            for copy in plan_copies(load_record(path, extra_fields=service.extra_fields), service)
        ]
        few = copies[: peers * (len(copies) // number)]
        contenders: dict[str, tuple[int, Callable[[Path], None]]] = {
            "this project, 1 job": (len(copies), partial(_ours, root / "records", 1)),
            "this project, 2 jobs": (len(copies), partial(_ours, root / "records", 2)),
        }
        if not ours_only:
            contenders["bare floor"] = (len(copies), partial(the_floor, copies))
            if shutil.which("soffice"):
                contenders["one soffice call for all"] = (len(copies), partial(one_call, copies))
                contenders["unoserver"] = (len(few), partial(_unoserver, few, root / "library"))
                contenders["one soffice start a copy"] = (len(few), partial(a_start_each, few))
        measured = _rounds(contenders, rounds, root)
    print(f"{number} records, {len(copies)} copies; load {os.getloadavg()[0]:.1f}")
    print(f"{'median of ' + str(rounds):28} {'copies':>7} {'a second':>9} {'ms a copy':>10} {'CPU ms a copy':>14}")
    for name, costs in measured.items():
        wall = _seconds(costs)
        processor = statistics.median(cost.processor / cost.copies for cost in costs)
        print(f"{name:28} {costs[0].copies:7} {1 / wall:9.1f} {wall * 1000:10.1f} {processor * 1000:14.1f}")
    _print_ratios(measured)


def _ours(records: Path, jobs: int, folder: Path) -> None:
    ours(records, folder / "out", jobs=jobs)


def _unoserver(copies: Sequence[Copy], library: Path, folder: Path) -> None:
    with_unoserver(copies, folder, library if library.exists() else unoserver_library(library))


def _rounds(
    contenders: dict[str, tuple[int, Callable[[Path], None]]], rounds: int, root: Path
) -> dict[str, list[Cost]]:
    measured: dict[str, list[Cost]] = {name: [] for name in contenders}
    for nth in range(rounds):
        for name, (copies, work) in contenders.items():
            folder = Path(tempfile.mkdtemp(dir=root))
            try:
                measured[name].append(cost_of(partial(work, folder), copies))
            except RuntimeError as error:
                print(f"{name}, round {nth + 1}: left out: {error}", file=sys.stderr)
            shutil.rmtree(folder)
    return {name: costs for name, costs in measured.items() if costs}


def _print_ratios(measured: dict[str, list[Cost]]) -> None:
    one, two = measured["this project, 1 job"], measured["this project, 2 jobs"]

    print(f"two jobs against one: {_seconds(one) / _seconds(two):.2f} times the throughput")
    for name, costs in measured.items():
        if not name.startswith("this project"):
            print(f"two jobs against {name}: {_seconds(costs) / _seconds(two):.1f} times the throughput")
    if "bare floor" in measured:
        spent = [statistics.median(c.processor / c.copies for c in each) for each in (one, measured["bare floor"])]
        print(f"one job against the bare floor: {spent[0] / spent[1]:.2f} times the processor time")


def _seconds(costs: Sequence[Cost]) -> float:
    return statistics.median(cost.wall / cost.copies for cost in costs)


def as_it_grows(sizes: Sequence[int], jobs: int, write: Callable[[Path, int], list[Path]]) -> None:
    """Print the cost a record and the memory for each size of a batch."""
    print(f"{'records':>8} {'ms a record':>12} {'CPU ms':>8} {'parent MB':>10} {'worker MB':>10}  ({jobs} jobs)")
    for size in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            root, memory = Path(temporary), Memory()
            (root / "records").mkdir()
            write(root / "records", size)
            before, start = os.times(), time.perf_counter()
            ours(root / "records", root / "out", jobs=jobs, memory=memory)
            wall, after = time.perf_counter() - start, os.times()
            spent = after.children_user + after.children_system - before.children_user - before.children_system
        each = f"{size:8} {wall / size * 1000:12.1f} {spent / size * 1000:8.1f}"
        print(f"{each} {memory.parent:10.0f} {memory.worker:10.0f}", flush=True)


def rerun(number: int) -> None:
    """Print what passing over so many up-to-date records takes. All are written from one that was really made."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / "records").mkdir()
        [first] = write_records(root / "records", 1)
        ours(root / "records", root / "out", jobs=1)
        multiply(first, root / "out", number)
        start, before = time.perf_counter(), os.times()
        ours(root / "records", root / "out", jobs=2)
        wall, after = time.perf_counter() - start, os.times()
        states = {json.loads(line)["event"] for line in _last_lines(root / "out" / "journal.jsonl", number)}
        if states != {"up_to_date"}:
            raise RuntimeError(f"the rerun made something: {states}")
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    print(
        f"rerun of {number}: {wall / number * 1000:.2f} ms a record, {spent / number * 1000:.2f} ms of processor time"
    )


def multiply(first: Path, out: Path, number: int) -> None:
    """Write the record, its version and what the output remembers of it under more references."""
    ref = first.stem
    text, folder = first.read_text(encoding="utf-8"), out / ref / "v1"
    manifest, known = (folder / "manifest.json").read_text(encoding="utf-8"), (out / ".known.jsonl").read_text("utf-8")
    old = {name: sha256(data.encode()).hexdigest() for name, data in (("record", text), ("manifest", manifest))}
    with (out / ".known.jsonl").open("a", encoding="utf-8") as memory:
        for nth in range(2, number + 1):
            other = f"NR-{nth:05}"
            record = text.replace(ref, other)
            (first.parent / f"{other}.json").write_text(record, encoding="utf-8")
            said = manifest.replace(ref, other).replace(old["record"], sha256(record.encode()).hexdigest())
            for path in folder.rglob("*.*"):
                if path.is_file():
                    target = out / other / "v1" / path.relative_to(folder).as_posix().replace(ref, other)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, target)
            (out / other / "v1" / "manifest.json").write_text(said, encoding="utf-8")
            memory.write(known.replace(ref, other).replace(old["manifest"], sha256(said.encode()).hexdigest()))


def _last_lines(path: Path, number: int) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[-number:]


def main() -> None:
    """Measure what is asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--records", type=int, default=200)
    asked.add_argument("--peer-records", type=int, default=20, help="for peers that take a second a copy")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--ours-only", action="store_true")
    asked.add_argument("--sizes", type=int, nargs="+")
    asked.add_argument("--short", action="store_true", help="with --sizes: records of one sentence for three readers")
    asked.add_argument("--rerun", type=int)
    given = asked.parse_args()
    if given.sizes:
        as_it_grows(given.sizes, given.jobs, write_short_records if given.short else write_records)
    if given.rerun:
        rerun(given.rerun)
    if not given.sizes and not given.rerun:
        peers = min(given.peer_records, given.records)
        side_by_side(given.records, peers, given.rounds, ours_only=given.ours_only)


if __name__ == "__main__":
    main()
