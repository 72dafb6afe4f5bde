"""Fill a Word template with what one reader may see.

docxtpl turns the parts of a Word file into Jinja text and back. We use these two steps and not its `render`:
that would run templates outside our environment in document properties, fill notes once a section (so that a
value is read again as a template), turn `{_{` in a value into a tag, and drop broken parts without a word.
"""

from __future__ import annotations

import io
import re
import traceback
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docxtpl import DocxTemplate
from jinja2.exceptions import TemplateError, TemplateSyntaxError
from lxml import etree

from pipeline.documents.environment import NothingThereError, SignatureCaptions, UnprintableError, environment
from pipeline.documents.layout import place_logo, set_language, set_paper
from pipeline.documents.long_words import wrap_long_words
from pipeline.errors import Problem, RecordError, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import jinja2
    from docx.opc.part import Part

    from pipeline.copies.model import SignaturePlace
    from pipeline.documents.template import Template

_PARAGRAPH: Final = re.compile(r"<w:p([ >])")
_TAG: Final = re.compile(r"\{[\{%].*?[\}%]\}", re.DOTALL)
_LONGEST_QUOTE: Final = 120
_NOTES: Final = frozenset({CONTENT_TYPE.WML_FOOTNOTES, CONTENT_TYPE.WML_ENDNOTES})
# Faults that a template's own words can cause inside Jinja, beside Jinja's own exceptions.
_FAULTS: Final = (TemplateError, TypeError, ValueError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """One part, ready to be filled; a line of `source` is a paragraph."""

    source: str
    template: jinja2.Template


def fill(  # noqa: PLR0913 (each is a value of its own; a bundle would only hide them)
    template: Template,
    context: Mapping[str, Any],
    *,
    places: Sequence[SignaturePlace],
    language: str,
    logo: bytes | None,
    paper: str,
) -> bytes:
    """Fill `template` with `context` and return the Word file.

    `places` belong to the context's `signatories`, in the same order. `logo` takes the place of the picture
    named "logo"; `paper` ("A4" or "Letter") is set on every section. Values are printed, never read again as
    a template. Raises SetupError for a fault of the template or the logo, RecordError where the template asks
    for something that this record does not have; both name the part and the tag, never a value.
    """
    signatories = context.get("signatories") or []
    captions = [(person, place.caption) for person, place in zip(signatories, places, strict=True)]
    values = {**context, "signature": SignatureCaptions(captions)}
    # docxtpl keeps what it has filled: one object fills one document, never a second.
    draft = DocxTemplate(io.BytesIO(template.docx))
    draft.render_init()
    where = f"{template.name}.{template.language}.docx"
    _fill_body(draft, values, language=language, where=where)
    _fill_headers_and_footers(draft, values, language=language, where=where)
    _fill_notes(draft, values, language=language, where=where)
    place_logo(draft.docx, logo)
    set_paper(draft.docx, paper)
    set_language(draft.docx, language)
    wrap_long_words(draft.docx)
    filled = io.BytesIO()
    draft.docx.save(filled)
    return filled.getvalue()


def _fill_body(draft: Any, values: Mapping[str, Any], *, language: str, where: str) -> None:
    xml = _fill_part(draft.get_xml(), values, language=language, where=f"{where}, page")
    tree = draft.fix_tables(xml)
    draft.fix_docpr_ids(tree)
    draft.map_tree(tree)


def _fill_headers_and_footers(draft: Any, values: Mapping[str, Any], *, language: str, where: str) -> None:
    kinds = {RELATIONSHIP_TYPE.HEADER: "header", RELATIONSHIP_TYPE.FOOTER: "footer"}
    found = [(key, rel) for key, rel in draft.docx.part.rels.items() if rel.reltype in kinds]
    for number, (key, rel) in enumerate(found, start=1):
        place = f"{where}, {kinds[rel.reltype]} {number}"
        xml = _fill_part(draft.get_part_xml(rel.target_part), values, language=language, where=place)
        draft.map_headers_footers_xml(key, xml.encode())


def _fill_notes(draft: Any, values: Mapping[str, Any], *, language: str, where: str) -> None:
    for part in _note_parts(draft.docx.part.package.iter_parts()):
        source = etree.tostring(etree.fromstring(part.blob), encoding="unicode")
        xml = _fill_part(source, values, language=language, where=f"{where}, notes")
        part._blob = xml.encode()  # noqa: SLF001 (python-docx keeps notes as bytes and has no other way)


def _note_parts(parts: Iterator[Part]) -> list[Part]:
    return [part for part in parts if part.content_type in _NOTES]


def _fill_part(xml: str, values: Mapping[str, Any], *, language: str, where: str) -> str:
    """Fill one part; the result is well-formed XML."""
    try:
        compiled = _compile(language, xml)
    except TemplateSyntaxError as fault:
        near = _nearest_tag(_lines(xml), fault.lineno)
        raise SetupError([_problem(fault.message or "A tag cannot be read.", where, near)]) from fault
    except RecursionError as fault:
        raise SetupError([_problem("A tag is nested too deeply", where, None)]) from fault
    try:
        filled = compiled.template.render(values)
    except _FAULTS as fault:
        near = _nearest_tag(compiled.source.splitlines(), _line_of(fault))
        raise _worded(fault, where, near) from fault
    filled = DocxTemplate("").resolve_listing(re.sub(r"\n<w:p([ >])", r"<w:p\1", filled))
    try:
        # docxtpl's own parser repairs silently, which loses words.
        etree.fromstring(filled, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as fault:
        what = "A block begins in one paragraph, row or cell and ends in another"
        raise SetupError([_problem(what, where, None)]) from fault
    return str(filled)


@lru_cache(maxsize=64)
def _compile(language: str, xml: str) -> _Compiled:
    source = "\n".join(_lines(xml))
    return _Compiled(source, environment(language).from_string(source))


def _lines(xml: str) -> list[str]:
    patched = str(DocxTemplate("").patch_xml(xml))
    return _PARAGRAPH.sub(r"\n<w:p\1", patched).split("\n")


def _line_of(fault: BaseException) -> int | None:
    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if frame.filename == "<template>"]
    return frames[-1].lineno if frames else None


def _nearest_tag(lines: Sequence[str], line: int | None) -> str | None:
    """Quote the tags of a line, or of the nearest one that has any: a template's words, never a record's."""
    if line is None:
        return None
    by_distance = sorted(range(len(lines)), key=lambda index: abs(index + 1 - line))
    for index in by_distance[:10]:
        tags = [re.sub(r"<[^>]+>", "", tag) for tag in _TAG.findall(lines[index])]
        if tags:
            return " ".join(tags)[:_LONGEST_QUOTE]
    return None


def _worded(fault: BaseException, where: str, near: str | None) -> SetupError | RecordError:
    if isinstance(fault, UnprintableError):
        return RecordError([Problem("A value holds a sign that no page can show.", "Type it again.", where)])
    if isinstance(fault, NothingThereError):
        return RecordError([_problem(str(fault), where, near)])
    if isinstance(fault, TemplateError):
        return SetupError([_problem(str(fault), where, near)])
    # Python's own words may quote a value, so they stay out; nothing to loop over is the common case.
    if isinstance(fault, TypeError):
        return RecordError([_problem("A list or value is not there; test for it with 'if' first", where, near)])
    return SetupError([_problem("A calculation does not work", where, near)])


def _problem(what: str, where: str, near: str | None) -> Problem:
    sentence = what[:1].upper() + what[1:].rstrip(".") + "."
    return Problem(
        what=f"The template cannot be filled: {sentence}",
        do="Open the template in Word and correct the tag.",
        where=f"{where}, near {near}" if near else where,
    )
