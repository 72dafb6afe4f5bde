"""Records of other schema versions.

Version 1 is the current and only one. When version 2 comes, an upgrade in this module turns a record of
version 1 into one of version 2 before the schema sees it, and a record kept from version 1 tests it.
"""

from __future__ import annotations

from typing import Any

from pipeline.validation.fault import Fault

CURRENT = 1


def version_faults(record: dict[str, Any]) -> list[Fault]:
    """Return a fault if the record was written for a schema this program does not know.

    A version that is missing, or no number, is left to the schema.
    """
    version = record.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool) or version == CURRENT:
        return []
    what = "This record was written for another version of the schema."
    return [Fault(("schema_version",), what, f"This program reads version {CURRENT}: install a newer one, or write 1.")]
