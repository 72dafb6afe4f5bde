"""What must survive a fault: signing a version, and sealing it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tasks import REF, out_faults, run_command, service_folder

from pipeline.cli.seal import seal as _seal  # noqa: F401 - imported before the faults begin
from pipeline.cli.sign import sign as _sign  # noqa: F401 - likewise
from pipeline.publication.manifest import read_manifest
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

sys.path.append(str(Path(__file__).parents[1] / "signing"))
from seal_examples import PASSPHRASE, identity


class Sign:
    """`agreements sign`: every copy is signed, or none."""

    name = "sign"

    def prepare(self, folder: Path) -> None:
        service_folder(folder, {})
        shutil.copytree(shipped("samples") / "signatures" / REF, folder / "signatures" / REF)

    def act(self, folder: Path) -> int:
        return run_command("sign", folder / "output", "--signatures", folder / "signatures")

    def left(self, folder: Path) -> Sequence[str]:
        return out_faults(folder / "output")

    def done(self, folder: Path) -> Sequence[str]:
        manifest = read_manifest(folder / "output" / REF / "v1")
        signed = manifest is not None and all(copy.signed is not None for copy in manifest.copies if copy.extra is None)
        return [*out_faults(folder / "output"), *aside(folder), *([] if signed else ["not every copy is signed"])]


class Seal(Sign):
    """`agreements seal`: every signed copy is sealed, or none."""

    name = "seal"

    def prepare(self, folder: Path) -> None:
        super().prepare(folder)
        super().act(folder)
        (folder / "seal.p12").write_bytes(identity("Seal of the service").pkcs12())
        (folder / "passphrase").write_text(PASSPHRASE, encoding="utf-8")

    def act(self, folder: Path) -> int:
        key = ("--pkcs12", folder / "seal.p12", "--passphrase-file", folder / "passphrase")
        return run_command("seal", folder / "output", *key)

    def done(self, folder: Path) -> Sequence[str]:
        manifest = read_manifest(folder / "output" / REF / "v1")
        sealed = manifest is not None and all(copy.sealed is not None for copy in manifest.copies if copy.extra is None)
        return [*super().done(folder), *([] if sealed else ["not every copy is sealed"])]


def aside(folder: Path) -> list[str]:
    """Return what a run left beside the versions."""
    return [f"left aside: {path.name}" for path in (folder / "output").glob(f".{REF}*")]


TASKS = {task.name: task for task in (Sign(), Seal())}
