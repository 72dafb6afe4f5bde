"""The tags of a story in the order in which they are filled.

docxtpl takes runs apart and puts tags together again; here each tag keeps its paragraph and its place. The tags of a
story, one a line (outline.py), say the same to Jinja as the whole part does, so what Jinja finds in line 7 is about
tag 7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pipeline.authoring.stories import P, T
from pipeline.documents.templates.slips import mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.authoring.stories import Paragraph, Story

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SHAPE: Final = re.compile(r"\{([\{%])(?:(tr|tc|p|r)(?=\s))?[-+]?(.*?)[-+]?[\}%]\}", re.DOTALL)
_WORD: Final = re.compile(r"[A-Za-z_]*")
_LAYOUT: Final = re.compile(r"(colspan|cellbg)\s+(.*)", re.DOTALL)
_AS_DOCXTPL_WRITES: Final = str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''")
_MERGES: Final = frozenset({"vm", "hm"})
_LONGEST_QUOTE: Final = 120

OPENING: Final = frozenset({"if", "for"})
CLOSING: Final = {"endif": "if", "endfor": "for"}
MIDDLE: Final = {"elif": frozenset({"if"}), "else": frozenset({"if", "for"})}


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """One tag. `level` is p, tr, tc or r, or "" for a plain one; `word` is the first word of a block ("for").

    `says` is what stands between the braces once slips are mended. `elements` are the texts of Word that its letters
    stand in, none for a tag in alternative text.
    """

    paragraph: Paragraph
    text: str
    printing: bool
    level: str
    word: str
    says: str
    elements: tuple[Any, ...] = field(repr=False)

    @property
    def quoted(self) -> str:
        """Return the tag as it is typed, shortened."""
        return " ".join(self.text.split())[:_LONGEST_QUOTE]


def tags_of(story: Story) -> tuple[Tag, ...]:
    """Return the tags of a story in the order of the file, without comments and what stands in `raw`."""
    found = [tag for paragraph in story.paragraphs for tag in _in_order(paragraph)]
    kept = []
    raw = False
    for tag in found:
        raw = (raw or tag.word == "raw") and tag.word != "endraw"
        if not raw and tag.word not in _MERGES | {"endraw"}:
            kept.append(tag)
    return tuple(kept)


def without_tags(text: str) -> str:
    """Return the words of a paragraph that are no tags."""
    return _TAG.sub("", text)


def _in_order(paragraph: Paragraph) -> Iterator[Tag]:
    """Give the tags of the text and those of pictures' alternative texts, in their order in the file."""
    spoken = list(_spoken(paragraph.element))
    for found in _TAG.finditer(paragraph.text):
        while spoken and spoken[0][0] <= found.start():
            yield from _tags_in(paragraph, spoken.pop(0)[1])
        elements = tuple(dict.fromkeys(paragraph.letters[found.start() : found.end()]))
        yield from _tags_in(paragraph, found.group(), elements=elements)
    for _, text in spoken:
        yield from _tags_in(paragraph, text)


def _tags_in(paragraph: Paragraph, text: str, *, elements: tuple[Any, ...] = ()) -> Iterator[Tag]:
    for found in _TAG.finditer(text):
        shape = _SHAPE.fullmatch(mend(found.group()))
        if shape is not None:  # a comment has no such shape
            says = _plain(shape[3])
            layout = _LAYOUT.fullmatch(says) if shape[1] == "%" else None
            printing = shape[1] == "{" or layout is not None
            word = "" if printing else _WORD.match(says)[0]  # type: ignore[index]
            yield Tag(paragraph, found.group(), printing, shape[2] or "", word, layout[2] if layout else says, elements)


def _plain(text: str) -> str:
    """Write curly quotes as docxtpl does, and the tag on one line."""
    straight = text.translate(_AS_DOCXTPL_WRITES)
    return " ".join(straight.split())


def _spoken(paragraph: Any) -> Iterator[tuple[int, str]]:
    """Give the attributes that hold tags, such as alternative texts, each with the letters of the text before it."""
    before = 0
    for element in paragraph.iter():
        if next(element.iterancestors(P), paragraph) is not paragraph:
            continue
        if element.tag == T:
            before += len(element.text or "")
        for value in element.attrib.values():
            if "{{" in value or "{%" in value:
                yield before, value
