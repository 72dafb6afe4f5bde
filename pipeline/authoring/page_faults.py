"""What a page needs beside its words: typefaces, a language, a title, header rows, alternative texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pipeline.authoring.finding import Finding, Place
from pipeline.authoring.stories import TBL, TR, T, style_of
from pipeline.documents.word.fonts import embedded_fonts, is_known
from pipeline.documents.word.names import W
from pipeline.documents.word.parts import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.authoring.stories import Story

_DOC_PR: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_DECORATIVE: Final = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_OFF: Final = frozenset({"0", "false", "off", "none"})
_SLOTS: Final = ("ascii", "hAnsi")


def page_faults(stories: Sequence[Story], parts: Mapping[str, bytes]) -> Iterator[Finding]:
    """Find what a reader, a screen reader or the PDF engine would miss."""
    yield from _fonts(stories, parts)
    yield from _language(parts)
    if not any(_is_title(paragraph, parts) for paragraph in stories[0].paragraphs if paragraph.text.strip()):
        what = "No paragraph of the page has the style Title or Heading 1, so a screen reader finds no title."
        yield Finding("no-title", Place(stories[0].name), what, "Give the title the style Heading 1.")
    for story in stories:
        yield from _pictures(story)
        yield from _tables(story)


def _is_title(paragraph: Any, parts: Mapping[str, bytes]) -> bool:
    styles = parse(parts["word/styles.xml"]) if "word/styles.xml" in parts else None
    style = style_of(paragraph.element)
    names = [] if styles is None else [
        each.find(f"{W}name").get(f"{W}val", "") for each in styles.iter(f"{W}style")
        if each.get(f"{W}styleId") == style and each.find(f"{W}name") is not None
    ]  # fmt: skip
    return any(name.casefold() in {"title", "heading 1"} for name in [style, *names])


def _language(parts: Mapping[str, bytes]) -> Iterator[Finding]:
    styles = parse(parts["word/styles.xml"]) if "word/styles.xml" in parts else None
    if styles is None or not any(each.get(f"{W}val") for each in styles.iter(f"{W}lang")):
        do = "In Word, mark all text, and set its language: Review, Language, Set Proofing Language, Set As Default."
        yield Finding("no-language", Place("styles"), "The styles name no language for the words.", do)


def _fonts(stories: Sequence[Story], parts: Mapping[str, bytes]) -> Iterator[Finding]:
    embedded = embedded_fonts(parts)
    told: set[str] = set()
    for story in stories:
        for fonts in story.root.iter(f"{W}rFonts"):
            for family in _families(fonts):
                if family not in told and not is_known(family) and family.lower() not in embedded:
                    told.add(family)
                    place, paragraph = story.place_of(fonts)
                    yield _missing(family, place, paragraph)
    if "word/styles.xml" in parts:
        for style in _styles_in_use(parse(parts["word/styles.xml"]), stories):
            for family in (each for fonts in style.iter(f"{W}rFonts") for each in _families(fonts)):
                if family not in told and not is_known(family) and family.lower() not in embedded:
                    told.add(family)
                    yield _missing(family, Place(_style_place(style)), None)


def _style_place(style: Any) -> str:
    name = style.find(f"{W}name")
    return "styles" if name is None else f"style {name.get(f'{W}val')}"


def _missing(family: str, place: Place, paragraph: Any) -> Finding:
    what = f"The typeface {family} is not in the PDF engine and not embedded: another one would take its place."
    do = "Choose another, such as Calibri, Arial or Times New Roman; or embed it: File, Options, Save, Embed fonts."
    return Finding("font-missing", place, what, do, family, paragraph)


def _families(fonts: Any) -> Iterator[str]:
    for slot in _SLOTS:
        if (family := fonts.get(f"{W}{slot}")) and not fonts.get(f"{W}{slot}Theme"):
            yield family


def _styles_in_use(styles: Any, stories: Sequence[Story]) -> Iterator[Any]:
    by_id = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
    waiting = [style.get(f"{W}styleId") for style in by_id.values() if style.get(f"{W}default") == "1"]
    for story in stories:
        waiting += [mark.get(f"{W}val") for mark in story.root.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")]
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in by_id and name not in used:
            used.add(name)
            waiting += [base.get(f"{W}val") for base in by_id[name].iter(f"{W}basedOn", f"{W}link")]
    yield from styles.iter(f"{W}docDefaults")
    yield from (style for key, style in by_id.items() if key in used)


def _pictures(story: Story) -> Iterator[Finding]:
    for properties in story.root.iter(_DOC_PR):
        decorative = any(mark.get("val") == "1" for mark in properties.iter(_DECORATIVE))
        if not decorative and not (properties.get("descr") or "").strip():
            place, paragraph = story.place_of(properties)
            do = "Right-click it, Edit Alt Text, and say what it shows; or mark it as decorative."
            yield Finding("no-alternative-text", place, "This picture has no alternative text.", do, "", paragraph)


def _tables(story: Story) -> Iterator[Finding]:
    for table in story.root.iter(TBL):
        look = table.find(f"{W}tblPr/{W}tblLook")
        rows = [row for row in table.iter(TR) if next(row.iterancestors(TBL)) is table]
        if look is None or len(rows) < 2 or not _first_row_is_a_header(look):
            continue
        if not any(_is_on(row.find(f"{W}trPr/{W}tblHeader")) for row in rows):
            place, paragraph = story.place_of(rows[0])
            text = " | ".join(each.text or "" for each in rows[0].iter(T))[:120]
            what = "The first row looks like a header row and is not marked as one, so no screen reader says it."
            do = "Mark the row: Table Layout, Repeat Header Rows. If it is none: Table Design, Header Row off."
            yield Finding("no-header-row", place, what, do, text, paragraph)


def _first_row_is_a_header(look: Any) -> bool:
    first = look.get(f"{W}firstRow")
    return first in {"1", "true", "on"} if first is not None else bool(int(look.get(f"{W}val", "0") or "0", 16) & 0x20)


def _is_on(mark: Any) -> bool:
    return mark is not None and mark.get(f"{W}val", "true") not in _OFF
