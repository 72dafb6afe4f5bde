"""Values of options that say how a batch is spread over processes and machines."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import click

from pipeline.documents.engines.engine import ENGINES
from pipeline.publication.lock import Part

if TYPE_CHECKING:
    from collections.abc import Callable

    from click import Context, Parameter

_MOST_PARTS = 10_000


def available_cores() -> int:
    """Return how many cores this process may use, at least one."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


MAKING: tuple[Callable[[Any], Any], ...] = (
    click.option("--template", metavar="NAME", help="The Word template for the signed copies in the usual format."),
    click.option(
        "--engine", type=click.Choice(ENGINES), default="embedded", show_default=True, help="What makes the PDF."
    ),
    click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=available_cores,
        show_default="the cores",
        metavar="N",
        help="How many processes make copies at the same time. The copies are the same bytes with any number.",
    ),
)
"""Options of every command that makes copies."""


class ShardType(click.ParamType[Part]):
    """A part of a batch, written 3/10: the third of ten."""

    name = "shard"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Part:
        """Return the part. Fails with a usage error for anything that is not one."""
        found = re.fullmatch(r"([0-9]{1,5})/([0-9]{1,5})", str(value))
        if found is None or not 1 <= int(found[1]) <= int(found[2]) <= _MOST_PARTS:
            self.fail("Write which part of how many, such as 3/10: from 1/10 to 10/10.", param, ctx)
        return Part(int(found[1]), int(found[2]))
