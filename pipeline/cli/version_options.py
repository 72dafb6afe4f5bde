"""The options of the commands that work on published versions, and what they share of showing the outcome."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from _typeshed import DataclassInstance

    from pipeline.service.model import Service

OUT = click.argument(
    "folders", nargs=-1, required=True, metavar="OUT...", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
RECORDS = click.option(
    "--records",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the agreement records lie. Without it: beside agreements.toml, and in its folder records.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document at the end.")
DEBUG = click.option("--debug", is_flag=True, help="Show the whole trace of a mistake of the program.")

Outcome = TypeVar("Outcome", bound="DataclassInstance")


def config_option(looked_for: str) -> Callable[[Any], Any]:
    """Return the option that names agreements.toml; `looked_for` says where it is found without the option."""
    return click.option(
        "--config",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help=f"The agreements.toml to use. Without it: {looked_for}, then in the working folder.",
    )


def record_folders(records: Path | None, service: Service) -> tuple[Path, ...]:
    """Return the folders in which the record of a version is looked for."""
    return (records,) if records is not None else (service.folder, service.folder / "records")


def show_each(
    command: str, outcomes: Iterable[Outcome], show: Callable[[Outcome], None], *, as_json: bool
) -> list[Outcome]:
    """Show each outcome as it comes, or all of them in one JSON document at the end, and return them."""
    seen = []
    for outcome in outcomes:
        seen.append(outcome)
        if not as_json:
            show(outcome)
    if as_json:
        click.echo(json.dumps({"command": command, "versions": [asdict(each) for each in seen]}, indent=2))
    return seen


def exit_code_of(failed: Sequence[bool]) -> ExitCode:
    """Return the exit code of a command in which these versions failed."""
    if not any(failed):
        return ExitCode.OK
    return ExitCode.ALL_FAILED if all(failed) else ExitCode.SOME_FAILED
