"""Names a template uses: those that do not exist, and those that its readers may not see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.authoring.finding import Finding
from pipeline.documents.templates.drafting import in_words
from pipeline.documents.templates.names import walk_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.authoring.outline import Outline
    from pipeline.documents.templates.names import Names


def name_faults(outline: Outline, names: Names, *, language: str, readers: frozenset[str]) -> Iterator[Finding]:
    """Find names that do not exist, and fields that none of `readers` may see, so that they are never there."""
    wrong, uses = walk_names(outline.syntax(language), names)
    for each in wrong:
        if (tag := outline.tag_at(each.line)) is not None:
            problem = in_words(each.what, "", None, meant=each.meant)
            do = f"Did you mean {each.meant}?" if each.meant else "See `agreements template fields` for what there is."
            yield Finding("unknown-name", tag.paragraph.place, problem.what, do, tag.quoted, tag.paragraph.element)
    for use in dict.fromkeys((use.line, use.path, use.names.seen_by) for use in uses):
        line, path, seen_by = use
        tag = outline.tag_at(line)
        if tag is not None and seen_by is not None and not readers & _readers(seen_by):
            who = ", ".join(sorted(seen_by)).replace("_", " ") or "nobody: it is for the program"
            what = f"No reader of this template may see '{path}', so it is never there. Who sees it: {who}."
            do = "Take it out, or say in template.toml whom the template is for."
            yield Finding("hidden-field", tag.paragraph.place, what, do, tag.quoted, tag.paragraph.element)


def _readers(seen_by: frozenset[str]) -> frozenset[str]:
    """Return the kinds of readers; "self" is whom the value is about, a party of the agreement."""
    return seen_by | {"harmed", "responsible"} if "self" in seen_by else seen_by


def fields_used(outline: Outline, names: Names, *, language: str) -> frozenset[str]:
    """Return every field that the tags ask for, as they write it."""
    return frozenset(use.path for use in walk_names(outline.syntax(language), names)[1] if use.path)
