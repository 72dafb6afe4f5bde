"""Faults of where tags stand: beside other words, in a row too few, across cells, in no table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from pipeline.authoring.finding import Finding
from pipeline.authoring.stories import RUN, TBL, TC, TR, P, T
from pipeline.authoring.tags import without_tags
from pipeline.documents.templates.environment import environment
from pipeline.documents.word.names import W

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.authoring.outline import Block, Outline
    from pipeline.authoring.stories import Paragraph, Story
    from pipeline.authoring.tags import Tag

_HOLDS: Final = {"p": P, "tr": TR, "tc": TC, "r": RUN}
_CALLED: Final = {"p": "paragraph", "tr": "row", "tc": "cell"}
_ALONE: Final = {"p": "a paragraph of its own", "tr": "a table row of its own", "tc": "a cell of its own"}
_SEEN: Final = (f"{W}drawing", f"{W}pict", f"{W}object", f"{W}footnoteReference", f"{W}sectPr")


def layout_faults(story: Story, outline: Outline, language: str) -> Iterator[Finding]:
    """Find what docxtpl would lose or break because of where the tags of a story stand."""
    yield from _lonely_braces(story)
    crowded = set()
    for tag in outline.tags:
        if tag.level and tag.elements:
            found = list(_of_level(tag, outline))
            crowded |= {id(tag.paragraph)} if found else set()
            yield from found
    for block in outline.blocks:
        if not any(id(outline.tags[number].paragraph) in crowded for number in block.tags):
            yield from _crossing(block, outline)
    yield from _tables_without_rows(story, outline, language)


def _lonely_braces(story: Story) -> Iterator[Finding]:
    for paragraph in story.paragraphs:
        rest = without_tags(paragraph.text)
        if "{{" in rest or "{%" in rest:
            begun = rest[min(place for sign in ("{{", "{%") if (place := rest.find(sign)) >= 0) :]
            do = "Type the tag in one go, with its closing braces, in one paragraph."
            yield _finding("tag-not-closed", paragraph, "A tag begins here and does not end.", do, begun[:120])
        elif "}}" in rest or "%}" in rest:
            do = "Type the whole tag again, or delete the braces."
            yield _finding("tag-not-opened", paragraph, "Braces end a tag that never began.", do, rest.strip()[:120])


def _of_level(tag: Tag, outline: Outline) -> Iterator[Finding]:
    holder = next(tag.elements[0].iterancestors(_HOLDS[tag.level]), None)
    if tag.printing:
        what = f"{{{{{tag.level} …}}}} is for pictures and documents that records do not have; words would be lost."
        yield _finding("tag-not-for-records", tag.paragraph, what, f"Write {{{{ {tag.says} }}}}.", tag.quoted)
        return
    if holder is None:
        what, do = "This tag is for tables, and stands in none.", f"Write {{%p {tag.says} %}}, or move it into a row."
        yield _finding("tag-outside-table", tag.paragraph, what, do, tag.quoted)
        return
    if "%" in tag.says or "}" in tag.says:
        what = "A tag that takes its whole paragraph, row or cell cannot hold % or }."
        do = "Work it out in a tag before: {% set even = loop.index is even %}."
        yield _finding("sign-in-block-tag", tag.paragraph, what, do, tag.quoted)
        return
    if tag.level in _CALLED:
        yield from _company(tag, holder, outline)


def _company(tag: Tag, holder: Any, outline: Outline) -> Iterator[Finding]:
    """Find what stands in the same paragraph, row or cell as a tag that takes all of it."""
    called = _CALLED[tag.level]
    same = [other for other in outline.tags if other.elements and _within(other.elements[0], holder)]
    level = [other for other in same if other.level == tag.level and not other.printing]
    if len(level) > 1:
        if level[0] is tag:
            what = f"{level[0].quoted} and {level[1].quoted} share a {called}, so only the last is read."
            do = f"Give each of them {_ALONE[tag.level]}."
            yield _finding(f"two-tags-in-one-{called}", tag.paragraph, what, do, tag.quoted)
        return
    texts = [text.text or "" for text in holder.iter(T)]
    beside = without_tags("".join(texts)).strip()
    others = [other.quoted for other in same if other is not tag and other.level == ""]
    if beside or others or any(next(holder.iter(kind), None) is not None for kind in _SEEN):
        lost = beside or " ".join(others) or "a picture, note or section break"
        what = f"What stands beside this tag in its {called} is lost: {lost[:80]}"
        do = f"Give the tag {_ALONE[tag.level]}."
        rule = f"text-beside-{'paragraph' if tag.level == 'p' else called}-tag"
        yield _finding(rule, tag.paragraph, what, do, tag.quoted)


def _within(element: Any, holder: Any) -> bool:
    return any(above is holder for above in element.iterancestors(holder.tag))


def _crossing(block: Block, outline: Outline) -> Iterator[Finding]:
    """Compare where the tags of a block stand: between them whole elements must lie, or the file breaks."""
    first = outline.tags[block.tags[0]]
    for number in block.tags[1:]:
        other = outline.tags[number]
        if first.elements and other.elements and _steps(first) != _steps(other):
            what = f"{first.quoted} begins in {_place(first)}, and {other.quoted} stands in {_place(other)}."
            do = "Put both into the same kind of place: inside one paragraph, in paragraphs of their own with {%p, "
            do += "or in rows of one table with {%tr."
            yield _finding("block-crosses", other.paragraph, what, do, other.quoted)
            return


def _steps(tag: Tag) -> list[str]:
    """Return the open elements around a tag once it is in place, as far as they matter for whole XML."""
    element = tag.elements[0]
    if tag.level:
        element = next(element.iterancestors(_HOLDS[tag.level]))
    steps = [str(above.tag) for above in element.iterancestors()]
    return steps if tag.level else [T, *steps]


def _place(tag: Tag) -> str:
    if tag.level:
        return {"p": "its own paragraph", "tr": "its own row", "tc": "its own cell", "r": "its own run"}[tag.level]
    inside = "a table cell" if tag.paragraph.place.table is not None else "a paragraph"
    return f"{inside}, among words"


def _tables_without_rows(story: Story, outline: Outline, language: str) -> Iterator[Finding]:
    covers = _row_blocks(outline)
    if not covers:
        return
    for table in story.root.iter(TBL):
        rows = [row for row in table.iter(TR) if next(row.iterancestors(TBL)) is table]
        tag_rows = {id(_row(outline.tags[number])) for block in outline.blocks for number in block.tags
                    if outline.tags[number].level == "tr"}  # fmt: skip
        kept = [row for row in rows if id(row) not in tag_rows]
        order = {id(row): number for number, row in enumerate(rows)}
        loose = [block for block in covers if id(_row(outline.tags[block.tags[0]])) in order]
        if loose and not any(_surely_there(order[id(row)], loose, order, outline, language) for row in kept):
            tag = outline.tags[loose[0].tags[0]]
            what = "Where this list is empty the table has no row left, and Word calls the file damaged."
            do = "Keep a header row above the loop, or put the table between {%p if LIST %} and {%p endif %}."
            yield _finding("table-without-rows", tag.paragraph, what, do, tag.quoted)


def _row_blocks(outline: Outline) -> list[Block]:
    return [block for block in outline.blocks if outline.tags[block.tags[0]].level == "tr"]


def _row(tag: Tag) -> Any:
    return next(tag.elements[0].iterancestors(TR), None)


def _surely_there(row: int, blocks: Sequence[Block], order: Mapping[int, int], outline: Outline, language: str) -> bool:
    """Say whether a row is printed whatever the record holds: in no block, or in loops that are tested around it."""
    around = [
        block
        for block in blocks
        if order[id(_row(outline.tags[block.tags[0]]))] < row < order.get(id(_row(outline.tags[block.tags[-1]])), -1)
    ]
    return all(_tested(block, outline, language) for block in around)


def _tested(block: Block, outline: Outline, language: str) -> bool:
    """Say whether a loop's list is tested by an `if` around it, so that the loop runs at least once."""
    first = block.tags[0]
    loop = outline.tags[first]
    if loop.word != "for":
        return outline.tags[block.tags[-2]].word == "else" and len(block.tags) == 3
    looped = _statement(f"{{% {loop.says} %}}{{% endfor %}}", language)
    if not isinstance(looped, nodes.For):
        return False
    around = [
        _statement(f"{{% {opening.says} %}}{{% end{opening.word} %}}", language)
        for other in outline.blocks
        if other.tags[0] < first < other.tags[1] and (opening := outline.tags[other.tags[0]])
    ]
    if any(isinstance(node, nodes.For) and _entries(node) == _entries(looped) for node in around):
        return True  # inside a loop over the same entries there is at least one
    if looped.test is not None:
        return False
    every = looped.iter
    if isinstance(every, nodes.Or) and every.right == nodes.List([]):  # `items or []`
        every = every.left
    return any(every in _all_of(node.test) for node in around if isinstance(node, nodes.If))


def _entries(loop: nodes.For) -> str:
    """Write down what a loop runs over, and which entries it takes, whatever it calls them."""
    called = loop.target.name if isinstance(loop.target, nodes.Name) else ""
    return repr((loop.iter, loop.test)).replace(f"name='{called}'", "name='each'")


def _statement(source: str, language: str) -> nodes.Node | None:
    """Read one tag alone; what cannot be read is said elsewhere."""
    try:
        return environment(language).parse(source).body[0]
    except TemplateSyntaxError:
        return None


def _all_of(test: nodes.Node) -> list[nodes.Node]:
    return [*_all_of(test.left), *_all_of(test.right)] if isinstance(test, nodes.And) else [test]


def _finding(rule: str, paragraph: Paragraph, what: str, do: str, text: str) -> Finding:
    return Finding(rule, paragraph.place, what, do, text, paragraph.element)
