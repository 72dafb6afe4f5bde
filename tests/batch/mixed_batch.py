"""A batch of good and bad records: what was planted must be what the report, the JSON and the exit code tell.

python tests/batch/mixed_batch.py 10000        that many records, one in fifty of them bad; the others ask for copies
python tests/batch/mixed_batch.py 300 --few-copies     most of them meetings without an agreement, which cost little
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Callable

ONE_BAD_IN = 50
BAD: tuple[Callable[[dict[str, Any]], str], ...] = (
    lambda record: json.dumps(record)[:-7],
    lambda record: json.dumps({**record, "secret_note": "x"}),
    lambda record: json.dumps({key: value for key, value in record.items() if key != "participants"}),
    lambda record: json.dumps({**record, "met_on": "2026-02-30"}),
    lambda record: json.dumps({**record, "version": "one"}),
)
"""Ways in which a record can be wrong: cut off, an unknown field, nobody in it, no such day, a number in words."""


def plant(folder: Path, number: int, *, few_copies: bool) -> Counter[str]:
    """Write the records and return how many must end in each state."""
    for name in ("agreements.toml", "logo.png"):
        shutil.copy(shipped("samples") / name, folder)
    with_copies, without = (
        json.loads((shipped("samples") / f"{name}.json").read_text(encoding="utf-8")) for name in ("NR-0420", "NR-0421")
    )
    for participant in with_copies["participants"]:
        participant.pop("extras", None)
    planted: Counter[str] = Counter()
    for nth in range(number):
        record = (without if few_copies and nth % 60 else with_copies) | {"ref": f"NR-{nth:05}"}
        bad = nth % ONE_BAD_IN == 7
        text = BAD[nth // ONE_BAD_IN % len(BAD)](record) if bad else json.dumps(record)
        (folder / f"{record['ref']}.json").write_text(text, encoding="utf-8")
        planted["failed" if bad else "made" if record["outcome"] == with_copies["outcome"] else "no_agreement"] += 1
    return planted


def told(folder: Path) -> tuple[int, dict[str, int], Counter[str], dict[str, int]]:
    """Run the batch; return the exit code, the counts of the JSON, its records counted, and the counts of the page."""
    words = [sys.executable, "-m", "pipeline.cli.main", "generate", folder, "--out", folder / "output", "--json"]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    report = json.loads(run.stdout)
    page = (folder / "output" / "report.html").read_text(encoding="utf-8")
    sections = {state: int(count) for state, count in re.findall(r'<h2 id="(\w+)">[^<]*: (\d+)</h2>', page)}
    return run.returncode, report["counts"], Counter(each["state"] for each in report["records"]), sections


def main() -> int:
    """Plant, run, compare; 1 when something does not agree."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("records", type=int)
    asked.add_argument("--few-copies", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        planted = plant(folder, given.records, few_copies=given.few_copies)
        code, counts, counted, page = told(folder)
    print(f"planted {dict(planted)}; JSON {counts}, records {dict(counted)}, page {page}, exit code {code}")
    return 0 if planted == Counter(counts) == counted == Counter(page) and code == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
