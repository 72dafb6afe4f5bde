"""Every place of a Word file and of a PDF in which a word can stand, each as a function that puts it there."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import docx
import pikepdf
import rdocx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, PngImagePlugin

WORD = nsdecls("w", "r", "wp", "a")
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def _saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _document(paragraph: str = "An ordinary day.") -> Any:
    document = docx.Document()
    document.core_properties.author = document.core_properties.comments = ""
    document.add_paragraph(paragraph)
    return document


def with_parts(docx_bytes: bytes, parts: dict[str, str | bytes], comment: bytes = b"") -> bytes:
    """Return the Word file with these parts added or replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_bytes)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
        new.comment = comment
    return file.getvalue()


def png(**text: str) -> bytes:
    """Return a small picture with text chunks."""
    info = PngImagePlugin.PngInfo()
    for key, value in text.items():
        info.add_itxt(key, value, zip=True)
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(file, "PNG", pnginfo=info)
    return file.getvalue()


def jpeg(exif_artist: str = "", comment: str = "") -> bytes:
    """Return a small photograph with EXIF data and a comment."""
    exif = Image.Exif()
    if exif_artist:
        exif[0x013B] = exif_artist
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(file, "JPEG", exif=exif, comment=comment.encode() if comment else None)
    return file.getvalue()


# --- Word


def _body(xml: str) -> bytes:
    document = _document()
    document.element.body.insert(0, parse_xml(xml))
    return _saved(document)


def _run(properties: str, word: str) -> bytes:
    return _body(f"<w:p {WORD}><w:r><w:rPr>{properties}</w:rPr><w:t>{word}</w:t></w:r></w:p>")


def _in_runs(word: str) -> bytes:
    document = _document()
    paragraph = document.add_paragraph("with ")
    for letter in word:
        paragraph.add_run(letter)
    return _saved(document)


def _in_table(word: str) -> bytes:
    document = _document()
    document.add_table(rows=2, cols=3).cell(1, 2).text = f"with {word}"
    return _saved(document)


def _in_header(word: str) -> bytes:
    document = _document()
    document.sections[0].header.paragraphs[0].text = f"with {word}"
    return _saved(document)


def _in_footer(word: str) -> bytes:
    document = _document()
    document.sections[0].footer.paragraphs[0].text = f"with {word}"
    return _saved(document)


def _in_notes(kind: str) -> Callable[[str], bytes]:
    def hide(word: str) -> bytes:
        note = f"<w:{kind} w:id='2'><w:p><w:r><w:t>with {word}</w:t></w:r></w:p></w:{kind}>"
        return with_parts(_saved(_document()), {f"word/{kind}s.xml": f"<w:{kind}s {WORD}>{note}</w:{kind}s>"})

    return hide


def _in_comment(word: str) -> bytes:
    document = _document()
    document.add_comment(document.paragraphs[0].runs, text=f"with {word}", author="A", initials="A")
    return _saved(document)


def _as_comment_author(word: str) -> bytes:
    document = _document()
    document.add_comment(document.paragraphs[0].runs, text="ask", author=word, initials="A")
    return _saved(document)


def _in_core_properties(word: str) -> bytes:
    document = _document()
    document.core_properties.keywords = word
    return _saved(document)


def _in_part(name: str, xml: str) -> Callable[[str], bytes]:
    return lambda word: with_parts(_saved(_document()), {name: xml.format(word=word)})


def _in_picture(attribute: str) -> Callable[[str], bytes]:
    def hide(word: str) -> bytes:
        document = _document()
        document.add_picture(io.BytesIO(png()))._inline.docPr.set(attribute, word)  # noqa: SLF001
        return _saved(document)

    return hide


def _as_media(name: str, content: Callable[[str], bytes]) -> Callable[[str], bytes]:
    return lambda word: with_parts(_saved(_document()), {name.format(word=word): content(word)})


def _as_link(word: str) -> bytes:
    document = _document()
    document.part.relate_to(f"https://example.org/{quote('a ' + word)}", f"{RELATIONSHIPS}/hyperlink", is_external=True)
    return _saved(document)


