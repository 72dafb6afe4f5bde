"""Open a template for one copy: what its file holds is read once, what is built of that is new each time.

docxtpl keeps what it has filled, and handed everybody the first one's data where one object filled two documents.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any, Final

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.package import Unmarshaller
from docx.opc.part import Part, PartFactory
from docx.opc.pkgreader import PackageReader
from docx.oxml.parser import parse_xml
from docx.package import Package
from docxtpl import DocxTemplate
from lxml import etree

_BUILT: Final = frozenset({CONTENT_TYPE.WML_DOCUMENT_MAIN, CONTENT_TYPE.WML_STYLES})
_MOST_KEPT: Final = 16


def opened(docx: bytes) -> Any:
    """Return a docxtpl template of this Word file, its page still empty. It fills one document, never a second.

    Its headers and footers are bytes until they are filled. Raises ValueError for a file whose main part is not that of
    a Word document, as python-docx does.
    """
    package: Any = Package()
    Unmarshaller.unmarshal(_packed(docx), package, _part)  # type: ignore[no-untyped-call]
    main = package.main_document_part
    if main.content_type != CONTENT_TYPE.WML_DOCUMENT_MAIN:
        raise ValueError
    draft = DocxTemplate("")
    draft.docx = main.document
    draft.render_init()
    return draft


def page_of(docx: bytes) -> str:
    """Return the XML of the page of a Word file, its body, with the tags in it."""
    [main] = [part for part in _packed(docx).iter_sparts() if _is_main(part[1], part[2])]
    return _apart(main[3])[1]


@lru_cache(maxsize=8 * _MOST_KEPT)
def text_of(part: bytes) -> str:
    """Return the XML of a template's part as text, without its declaration."""
    return str(etree.tostring(etree.fromstring(part), encoding="unicode"))


@lru_cache(maxsize=_MOST_KEPT)
def _packed(docx: bytes) -> Any:
    """Return the parts of a Word file as bytes, with their relationships: values alone, of which parts are built."""
    return PackageReader.from_file(io.BytesIO(docx))  # type: ignore[no-untyped-call]


def _is_main(content_type: str, reltype: str) -> bool:
    return content_type == CONTENT_TYPE.WML_DOCUMENT_MAIN and reltype == RELATIONSHIP_TYPE.OFFICE_DOCUMENT


def _part(partname: Any, content_type: str, reltype: str, blob: bytes, package: Any) -> Any:
    """Build a part of one copy; a part that no copy changes stays the bytes that python-docx would save."""
    if _is_main(content_type, reltype):
        blob = _apart(blob)[0]
    elif content_type in PartFactory.part_type_for and content_type not in _BUILT:
        return Part(partname, content_type, _as_saved(blob), package)
    return PartFactory(partname, content_type, reltype, blob, package)


@lru_cache(maxsize=_MOST_KEPT)
def _apart(main: bytes) -> tuple[bytes, str]:
    """Return the main part with nothing on its page, and the page."""
    root: Any = parse_xml(main)
    page = str(etree.tostring(root.body, encoding="unicode"))
    root.body.clear(keep_tail=True)
    return serialize_part_xml(root), page


@lru_cache(maxsize=8 * _MOST_KEPT)
def _as_saved(part: bytes) -> bytes:
    return serialize_part_xml(parse_xml(part))
