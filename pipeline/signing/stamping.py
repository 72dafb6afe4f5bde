"""Put signatures into their places on the pages of an unsigned copy."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from pipeline.documents.pages.tidying import tidy
from pipeline.errors import Problem, RecordError
from pipeline.signing.lettering import Request, Words, letter, too_long
from pipeline.signing.model import ImageMark, Mark, SignatureImage
from pipeline.signing.places import POINTS_PER_MM, Asked, Place, find
from pipeline.signing.tags import PageTags, add_object, dictionary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pypdf import PageObject
    from pypdf.generic import PdfObject

_SIDE = 1.0 * POINTS_PER_MM  # free at both sides of the room
_LINE = 2.7 * POINTS_PER_MM  # from the caption up to the bottom of letters: above the line one signs on, with air;
_LINE_OF_LARGE = (0.42, 4.0)  # at least this part of the caption's height, and points: the line is above tall letters
_LOOP = 0.8 * POINTS_PER_MM  # a signature's loops may cross that line
_PICTURE = (0.6, 0.35)  # of the width goes to the picture when a name stands beside it, and when the name is long


def stamp(  # noqa: PLR0913
    pdf: bytes,
    marks: Sequence[Mark],
    *,
    width_mm: float,
    height_mm: float,
    language: str,
    agreed_texts: Sequence[str] = (),
    participants: Mapping[str, str] | None = None,
    template: str = "",
) -> bytes:
    """Return the PDF with every mark in the place of its caption; same input, same bytes.

    A picture keeps its proportions and is a tagged Figure with its alternative text; words are real, tagged text in an
    embedded font. The PDF keeps PDF/A-2a and PDF/UA-1 and has no earlier revision. `agreed_texts` are what is signed
    for, and what stands for it, such as the agreement code: a page with a signature must show some of them, and not
    only in its header or footer. `participants` (ids by caption) and `template` are named in
    messages. `language` is that of the page.

    Raises RecordError with every place that is missing, double, outside the page, too small, overlapping, or on a page
    without agreed words; with characters no font has; and for a file that is not a readable, tagged PDF.
    """
    ids = dict(participants or {})
    asked = Asked(
        participants={mark.caption: ids.get(mark.caption, "") for mark in marks},
        width_mm=width_mm,
        height_mm=height_mm,
        agreed_texts=tuple(agreed_texts),
        template=template,
    )
    try:
        writer = _writer(pdf)
        places, problems = find(pdf, writer.pages, asked)
        if len(asked.participants) != len(marks):
            problems.append(Problem("two signatures are meant for one place", "give each person one place", "PDF"))
        if problems:
            raise RecordError(problems)
        _stamp_all(writer, list(zip(places, marks, strict=True)), language)
        buffer = BytesIO()
        writer.write(buffer)
    except PyPdfError as error:
        raise _unreadable() from error
    return tidy(buffer.getvalue())


def _writer(pdf: bytes) -> PdfWriter:
    reader = PdfReader(BytesIO(pdf), strict=True)  # repairing a damaged file would be guessing, and would log its words
    if reader.is_encrypted:
        raise _unreadable()
    return PdfWriter(clone_from=reader)


def _stamp_all(writer: PdfWriter, marked: Sequence[tuple[Place, Mark]], language: str) -> None:
    words, share = _lettered(marked, language)
    for number in sorted({place.page for place, _ in marked}):
        stamper = _PageStamper(writer, writer.pages[number], language, share)
        for index, (place, mark) in enumerate(marked):
            if place.page == number:
                stamper.add(place, mark, words.get(index), name=f"/Signature{index + 1}")
        stamper.finish()


def _lettered(marked: Sequence[tuple[Place, Mark]], language: str) -> tuple[Mapping[int, Words], float]:
    """Return the words of the marks by index, and the share of the width that is left to the pictures."""
    for share in _PICTURE:
        requests = {
            index: Request(
                _lines(mark),
                _width(place, mark, share),
                place.height - _line(place),
                mark.language or language,
                where=f"PDF, page {place.page + 1}, {place.caption}",
            )
            for index, (place, mark) in enumerate(marked)
            if _lines(mark)
        }
        words = letter(requests)
        if words is not None:
            return words, share
    raise too_long(requests.values())


def _lines(mark: Mark) -> tuple[str, ...]:
    lines = (mark.printed_name, mark.on) if isinstance(mark, ImageMark) else mark.lines
    return tuple(line for line in lines if line.strip())


def _width(place: Place, mark: Mark, share: float) -> float:
    """Return the room for words in points, when a picture beside them takes this share of the width."""
    return (place.width - 2 * _SIDE) * (1 - share if isinstance(mark, ImageMark) else 1)


def _line(place: Place) -> float:
    share, air = _LINE_OF_LARGE
    return max(_LINE, share * place.caption_height + air)


class _PageStamper:
    """What is stamped on one page: its content and resources, gathered and then added at once."""

    def __init__(self, writer: PdfWriter, page: PageObject, language: str, share: float) -> None:
        self._writer = writer
        self._page = page
        self._language = language
        self._share = share
        self._tags = PageTags(writer, page)
        self._content: list[bytes] = []
        self._added: dict[str, dict[str, PdfObject]] = {"/XObject": {}, "/Font": {}}

    def add(self, place: Place, mark: Mark, words: Words | None, *, name: str) -> None:
        """Stamp one mark; `name` is that of its picture among the resources."""
        self._content.append(_code("q", *place.right, *place.up, *place.origin, "cm"))
        if isinstance(mark, ImageMark):
            self._add_picture(place, mark, share=1.0 if words is None else self._share, name=name)
        if words is not None:
            self._add_words(place, mark, words)
        self._content.append(b"Q")

    def finish(self) -> None:
        """Add all to the page, whatever state its own content leaves the graphics in."""
        before, after = DecodedStreamObject(), DecodedStreamObject()
        before.set_data(b"q\n")
        after.set_data(b"\nQ\n" + b"\n".join(self._content) + b"\n")
        contents = self._page.get("/Contents")
        contents = contents.get_object() if contents is not None else None
        own = contents if isinstance(contents, ArrayObject) else ArrayObject([self._page.raw_get("/Contents")])
        self._page[NameObject("/Contents")] = ArrayObject(
            [add_object(self._writer, before), *own, add_object(self._writer, after)]
        )
        self._page[NameObject("/Resources")] = self._resources()

    def _resources(self) -> DictionaryObject:
        """Return the page's resources and ours. Other pages may share theirs, so theirs stay as they are."""
        resources = DictionaryObject(dictionary(self._page, "/Resources"))
        for kind, added in self._added.items():
            together = DictionaryObject(dictionary(resources, kind))
            together.update({NameObject(name): each for name, each in added.items()})
            if together:
                resources[NameObject(kind)] = together
        return resources

    def _add_picture(self, place: Place, mark: ImageMark, *, share: float, name: str) -> None:
        left, bottom, width, height = _picture_box(place, mark.image, share)
        box = _on_page(place, left, bottom, width, height)
        layout = DictionaryObject(
            {
                NameObject("/O"): NameObject("/Layout"),
                NameObject("/Placement"): NameObject("/Block"),
                NameObject("/BBox"): ArrayObject(FloatObject(round(edge, 3)) for edge in box),
            }
        )
        figure = self._element("/Figure", mark)
        figure[NameObject("/Alt")] = TextStringObject(mark.alt)
        figure[NameObject("/A")] = layout
        mcid = self._tags.add_before(place.mcid, figure)
        self._added["/XObject"][name] = add_object(self._writer, _picture(self._writer, mark.image))
        self._content += [
            b"/Figure <</MCID %d>> BDC" % mcid,
            _code("q", width, 0, 0, height, left, bottom, f"cm {name} Do Q"),
            b"EMC",
        ]

    def _add_words(self, place: Place, mark: Mark, words: Words) -> None:
        first = [
            self._tags.add_before(place.mcid, self._element("/P", mark), contents=contents)
            for contents in words.paragraphs
        ]
        for name, font in words.fonts.items():
            self._added["/Font"][name] = add_object(self._writer, font)
        self._content += [
            _code(
                "q",
                1,
                0,
                0,
                1,
                place.width - _SIDE - _width(place, mark, self._share),
                _line(place) - words.bottom,
                "cm",
            ),
            words.content(first[0]),
            b"Q",
        ]

    def _element(self, kind: str, mark: Mark) -> DictionaryObject:
        element = DictionaryObject({NameObject("/S"): NameObject(kind)})
        if mark.language is not None and mark.language != self._language:
            element[NameObject("/Lang")] = TextStringObject(mark.language)
        return element


