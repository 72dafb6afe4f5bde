"""Every string and stream of a PDF file, whether a page uses it or not: properties, links, attachments, leftovers."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pikepdf

from pipeline.copies.matcher_letters import BARRIER
from pipeline.documents.pages.pdf_strings import CODE_STRING, decode_string, strings
from pipeline.documents.reading.media import text_of_media
from pipeline.documents.reading.model import SOFT, Text
from pipeline.documents.reading.pdf_content import marked_texts
from pipeline.documents.reading.pdf_fonts import Fonts
from pipeline.documents.reading.pdf_vocabulary import FONT_NAME, VOCABULARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_REFERENCE = re.compile(rb"\b([0-9]+) [0-9]+ R\b")
_CONTENTS = re.compile(rb"/Contents ([0-9]+) [0-9]+ R")
_FONT_PROGRAM = re.compile(rb"/(?:FontFile[23]?|ToUnicode|CIDSet) ([0-9]+) [0-9]+ R")
_INFO = re.compile(rb"/Info ([0-9]+) [0-9]+ R")
_NAME = re.compile(rb"/([^\s()<>\[\]{}/%]+)")
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_XML_TAG = re.compile("<[^>]*>")
_DIGEST_BYTES = 16
_CONTROL = re.compile(rb"[\x00-\x1f]")
_LAST_OF_ASCII = 0x7F
_MOST_ACCENTS = 4
"""So many of sixteen Latin letters may have one. Of sixteen random bytes one time in a thousand so few are beyond ASCII
and none is a control character."""
_PLACES = (
    (re.compile(rb"/Type /StructElem\b"), "PDF, alternative text"),
    (re.compile(rb"/S /URI\b|/URI \("), "PDF, link"),
    (re.compile(rb"/S /JavaScript\b|/JS\b"), "PDF, script"),
    (re.compile(rb"/Type /Filespec\b|/EmbeddedFiles\b|/Type /EmbeddedFile\b|/EF <<"), "PDF, attachment"),
    (re.compile(rb"/Type /Annot\b|/Subtype /(?:Link|Text|FreeText|Widget|Popup)\b"), "PDF, annotation"),
    (re.compile(rb"/Dests\b|/Names \["), "PDF, named destination"),
    (re.compile(rb"(?=.*/Title)(?=.*/Parent)", re.DOTALL), "PDF, bookmark"),
)


@dataclass(frozen=True, slots=True)
class Objects:
    """The texts of a file's objects, and the numbers of those that cannot be reached from its first one."""

    texts: tuple[Text, ...]
    unused: tuple[int, ...]


def listed(pdf: pikepdf.Pdf) -> dict[int, Any]:
    """Return every object of a file by its number."""
    return {each.objgen[0]: each for each in pdf.objects if each is not None and not _is_container(each)}


def codes(objects: Mapping[int, Any]) -> dict[int, bytes]:
    """Return these objects as qpdf writes them; of a stream its dictionary."""
    return {number: _code(each) for number, each in objects.items()}


def object_texts(pdf: pikepdf.Pdf, objects: Mapping[int, Any], code: Mapping[int, bytes], fonts: Fonts) -> Objects:
    """Return the text of every object of a file; streams are decoded, also those that no page shows.

    `objects` are all of them, `code` how each is written. What the pages show is left to the reader of pages. The
    programs of fonts are passed over: they come with the font, never from a record.
    """
    trailer = bytes(pdf.trailer.unparse(resolved=True))
    used = _reached(trailer, code)
    shown = {int(number) for page in pdf.pages for number in _CONTENTS.findall(code[page.obj.objgen[0]])}
    font_programs = {int(number) for each in code.values() for number in _FONT_PROGRAM.findall(each)}
    info = {int(number) for number in _INFO.findall(trailer)}
    texts = [*_trailer_texts(trailer), *_name_texts([code[number] for number in used if number in code])]
    for number, each in objects.items():
        here = code[number]
        is_stream = isinstance(each, pikepdf.Stream)
        if number in used and not is_stream and not _may_hold_string(here):
            continue
        place = "PDF, Info" if number in info else _place(here, number)
        if number not in used:
            place = f"PDF, object {number} that no page uses"
            texts += _unused_texts(each, place, fonts)
        texts += _code_texts(here, place)
        if is_stream and number not in shown and number not in font_programs:
            texts += _stream_texts(each, place, fonts)
    return Objects(tuple(texts), tuple(sorted(number for number in objects if number not in used)))


def _is_container(each: Any) -> bool:
    """Say whether this stream only holds other objects, which are listed themselves (ISO 32000-1, 7.5.7 and 7.5.8)."""
    return isinstance(each, pikepdf.Stream) and each.get("/Type") in ("/ObjStm", "/XRef")


def _code(each: Any) -> bytes:
    dictionary = each.stream_dict if isinstance(each, pikepdf.Stream) else each
    return bytes(dictionary.unparse(resolved=True))


