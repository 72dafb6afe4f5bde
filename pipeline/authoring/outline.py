"""The tags of a story as a text that Jinja reads alone: a line for each tag, every tag judged, blocks made whole.

A fault in one tag does not hide the next: what cannot be read is replaced by something that says nothing, and what is
missing at the end is added. What Jinja says of the rest is then true of the template.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from jinja2.exceptions import TemplateSyntaxError

from pipeline.authoring.finding import Finding
from pipeline.authoring.tags import CLOSING, MIDDLE, OPENING, Tag
from pipeline.documents.templates.drafting import in_words
from pipeline.documents.templates.environment import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import nodes

_LOOP: Final = re.compile(r"for\s+(\w+(?:\s*,\s*\w+)*)\s+in\b")
_WITH_AN_END: Final = frozenset({"macro", "call", "filter", "block", "with", "autoescape", "trans"})
_LEVELS: Final = frozenset({"p", "tr", "tc", "r"})


@dataclass(frozen=True, slots=True)
class Block:
    """A block that is whole: its tags in order (`if`, `elif`, `else`, `endif`) as numbers in the list of tags."""

    tags: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The tags of a story as Jinja reads them: line N of `source` is tag N. `faults` are of single tags and blocks."""

    tags: tuple[Tag, ...]
    source: str
    blocks: tuple[Block, ...]
    faults: tuple[Finding, ...]

    def syntax(self, language: str) -> nodes.Template:
        """Return what the tags say; it is shared, so read it and never change it."""
        return _syntax_of(self.source, language)

    def tag_at(self, line: int | None) -> Tag | None:
        """Return the tag of a line."""
        return self.tags[line - 1] if line is not None and 0 < line <= len(self.tags) else None

    def without(self, line: int) -> Outline:
        """Return the outline with one tag left out."""
        lines = self.source.split("\n")
        lines[line - 1] = ""
        return replace(self, source="\n".join(lines))


def outline_of(tags: Sequence[Tag], language: str) -> Outline:
    """Return the outline of a story's tags, with a finding for each tag or block that cannot be read."""
    lines, faults = [], []
    whole = _can_be_read("\n".join(_line(tag) for tag in tags), language)
    for tag in tags:
        fault = None if whole else _fault_of(tag, language)
        ended = tag.word.removeprefix("end") in _WITH_AN_END
        lines.append(_harmless(tag) if fault is not None or ended else _line(tag))
        if fault is not None:
            faults.append(fault)
    builder = _Blocks(list(tags), lines)
    builder.close_all()
    return Outline(
        tuple(tags), "\n".join(lines), tuple(sorted(builder.blocks, key=lambda block: block.tags)),
        (*faults, *builder.faults),
    )  # fmt: skip


@lru_cache(maxsize=64)
def _syntax_of(source: str, language: str) -> nodes.Template:
    return environment(language).parse(source)


def _can_be_read(source: str, language: str) -> bool:
    """Say whether all is well, as it mostly is, before each tag is read alone."""
    try:
        _syntax_of(source, language)
    except (TemplateSyntaxError, RecursionError):
        return False
    return True


def _line(tag: Tag) -> str:
    return f"{{{{ {tag.says} }}}}" if tag.printing else f"{{% {tag.says} %}}"


def _fault_of(tag: Tag, language: str) -> Finding | None:
    """Read one tag alone, with what it needs around it, in the words of the program that fills templates."""
    if tag.word in CLOSING or tag.word == "else":
        alone = "" if tag.says == tag.word else f"{{% if true %}}{{% endif {tag.says[len(tag.word) :]} %}}"
    elif tag.word == "elif":
        alone = f"{{% if true %}}{_line(tag)}{{% endif %}}"
    elif tag.word in OPENING | _WITH_AN_END:
        alone = f"{_line(tag)}{{% end{tag.word} %}}"
    elif tag.word.removeprefix("end") in _WITH_AN_END:
        alone = ""  # said of the tag that begins it
    elif tag.word == "set" and "=" not in tag.says:
        alone = f"{_line(tag)}{{% endset %}}"
    else:
        alone = _line(tag)
    try:
        environment(language).parse(alone)
    except TemplateSyntaxError as error:
        return _unreadable(tag, error.message or "A tag cannot be read.")
    except RecursionError:
        return _unreadable(tag, "A tag is nested too deeply")
    return None


