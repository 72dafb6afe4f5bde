"""Render templates with records, to look at: a PDF, and a picture of each page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pipeline.copies.plan import plan_copies
from pipeline.documents.making import make
from pipeline.documents.reading.pdf_pictures import page_pictures
from pipeline.documents.templates.own_fonts import with_own_fonts
from pipeline.documents.templates.safety import harms
from pipeline.documents.templates.template import template_of
from pipeline.errors import Problem, SetupError
from pipeline.records.load import load_record
from pipeline.service.load import load_service
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.authoring.sources import Source
    from pipeline.copies.model import Copy
    from pipeline.documents.engines.engine import Engine
    from pipeline.documents.making import Made
    from pipeline.documents.templates.template import Template
    from pipeline.service.model import Service

PIXELS_PER_INCH: Final = 100
_SAMPLE: Final = "NR-0412.json"


@dataclass(frozen=True, slots=True)
class Written:
    """What a preview wrote for one copy: the names hold the reference, the version and the reader's id, no name."""

    stem: str
    files: tuple[Path, ...]


def template_from(source: Source, *, language: str | None) -> Template:
    """Return the template of one Word file: that of `language`, else English, else the first.

    Raises SetupError, with every problem, for settings or a Word file that cannot be used.
    """
    if source.faults:
        raise SetupError(Problem(fault.what, fault.do, where=fault.place.part) for fault in source.faults)
    files = dict(source.files)
    chosen = language or ("en" if "en" in files else next(iter(files)))
    if chosen not in files:
        do = f"Choose one of: {', '.join(files)}."
        raise SetupError([Problem("The template has no Word file in this language.", do, where="--language")])
    docx = files[chosen].read_bytes()
    if problems := tuple(harms(docx, files[chosen].name)):
        raise SetupError(problems)
    docx = with_own_fonts(docx, files[chosen].parent)
    return template_of(docx, source.settings, name=source.name, language=chosen, digest="0" * 64)


def sample_service() -> Service:
    """Return the fictional service of the samples."""
    return load_service(shipped("samples") / "agreements.toml")


def copies_of(records: Sequence[Path], service: Service, *, reader: str | None) -> Iterator[Copy]:
    """Give the copies that are signed of each record, or of the sample; with `reader` that reader's only."""
    for path in records or [shipped("samples") / _SAMPLE]:
        for copy in plan_copies(load_record(path, extra_fields=service.extra_fields), service):
            if copy.extra is None and reader in {None, copy.reader_id}:
                yield copy


def rendered(copy: Copy, template: Template, engine: Engine, service: Service) -> Made:
    """Return a copy in the template's language, proven."""
    return make(replace(copy, language=template.language), template, engine=engine, logo=None, paper=service.paper)


def write_preview(copy: Copy, made: Made, folder: Path) -> Written:
    """Write the PDF of a copy and a PNG of each page into a folder."""
    pdf = folder / f"{copy.stem}.pdf"
    files = [pdf]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        pdf.write_bytes(made.pdf)
        for number, picture in enumerate(page_pictures(made.pdf, pixels_per_inch=PIXELS_PER_INCH), start=1):
            files.append(folder / f"{copy.stem}-page-{number}.png")
            picture.save(files[-1])
    except OSError as error:
        what = f"The pages cannot be written: {error.strerror or 'no reason given'}."
        raise SetupError([Problem(what, "Choose another folder.", where="--out")]) from error
    return Written(copy.stem, tuple(files))
