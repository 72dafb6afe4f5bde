"""A web page that a screen reader can follow: language, title, headings, marked table heads, and no script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from pipeline.documents.plain.outline import Grid, Line
from pipeline.languages.wording import is_right_to_left

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_STYLE = (
    "body{max-width:42em;margin:2em auto;padding:0 1em;font:1.25em/1.5 sans-serif;color:#1a1a1a;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #4a5558;padding:.4em;text-align:start;"
    "vertical-align:top}caption{text-align:start;font-weight:bold}p{margin:.4em 0}"
)


def web_page(blocks: Iterable[Line | Grid], *, title: str, language: str) -> bytes:
    """Return the page as UTF-8; it asks for nothing from anywhere."""
    direction = "rtl" if is_right_to_left(language) else "ltr"
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(language)}" dir="{direction}">',
        f'<head><meta charset="utf-8"><title>{escape(title)}</title>',
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>',
        "<body><main>",
        *(part for block in blocks for part in (_table(block) if isinstance(block, Grid) else _line(block))),
        "</main></body></html>",
    ]
    return ("\n".join(parts) + "\n").encode()


def _line(line: Line) -> Iterator[str]:
    tag = f"h{line.level}" if line.level else "p"
    yield f"<{tag}>{escape(line.text)}</{tag}>"


def _table(grid: Grid) -> Iterator[str]:
    # The title names the table to a screen reader; it is not among the words of the page.
    yield f'<table aria-label="{escape(grid.title)}">' if grid.title else "<table>"
    if grid.heads:
        heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in grid.heads)
        yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for row in grid.rows:
        cells = ("".join(f"<p>{escape(text)}</p>" for text in cell) for cell in row)
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    yield "</tbody></table>"
