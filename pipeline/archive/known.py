"""Tell what the archive knows of a file, so that a copy somebody brings can be compared with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.archive import rows
from pipeline.publication.manifest import from_bytes
from pipeline.signing.verifying import Known

if TYPE_CHECKING:
    from pipeline.archive.index import Archive

_BY_DIGEST = "SELECT e.ref, e.version, e.manifest FROM entry e JOIN held_file f ON f.entry = e.id WHERE f.sha256 = ?"
_BY_NAME = "SELECT e.ref, e.version, e.manifest FROM entry e JOIN held_file f ON f.entry = e.id WHERE f.name LIKE ?"


def known_to(archive: Archive, *, sha256: str, name: str) -> Known | None:
    """Return the newest state of a version that holds the file with this digest, else one with a file of this name.

    None where the archive holds neither, or its manifest is damaged. Raises OSError.
    """
    escaped = name.replace("%", "").replace("_", "")  # names of ours have neither
    for query, value in ((_BY_DIGEST, sha256), (_BY_NAME, f"%/{escaped}")):
        row = archive.index.execute(f"{query} ORDER BY e.id DESC LIMIT 1", (value,)).fetchone()
        if row is not None:
            manifest = from_bytes(archive.store.read(row[2]))
            newest = max(entry.version for entry in rows.entries(archive.index, ref=row[0]))
            return None if manifest is None else Known(manifest, newest if newest > row[1] else None)
    return None
