"""The stories of a Word file (body, headers, footers, notes) and their paragraphs, each with its place in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pipeline.authoring.finding import Place
from pipeline.documents.word.names import MC, W
from pipeline.documents.word.parts import R, parse, relationships_of, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

P, T, TBL, TR, TC, RUN = f"{W}p", f"{W}t", f"{W}tbl", f"{W}tr", f"{W}tc", f"{W}r"

_KINDS: Final = {"default": "", "first": "first-page ", "even": "even-page "}
_LONGEST_HEADING: Final = 60
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


@dataclass(frozen=True, slots=True, eq=False)
class Paragraph:
    """One paragraph: its element, its place, and its text with the tags as typed; text boxes in it stand apart."""

    element: Any
    place: Place
    text: str
    letters: tuple[Any, ...] = field(repr=False)
    """For each letter of the text the element it stands in."""


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """One part that is filled: the name of the part, what it is called ("body"), and its paragraphs in order."""

    part: str
    name: str
    root: Any
    paragraphs: tuple[Paragraph, ...]

    def place_of(self, element: Any) -> tuple[Place, Any]:
        """Return where an element stands, and the paragraph around it, the next one inside it, or None."""
        paragraph = element if element.tag == P else next(element.iterancestors(P), None)
        if paragraph is None:
            paragraph = next(element.iter(P), None)
        found = next((each for each in self.paragraphs if each.element is paragraph), None)
        return (found.place, found.element) if found else (Place(self.name), None)


def stories_of(parts: Mapping[str, bytes]) -> tuple[Story, ...]:
    """Return the body, then headers and footers, then notes."""
    main = "word/document.xml"
    body = parse(parts[main])
    headings = _heading_styles(parts)
    targets = _targets(parts, main)
    found = [_story(main, "body", body, headings)]
    named: dict[str, str] = {}
    for number, section in enumerate(body.iter(f"{W}sectPr"), start=1):
        for reference in section.iter(f"{W}headerReference", f"{W}footerReference"):
            kind = "header" if reference.tag.endswith("headerReference") else "footer"
            name = f"{_KINDS.get(reference.get(f'{W}type', ''), '')}{kind} of section {number}"
            named.setdefault(targets.get(reference.get(f"{R}id"), ""), name)
    found += [_story(part, name, parse(parts[part]), headings) for part, name in named.items() if part in parts]
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        if part in parts:
            found.append(_story(part, part[5:-4], parse(parts[part]), headings))
    return tuple(found)


def _targets(parts: Mapping[str, bytes], source: str) -> dict[str | None, str]:
    listing = relationships_of(source)
    if listing not in parts:
        return {}
    return {entry.get("Id"): target_of(source, entry.get("Target", "")) for entry in parse(parts[listing])}


def _heading_styles(parts: Mapping[str, bytes]) -> frozenset[str]:
    if "word/styles.xml" not in parts:
        return frozenset()
    named = {style.get(f"{W}styleId"): style for style in parse(parts["word/styles.xml"]).iter(f"{W}style")}
    return frozenset(key for key, style in named.items() if key and _is_heading(style))


def _is_heading(style: Any) -> bool:
    name = style.find(f"{W}name")
    called = "" if name is None else name.get(f"{W}val", "").casefold()
    return called == "title" or called.startswith("heading ") or style.find(f"{W}pPr/{W}outlineLvl") is not None


def _story(part: str, name: str, root: Any, headings: frozenset[str]) -> Story:
    return Story(part, name, root, tuple(_paragraphs(root, name, headings)))


def _paragraphs(root: Any, name: str, headings: frozenset[str]) -> Iterator[Paragraph]:
    tables = {table: number for number, table in enumerate(root.iter(TBL), start=1)}
    heading: str | None = None
    counted: dict[Any, int] = {}
    for element in root.iter(P):
        if any(above.tag == f"{MC}Fallback" for above in element.iterancestors()):
            continue
        cell = next(element.iterancestors(TC), None)
        counted[cell] = counted.get(cell, 0) + 1
        letters = tuple(_letters(element))
        text = "".join(letter for letter, _ in letters)
        if style_of(element) in headings and text.strip() and cell is None:
            heading = _TAG.sub("…", text).strip()[:_LONGEST_HEADING]
        place = Place(_part_of(element, name), heading, *_in_table(cell, tables), paragraph=counted[cell])
        yield Paragraph(element, place, text, tuple(source for _, source in letters))


def _part_of(element: Any, name: str) -> str:
    """Name the note a paragraph stands in: "footnote 3"."""
    note = next(element.iterancestors(f"{W}footnote", f"{W}endnote"), None)
    return name if note is None else f"{name.removesuffix('s')} {note.get(f'{W}id')}"


def _in_table(cell: Any, tables: Mapping[Any, int]) -> tuple[int | None, int | None, int | None]:
    if cell is None:
        return None, None, None
    row = next(cell.iterancestors(TR))
    table = next(row.iterancestors(TBL))
    return tables[table], _number(row, table.iter(TR), table), _number(cell, row.iter(TC), row)


def _number(element: Any, among: Iterator[Any], owner: Any) -> int:
    """Count an element among those of its own kind that belong to the same table or row."""
    own = [each for each in among if next(each.iterancestors(owner.tag)) is owner]
    return own.index(element) + 1


def _letters(paragraph: Any) -> Iterator[tuple[str, Any]]:
    for text in paragraph.iter(T):
        if next(text.iterancestors(P)) is paragraph:
            yield from ((letter, text) for letter in text.text or "")


def style_of(paragraph: Any) -> str:
    """Return the id of a paragraph's style."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "Normal" if style is None else str(style.get(f"{W}val", ""))
