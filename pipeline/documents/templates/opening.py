"""Open a template for one copy: what its file holds is read once, what is built of that is new each time.

docxtpl keeps what it has filled, and handed everybody the first one's data where one object filled two documents.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from docx.opc.constants import CONTENT_TYPE
from docx.opc.package import Unmarshaller
from docx.opc.part import PartFactory
from docx.opc.pkgreader import PackageReader
from docx.package import Package
from docxtpl import DocxTemplate


def opened(docx: bytes) -> Any:
    """Return a docxtpl template of this Word file. It fills one document, never a second.

    Raises ValueError for a file whose main part is not that of a Word document, as python-docx does.
    """
    package: Any = Package()
    Unmarshaller.unmarshal(_packed(docx), package, PartFactory)  # type: ignore[no-untyped-call]
    main = package.main_document_part
    if main.content_type != CONTENT_TYPE.WML_DOCUMENT_MAIN:
        raise ValueError
    draft = DocxTemplate("")
    draft.docx = main.document
    draft.render_init()
    return draft


@lru_cache(maxsize=16)
def _packed(docx: bytes) -> Any:
    """Return the parts of a Word file as bytes, with their relationships: values alone, of which parts are built."""
    return PackageReader.from_file(io.BytesIO(docx))  # type: ignore[no-untyped-call]
