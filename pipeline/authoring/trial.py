"""Fill a template with the records that come with the program, prove the copies, and say what never ran.

Every copy of every trial record runs through the tags alone (the outline), which is quick and gives the exact tag of
a fault and the branches that ran. A few copies, one for each outcome and kind of reader, are made and proven whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from jinja2 import nodes

from pipeline.authoring.finding import Finding, Place
from pipeline.authoring.outline import signature_tags
from pipeline.authoring.trial_copies import trial_notes
from pipeline.documents.making import make
from pipeline.documents.templates.drafting import FAULTS, line_of, values_for, worded
from pipeline.documents.templates.environment import environment
from pipeline.errors import RecordError, SetupError
from pipeline.forking import beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import jinja2

    from pipeline.authoring.outline import Outline
    from pipeline.copies.model import Copy, Reader
    from pipeline.documents.engines.engine import Engine
    from pipeline.documents.templates.template import Template
    from pipeline.errors import Problem

Trial = Callable[[], tuple["Copy", ...]]
"""Gives every copy of the trial records (pipeline/authoring/trial_copies.py)."""

_PROGRESS: Final = re.compile(r"\bprogress\b")
_RAN: Final = "_ran"
_OF_THIS_CORE: Final = 3  # so many of them; a second core makes the others while this one fills the tags
_MOST_FAULTS_A_COPY: Final = 5


def copies_for(
    template: Template, outlines: Sequence[Outline], readers: frozenset[Reader], trial: Trial
) -> tuple[Copy, ...]:
    """Return the trial copies that would be made from this template, in its language.

    A template that speaks of `progress` is for notes. Another is for the copies that are made from it, or, where none
    of the trial records has such a one, for those that people sign.
    """
    tells = any(_PROGRESS.search(tag.says) for outline in outlines for tag in outline.tags)
    every = trial_notes() if tells else trial()
    own = tuple(copy for copy in every if copy.template == template.name)
    if not tells and any(copy.extra is None for copy in own or every):
        own = tuple(copy for copy in every if copy.extra is None)
    return tuple(_in(template.language, copy) for copy in own or every if copy.reader in readers)


def _in(language: str, copy: Copy) -> Copy:
    """Return a copy in a template's language; its words stay as they are, so that they stand there is not asked."""
    return copy if copy.language == language else replace(copy, language=language, agreed_texts=())


def trial_faults(
    template: Template, outlines: Sequence[Outline], *, engine: Engine, readers: frozenset[Reader], trial: Trial
) -> list[Finding]:
    """Return what goes wrong with the trial copies, and every branch that none of them reached."""
    copies = copies_for(template, outlines, readers, trial)
    if not any(signature_tags(outline) for outline in outlines):
        copies = tuple(_unsigned(copy) for copy in copies)
    few = _a_few(copies)
    with beside(partial(_failures, template, few[_OF_THIS_CORE:], engine)) as rest:
        found = list(dict.fromkeys(_filled(template, outlines, copies)))
        failures = [*_failures(template, few[:_OF_THIS_CORE], engine), *rest()]
    if not any(finding.rule == "value-not-there" for finding in found):
        told = zip(failures, few, strict=True)
        failed = [(problem, copy) for problems, copy in told for problem in problems]
        # What fails in one copy mostly fails in all: the first of them is told.
        found += {(problem.where, problem.what): _failed(problem, copy) for problem, copy in reversed(failed)}.values()
    return found


def _failed(problem: Problem, copy: Copy) -> Finding:
    what = f"A trial copy ({copy.ref}, for: {copy.reader}) cannot be published: {problem.what}"
    return Finding("trial-failed", Place(problem.where or "copy"), what, problem.do)


def _unsigned(copy: Copy) -> Copy:
    """Return the copy as a paper that nobody signs."""
    return replace(copy, places=(), context={**copy.context, "signatories": []})


def _filled(template: Template, outlines: Sequence[Outline], copies: Sequence[Copy]) -> Iterator[Finding]:
    # A translated copy says whether a speaker checked the form, which a service that makes it its own settles anew.
    unchecked = [replace(template, checked_by=None)] if template.checked_by else []
    for outline in outlines:
        probe = _Probe.of(outline, template.language)
        ran = _Ran()
        told: set[str] = set()
        for copy in copies:
            for form in (template, *unchecked) if copy.context["translation"] else (template,):
                values = {**values_for(form, copy.context, copy.places), _RAN: ran}
                for finding in probe.faults(values, copy):
                    if finding.text not in told:
                        told.add(finding.text)
                        yield finding
        yield from _never_ran(outline, ran)


