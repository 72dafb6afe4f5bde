"""A batch in parts, for machines that know nothing of each other: each record belongs to one part, always the same."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.batch.scan import Scanned
    from pipeline.publication.lock import Part


def belongs(ref: str, part: Part | None) -> bool:
    """Say whether the versions of this reference are for this part; without parts, everything is."""
    if part is None:
        return True
    number = int.from_bytes(sha256(ref.casefold().encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return number % part.of + 1 == part.number


def is_for(scanned: Scanned, part: Part | None) -> bool:
    """Say whether this part answers for the record; one without a reference goes by the name of its file."""
    path = scanned.source.path
    return belongs(scanned.ref or ("" if path is None else path.name), part)
