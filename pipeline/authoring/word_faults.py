"""What Word can put into a template that a copy would not show, would show otherwise, or may not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pipeline.authoring.finding import Finding, Place
from pipeline.authoring.stories import P, T, style_of
from pipeline.documents.templates.safety import harmful_fields, harmful_relationships, harms
from pipeline.documents.word.names import MC, W
from pipeline.documents.word.parts import R, name_in_words, parse, relationships_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.authoring.stories import Story

_CHANGES: Final = tuple(
    f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "tblPrChange", "tcPrChange")
)
_LINKS: Final = ("id", "embed", "link", "pict", "href")
_OFF: Final = frozenset({"0", "false", "off"})
_NEVER_FILLED: Final = "A tag stands where none is ever filled in."


def file_harms(docx: bytes, file_name: str) -> list[Finding]:
    """Return what keeps the file from being used at all, in the words in which generating refuses it."""
    found = []
    for problem in harms(docx, file_name):
        part = problem.where.removeprefix(file_name).removeprefix(", ")
        rule = "tag-never-filled" if problem.what == _NEVER_FILLED else "unsafe-file"
        found.append(Finding(rule, Place(_called(part)), problem.what, problem.do))
    return found


def placed(found: Sequence[Finding], stories: Sequence[Story], parts: Mapping[str, bytes]) -> list[Finding]:
    """Return the same findings, those of fields and links at the paragraph where they stand."""
    exact, said = [], set()
    for story in stories:
        for finding in (*_fields(story), *_links(story, parts)):
            exact.append(finding)
            said |= {(finding.what, _called(story.part)), (finding.what, _called(relationships_of(story.part)))}
    return [*(finding for finding in found if (finding.what, finding.place.part) not in said), *exact]


def _called(part: str) -> str:
    """Name a part for a person: "body", "comments"; other parts keep their own name."""
    if part.startswith("word/") and part.endswith(".xml") and part.count("/") == 1:
        return name_in_words(part).removeprefix("DOCX, ")
    return part or "file"


def _fields(story: Story) -> Iterator[Finding]:
    for problem, element in harmful_fields(story.root, ""):
        yield _at(story, element, "field", problem.what, problem.do)


def _links(story: Story, parts: Mapping[str, bytes]) -> Iterator[Finding]:
    listing = relationships_of(story.part)
    if listing not in parts:
        return
    for problem, key in harmful_relationships(parse(parts[listing]), ""):
        element = next((each for each in story.root.iter() if key in {each.get(f"{R}{name}") for name in _LINKS}), None)
        if element is not None:
            yield _at(story, element, "outside-link", problem.what, problem.do)


def word_faults(story: Story, hidden_styles: frozenset[str]) -> Iterator[Finding]:
    """Find what would not be printed as it looks in Word: one finding a paragraph and kind."""
    seen: set[tuple[str, int]] = set()
    for finding in _all_word_faults(story, hidden_styles):
        key = (finding.rule, id(finding.paragraph))
        if key not in seen:
            seen.add(key)
            yield finding


def _all_word_faults(story: Story, hidden_styles: frozenset[str]) -> Iterator[Finding]:
    for element in story.root.iter(f"{W}endnoteReference"):
        what = "Endnotes are collected behind the last page, where nobody who signs looks for them."
        yield _at(story, element, "endnote", what, "Make it a footnote, or write it into the page.")
    for element in story.root.iter(f"{W}commentReference"):
        do = "Nothing to do, if the comment is for other authors. Delete it when it is settled."
        yield _at(story, element, "comment", "A comment stands here; it is left out of every copy.", do)
    for element in story.root.iter(*_CHANGES):
        what = "A change is tracked here; copies are made as if it were accepted, whatever Word shows."
        yield _at(story, element, "tracked-change", what, "Accept or reject it: Review, Accept or Reject.")
    for text in story.root.iter(T):
        if (text.text or "").strip() and _is_hidden(text.getparent(), hidden_styles):
            what = "This text is hidden: it would lie unseen in the Word copy and be missing from the PDF."
            yield _at(story, text, "hidden-text", what, "Show it (Font, Hidden off), or delete it.", text=text.text)
    for box in story.root.iter(f"{W}txbxContent"):
        if not any(above.tag == f"{MC}Fallback" for above in box.iterancestors()):
            what = "A text box: the engine may leave out what stands in it, and screen readers lose its place."
            text = "".join(each.text or "" for each in box.iter(T))
            outer = next(box.iterancestors(P), box)
            yield _at(story, outer, "text-box", what, "Put the words into the page or into a table cell.", text=text)
    for control in story.root.iter(f"{W}sdt"):
        what = "A content control: what stands in it is printed as it is; nobody can choose or fill in anything."
        text = "".join(each.text or "" for each in control.iter(T))
        yield _at(story, control, "content-control", what, "Keep only the words: Remove Content Control.", text=text)


def hidden_styles_of(styles: bytes | None) -> frozenset[str]:
    """Return the ids of the styles that hide their text."""
    found = parse(styles).iter(f"{W}style") if styles else ()
    return frozenset(str(style.get(f"{W}styleId")) for style in found if _vanishes(style.find(f"{W}rPr")))


def _is_hidden(run: Any, hidden_styles: frozenset[str]) -> bool:
    properties = run.find(f"{W}rPr")
    if properties is not None and properties.find(f"{W}vanish") is not None:
        return _vanishes(properties)
    style = None if properties is None else properties.find(f"{W}rStyle")
    paragraph = next(run.iterancestors(P), None)
    named = {"" if style is None else style.get(f"{W}val"), "" if paragraph is None else style_of(paragraph)}
    return bool(named & hidden_styles)


def _vanishes(properties: Any) -> bool:
    mark = None if properties is None else properties.find(f"{W}vanish")
    return mark is not None and mark.get(f"{W}val", "true") not in _OFF


def _at(  # noqa: PLR0913 (as a Finding has)
    story: Story, element: Any, rule: str, what: str, do: str, *, text: str | None = None
) -> Finding:
    place, paragraph = story.place_of(element)
    if text is None:
        text = next((each.text for each in story.paragraphs if each.element is paragraph), "")
    return Finding(rule, place, what, do, (text or "").strip()[:120], paragraph)
