"""Check a template: every fault of every Word file in one pass, then a trial."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from pipeline.authoring.clauses import clause_faults
from pipeline.authoring.finding import RULES, Finding, Place, Severity
from pipeline.authoring.language_faults import Version, language_faults
from pipeline.authoring.layout_faults import layout_faults
from pipeline.authoring.name_faults import fields_used, name_faults
from pipeline.authoring.outline import outline_of, signature_tags
from pipeline.authoring.page_faults import page_faults
from pipeline.authoring.stories import stories_of
from pipeline.authoring.tags import tags_of
from pipeline.authoring.trial import Trial, trial_faults
from pipeline.authoring.trial_copies import trial_copies
from pipeline.authoring.typing_faults import typing_faults
from pipeline.authoring.word_faults import file_harms, hidden_styles_of, placed, word_faults
from pipeline.documents.templates.names import public_names, wrong_names
from pipeline.documents.templates.own_fonts import with_own_fonts
from pipeline.documents.templates.settings import clauses, readers, signs
from pipeline.documents.templates.template import template_of
from pipeline.documents.word.parts import read_parts
from pipeline.errors import SetupError
from pipeline.forking import beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pipeline.authoring.outline import Outline
    from pipeline.authoring.sources import Source
    from pipeline.authoring.stories import Story
    from pipeline.documents.engines.engine import Engine
    from pipeline.documents.templates.names import Names
    from pipeline.documents.templates.template import Template

# Of a file of which anything else is said nothing is parsed: it may be a bomb, or no Word file at all.
_READABLE: Final = ("It holds ", "It points ", "A field ", "A tag ", "Text ", "This part may ", "This is a file with ")


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found in one Word file; `tried` says whether trial copies were made and proven."""

    file: str
    language: str
    findings: tuple[Finding, ...]
    tried: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a template: its settings, and each Word file."""

    name: str
    settings: tuple[Finding, ...]
    files: tuple[FileReport, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return every finding."""
        return (*self.settings, *(finding for file in self.files for finding in file.findings))

    @property
    def is_usable(self) -> bool:
        """Say whether there is nothing but hints and repairs."""
        return not any(finding.severity in {Severity.REFUSED, Severity.FAULT} for finding in self.findings)


def check_template(source: Source, *, extra_fields: Iterable[str], engine: Engine) -> Report:
    """Return everything there is to say of a template. `extra_fields` are the names of the service's own fields."""
    with beside(trial_copies) as trial:  # a second core plans them while this one reads
        return _check(source, tuple(extra_fields), engine, cache(trial))


def _check(source: Source, extra_fields: tuple[str, ...], engine: Engine, trial: Trial) -> Report:
    names = public_names(extra_fields)
    files, versions = [], []
    for language, path in source.files:
        checked = _Checked.of(path, language, source)
        findings = [*checked.harms, *(checked.faults(names) if checked.stories else ())]
        tried = checked.can_be_tried(findings, extra_fields)
        if tried:
            findings += trial_faults(
                checked.template(), checked.outlines, engine=engine, readers=readers(source.settings), trial=trial
            )
        files.append((path.name, language, findings, tried))
        versions.append(checked.version(names))
    differing = language_faults([version for version in versions if version.fields])
    return Report(
        source.name,
        source.faults,
        tuple(
            FileReport(name, language, (*findings, *differing.get(language, ())), tried)
            for name, language, findings, tried in files
        ),
    )


@dataclass(frozen=True, slots=True)
class _Checked:
    """One Word file, read as far as it is safe to."""

    path: Path
    docx: bytes
    language: str
    source: Source
    harms: tuple[Finding, ...]
    stories: tuple[Story, ...]
    outlines: tuple[Outline, ...]

    @classmethod
    def of(cls, path: Path, language: str, source: Source) -> _Checked:
        docx = path.read_bytes()
        harms = file_harms(docx, path.name)
        if not all(finding.what.startswith(_READABLE) for finding in harms):
            return cls(path, docx, language, source, tuple(harms), (), ())
        try:
            docx = with_own_fonts(docx, path.parent)
        except SetupError as error:
            harms += [Finding("font-refused", Place(each.where), each.what, each.do) for each in error.problems]
        parts = read_parts(docx)
        stories = stories_of(parts)
        outlines = tuple(outline_of(tags_of(story), language) for story in stories)
        return cls(path, docx, language, source, tuple(placed(harms, stories, parts)), stories, outlines)

    def faults(self, names: Names) -> Iterator[Finding]:
        """Give every fault that shows without a record."""
        parts = read_parts(self.docx)
        for_readers = frozenset(str(reader) for reader in readers(self.source.settings))
        hidden = hidden_styles_of(parts.get("word/styles.xml"))
        for story, outline in zip(self.stories, self.outlines, strict=True):
            yield from outline.faults
            yield from layout_faults(story, outline, self.language)
            yield from name_faults(outline, names, language=self.language, readers=for_readers)
            yield from typing_faults(outline.tags)
            yield from word_faults(story, hidden)
        yield from page_faults(self.stories, parts)
        yield from clause_faults(self.stories, clauses(self.source.settings, language=self.language))
        settings = self.source.settings
        if settings["carries"] == "agreement" and signs(settings) and not self._signature_tags():
            what = "The template carries the agreement and has no place to sign."
            do = "Write {{ signature(person) }} in a loop over `signatories`; or signs = false in template.toml."
            yield Finding("no-signature-place", Place("body"), what, do)

    def _signature_tags(self) -> int:
        return sum(len(signature_tags(outline)) for outline in self.outlines)

    def template(self) -> Template:
        """Return the template as generating would load it."""
        return template_of(
            self.docx, self.source.settings, name=self.source.name, language=self.language, digest="0" * 64
        )

    def can_be_tried(self, found: list[Finding], extra_fields: Iterable[str]) -> bool:
        """Say whether generating would start; what it alone refuses is added to what was found."""
        stopping = {rule for rule, about in RULES.items() if about.structural} | {"tag-unreadable", "unknown-name"}
        if not self.stories or any(each.severity is Severity.REFUSED or each.rule in stopping for each in found):
            return False
        try:
            problems: Sequence[object] = wrong_names(self.template(), extra_fields=extra_fields)
        except SetupError as error:
            found += [Finding("tag-unreadable", Place(each.where), each.what, each.do) for each in error.problems]
            return False
        return not problems

    def version(self, names: Names) -> Version:
        """Return what the Word file of one language has, to compare it with the others."""
        fields = frozenset[str]().union(
            *(fields_used(outline, names, language=self.language) for outline in self.outlines)
        )
        declared = frozenset(clauses(self.source.settings, language=self.language))
        return Version(self.language, fields, self._signature_tags(), declared)