def _in_text_box(word: str) -> bytes:
    box = f"<w:txbxContent><w:p><w:r><w:t>with {word}</w:t></w:r></w:p></w:txbxContent>"
    shape = f"<w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    return _body(f"<w:p {WORD}><w:r>{shape}</w:r></w:p>")


def _white(word: str) -> bytes:
    document = _document()
    document.add_paragraph().add_run(f"with {word}").font.color.rgb = RGBColor(255, 255, 255)
    return _saved(document)


def _zip_comment(word: str) -> bytes:
    return with_parts(_saved(_document()), {}, comment=word.encode())


_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_SETTINGS = f"<w:settings {WORD}><w:docVars><w:docVar w:name='client' w:val='{{word}}'/></w:docVars></w:settings>"

DOCX_PLACES: dict[str, tuple[Callable[[str], bytes], str]] = {
    "item text": (lambda word: _saved(_document(f"He will ring {word}.")), "DOCX, body"),
    "text in several runs": (_in_runs, "DOCX, body"),
    "table cell": (_in_table, "DOCX, body, table 1, row 2, cell 3"),
    "header": (_in_header, "DOCX, header 1"),
    "footer": (_in_footer, "DOCX, footer 1"),
    "footnote": (_in_notes("footnote"), "DOCX, footnote"),
    "endnote": (_in_notes("endnote"), "DOCX, endnote"),
    "comment": (_in_comment, "DOCX, comment"),
    "author of a comment": (_as_comment_author, "DOCX, comment, author"),
    "core property": (_in_core_properties, "DOCX, document properties"),
    "custom property": (
        _in_part("docProps/custom.xml", f"<Properties xmlns='{_CUSTOM}'><property name='{{word}}'/></Properties>"),
        "DOCX, custom properties, name of an object",
    ),
    "company": (_in_part("docProps/app.xml", "<Properties><Company>{word}</Company></Properties>"), "DOCX, document"),
    "document variable": (_in_part("word/settings.xml", _SETTINGS), "DOCX, settings, field"),
    "custom XML": (_in_part("customXml/item9.xml", "<data client='{word}'/>"), "DOCX, custom XML, mark-up"),
    "custom XML element": (_in_part("customXml/item9.xml", "<data>with {word}</data>"), "DOCX, custom XML"),
    "XML comment": (_in_part("customXml/item9.xml", "<data><!-- {word} --></data>"), "DOCX, custom XML, XML comment"),
    "an unknown part": (_in_part("word/strange.xml", "<data><a>{word}</a></data>"), "DOCX, another part"),
    "bookmark": (
        lambda word: _body(
            f"<w:p {WORD}><w:bookmarkStart w:id='7' w:name='_{word}_1'/><w:bookmarkEnd w:id='7'/></w:p>"
        ),
        "DOCX, body, bookmark",
    ),
    "link": (_as_link, "DOCX, link"),
    "field instruction": (
        lambda word: _body(f"<w:p {WORD}><w:r><w:instrText> ASK {word} </w:instrText></w:r></w:p>"),
        "DOCX, body",
    ),
    "simple field": (
        lambda word: _body(f"<w:p {WORD}><w:fldSimple w:instr='ASK {word}'/></w:p>"),
        "DOCX, body, field",
    ),
    "content control": (
        lambda word: _body(f"<w:sdt {WORD}><w:sdtPr><w:tag w:val='{word.lower()}'/></w:sdtPr><w:sdtContent/></w:sdt>"),
        "DOCX, body, field",
    ),
    "alternative text": (_in_picture("descr"), "DOCX, body, alternative text"),
    "title of a picture": (_in_picture("title"), "DOCX, body, alternative text"),
    "name of a picture": (_in_picture("name"), "DOCX, body, name of an object"),
    "hidden text": (lambda word: _run("<w:vanish/>", word), "DOCX, body, hidden text"),
    "white text": (_white, "DOCX, body"),
    "deleted text": (
        lambda word: _body(
            f"<w:p {WORD}><w:del w:id='9' w:author='A'><w:r><w:delText>{word}</w:delText></w:r></w:del></w:p>"
        ),
        "DOCX, body",
    ),
    "text box": (_in_text_box, "DOCX, body"),
    "name of a media file": (_as_media("word/media/{word}.png", lambda _: png()), "DOCX, name of a part"),
    "embedded object": (
        _as_media("word/embeddings/ole.bin", lambda word: b"\0\1" + f"C:/{word}/a.txt".encode("utf-16-le")),
        "DOCX, embedded object",
    ),
    "EXIF of a photograph": (_as_media("word/media/a.jpg", lambda word: jpeg(exif_artist=word)), "DOCX, picture"),
    "comment of a photograph": (_as_media("word/media/a.jpg", lambda word: jpeg(comment=word)), "DOCX, picture"),
    "bytes after a photograph": (_as_media("word/media/a.jpg", lambda word: jpeg() + word.encode()), "DOCX, picture"),
    "text in a PNG": (_as_media("word/media/a.png", lambda word: png(Author=word)), "DOCX, picture"),
    "bytes after a PNG": (_as_media("word/media/a.png", lambda word: png() + word.encode()), "DOCX, picture"),
    "text in an SVG": (
        _in_part("word/media/a.svg", "<svg xmlns='http://www.w3.org/2000/svg'><desc>{word}</desc></svg>"),
        "DOCX, picture",
    ),
    "comment of the zip file": (_zip_comment, "DOCX, comment of the zip file"),
}