def _picture_box(place: Place, image: SignatureImage, share: float) -> tuple[float, float, float, float]:
    """Return left, bottom, width and height in the room: as large as its part of the room, never distorted."""
    room = (place.width - 2 * _SIDE) * share - (_SIDE if share < 1 else 0)
    scale = min(room / image.width, (place.height - _LOOP) / image.height)
    return _SIDE, _LOOP, image.width * scale, image.height * scale


def _on_page(place: Place, left: float, bottom: float, width: float, height: float) -> tuple[float, ...]:
    """Return an upright box of the page for a box of the room."""
    corners = [
        tuple(place.origin[axis] + across * place.right[axis] + upwards * place.up[axis] for axis in (0, 1))
        for across, upwards in ((left, bottom), (left + width, bottom + height))
    ]
    return (*map(min, zip(*corners, strict=True)), *map(max, zip(*corners, strict=True)))


def _picture(writer: PdfWriter, image: SignatureImage) -> PdfObject:
    """Return the picture: colours, and a soft mask for its opacity, both without loss."""
    mask = _samples(image, "/DeviceGray", image.rgba[3::4])
    colours = bytearray(3 * image.width * image.height)
    for channel in range(3):
        colours[channel::3] = image.rgba[channel::4]
    picture = _samples(image, "/DeviceRGB", bytes(colours))
    picture[NameObject("/SMask")] = add_object(writer, mask)
    return picture


def _samples(image: SignatureImage, colour_space: str, data: bytes) -> DictionaryObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    encoded: DictionaryObject = stream.flate_encode()
    encoded.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(image.width),
            NameObject("/Height"): NumberObject(image.height),
            NameObject("/ColorSpace"): NameObject(colour_space),
            NameObject("/BitsPerComponent"): NumberObject(8),
        }
    )
    return encoded


def _code(*parts: float | str) -> bytes:
    return " ".join(part if isinstance(part, str) else f"{part:.4f}".rstrip("0").rstrip(".") for part in parts).encode()


def _unreadable() -> RecordError:
    return RecordError([Problem("the copy is not a PDF that can be signed", "make the copy again", where="PDF")])
