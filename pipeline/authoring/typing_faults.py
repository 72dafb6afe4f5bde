"""How tags were typed: what Word split, what a keyboard slipped in, and what stands in the middle of a tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pipeline.authoring.finding import Finding
from pipeline.documents.templates.slips import DASHES, QUOTES, SPACES, UNSEEN, mend
from pipeline.documents.word.names import W

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.authoring.tags import Tag

# What may lie between two pieces of a tag without harm: it goes, and nobody misses it.
_HARMLESS: Final = {
    f"{W}{name}"
    for name in ("r", "rPr", "t", "tab", "br", "proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak",
                 "noBreakHyphen", "softHyphen", "permStart", "permEnd")
}  # fmt: skip
_CALLED: Final = {
    "proofErr": "proofing marks",
    "bookmarkStart": "a bookmark",
    "bookmarkEnd": "a bookmark",
    "tab": "a tab",
    "br": "a line break",
}
_SLIPS: Final = (
    (QUOTES, "curly or foreign quotes"),
    (DASHES, "a dash"),
    (SPACES, "a non-breaking or other unusual space"),
    (UNSEEN, "an invisible sign"),
)


def typing_faults(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Find tags that Word split or a keyboard dressed up; what is read as it was meant is said as repaired."""
    for tag in tags:
        runs = list(dict.fromkeys(element.getparent() for element in tag.elements))
        if len(runs) > 1 or len(tag.elements) > 1:
            yield _split(tag, runs)
        if mend(tag.text) != tag.text:
            slips = [name for signs, name in _SLIPS if any(sign in tag.text for sign in signs)]
            what = f"This tag holds {' and '.join(slips)}; it is read as {' '.join(mend(tag.text).split())[:120]}"
            yield _finding("tag-slip", tag, what, "Nothing to do. To tidy it, type the tag again with plain signs.")


def _split(tag: Tag, runs: Sequence[Any]) -> Finding:
    between = list(_between(runs))
    parents = {id(run.getparent()) for run in runs}
    if len(parents) > 1 or any(element.tag not in _HARMLESS for element in between):
        what = "This tag runs over something else (a link, a field, a picture, a note or a tracked change)."
        return _finding("tag-holds-something", tag, what, "Delete the tag with what is in it, and type it in one go.")
    named = {_CALLED[name] for element in between if (name := element.tag.rpartition("}")[2]) in _CALLED}
    why = f", with {' and '.join(sorted(named))} in it" if named else ""
    pieces = f"{len(runs)} runs" if len(runs) > 1 else "two texts"
    what = f"Word keeps this tag in {pieces}{why}; it is read as one."
    return _finding("tag-split", tag, what, "Nothing to do. To tidy it, delete the tag and type it in one go.")


def _between(runs: Sequence[Any]) -> Iterator[Any]:
    """Give the elements from the first run of a tag to the last."""
    parent = runs[0].getparent()
    children = list(parent)
    last = runs[-1] if runs[-1].getparent() is parent else runs[0]
    for child in children[children.index(runs[0]) : children.index(last) + 1]:
        yield from (element for element in child.iter() if not _in_properties(element))


def _in_properties(element: Any) -> bool:
    return any(above.tag == f"{W}rPr" for above in element.iterancestors())


def _finding(rule: str, tag: Tag, what: str, do: str) -> Finding:
    return Finding(rule, tag.paragraph.place, what, do, tag.quoted, tag.paragraph.element)
