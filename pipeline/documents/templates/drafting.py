"""Fill a Word template with what one reader may see.

docxtpl turns the parts of a Word file into Jinja text and back. We use these two steps and not its `render`:
that would run templates outside our environment in document properties, fill notes once a section (so that a
value is read again as a template), turn `{_{` in a value into a tag, and drop broken parts without a word.
"""

from __future__ import annotations

import re
import traceback
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import CT_Relationships, CT_Types, serialize_part_xml
from docx.opc.spec import default_content_types
from docxtpl import DocxTemplate
from jinja2.exceptions import TemplateError, TemplateSyntaxError
from lxml import etree

from pipeline.documents.templates.compiling import TAG, bound, part_of, readable, syntax_of, with_lines
from pipeline.documents.templates.environment import (
    NothingThereError,
    SignatureCaptions,
    UnprintableError,
    rendered,
)
from pipeline.documents.templates.layout import pages_of, set_language, set_paper, set_print_size
from pipeline.documents.templates.logo import place_logo
from pipeline.documents.templates.long_words import wrap_long_words
from pipeline.documents.templates.opening import opened, page_of, text_of
from pipeline.documents.word.names import W
from pipeline.documents.word.parts import CONTENT_TYPES
from pipeline.errors import Problem, RecordError, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import jinja2
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part as DocxPart

    from pipeline.copies.model import SignaturePlace
    from pipeline.documents.templates.compiling import Part
    from pipeline.documents.templates.template import Template

_LISTED: Final = re.compile(r"[\t\n\a\f]")  # what docxtpl makes tabs, lines, paragraphs and pages of
_LONGEST_QUOTE: Final = 120
_MOST_KEPT: Final = 64
_ROWS_FIT: Final = etree.XPath(
    "not(.//w:tr[count(w:tc) > $columns]) and .//w:tr[count(w:tc) + sum(w:tc/w:tcPr[1]/w:gridSpan[1]/@w:val)"
    " - count(w:tc/w:tcPr[1]/w:gridSpan[1]) >= $columns]",
    namespaces={"w": W[1:-1]},
)
_NOTES: Final = frozenset({CONTENT_TYPE.WML_FOOTNOTES, CONTENT_TYPE.WML_ENDNOTES})
FAULTS: Final = (TemplateError, TypeError, ValueError, ArithmeticError)
"""What a template's own words can cause while it is filled: Jinja's exceptions, and Python's."""


def fill(  # noqa: PLR0913 (each is a value of its own; a bundle would only hide them)
    template: Template,
    context: Mapping[str, Any],
    *,
    places: Sequence[SignaturePlace],
    language: str,
    logo: bytes | None,
    paper: str,
    print_size_pt: int | None = None,
) -> dict[str, bytes]:
    """Fill `template` with `context` and return the parts of the Word file.

    `places` belong to the context's `signatories`, in the same order. `logo` takes the place of the picture
    named "logo"; `paper` ("A4" or "Letter") is set on every section; with `print_size_pt` every letter grows in
    proportion and none is smaller. Values are printed, never read again as
    a template. Raises SetupError for a fault of the template or the logo, RecordError where the template asks
    for something that this record does not have; both name the part and the tag, never a value.
    """
    values = values_for(template, context, places)
    draft = opened(template.docx)
    where = _file_name(template)
    _fill_body(draft, page_of(template.docx), values, language=language, where=where)
    _fill_headers_and_footers(draft, values, language=language, where=where)
    _fill_notes(draft, values, language=language, where=where)
    place_logo(pages_of(draft.docx), logo)
    if template.paper == "service" or print_size_pt is not None:  # a card has no room for large letters
        set_paper(draft.docx, paper)
    if print_size_pt is not None:
        set_print_size(draft.docx, print_size_pt)
    set_language(draft.docx, language)
    wrap_long_words(draft.docx)
    return _parts(draft.docx.part.package)


def values_for(template: Template, context: Mapping[str, Any], places: Sequence[SignaturePlace]) -> dict[str, Any]:
    """Return everything that the tags of a template can name for one copy."""
    signatories = context.get("signatories") or []
    captions = [(person, place.caption) for person, place in zip(signatories, places, strict=True)]
    return {**context, "checked_by": template.checked_by, "signature": SignatureCaptions(captions)}


