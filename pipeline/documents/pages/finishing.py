"""Finish a PDF: language, title, tab order and labels; exactly these properties and nothing else.

PDF/A-2a is the accessible level of ISO 19005-2; PDF/UA-1 is ISO 14289-1. The engine meets both but for the language,
the title and the label, which only we know.
"""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

from pikepdf import Dictionary, Name, Page, Pdf, PdfError, Stream, String

from pipeline.documents.pages.joining import join_words
from pipeline.documents.pages.page_codes import draw_code
from pipeline.documents.pages.tidying import saved
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Callable

PRODUCER = "outcome-agreements"
_FORGOTTEN_IN_CATALOG = ("/AcroForm", "/AA", "/OpenAction", "/Names", "/PieceInfo", "/AF", "/Collection", "/SpiderInfo")
_FORGOTTEN_IN_PAGES = ("/AA", "/PieceInfo", "/LastModified", "/Metadata", "/Thumb", "/AF")
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 this file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def finish(pdf: bytes, *, title: str, language: str, code_of: Callable[[int], str] | None = None) -> bytes:
    """Return the PDF as it is published: the same bytes for the same input.

    `code_of` gives the code to draw on a page, pages counted from 1; without it no page gets one.

    The properties are exactly title, language, our name as producer and tool, and the marks of PDF/A-2a and PDF/UA-1:
    no author, no dates, no ids of a machine or a run. Readers show the title, follow the tags with the tab key, and
    keep the bookmarks made of headings. Scripts, attached files, form actions and objects that nothing uses are gone.
    Raises RecordError if the engine's output is not a PDF.
    """
    try:
        joined = join_words(pdf)
        with Pdf.open(BytesIO(joined.pdf)) as document:
            _set_catalog(document, title=title, language=language)
            joined.put_into(document)
            for number, page in enumerate(document.pages, 1):
                _set_page(page)
                if code_of is not None:
                    draw_code(document, page, code_of(number))
            return saved(document)
    except PdfError as error:
        problem = Problem("The engine's output is not a PDF.", "Make it again; if it stays, use another engine.", "PDF")
        raise RecordError([problem]) from error


def _set_catalog(document: Pdf, *, title: str, language: str) -> None:
    root = document.Root
    for name in _FORGOTTEN_IN_CATALOG:
        if name in root:
            del root[name]
    root.Lang = String(language)
    root.MarkInfo = Dictionary(Marked=True)  # no /Suspects: poppler complains of it, and false is what is assumed
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.Metadata = _metadata(document, title=title, language=language)
    for name in ("/Info", "/ID"):  # the engine gives every file one and the same id
        if name in document.trailer:
            del document.trailer[name]
    document.trailer.Info = document.make_indirect(
        Dictionary(Title=String(title), Creator=String(PRODUCER), Producer=String(PRODUCER))
    )


def _metadata(document: Pdf, *, title: str, language: str) -> Stream:
    packet = _XMP.format(title=escape(title, quote=False), language=escape(language, quote=False), producer=PRODUCER)
    return Stream(document, packet.encode(), Type=Name.Metadata, Subtype=Name.XML)


def _set_page(page: Page) -> None:
    for name in _FORGOTTEN_IN_PAGES:
        if name in page.obj:
            del page.obj[name]
    page.obj.Tabs = Name.S  # the tab key follows the tags (ISO 14289-1, 7.18.3)