# --- PDF


def converted(docx_bytes: bytes) -> bytes:
    """Return the engine's PDF of a Word file."""
    return bytes(rdocx.Document.from_bytes(docx_bytes).to_pdfa_deterministic())


def _edited(edit: Callable[[pikepdf.Pdf, str], None]) -> Callable[[str], bytes]:
    def hide(word: str) -> bytes:
        file = io.BytesIO()
        with pikepdf.open(io.BytesIO(converted(_saved(_document())))) as pdf:
            edit(pdf, word)
            pdf.save(file, preserve_pdfa=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return file.getvalue()

    return hide


def _info(pdf: pikepdf.Pdf, word: str) -> None:
    pdf.docinfo["/Keywords"] = String(word)


def _xmp(pdf: pikepdf.Pdf, word: str) -> None:
    with pdf.open_metadata() as metadata:
        metadata["dc:description"] = word


def _xmp_attribute(pdf: pikepdf.Pdf, word: str) -> None:
    plain = pdf.Root.Metadata.read_bytes()
    noted = plain.replace(b"<x:xmpmeta ", f"<x:xmpmeta x:xmptk='{word}' ".encode(), 1)
    pdf.Root.Metadata = Stream(pdf, noted, Type=Name.Metadata, Subtype=Name.XML)


def _outline(pdf: pikepdf.Pdf, word: str) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(word, 0))


def _destination(pdf: pikepdf.Pdf, word: str) -> None:
    there = Array([pdf.pages[0].obj, Name.Fit])
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String(word), there])))


def _old_destination(pdf: pikepdf.Pdf, word: str) -> None:
    pdf.Root.Dests = Dictionary({f"/{word}": Array([pdf.pages[0].obj, Name.Fit])})


def _annotation(pdf: pikepdf.Pdf, word: str) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents=String(word))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


def _link(pdf: pikepdf.Pdf, word: str) -> None:
    action = Dictionary(S=Name.URI, URI=String(f"https://example.org/?for={word}"))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


def _attachment(pdf: pikepdf.Pdf, word: str) -> None:
    pdf.attachments["notes.txt"] = pikepdf.AttachedFileSpec(pdf, f"about {word}".encode(), mime_type="text/plain")


def _attachment_name(pdf: pikepdf.Pdf, word: str) -> None:
    pdf.attachments[f"{word}.txt"] = pikepdf.AttachedFileSpec(pdf, b"nothing", mime_type="text/plain")