def parts_of(template: Template) -> Iterator[tuple[str, str, jinja2.nodes.Template]]:
    """Give each part that is filled: its place, its Jinja text with a line for each tag, and what that text says.

    Raises SetupError for a tag that cannot be read.
    """
    draft, where = opened(template.docx), _file_name(template)
    sources = [
        (f"{where}, page", page_of(template.docx)),
        *((place, text_of(rel.target_part.blob)) for _, rel, place in _headers_and_footers(draft, where)),
        *((f"{where}, notes", text_of(part.blob)) for part in _note_parts(draft)),
    ]
    for place, xml in sources:
        source = _readable(xml, place).source
        yield place, source, syntax_of(source)


def tag_at(source: str, line: int | None) -> str | None:
    """Quote the tag on this line, or the nearest one: a template's words, never a record's."""
    if line is None:
        return None
    lines = ((source.count("\n", 0, tag.start()) + 2, tag.group()) for tag in TAG.finditer(source))
    nearest = min(lines, key=lambda each: abs(each[0] - line), default=None)
    return None if nearest is None else re.sub(r"<[^>]+>|\n", "", nearest[1])[:_LONGEST_QUOTE]


def in_words(what: str, where: str, near: str | None, *, meant: str | None = None) -> Problem:
    """Return the problem of a tag: what is wrong, in which part, near which tag, and what was perhaps meant."""
    sentence = what[:1].upper() + what[1:].rstrip(".") + "."
    do = "Open the template in Word and correct the tag."
    return Problem(
        what=f"The template cannot be filled: {sentence}",
        do=f"Did you mean {meant}? {do}" if meant else do,
        where=f"{where}, near {near}" if near else where,
    )


def _file_name(template: Template) -> str:
    return f"{template.name}.{template.language}.docx"


def _fill_body(draft: Any, page: str, values: Mapping[str, Any], *, language: str, where: str) -> None:
    xml, tree = _fill_part(page, values, language=language, where=f"{where}, page")
    if not all(map(_fits_its_grid, tree.iter(f"{W}tbl"))):
        tree = draft.fix_tables(xml)
    draft.fix_docpr_ids(tree)
    draft.map_tree(tree)


def _fits_its_grid(table: Any) -> bool:
    """Say whether a table has as many columns as its widest row; docxtpl reads the page anew to mend the others."""
    grid = table.find(f"{W}tblGrid")
    return grid is not None and bool(_ROWS_FIT(table, columns=len(grid.findall(f"{W}gridCol"))))


def _fill_headers_and_footers(draft: Any, values: Mapping[str, Any], *, language: str, where: str) -> None:
    for key, rel, place in _headers_and_footers(draft, where):
        xml, _ = _fill_part(text_of(rel.target_part.blob), values, language=language, where=place)
        draft.map_headers_footers_xml(key, xml.encode())


def _parts(package: Any) -> dict[str, bytes]:
    """Return the parts as python-docx saves them, but for zipping what is unzipped again in the next step."""
    parts = {"_rels/.rels": _links(package.rels)}
    types: list[tuple[PackURI, str]] = []
    for part in package.iter_parts():
        part.before_marshal()
        parts[part.partname.membername] = part.blob
        if len(part.rels):
            parts[part.partname.rels_uri.membername] = _links(part.rels)
        types.append((part.partname, part.content_type))
    return {CONTENT_TYPES: _listed(tuple(types)), **parts}


@lru_cache(maxsize=_MOST_KEPT)
def _listed(types: tuple[tuple[PackURI, str], ...]) -> bytes:
    """Return the list of content types; which parts there are is the same in most copies of a template."""
    listed: Any = CT_Types.new()  # type: ignore[no-untyped-call]
    listed.add_default("rels", CONTENT_TYPE.OPC_RELATIONSHIPS)
    listed.add_default("xml", CONTENT_TYPE.XML)
    for partname, content_type in types:
        if (partname.ext.lower(), content_type) in default_content_types:
            listed.add_default(partname.ext, content_type)
        else:
            listed.add_override(partname, content_type)
    return serialize_part_xml(listed)


