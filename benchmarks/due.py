"""How long `actions due` takes over many records: the first run, the next, and after one change.

Run: python benchmarks/due.py            10 000 records
     python benchmarks/due.py 1000       as many as you say
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "samples"
QUIET, BUSY = "2026-09-20", "2026-11-25"  # of one record in seven something is due; of nearly every one, often twice
FORMS = ("", "--csv", "--json")
NAMES = ("NR-0412", "NR-0440", "NR-0455", "NR-0460", "NR-0470", "SC-0097", "YC-0205")


def main() -> int:
    """Make records from the samples, and time the command."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    records = [json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")) for name in NAMES]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("agreements.toml", "logo.png"):
            (Path(folder) / name).write_bytes((SAMPLES / name).read_bytes())
        for index in range(number):
            record = records[index % len(records)] | {"ref": f"BM-{index:05d}"}
            (Path(folder) / f"BM-{index:05d}.json").write_text(json.dumps(record), encoding="utf-8")
        time.sleep(3)  # a file that changed a moment ago is read again, whatever the index says
        print(f"{number} records, first run: {_seconds(folder, BUSY)}")
        for day in (QUIET, BUSY):
            for form in FORMS:
                for _ in range(3):
                    print(f"{number} records, next run, {day} {form}: {_seconds(folder, day, form)}")
        words = ["record", str(Path(folder) / "BM-00000.json"), "a", "--status", "under-way", "--on", "2026-11-20"]
        subprocess.run([sys.executable, "-m", "pipeline.cli.main", "actions", *words], check=True)
        print(f"{number} records, after one entry: {_seconds(folder, QUIET)}")
    return 0


def _seconds(folder: str, day: str, form: str = "") -> str:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    words = ["due", folder, "--on", day, *form.split()]
    run = subprocess.run(
        [sys.executable, "-m", "pipeline.cli.main", "actions", *words], check=False, capture_output=True, text=True
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rows = run.stdout.count("BM-")
    return f"{wall:.2f} s, {used:.2f} s of the processor, {rows} rows"


if __name__ == "__main__":
    sys.exit(main())
