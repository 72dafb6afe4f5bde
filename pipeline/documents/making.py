"""One copy, from its template to two proven files: the path of a document in the order of its steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pipeline.documents.pages.finishing import finish
from pipeline.documents.pages.page_codes import page_code, prove_codes
from pipeline.documents.proof.prove import Proof, prove
from pipeline.documents.reading.pdf_drawn import drawn_pages
from pipeline.documents.templates.drafting import fill
from pipeline.documents.word.characters import place_characters
from pipeline.documents.word.package import normalise
from pipeline.documents.word.parts import write_parts

if TYPE_CHECKING:
    from pipeline.copies.model import Copy
    from pipeline.documents.engines.engine import Engine
    from pipeline.documents.templates.template import Template


@dataclass(frozen=True, slots=True)
class Made:
    """A proven copy: the bytes of both files, what was proven of them, and the code on each page of the PDF.

    `plain` are plain text and a web page with the same words, for a reader who uses a screen reader; else empty.
    """

    docx: bytes
    pdf: bytes
    proof: Proof
    page_codes: tuple[str, ...]
    plain: tuple[bytes, ...] = ()


def make(copy: Copy, template: Template, *, engine: Engine, logo: bytes | None, paper: str) -> Made:
    """Return the DOCX and the PDF of this copy, and what goes with them in the reader's format.

    Raises RecordError if the record cannot be printed, or if any proof fails; SetupError for a fault of the
    template. Nothing unproven is ever returned.
    """
    title = f"{template.title_for(copy)} {copy.ref}"
    parts = fill(
        template,
        copy.context,
        places=copy.places,
        language=copy.language,
        logo=logo,
        paper=paper,
        print_size_pt=copy.print_size_pt,
    )
    docx = write_parts(place_characters(normalise(parts, title=title, language=copy.language)))
    code_of = partial(page_code, copy)
    pdf = finish(engine.convert(docx), title=title, language=copy.language, code_of=code_of)
    with drawn_pages(pdf) as pages:
        proof = prove(
            copy=copy,
            docx=docx,
            pdf=pdf,
            pages=pages,
            carries_agreement=template.carries == "agreement",
            signature_width_mm=template.signature_width_mm,
            signature_height_mm=template.signature_height_mm,
            profiles=engine.profiles,
        )
        codes = tuple(code_of(page.number) for page in pages)
        prove_codes([page.page for page in pages], codes)
    plain = _plain(copy, template, docx, title) if copy.format == "screen_reader" else ()
    return Made(docx, pdf, proof, codes, plain)


def _plain(copy: Copy, template: Template, docx: bytes, title: str) -> tuple[bytes, bytes]:
    # Few readers use a screen reader, and what the others wait for is there sooner without.
    from pipeline.documents.plain.outline import outline  # noqa: PLC0415
    from pipeline.documents.plain.plain_text import plain_text  # noqa: PLC0415
    from pipeline.documents.plain.web_page import web_page  # noqa: PLC0415
    from pipeline.documents.proof.plain import prove_plain  # noqa: PLC0415

    blocks = outline(docx)
    text, page = plain_text(blocks), web_page(blocks, title=title, language=copy.language)
    prove_plain(copy, docx, text=text, page=page, carries_agreement=template.carries == "agreement")
    return text, page
