"""Render records with a new template and with the old one, and say what differs: words, pages, and how they look."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops, ImageDraw

from pipeline.authoring.preview import rendered
from pipeline.documents.reading.docx import read_docx
from pipeline.documents.reading.model import COUNTED, SOFT
from pipeline.documents.reading.pdf_pictures import page_pictures
from pipeline.errors import Problem, RecordError, SetupError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.copies.model import Copy
    from pipeline.documents.engines.engine import Engine
    from pipeline.documents.making import Made
    from pipeline.documents.templates.template import Template
    from pipeline.service.model import Service

_PIXELS_PER_INCH: Final = 70
_GAP: Final = 12
_GREY, _RED, _WHITE = (90, 90, 90), (200, 30, 30), (255, 255, 255)
_VISIBLE: Final = 40  # of 255: less is the edge of a letter that moved by a part of a pixel
_BLOCK: Final = 12  # pixels: differences nearer than this share a frame
_WORD: Final = re.compile(r"[^\s]+")


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One copy made twice. Words are those of the whole Word file; `problem` says why one of the two was not made."""

    stem: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    pages_old: int
    pages_new: int
    changed_pages: tuple[int, ...]
    pictures: tuple[Path, ...]
    problem: Problem | None = None

    @property
    def differs(self) -> bool:
        """Say whether anything is different."""
        return self.problem is not None or bool(self.lost or self.gained or self.changed_pages)


def rehearse(  # noqa: PLR0913 (what is compared, and with what)
    copy: Copy, new: Template, *, old: Template, engine: Engine, service: Service, folder: Path
) -> Rehearsed:
    """Make one copy with both templates, write pictures of the pages that differ, and return what differs."""
    made: list[Made] = []
    for template in (old, new):
        try:
            made.append(rendered(copy, template, engine, service))
        except (RecordError, SetupError) as error:
            which = "old" if template is old else "new"
            first = error.problems[0]
            problem = Problem(f"The {which} template cannot make this copy: {first.what}", first.do, first.where)
            return Rehearsed(copy.stem, (), (), 0, 0, (), (), problem)
    before, after = made
    words_before, words_after = _words(before.docx), _words(after.docx)
    old_pages = page_pictures(before.pdf, pixels_per_inch=_PIXELS_PER_INCH)
    new_pages = page_pictures(after.pdf, pixels_per_inch=_PIXELS_PER_INCH)
    pictures = _pictures(old_pages, new_pages, folder=folder, stem=copy.stem)
    return Rehearsed(
        copy.stem,
        lost=tuple((words_before - words_after).elements()),
        gained=tuple((words_after - words_before).elements()),
        pages_old=len(old_pages),
        pages_new=len(new_pages),
        changed_pages=tuple(pictures),
        pictures=tuple(pictures.values()),
    )


def _words(docx: bytes) -> Counter[str]:
    read = read_docx(docx)
    paragraphs = (*read.body, *read.notes, *read.furniture)
    texts = (paragraph.text.replace(SOFT, "").replace(COUNTED, " ") for paragraph in paragraphs)
    return Counter(word for text in texts for word in _WORD.findall(text))


def _pictures(old: Sequence[Image.Image], new: Sequence[Image.Image], *, folder: Path, stem: str) -> dict[int, Path]:
    """Write the pages that differ side by side, what differs in red frames; return them by their number."""
    written: dict[int, Path] = {}
    for number in range(1, max(len(old), len(new)) + 1):
        before = old[number - 1] if number <= len(old) else None
        after = new[number - 1] if number <= len(new) else None
        frames = _differences(before, after) if before is not None and after is not None else []
        if before is not None and after is not None and not frames:
            continue
        path = folder / f"{stem}-page-{number}.png"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _side_by_side(before, after, frames).save(path)
        except OSError as error:
            what = f"The pictures cannot be written: {error.strerror or 'no reason given'}."
            raise SetupError([Problem(what, "Choose another folder.", where="--out")]) from error
        written[number] = path
    return written


def _differences(before: Image.Image, after: Image.Image) -> list[tuple[int, int, int, int]]:
    """Return the frames around what differs: left, top, right, bottom, in pixels."""
    width, height = max(before.width, after.width), max(before.height, after.height)
    one, other = _on_white(before, (width, height)), _on_white(after, (width, height))
    changed = ImageChops.difference(one, other).convert("L").point(lambda level: 255 if level > _VISIBLE else 0)
    # Each block of pixels becomes one; rows of blocks that hold a change become a frame.
    size = (-(-width // _BLOCK), -(-height // _BLOCK))
    blocks = changed.resize(size, Image.Resampling.BOX).point(lambda level: 255 if level else 0)
    frames = []
    top: int | None = None
    for line in range(size[1] + 1):
        box = blocks.crop((0, line, size[0], line + 1)).getbbox() if line < size[1] else None
        if box is not None and top is None:
            top = line
        elif box is None and top is not None:
            band = blocks.crop((0, top, size[0], line)).getbbox()
            if band is not None:
                frames.append((band[0] * _BLOCK, top * _BLOCK, band[2] * _BLOCK, line * _BLOCK))
            top = None
    return frames


def _on_white(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    page = Image.new("RGB", size, _WHITE)
    page.paste(picture, (0, 0))
    return page


def _side_by_side(
    before: Image.Image | None, after: Image.Image | None, frames: list[tuple[int, int, int, int]]
) -> Image.Image:
    size = max(each.width for each in (before, after) if each), max(each.height for each in (before, after) if each)
    sheet = Image.new("RGB", (2 * size[0] + 3 * _GAP, size[1] + 3 * _GAP), (225, 225, 225))
    drawing = ImageDraw.Draw(sheet)
    for picture, left, title in ((before, _GAP, "old"), (after, size[0] + 2 * _GAP, "new")):
        drawing.text((left, 4), title, fill=_GREY)
        if picture is None:
            drawing.text((left + _GAP, 4 * _GAP), "no such page", fill=_RED)
            continue
        sheet.paste(picture, (left, 2 * _GAP))
        for frame in frames:
            corners = (left + frame[0], 2 * _GAP + frame[1], left + frame[2], 2 * _GAP + frame[3])
            drawing.rectangle(corners, outline=_RED, width=2)
    return sheet
