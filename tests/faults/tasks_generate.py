"""What must survive a fault: a batch with two workers, of which one record is new and one has changed."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from tasks import out_faults, run_command

from pipeline.cli.generate import generate as _generate  # noqa: F401 - imported before the faults begin
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHANGED, NEW = "NR-1001", "NR-1002"


class Generate:
    """`agreements generate --jobs 2`: each version is the old one or the new one, and a rerun gives the same bytes."""

    name = "generate"
    refs = (CHANGED, NEW)
    of_workers: ClassVar[Counter[str]] = Counter(write=12, fsync=20, rename=3, open=30, mkdir=6, unlink=2)
    """Calls that a worker makes, which counts its own: publishing a version takes so many."""

    def prepare(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("agreements.toml", "logo.png"):
            shutil.copy(shipped("samples") / name, folder)
        record = json.loads((shipped("samples") / "NR-0420.json").read_text(encoding="utf-8"))
        write(folder, record, CHANGED)
        run_command("generate", folder / "records", "--config", folder / "agreements.toml", "--out", folder / "output")
        shutil.copytree(folder / "output", folder / "before")
        record["closing_words"] = "Thank you, everybody."
        for ref in self.refs:
            write(folder, record, ref)
        run_command("generate", folder / "records", "--config", folder / "agreements.toml", "--out", folder / "after")

    def act(self, folder: Path) -> int:
        words = ("--config", folder / "agreements.toml", "--out", folder / "output", "--jobs", "2")
        return run_command("generate", folder / "records", *words)

    def left(self, folder: Path) -> Sequence[str]:
        found = out_faults(folder / "output")
        now, old, new = (versions(folder / name) for name in ("output", "before", "after"))
        return found + [f"{ref} is neither old nor new" for ref in now if now[ref] not in (old.get(ref), new[ref])]

    def done(self, folder: Path) -> Sequence[str]:
        found = [f"left aside: {path.name}" for path in (folder / "output").glob(".NR-*")]
        now, new = versions(folder / "output"), versions(folder / "after")
        return found + ([] if now == new else ["the output is not that of an undisturbed run"])


def write(folder: Path, record: dict[str, object], ref: str) -> None:
    """Put the record with this reference among the records."""
    (folder / "records").mkdir(exist_ok=True)
    (folder / "records" / f"{ref}.json").write_text(json.dumps({**record, "ref": ref}), encoding="utf-8")


def versions(out: Path) -> Mapping[str, Mapping[str, bytes]]:
    """Return the files of each version, by its reference."""
    return {
        folder.name: {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()
        }
        for folder in out.glob("NR-*")
        if any(folder.glob("v*"))
    }


class GenerateOne(Generate):
    """`agreements generate` of a record that is alone, which is made in the process of the run itself."""

    name = "generate-one"
    refs = (CHANGED,)
    of_workers: ClassVar[Counter[str]] = Counter()


TASKS = {task.name: task for task in (Generate(), GenerateOne())}
