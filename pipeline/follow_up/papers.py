"""The papers of a note, made and proven like every copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.documents.engines.engine import engine
from pipeline.documents.making import make
from pipeline.documents.templates.logo import check_logo
from pipeline.documents.templates.names import wrong_names
from pipeline.documents.templates.template import load_template
from pipeline.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.follow_up.notes import Note
    from pipeline.service.model import Service


def make_papers(note: Note, service: Service, *, engine_name: str) -> Mapping[str, bytes]:
    """Return the Word and the PDF file of each paper by its name.

    Raises RecordError where a proof fails, SetupError for a template, a logo or an engine that cannot be used.
    """
    logo = None if service.logo is None else service.logo.read_bytes()
    if logo is not None:
        check_logo(logo)
    press = engine(engine_name)
    files: dict[str, bytes] = {}
    try:
        for copy in note.copies:
            template = load_template(copy.template, copy.language, service_folder=service.templates)
            problems = wrong_names(template, extra_fields=service.extra_fields)
            if problems:
                raise SetupError(problems)
            made = make(copy, template, engine=press, logo=logo, paper=service.paper)
            files |= {f"{copy.stem}.docx": made.docx, f"{copy.stem}.pdf": made.pdf}
    finally:
        press.close()
    return files
