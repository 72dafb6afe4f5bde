"""Look at every part there is, and try those that do the work: being installed is not working."""

from __future__ import annotations

import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from io import BytesIO
from typing import TYPE_CHECKING

import docx

from pipeline.doctor.fonts import font_parts
from pipeline.doctor.model import Part, State
from pipeline.documents.engines.engine import ENGINES, engine
from pipeline.documents.engines.found import how_to_install
from pipeline.documents.engines.sandbox import bubblewrap
from pipeline.documents.pages.finishing import finish
from pipeline.documents.proof.conformance import failures
from pipeline.documents.proof.words import differing_words
from pipeline.documents.reading.docx import read_docx
from pipeline.documents.reading.pdf import read_pdf
from pipeline.documents.word.package import normalise
from pipeline.documents.word.parts import read_parts, write_parts
from pipeline.errors import RecordError, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

_DISTRIBUTION = "outcome-agreements"
_WORDS = "Callum will repaint the fence."
_FOR_DEVELOPERS = frozenset({"test"})
_EXTRA = re.compile(r"""\bextra\s*==\s*["']([^"']+)["']""")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_PURPOSES = {
    "embedded": "makes the PDF files; it comes with the program",
    "libreoffice": "makes them with --engine libreoffice",
}


def examine(*, needed_engine: str = "embedded") -> Iterator[Part]:
    """Give every part of this machine that matters, each as soon as it is known.

    Both engines make a page, and it is judged. `needed_engine` must work; the other one may be missing.
    """
    for name in ENGINES:
        yield _engine(name, needed=name == needed_engine)
    yield _sandbox()
    yield from font_parts()
    yield _validator()
    yield Part(
        "Validators",
        "veraPDF",
        State.WORKS if shutil.which("verapdf") else State.MISSING,
        "a second judge of PDF files, by hand; the program does without it",
        get="" if shutil.which("verapdf") else "https://verapdf.org/software/",
    )
    yield from _optional_parts()


def cautions(engine_name: str) -> Iterator[str]:
    """Give what whoever uses this engine on this machine should know; nothing is started to find it out."""
    if engine_name != "libreoffice":
        return
    if bubblewrap() is None:
        yield "bubblewrap does not work here: LibreOffice is held by its settings alone. See agreements doctor."
    shipped_font = next(font_parts())
    if shipped_font.state is State.MISSING:
        yield f"{shipped_font.name} is not on this machine: LibreOffice takes another font. {shipped_font.get}"


def _engine(name: str, *, needed: bool) -> Part:
    purpose, kind = _PURPOSES[name], "Engines"
    try:
        used = engine(name)
    except SetupError as error:
        [problem] = error.problems
        return Part(kind, name, State.MISSING, purpose, needed, note=problem.what, get=problem.do)
    try:
        page = _page()
        pdf = finish(used.convert(page), title="Trial", language="en")
        lost = differing_words(read_docx(page), read_pdf(pdf))
        broken = ("its page does not say what it should",) if lost else failures(pdf, used.profiles)
    except RecordError as error:
        broken = tuple(problem.what for problem in error.problems)
    finally:
        used.close()
    state = State.FAULTY if broken else State.WORKS
    return Part(kind, name, state, purpose, needed, version=used.version, note="; ".join(broken))


def _page() -> bytes:
    document = docx.Document()
    document.add_paragraph(_WORDS)
    buffer = BytesIO()
    document.save(buffer)
    return write_parts(normalise(read_parts(buffer.getvalue()), title="Trial", language="en"))


def _sandbox() -> Part:
    purpose = "shuts LibreOffice in: no network, no files but its own"
    if sys.platform != "linux":
        return Part("Engines", "bubblewrap", State.MISSING, purpose, note="there is none for this system")
    if bubblewrap() is not None:
        return Part("Engines", "bubblewrap", State.WORKS, purpose)
    if shutil.which("bwrap"):
        note = "this system does not let you use it: LibreOffice runs without"
        return Part("Engines", "bubblewrap", State.FAULTY, purpose, note=note)
    note = "LibreOffice is held by its settings alone"
    return Part("Engines", "bubblewrap", State.MISSING, purpose, note=note, get=how_to_install("bubblewrap"))


def _validator() -> Part:
    """Return the judge of every copy: it must refuse what it should, since a judge who says yes to all is none."""
    refuses = bool(failures(b"%PDF-1.7\n", ("2a",)))
    return Part(
        "Validators",
        "page-validation",
        State.WORKS if refuses else State.FAULTY,
        "judges every copy as PDF/A and PDF/UA",
        needed=True,
        version=version("page-validation"),
    )


def _optional_parts() -> Iterator[Part]:
    """Give the extras of the package: what needs each one, and whether all of it is installed."""
    wanted: dict[str, list[str]] = {}
    for requirement in requires(_DISTRIBUTION) or ():
        for extra in _EXTRA.findall(requirement):
            wanted.setdefault(extra, []).append(requirement)
    for extra, requirements in sorted(wanted.items()):
        if extra in _FOR_DEVELOPERS:
            continue
        names = [found.group() for each in requirements if (found := _NAME.match(each))]
        versions = {name: _installed(name) for name in names}
        missing = [name for name, number in versions.items() if not number]
        yield Part(
            "Optional parts",
            extra,
            State.MISSING if missing else State.WORKS,
            ", ".join(names),
            version=", ".join(f"{name} {number}" for name, number in versions.items() if number),
            get=f'pip install "{_DISTRIBUTION}[{extra}]"' if missing else "",
        )


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
