"""Read the tags of a template's parts: apart from the words around them, and compiled once for all its languages.

What was read is kept by the text of the part, which is a template's and never a record's. A process can hand on what it
read to another, which then need not read it.
"""

from __future__ import annotations

import marshal
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar

from docxtpl import DocxTemplate
from jinja2.exceptions import TemplateSyntaxError

from pipeline.documents.templates.environment import ANY_LANGUAGE, environment, mark
from pipeline.documents.templates.slips import mend

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType

    import jinja2

TAG: Final = re.compile(r"\{[\{%].*?[\}%]\}", re.DOTALL)
_RAW_OR_TAG: Final = re.compile(r"\{%[-+]?\s*raw\b.*?endraw|(\{[\{%][-+]?)(.*?[\}%]\})", re.DOTALL)
_PLAIN_TAG: Final = re.compile(r"""(\{[\{%](?:[^{}"']|"[^"\\]*"|'[^'\\]*')*?[\}%]\})""")
_ANYTHING_BUT_PLAIN_TAGS: Final = re.compile(r"\{[\{%#]")
_RAW_OR_TRIMMING: Final = re.compile(r"\{%\s*raw\b|\{[\{%][-+]|[-+][\}%]\}")
_LONGEST_TAGS: Final = 100_000  # characters in a part; reading them takes some seconds
_MOST_KEPT: Final = 64
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Part:
    """A part with a line for each tag.

    Parts that differ in their words alone, as in the languages of one template, have one `source`: it holds marks where
    those words stand. `words` has them by their marks.
    """

    source: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Learned:
    """What a process read of templates: each part by its text, and the code of each source as marshal writes it."""

    parts: Mapping[str, Part]
    codes: Mapping[str, bytes]


class _Kept(dict[str, _V]):
    """What was read, by its text; of more than some dozens the oldest goes."""

    def keep(self, text: str, what: _V) -> _V:
        while len(self) >= _MOST_KEPT:
            del self[next(iter(self))]
        self[text] = what
        return what


_parts: _Kept[Part] = _Kept()
_codes: _Kept[CodeType] = _Kept()


def learned() -> Learned:
    """Return what this process has read, for another that runs the same Python."""
    return Learned(dict(_parts), {source: marshal.dumps(code) for source, code in _codes.items()})


def learn(what: Learned) -> None:
    """Keep what another process of this program read; it is trusted as one's own."""
    for text, part in what.parts.items():
        _parts.keep(text, part)
    for source, code in what.codes.items():
        _codes.keep(source, marshal.loads(code))  # noqa: S302 - written by this program a moment ago


def readable(xml: str) -> Part:
    """Return a part of which every tag can be read and compiled.

    Raises TemplateSyntaxError, and what Python raises for tags nested too deeply or numbers that are too long.
    """
    part = part_of(xml)
    _code(part.source)
    return part


def part_of(xml: str) -> Part:
    """Return a part with marks in the place of all that is no tag. Raises TemplateSyntaxError for too many tags."""
    return _parts[xml] if xml in _parts else _parts.keep(xml, _apart(xml))


@lru_cache(maxsize=_MOST_KEPT)
def syntax_of(source: str) -> jinja2.nodes.Template:
    """Return what the tags of a part say."""
    return environment(ANY_LANGUAGE).parse(source)


@lru_cache(maxsize=_MOST_KEPT)
def bound(source: str, language: str) -> jinja2.Template:
    """Return the template with the filters of a language; this is what from_string does with a text."""
    jinja = environment(language)
    return jinja.template_class.from_code(jinja, _code(source), jinja.make_globals(None), None)


def with_lines(xml: str) -> str:
    """Begin a line inside each tag: Jinja names the line of a fault, and prints nothing of what stands in a tag."""
    patched = str(DocxTemplate("").patch_xml(mend(xml)))
    return _RAW_OR_TAG.sub(lambda found: f"{found[1]}\n{found[2]}" if found[1] else found[0], patched)


def _code(source: str) -> CodeType:
    if source in _codes:
        return _codes[source]
    return _codes.keep(source, environment(ANY_LANGUAGE).compile(syntax_of(source)))  # parsed once, for names and code


def _apart(xml: str) -> Part:
    source = with_lines(xml)
    if sum(len(tag.group()) for tag in TAG.finditer(source)) > _LONGEST_TAGS:
        raise TemplateSyntaxError("The tags of this part are more than a page needs", 1)
    if _ANYTHING_BUT_PLAIN_TAGS.search(_PLAIN_TAG.sub("", source)) or _RAW_OR_TRIMMING.search(source):
        return Part(source, {})  # seldom: the words stay where they are
    pieces = _PLAIN_TAG.split(source)
    words = {mark(number): text for number, text in enumerate(pieces[::2])}
    pieces[::2] = words
    return Part("".join(pieces), words)
