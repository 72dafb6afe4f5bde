"""Match the pages of signed paper, scanned, to the pages that were printed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.documents.pages.scanned_pages import LARGEST_BYTES, ScannedPage, read_scan
from pipeline.errors import Problem, RecordError
from pipeline.publication.manifest import ManifestFile, digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pipeline.publication.manifest import Manifest


@dataclass(frozen=True, slots=True, order=True)
class PrintedPage:
    """A page of a copy: the path of its PDF in the manifest, and the page from 1."""

    name: str
    page: int


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A printed page, the reader whose copy it is of, and the page of the scan where it is, from 1."""

    printed: PrintedPage
    reader: str
    scanned: int


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan holds, in the order of its pages.

    `missing` are pages that are not in the scan although another page of the same copy is. `doubled` are pages that
    are in it more than once. `foreign` are pages of the scan with a code of something else, `unreadable` those on
    which no code was found, `blank` those with nothing on them, such as the backs of sheets.
    """

    pages: int
    found: tuple[FoundPage, ...]
    missing: tuple[PrintedPage, ...]
    doubled: tuple[PrintedPage, ...]
    foreign: tuple[int, ...]
    unreadable: tuple[int, ...]
    blank: tuple[int, ...]

    @property
    def readers(self) -> tuple[str, ...]:
        """The ids of those whose copies are in the scan."""
        return tuple(dict.fromkeys(page.reader for page in self.found))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that keeps this from being a complete scan of whole copies; blank pages do not."""
        return tuple(_problems(self))


def read_file(path: Path) -> bytes:
    """Return the bytes of a scan. Raises RecordError if it is no plain file, too large, or cannot be read."""
    try:
        if not path.is_file():
            raise RecordError([Problem("The scan is not a file.", "Give the PDF that the scanner made.", "scan")])
        if path.stat().st_size > LARGEST_BYTES:
            what = f"The scan is larger than {LARGEST_BYTES // 1_000_000} megabytes."
            raise RecordError([Problem(what, "Scan it in grey, with 200 dots per inch.", "scan")])
        return path.read_bytes()
    except OSError as error:
        raise RecordError([Problem("The scan cannot be read.", "Look whether you may open it.", "scan")]) from error


def match(scan: bytes, manifest: Manifest) -> ScanResult:
    """Return which printed pages of this version are in a scan.

    Raises RecordError if the scan is refused (not a plain PDF of a scanner), or if the version has no page codes.
    """
    printed = {
        code: FoundPage(PrintedPage(file.name, number), copy.reader, 0)
        for copy in manifest.copies
        for file in copy.files
        for number, code in enumerate(file.page_codes, 1)
    }
    if not printed:
        what = "The pages of this version carry no codes, so a scan cannot be matched to them."
        raise RecordError([Problem(what, "Generate the version again, and sign the new prints.", "manifest.json")])
    return _matched(read_scan(scan), printed)


def scan_entry(scan: bytes, result: ScanResult, manifest: Manifest) -> ManifestFile:
    """Return the entry of a scan; it lies with the service's copy, and nobody else gets it."""
    name = f"service/signed/{manifest.ref}-v{manifest.version}-scan.pdf"
    return ManifestFile(name, digest(scan), len(scan), result.pages)


def _matched(pages: tuple[ScannedPage, ...], printed: Mapping[str, FoundPage]) -> ScanResult:
    found = tuple(
        FoundPage(printed[code].printed, printed[code].reader, page.number)
        for page in pages
        for code in page.codes
        if code in printed
    )
    times = Counter(page.printed for page in found)
    copies = {page.printed.name for page in found}
    return ScanResult(
        pages=len(pages),
        found=found,
        missing=tuple(
            page.printed for page in printed.values() if page.printed.name in copies and page.printed not in times
        ),
        doubled=tuple(page for page, count in times.items() if count > 1),
        foreign=tuple(page.number for page in pages if any(code not in printed for code in page.codes)),
        unreadable=tuple(page.number for page in pages if not page.codes and not page.blank),
        blank=tuple(page.number for page in pages if page.blank),
    )


def _problems(result: ScanResult) -> Iterator[Problem]:
    for page in result.foreign:
        yield _at_scan(page, "This page belongs to another agreement or another version.", "Take it out of the scan.")
    for page in result.unreadable:
        do = "Scan it again, flat and whole, with at least 150 dots per inch; a page that is not ours stays out."
        yield _at_scan(page, "No page code can be read on this page.", do)
    for printed in result.doubled:
        where = _numbers(page.scanned for page in result.found if page.printed == printed)
        yield _at_print(printed, f"This page is in the scan more than once: pages {where} of the scan.", "Keep one.")
    for printed in result.missing:
        yield _at_print(printed, "This page is missing from the scan.", "Scan every page of the copy that was signed.")


def _at_scan(page: int, what: str, do: str) -> Problem:
    return Problem(what, do, where=f"scan, page {page}")


def _at_print(printed: PrintedPage, what: str, do: str) -> Problem:
    return Problem(what, do, where=f"{printed.name}, page {printed.page}")


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in sorted(numbers))
