"""`agreements doctor`: what is there on this machine, and how to get the rest."""

from __future__ import annotations

import json
import platform
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.doctor.examine import examine
from pipeline.doctor.model import Part, State
from pipeline.documents.engines.engine import ENGINES
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

_FORMAT = 1


@click.command(epilog="Example: agreements doctor --engine libreoffice")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="embedded",
    show_default=True,
    help="The engine you mean to use: it must work.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document (schemas/doctor.schema.json).")
def doctor(engine: str, *, as_json: bool) -> ExitCode:
    """Say which engines, fonts, validators and optional parts work, and how to get the rest.

    Both engines make a page, and it is judged. Nothing is installed and nothing is changed.

    Exit code 0: what is needed works. 4: it does not.
    """
    parts = tuple(examine(needed_engine=engine))
    code = ExitCode.SETUP if any(part.needed and part.state is not State.WORKS for part in parts) else ExitCode.OK
    if as_json:
        click.echo(json.dumps(_document(parts, code), indent=2, ensure_ascii=False))
        return code
    click.echo(f"agreements {__version__}, Python {platform.python_version()}, {platform.system()}")
    for kind, found in groupby(parts, key=lambda part: part.kind):
        click.echo(f"\n{kind}")
        for part in found:
            _show(part)
    click.echo()
    click.echo("What is needed works." if code is ExitCode.OK else "Something that is needed does not work.")
    return code


def _show(part: Part) -> None:
    state = "NEEDED, " if part.needed and part.state is not State.WORKS else ""
    known = ", ".join(word for word in (part.version, part.purpose) if word)
    click.echo(f"  {part.name}: {state}{part.state.value}  ({known})")
    for line in (part.note, part.get):
        if line:
            click.echo(f"      {line}")


def _document(parts: Sequence[Part], code: ExitCode) -> dict[str, Any]:
    return {
        "doctor": _FORMAT,
        "program": __version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "exit_code": int(code),
        "parts": [
            {
                "kind": part.kind,
                "name": part.name,
                "state": part.state.value,
                "needed": part.needed,
                "version": part.version,
                "purpose": part.purpose,
                "note": part.note,
                "get": part.get,
            }
            for part in parts
        ],
    }