def _script(pdf: pikepdf.Pdf, word: str) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{word}')"))


def _alternative_text(pdf: pikepdf.Pdf, word: str) -> None:
    _first_element(pdf).Alt = String(word)


def _element_actual_text(pdf: pikepdf.Pdf, word: str) -> None:
    _first_element(pdf).ActualText = String(word)


def _expansion(pdf: pikepdf.Pdf, word: str) -> None:
    _first_element(pdf).E = String(word)


def _first_element(pdf: pikepdf.Pdf) -> Any:
    return next(each for each in pdf.objects if isinstance(each, Dictionary) and each.get("/S") == Name.P)


def add_content(pdf: pikepdf.Pdf, code: bytes) -> None:
    """Add code to the end of the first page's content."""
    page = pdf.pages[0].obj
    page.Contents = Stream(pdf, page.Contents.read_bytes() + b"\n" + code)


def _actual_text(pdf: pikepdf.Pdf, word: str) -> None:
    hidden = b"\xfe\xff" + word.encode("utf-16-be")
    add_content(pdf, b"/Artifact BMC /Span <</ActualText <" + hidden.hex().encode() + b">>> BDC EMC EMC")


def _actual_text_among_resources(pdf: pikepdf.Pdf, word: str) -> None:
    pdf.pages[0].obj.Resources.Properties = Dictionary(MC0=Dictionary(ActualText=String(word)))
    add_content(pdf, b"/Artifact BMC /Span /MC0 BDC EMC EMC")


def _helvetica(pdf: pikepdf.Pdf) -> Any:
    return Dictionary(
        Font=Dictionary(F9=pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)))
    )


def _kerned(word: str) -> bytes:
    return b"BT /F9 9 Tf 40 40 Td [" + b" -40 ".join(b"(" + letter.encode() + b")" for letter in word) + b"] TJ ET"


def _untagged_text(pdf: pikepdf.Pdf, word: str) -> None:
    pdf.pages[0].obj.Resources.Font.F9 = _helvetica(pdf).Font.F9
    add_content(pdf, _kerned(word))


def _form(pdf: pikepdf.Pdf, word: str) -> None:
    form = Stream(
        pdf, _kerned(word), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Resources=_helvetica(pdf)
    )
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm9=form)
    add_content(pdf, b"/Fm9 Do")


def _undrawn_form(pdf: pikepdf.Pdf, word: str) -> None:
    form = Stream(
        pdf, _kerned(word), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Resources=_helvetica(pdf)
    )
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm9=form)


def _photograph(pdf: pikepdf.Pdf, word: str) -> None:
    picture = Stream(pdf, jpeg(exif_artist=word), Type=Name.XObject, Subtype=Name.Image, Width=40, Height=20)
    picture.ColorSpace, picture.BitsPerComponent, picture.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    pdf.pages[0].obj.Resources.XObject = Dictionary(Im9=picture)


def _private_name(pdf: pikepdf.Pdf, word: str) -> None:
    pdf.pages[0].obj.PieceInfo = Dictionary({f"/{word}": Dictionary(LastModified=String("D:2026"))})


def _unused(make: Callable[[pikepdf.Pdf, str], Any]) -> Callable[[str], bytes]:
    """Hide a word in an object that nothing refers to, by a hand-written update of the cross-reference table."""

    def hide(word: str) -> bytes:
        plain = _edited(lambda pdf, word: pdf.Root.__setitem__("/Zz", pdf.make_indirect(make(pdf, word))))(word)
        # The reference is blotted out with spaces: every offset stays.
        start = plain.index(b"/Zz ")
        end = plain.index(b"R", start) + 1
        return plain[:start] + b" " * (end - start) + plain[end:]

    return hide


def _unused_page(pdf: pikepdf.Pdf, word: str) -> Any:
    content = Stream(pdf, _kerned(word))
    return Dictionary(Type=Name.Page, Contents=content, Resources=_helvetica(pdf), MediaBox=Array([0, 0, 9, 9]))