def _never_ran(outline: Outline, ran: _Ran) -> Iterator[Finding]:
    for number in sorted(branch for block in outline.blocks for branch in block.tags[:-1]):
        if str(number) not in ran.numbers:
            tag = outline.tags[number]
            what = "No trial record reached what follows this tag, so nobody has seen it printed."
            do = "Look at the words below it with care, or try a record of your own with `template preview`."
            yield Finding("branch-never-ran", tag.paragraph.place, what, do, tag.quoted, tag.paragraph.element)


def _a_few(copies: Sequence[Copy]) -> list[Copy]:
    """Choose one copy for each outcome and each kind of reader; one that stands for both is enough for both."""
    chosen: dict[object, int] = {}
    kinds: set[object] = set()
    for number, copy in enumerate(copies):
        outcome = copy.context["outcome"]
        if outcome not in chosen and copy.reader not in kinds:
            chosen[outcome] = number
            kinds.add(copy.reader)
    for number, copy in enumerate(copies):
        for each in {copy.reader, copy.context["outcome"]} - kinds:
            chosen.setdefault(each, number)
    return [copies[number] for number in sorted(set(chosen.values()))]


def _failures(template: Template, copies: Sequence[Copy], engine: Engine) -> list[tuple[Problem, ...]]:
    """Make and prove these copies, and return the problems of each."""
    return [_problems_of(template, copy, engine) for copy in copies]


def _problems_of(template: Template, copy: Copy, engine: Engine) -> tuple[Problem, ...]:
    try:
        make(copy, template, engine=engine, logo=None, paper="A4")
    except (RecordError, SetupError) as error:
        return error.problems
    return ()


class _Ran(Mapping[str, str]):
    """What a branch looks itself up in when it runs: it is noted, and prints nothing."""

    def __init__(self) -> None:
        self.numbers: set[str] = set()

    def __getitem__(self, number: str) -> str:
        self.numbers.add(number)
        return ""

    def __contains__(self, number: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class _Probe:
    """The tags of a story, compiled with a note in each branch."""

    outline: Outline
    language: str
    template: jinja2.Template

    @classmethod
    def of(cls, outline: Outline, language: str) -> _Probe:
        jinja = environment(language)
        tree = jinja.parse(outline.source)
        _note_branches(tree, outline, jinja)
        return cls(outline, language, jinja.template_class.from_code(jinja, jinja.compile(tree), {}, None))

    def faults(self, values: Mapping[str, Any], copy: Copy) -> Iterator[Finding]:
        """Fill the tags with one copy; where a tag fails it is left out, to see what comes after it."""
        probe = self
        for _ in range(_MOST_FAULTS_A_COPY):
            try:
                probe.template.render(values)
            except FAULTS as fault:
                line = line_of(fault)
                tag = probe.outline.tag_at(line)
                if tag is None or line is None:
                    return
                problem = worded(fault, "", None).problems[0]
                what = f"{problem.what} (Trial record {copy.ref}, for: {copy.reader}.)"
                do = "Test for it first: {% if … %}, or take it out."
                yield Finding("value-not-there", tag.paragraph.place, what, do, tag.quoted, tag.paragraph.element)
                if not tag.printing:
                    return
                probe = _Probe.of(probe.outline.without(line), self.language)
            else:
                return


def _note_branches(tree: nodes.Template, outline: Outline, jinja: jinja2.Environment) -> None:
    blocks = {block.tags[0]: block.tags for block in outline.blocks}
    found: list[nodes.If | nodes.For] = [*tree.find_all(nodes.If), *tree.find_all(nodes.For)]
    for node in found:
        number = node.lineno - 1
        node.body.insert(0, _note(number, jinja))
        block = blocks.get(number)
        if node.else_ and block is not None:
            node.else_.insert(0, _note(block[-2], jinja))


def _note(number: int, jinja: jinja2.Environment) -> nodes.Node:
    noted = nodes.Output([nodes.Getitem(nodes.Name(_RAN, "load"), nodes.Const(str(number)), "load")])
    return noted.set_lineno(number + 1).set_environment(jinja)
