"""Read the page codes in a PDF that a scanner made, or somebody who means harm.

The file is opened in a process of its own, with a limit on time and, where the system has one, on memory: what it
contains can cost that process, never this one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2

from pipeline.documents.pages.page_codes import read_codes
from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST_BYTES = 200_000_000
MOST_PAGES = 200
LARGEST_PICTURE = 80_000_000  # pixels: A3 in 600 dpi has 70 million
LONGEST_S = 120
_MEMORY_BYTES = 3_000_000_000
_LONG_SIDES = (2400, 3600)  # pixels; A4 in about 200 and 300 dpi, whatever size the scanner says the page has
_INK = bytes(range(160))
_BLANK = 0.0005  # of the pixels: the specks of a scanned page that nobody wrote on
_ACTIVE = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/RichMedia", "/Movie"})
_ATTACHED = frozenset({"/EmbeddedFile", "/Filespec"})


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page of a scan, from 1: the texts of the Data Matrix codes on it, and whether nothing is on it at all."""

    number: int
    codes: tuple[str, ...]
    blank: bool


def read_scan(pdf: bytes) -> tuple[ScannedPage, ...]:
    """Return the pages of a scan.

    Codes are found wherever they are on a page and however it is turned. Raises RecordError if the file is no plain
    scan: too large, protected, with scripts or attached files, damaged, or too slow to read.
    """
    if len(pdf) > LARGEST_BYTES:
        raise RecordError([_REFUSALS["large"]])
    try:
        child = subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-P", "-m", __name__], input=pdf, capture_output=True, timeout=LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RecordError([_REFUSALS["slow"]]) from error
    told = _told(child.stdout)
    if "refused" in told:
        raise RecordError([_REFUSALS[told["refused"]]])
    return tuple(
        ScannedPage(number, tuple(page["codes"]), blank=page["blank"]) for number, page in enumerate(told["pages"], 1)
    )


def _told(output: bytes) -> Mapping[str, Any]:
    """Return what the other process said; one that was killed said nothing."""
    try:
        told: Mapping[str, Any] = json.loads(output)
    except ValueError:
        return {"refused": "unreadable"}
    return told


def _problem(what: str, do: str) -> Problem:
    return Problem(what, do, where="scan")


_REFUSALS = {
    "large": _problem(
        f"The scan is larger than {LARGEST_BYTES // 1_000_000} megabytes.", "Scan it in grey, with 200 dots per inch."
    ),
    "slow": _problem(
        f"The scan could not be read within {LONGEST_S} seconds.", "Scan the pages again, in grey, with 200 dpi."
    ),
    "unreadable": _problem("The scan is not a PDF, or it is damaged.", "Scan the pages again, to a PDF."),
    "protected": _problem("The scan is protected with a password.", "Scan the pages again, without a password."),
    "active": _problem(
        "The scan holds a script or an action, which no scanner makes.", "Use the file as it came from the scanner."
    ),
    "attached": _problem(
        "Other files are attached to the scan, which no scanner does.", "Use the file as it came from the scanner."
    ),
    "pages": _problem(f"The scan has no page, or more than {MOST_PAGES}.", "Scan the pages of this version only."),
    "pictures": _problem(
        "The scan holds a picture that is larger than any page.", "Scan the pages again, with 200 dots per inch."
    ),
}


def _examined(pdf: bytes) -> Mapping[str, Any]:
    """Return the pages of a scan, or why it is refused, as plain values."""
    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            refused = _refused(opened)
        if refused is not None:
            return {"refused": refused}
        with pypdfium2.PdfDocument(pdf) as document:
            return {"pages": [_read(page) for page in document]}
    except pikepdf.PasswordError:
        return {"refused": "protected"}
    except (pikepdf.PdfError, pypdfium2.PdfiumError, MemoryError, OverflowError):
        return {"refused": "unreadable"}


def _refused(opened: pikepdf.Pdf) -> str | None:
    if opened.is_encrypted:
        return "protected"
    if not 1 <= len(opened.pages) <= MOST_PAGES:
        return "pages"
    for each in opened.objects:
        for dictionary in _dictionaries(each, depth=0):
            if "/JS" in dictionary or "/AA" in dictionary or str(dictionary.get("/S")) in _ACTIVE:
                return "active"
            if "/EF" in dictionary or "/EmbeddedFiles" in dictionary or str(dictionary.get("/Type")) in _ATTACHED:
                return "attached"
            if str(dictionary.get("/Subtype")) == "/Image" and _pixels(dictionary) > LARGEST_PICTURE:
                return "pictures"
    return None


def _dictionaries(each: Any, depth: int) -> Iterator[Any]:
    """Yield a dictionary and those written out inside it; others are objects of their own."""
    if depth > 20:
        return
    if isinstance(each, pikepdf.Stream):
        each = each.stream_dict
    if isinstance(each, pikepdf.Dictionary):
        yield each
        children = list(each.values())
    elif isinstance(each, pikepdf.Array):
        children = list(each)
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Dictionary | pikepdf.Array) and not child.is_indirect:
            yield from _dictionaries(child, depth + 1)


def _pixels(picture: Any) -> int:
    sides = [picture.get(name) for name in ("/Width", "/Height")]
    return int(sides[0]) * int(sides[1]) if all(isinstance(side, int) for side in sides) else LARGEST_PICTURE + 1


def _read(page: pypdfium2.PdfPage) -> Mapping[str, Any]:
    blank = False
    for long_side in _LONG_SIDES:
        pixels, width, height = _rendered(page, long_side)
        codes = read_codes(pixels, width=width, height=height)
        blank = not codes and len(pixels) - len(pixels.translate(None, _INK)) < _BLANK * len(pixels)
        if codes or blank:
            return {"codes": codes, "blank": blank}
    return {"codes": [], "blank": blank}


def _rendered(page: pypdfium2.PdfPage, long_side: int) -> tuple[bytes, int, int]:
    """Return a page as grey pixels row by row, with width and height."""
    bitmap = page.render(scale=long_side / max(*page.get_size(), 1), grayscale=True, may_draw_forms=False)
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    pixels = bytes(bitmap.buffer)
    bitmap.close()
    if stride != width:
        pixels = b"".join(pixels[start : start + width] for start in range(0, height * stride, stride))
    return pixels, width, height


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  Windows has none

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


if __name__ == "__main__":
    _limit_memory()
    print(json.dumps(_examined(sys.stdin.buffer.read())))
