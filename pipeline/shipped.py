"""Find the schemas, templates and samples that come with the program."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """Return a shipped folder: "schemas", "templates" or "samples".

    In a wheel they lie inside the package; in a checkout they lie beside it.
    """
    inside = _HERE / folder
    return inside if inside.is_dir() else _HERE.parent / folder