def _after_the_end(word: str) -> bytes:
    return converted(_saved(_document())) + word.encode()


def _remark(word: str) -> bytes:
    plain = converted(_saved(_document()))
    return plain.replace(b"startxref", f"% {word}\nstartxref".encode(), 1)


def _earlier_revision(word: str) -> bytes:
    """Add an object in a second revision, as an incremental save does."""
    plain = converted(_saved(_document()))
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        number, root = int(pdf.trailer.Size), pdf.Root.objgen[0]
    before = plain[plain.rindex(b"startxref") :].split()[1].decode()
    start = len(plain) + 1
    body = f"\n{number} 0 obj\n({word})\nendobj\n".encode()
    table = f"xref\n{number} 1\n{start:010} 00000 n \n".encode()
    trailer = f"trailer\n<< /Size {number + 1} /Root {root} 0 R /Prev {before} >>\n".encode()
    return plain + body + table + trailer + f"startxref\n{len(plain) + len(body)}\n%%EOF\n".encode()


def _in_pdf_of(hide: Callable[[str], bytes]) -> Callable[[str], bytes]:
    return lambda word: converted(hide(word))


PDF_PLACES: dict[str, tuple[Callable[[str], bytes], str]] = {
    "item text": (_in_pdf_of(DOCX_PLACES["item text"][0]), "PDF, page 1"),
    "text in several runs": (_in_pdf_of(_in_runs), "PDF, page 1"),
    "header": (_in_pdf_of(_in_header), "PDF, page 1"),
    "white text": (_in_pdf_of(_white), "PDF, page 1"),
    "alternative text from Word": (_in_pdf_of(_in_picture("descr")), "PDF, alternative text"),
    "author": (_in_pdf_of(_in_core_properties), "PDF"),
    "Info": (_edited(_info), "PDF, Info"),
    "XMP": (_edited(_xmp), "PDF, XMP"),
    "XMP attribute": (_edited(_xmp_attribute), "PDF, XMP"),
    "bookmark": (_edited(_outline), "PDF, bookmark"),
    "named destination": (_edited(_destination), "PDF"),
    "named destination of old": (_edited(_old_destination), "PDF, name of an object"),
    "annotation": (_edited(_annotation), "PDF, annotation"),
    "link": (_edited(_link), "PDF, link"),
    "attachment": (_edited(_attachment), "PDF, attachment"),
    "name of an attachment": (_edited(_attachment_name), "PDF"),
    "script": (_edited(_script), "PDF"),
    "alternative text": (_edited(_alternative_text), "PDF, alternative text"),
    "replacement text of an element": (_edited(_element_actual_text), "PDF, alternative text"),
    "expansion of an abbreviation": (_edited(_expansion), "PDF, alternative text"),
    "replacement text on the page": (_edited(_actual_text), "PDF, page 1"),
    "replacement text among the resources": (_edited(_actual_text_among_resources), "PDF"),
    "untagged text, letter by letter": (_edited(_untagged_text), "PDF, page 1"),
    "form": (_edited(_form), "PDF, page 1"),
    "form that is not drawn": (_edited(_undrawn_form), "PDF, object"),
    "EXIF of a photograph": (_edited(_photograph), "PDF, object"),
    "private name": (_edited(_private_name), "PDF, name of an object"),
    "string that no page uses": (_unused(lambda _, word: String(word)), "PDF, object"),
    "dictionary that no page uses": (_unused(lambda _, word: Dictionary(Note=String(word))), "PDF, object"),
    "stream that no page uses": (_unused(lambda pdf, word: Stream(pdf, _kerned(word))), "PDF, object"),
    "page that is not among the pages": (_unused(_unused_page), "PDF, object"),
    "bytes after the end": (_after_the_end, "PDF, after its end"),
    "remark in the file": (_remark, "PDF, remark in the file"),
    "later revision": (_earlier_revision, "PDF, object"),
}