def _may_hold_string(code: bytes) -> bool:
    """Say whether there is a bracket of a string, (literal) or <hex>, beside the << and >> of dictionaries."""
    return b"(" in code or code.count(b"<") != 2 * code.count(b"<<")


def _reached(trailer: bytes, code: Mapping[int, bytes]) -> set[int]:
    used: set[int] = set()
    ahead = {int(number) for number in _REFERENCE.findall(trailer)}
    while ahead:
        used |= ahead
        ahead = {int(each) for number in ahead for each in _REFERENCE.findall(code.get(number, b""))} - used
    return used


def _place(code: bytes, number: int) -> str:
    return next((place for pattern, place in _PLACES if pattern.search(code)), f"PDF, object {number}")


def _trailer_texts(trailer: bytes) -> Iterator[Text]:
    """Yield the strings of the trailer, without the digest that is the file's id (ISO 32000-1, 14.4).

    A digest says nothing, and one in some thousands reads as a postcode or an e-mail address. Sixteen bytes that may be
    letters, in whatever encoding, stay; those of one byte a letter are searched for words, not for contact details.
    """
    for string in strings(trailer):
        if len(string) != _DIGEST_BYTES or _is_unicode(string):
            yield Text("PDF, trailer", decode_string(string))
        elif not _CONTROL.search(string) and sum(byte > _LAST_OF_ASCII for byte in string) <= _MOST_ACCENTS:
            yield Text("PDF, trailer", decode_string(string), technical=True)


def _is_unicode(string: bytes) -> bool:
    """Say whether this is text in UTF-16 or UTF-8, ASCII included: of random bytes one in some millions is."""
    if string.startswith((b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")):
        return True
    try:
        string.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(string)


def _code_texts(code: bytes, place: str) -> Iterator[Text]:
    for string in strings(code):
        yield Text(place, decode_string(string))


def _name_texts(codes: list[bytes], place: str = "PDF, name of an object") -> Iterator[Text]:
    """Yield the names that are not of PDF's own vocabulary, nor names of fonts."""
    code = FONT_NAME.sub(b"", b"\n".join(CODE_STRING.sub(b"", each) if b"(" in each else each for each in codes))
    for name in set(_NAME.findall(code)) - VOCABULARY:
        letters = _NAME_ESCAPE.sub(lambda escape: bytes.fromhex(escape.group(1).decode()), name)
        yield Text(place, letters.decode("utf-8", "replace"), technical=True)


def _stream_texts(stream: Any, place: str, fonts: Fonts) -> Iterator[Text]:
    kind, subtype = stream.get("/Type"), stream.get("/Subtype")
    if kind == "/Metadata":
        yield from _xmp_texts(stream.read_bytes())
    elif subtype == "/Form":
        yield Text(place, _shown(stream.read_bytes(), stream.get("/Resources"), fonts))
    else:
        yield Text(place, text_of_media(_source(stream), partial(_decoded, stream)), technical=True)
        if kind == "/EmbeddedFile":
            yield Text(place, _decoded(stream).decode("utf-8", "replace"))


def _unused_texts(each: Any, place: str, fonts: Fonts) -> Iterator[Text]:
    """Yield what a leftover would show: a page by its own fonts, a stream by its strings as they are."""
    yield from _name_texts([_code(each)], place)
    if isinstance(each, pikepdf.Stream):
        yield Text(place, _shown(_decoded(each), each.get("/Resources"), fonts))
    elif isinstance(each, pikepdf.Dictionary) and "/Contents" in each:
        contents = each["/Contents"]
        for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
            yield Text(place, _shown(stream.read_bytes(), each.get("/Resources"), fonts))


def _source(stream: Any) -> bytes:
    """Return what the data of a stream is decoded from, so that the same logo need not be unpacked for every copy."""
    how = b" ".join(_code(stream[name]) for name in ("/Filter", "/DecodeParms") if name in stream)
    return _decoded(stream) if _REFERENCE.search(how) else bytes(stream.read_raw_bytes()) + how


def _decoded(stream: Any) -> bytes:
    """Return the data of a stream; a picture format that cannot be decoded is read as the file it is."""
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return bytes(stream.read_raw_bytes())


def _shown(content: bytes, resources: Any, fonts: Fonts) -> str:
    marked = marked_texts(content, resources, fonts)
    return BARRIER.join(["".join(each.text for each in marked), "".join(each.glyphs for each in marked)]).replace(
        SOFT, ""
    )


def _xmp_texts(data: bytes) -> Iterator[Text]:
    text = data.decode("utf-8", "replace")
    yield Text("PDF, XMP", html.unescape(_XML_TAG.sub(BARRIER, text)))
    for tag in _XML_TAG.findall(text):
        for value in re.findall("=\\s*(?:\"([^\"]*)\"|'([^']*)')", tag):
            if not "".join(value).startswith(("http://", "https://")):
                yield Text("PDF, XMP", html.unescape("".join(value)))
