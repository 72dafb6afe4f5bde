"""The second engine: LibreOffice, as it is installed on the machine, with the machine's fonts."""

from __future__ import annotations

import secrets
import threading
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
from lxml import etree

from pipeline.documents.engines.found import find_soffice, version_of
from pipeline.documents.engines.mending import mend
from pipeline.documents.engines.office import Office, keep_log, log_file, open_office
from pipeline.documents.word.parts import parse, read_parts, serialise, write_parts
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from pathlib import Path

_MOST_DOCUMENTS = 200  # its memory grows for the first fifty; unoserver saw offices die after some four hundred
_MOST_FAILED_STARTS = 2
_CORE = "docProps/core.xml"
_KEYWORDS = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}keywords"


@dataclass(slots=True)
class LibreOfficeEngine:
    """LibreOffice, started when the first file comes, and again after 200 files or after any failure.

    Of a Word file it makes the same PDF each time on one machine; another version, or other fonts, make another one.
    """

    soffice: Path
    version: str
    name: str = "libreoffice"
    profiles: tuple[str, ...] = ("2a", "ua1")
    _office: Office | None = None
    _failed_starts: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def convert(self, docx: bytes) -> bytes:
        """Return the PDF of a Word file that has core properties, as every normalised one has.

        Raises RecordError when LibreOffice does not start, takes too long, or gives anything but a PDF of this file.
        """
        mark = secrets.token_hex(16)
        marked = _marked(docx, mark)
        with self._turn:  # waiting for one's turn is no part of the time a file may take
            office = self._open()
            try:
                return mend(_checked(office.convert(marked), mark))
            except RecordError:
                keep_log(office)
                self._end()
                raise

    def close(self) -> None:
        """End LibreOffice and everything it started, and remove its files."""
        with self._turn:
            self._end()

    def _open(self) -> Office:
        if self._office is not None and (not self._office.runs() or self._office.made >= _MOST_DOCUMENTS):
            self._end()
        if self._office is None:
            if self._failed_starts >= _MOST_FAILED_STARTS:
                what = "LibreOffice did not start before, so it was not tried again."
                do = f"Read {log_file()}, and ask `agreements doctor`."
                raise RecordError([Problem(what, do, where="--engine")])
            self._failed_starts += 1
            self._office = open_office(self.soffice)
            self._failed_starts = 0
        return self._office

    def _end(self) -> None:
        office, self._office = self._office, None
        if office is not None:
            office.end()


def libreoffice() -> LibreOfficeEngine:
    """Return the engine. Raises SetupError where LibreOffice is missing, too old, or no LibreOffice."""
    soffice = find_soffice()
    return LibreOfficeEngine(soffice, version_of(soffice))


def _marked(docx: bytes, mark: str) -> bytes:
    """Return the file with a word among its properties that was never used before; its PDF must carry it.

    The finishing pass writes the properties of the PDF anew, so the word is in no copy.
    """
    try:
        parts = read_parts(docx)
        core = parse(parts[_CORE])
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        problem = Problem("This is not a Word file with properties.", "Save it from Word as .docx.", where="DOCX")
        raise RecordError([problem]) from error
    for old in core.findall(_KEYWORDS):
        core.remove(old)
    etree.SubElement(core, _KEYWORDS).text = mark
    return write_parts(parts | {_CORE: serialise(core)})


def _checked(pdf: bytes | None, mark: str) -> bytes:
    """Return the PDF if it is one, has pages, and was made of the file with this mark; raise RecordError if not."""
    if pdf is None:
        raise _failed("LibreOffice came back without a PDF of this copy.")
    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            pages, keywords = len(opened.pages), opened.docinfo.get("/Keywords")
    except pikepdf.PdfError as error:
        raise _failed("What LibreOffice made of this copy is not a PDF.") from error
    if str(keywords) != mark:
        raise _failed("LibreOffice gave the PDF of something else.")
    if pages == 0:
        raise _failed("The PDF that LibreOffice made has no page.")
    return pdf


def _failed(what: str) -> RecordError:
    do = f"Run it again. What LibreOffice said stands in {log_file()}; --engine embedded does without it."
    return RecordError([Problem(what, do, where="PDF")])
