"""Reference and version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.validation.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_INCIDENT_WORDS = 20

# Names Windows keeps for devices: no folder or file can have them.
RESERVED_NAMES = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{nth}" for port in ("COM", "LPT") for nth in range(10))}
)


def reference_is_usable(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that the reference can name a folder and a file, on Windows too."""
    if record["ref"] in RESERVED_NAMES:
        yield Fault(("ref",), "Windows keeps this name for a device.", "Choose another reference, such as NR-0412.")
    elif record["ref"].endswith("-"):
        yield Fault(("ref",), "The reference ends with a hyphen.", "Take the hyphen out.")


def version_is_explained(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that a version above 1 says what it takes the place of, why and who agreed, and version 1 does not."""
    about_change = ("supersedes", "change_reason", "change_consents")
    if record["version"] == 1:
        for name in about_change:
            if name in record:
                what = "Version 1 takes the place of nothing."
                yield Fault((name,), what, "Leave this field out, or correct the version.")
        return
    for name, what in zip(
        about_change,
        ("which version it takes the place of", "why it was changed", "who agreed to the change"),
        strict=True,
    ):
        if not record.get(name):
            path = (name,) if name in record else ()
            yield Fault(path, f"A version above 1 must say {what}.", f'Add "{name}".')
    if record.get("supersedes", 0) >= record["version"]:
        yield Fault(("supersedes",), "This is not an earlier version.", "Write the number of the version before.")


def incident_line_is_short(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that copies say at most 20 words of what happened; none is best (docs/field.md)."""
    if len(record.get("incident_line", "").split()) > MOST_INCIDENT_WORDS:
        what = f"The incident line has more than {MOST_INCIDENT_WORDS} words."
        yield Fault(("incident_line",), what, "Shorten it, or better leave it out.")