def _links(rels: Any) -> bytes:
    return _linked(tuple((rel.rId, rel.reltype, rel.target_ref, rel.is_external) for rel in rels.values()))


@lru_cache(maxsize=_MOST_KEPT)
def _linked(rels: tuple[tuple[str, str, str, bool], ...]) -> bytes:
    """Return a list of relationships: a template's, and the logo's."""
    listed = CT_Relationships.new()
    for rel in rels:
        listed.add_rel(*rel)
    return serialize_part_xml(listed)


def _headers_and_footers(draft: Any, where: str) -> list[tuple[str, Any, str]]:
    kinds = {RELATIONSHIP_TYPE.HEADER: "header", RELATIONSHIP_TYPE.FOOTER: "footer"}
    found = [(key, rel) for key, rel in draft.docx.part.rels.items() if rel.reltype in kinds]
    return [(key, rel, f"{where}, {kinds[rel.reltype]} {number}") for number, (key, rel) in enumerate(found, start=1)]


def _fill_notes(draft: Any, values: Mapping[str, Any], *, language: str, where: str) -> None:
    for part in _note_parts(draft):
        xml, _ = _fill_part(text_of(part.blob), values, language=language, where=f"{where}, notes")
        part._blob = xml.encode()  # noqa: SLF001 (python-docx keeps notes as bytes and has no other way)


def _note_parts(draft: Any) -> list[DocxPart]:
    return [part for part in draft.docx.part.package.iter_parts() if part.content_type in _NOTES]


def _fill_part(xml: str, values: Mapping[str, Any], *, language: str, where: str) -> tuple[str, Any]:
    """Fill one part; return it as XML, and the root of what it says."""
    part = _readable(xml, where)
    try:
        filled = rendered(bound(part.source, language), values, words=part.words)
    except FAULTS as fault:
        near = tag_at(part.source, line_of(fault))
        raise worded(fault, where, near) from fault
    if _LISTED.search(filled):  # it takes apart every paragraph, and hardly a value holds one of these signs
        filled = str(DocxTemplate("").resolve_listing(filled))
    try:
        # docxtpl's own parser repairs silently, which loses words.
        return filled, etree.fromstring(filled, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as fault:
        what = "A block begins in one paragraph, row or cell and ends in another"
        raise SetupError([in_words(what, where, None)]) from fault


def _readable(xml: str, where: str) -> Part:
    """Return a part whose tags can be read; raise SetupError for one that cannot."""
    try:
        return readable(xml)
    except TemplateSyntaxError as fault:
        near = tag_at(_source_of(xml), fault.lineno)
        raise SetupError([in_words(fault.message or "A tag cannot be read.", where, near)]) from fault
    except (RecursionError, SyntaxError) as fault:  # Jinja's own reader, then Python's, of what Jinja wrote
        raise SetupError([in_words("A tag is nested too deeply", where, None)]) from fault
    except ValueError as fault:
        raise SetupError([in_words("A number is longer than a page needs", where, None)]) from fault


def _source_of(xml: str) -> str:
    """Return what Jinja read, or would have read."""
    try:
        return part_of(xml).source
    except TemplateSyntaxError:
        return with_lines(xml)


def line_of(fault: BaseException) -> int | None:
    """Return the line of a template's text that a fault of filling came from."""
    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if frame.filename == "<template>"]
    return frames[-1].lineno if frames else None


def worded(fault: BaseException, where: str, near: str | None) -> SetupError | RecordError:
    """Return a fault of filling in words: a RecordError where the record lacks something, else a SetupError."""
    if isinstance(fault, UnprintableError):
        return RecordError([Problem("A value holds a sign that no page can show.", "Type it again.", where)])
    if isinstance(fault, NothingThereError):
        return RecordError([in_words(str(fault), where, near)])
    if isinstance(fault, TemplateError):
        return SetupError([in_words(str(fault), where, near)])
    # Python's own words may quote a value, so they stay out; nothing to loop over is the common case.
    if isinstance(fault, TypeError):
        return RecordError([in_words("A list or value is not there; test for it with 'if' first", where, near)])
    return SetupError([in_words("A calculation does not work", where, near)])
