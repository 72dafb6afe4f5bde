"""`disposed.json`: what stays in the output where a version lay that was disposed of.

It holds no name and no word of the agreement. Whoever finds it knows that the version existed and that it is gone
for good reason: it is not made, signed or sealed again under the same number.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.publication.place import Place, look_at, recover

if TYPE_CHECKING:
    from pathlib import Path

NAME = "disposed.json"
FORMAT = 1
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Disposed:
    """A version that is gone: the day, and the SHA-256 of its last manifest."""

    ref: str
    version: int
    on: date
    manifest: str


def read_disposed(folder: Path) -> Disposed | None:
    """Return what stays of the version in this folder; None where it was not disposed of."""
    try:
        document = json.loads((folder / NAME).read_bytes())
        known = document["disposed"] == FORMAT and _DIGEST.fullmatch(document["manifest"]) is not None
        found = Disposed(
            str(document["ref"]), int(document["version"]), date.fromisoformat(document["on"]), document["manifest"]
        )
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return None
    return found if known else None


def put_in_place_of(place: Place, disposed: Disposed) -> None:
    """Put this in the place of everything that lies there, signed or not, by one rename; then delete what lay there.

    Where the version was disposed of already, nothing changes. Raises RecordError when a link is in the way, and
    OSError when the disk or the system refuses: then the former state stands, or the next call completes it.
    """
    recover(place)
    if look_at(place).files in {(), (NAME,)}:
        return
    document = {
        "disposed": FORMAT,
        "ref": disposed.ref,
        "version": disposed.version,
        "on": disposed.on.isoformat(),
        "manifest": disposed.manifest,
    }
    place.staging.mkdir(mode=0o700)
    file = place.staging / NAME
    with file.open("xb") as stream:
        file.chmod(0o600)
        stream.write((json.dumps(document, indent=2) + "\n").encode())
        stream.flush()
        os.fsync(stream.fileno())
    place.folder.rename(place.retired)
    place.staging.rename(place.folder)
    _sync(place.folder, place.folder.parent, place.out)
    shutil.rmtree(place.retired)
    _sync(place.out)


def _sync(*folders: Path) -> None:
    for folder in folders if os.name != "nt" else ():
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