def _unreadable(tag: Tag, message: str) -> Finding:
    problem = in_words(message, "", None)
    do = "Correct the tag."
    if tag.word in _LEVELS:
        do = f"Write the letter beside the sign: {{%{tag.word} {tag.says.removeprefix(tag.word).strip()} %}}."
    elif tag.says in _LEVELS or not tag.says:
        do = "Say in the tag what it is to do, or delete it."
    return Finding("tag-unreadable", tag.paragraph.place, problem.what, do, tag.quoted, tag.paragraph.element)


def _harmless(tag: Tag) -> str:
    """Return something that says nothing and keeps the blocks as they are."""
    if tag.word in {"if", "elif"}:
        return f"{{% {tag.word} true %}}"
    if tag.word == "for":
        target = _LOOP.match(tag.says)
        return f"{{% for {target[1] if target else 'nothing'} in [] %}}"
    return f"{{% {tag.word} %}}" if tag.word in CLOSING or tag.word == "else" else ""


class _Blocks:
    """Pairs the tags of blocks; where one is missing, the lines are mended and a finding says so."""

    def __init__(self, tags: list[Tag], lines: list[str]) -> None:
        self.faults: list[Finding] = []
        self.blocks: list[Block] = []
        self._tags, self._lines = tags, lines
        self._open: list[list[int]] = []
        for number, tag in enumerate(tags):
            if tag.word in OPENING:
                self._open.append([number])
            elif tag.word in CLOSING:
                self._close(number, CLOSING[tag.word])
            elif tag.word in MIDDLE:
                self._middle(number)

    def close_all(self) -> None:
        """End what is still open at the end of the story."""
        while self._open:
            self._missing_end(self._open.pop(), len(self._lines) - 1, after=True)

    def _word(self, block: list[int]) -> str:
        return self._tags[block[0]].word

    def _close(self, number: int, word: str) -> None:
        if all(self._word(block) != word for block in self._open):
            self._not_opened(number)
            return
        while self._word(self._open[-1]) != word:
            self._missing_end(self._open.pop(), number, after=False)
        self.blocks.append(Block((*self._open.pop(), number)))

    def _middle(self, number: int) -> None:
        word = self._tags[number].word
        block = self._open[-1] if self._open else None
        if block is None or self._word(block) not in MIDDLE[word] or self._tags[block[-1]].word == "else":
            self._not_opened(number)
        else:
            block.append(number)

    def _missing_end(self, block: list[int], number: int, *, after: bool) -> None:
        tag, word = self._tags[block[0]], self._word(block)
        end = f"{{% end{word} %}}"
        line = self._lines[number]
        self._lines[number] = line + end if after else end + line
        do = f"Write {{%{tag.level} end{word} %}} after it."
        self._say("block-not-closed", tag, f"'{word}' begins here and never ends.", do)

    def _not_opened(self, number: int) -> None:
        tag = self._tags[number]
        self._lines[number] = ""
        begins = "if" if tag.word in {"elif", "endif"} else "for" if tag.word == "endfor" else "if"
        do = f"Write the {{% {begins} … %}} it belongs to before it, or delete it."
        self._say("block-not-opened", tag, f"'{tag.word}' stands here without its beginning.", do)

    def _say(self, rule: str, tag: Tag, what: str, do: str) -> None:
        self.faults.append(Finding(rule, tag.paragraph.place, what, do, tag.quoted, tag.paragraph.element))


def signature_tags(outline: Outline) -> list[Tag]:
    """Return the tags that make a place to sign."""
    return [tag for tag in outline.tags if tag.printing and re.search(r"\bsignature\s*\(", tag.says)]
