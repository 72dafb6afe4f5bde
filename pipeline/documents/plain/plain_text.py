"""Plain text in UTF-8: one thing a line, every cell of a table named by its column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.documents.plain.outline import Grid, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def plain_text(blocks: Iterable[Line | Grid]) -> bytes:
    """Return the text; an empty line stands before each heading and between the rows of a table."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Grid):
            lines += _rows(block)
        else:
            lines += ["", block.text] if block.level else [block.text]
    return ("\n".join(lines).strip("\n") + "\n").encode()


def _rows(grid: Grid) -> Iterator[str]:
    if grid.heads:
        yield ""
        yield ", ".join(head for head in grid.heads if head)
    for row in grid.rows:
        yield ""
        for number, cell in enumerate(row):
            head = grid.heads[number] if number < len(grid.heads) else ""
            for index, text in enumerate(cell):
                yield f"{head}: {text}" if head and index == 0 else text
    yield ""
