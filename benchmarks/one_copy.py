"""Print where the time of one copy goes, stage by stage: the first copy of a process, and the ones after it.

Run: python benchmarks/one_copy.py [RECORD] [READER]
"""

from __future__ import annotations

import statistics
import sys
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.copies.matcher import Matcher
from pipeline.copies.plan import plan_copies
from pipeline.documents.engines.engine import engine
from pipeline.documents.making import make
from pipeline.documents.pages.finishing import finish
from pipeline.documents.pages.page_codes import page_code, prove_codes
from pipeline.documents.proof.conformance import failures
from pipeline.documents.proof.leak_scan import leaks
from pipeline.documents.proof.places import find_drawn_places
from pipeline.documents.proof.words import differing_words, missing_agreed_texts
from pipeline.documents.reading.docx import read_docx
from pipeline.documents.reading.pdf import read_drawn_pdf
from pipeline.documents.reading.pdf_drawn import drawn_pages
from pipeline.documents.templates.drafting import fill
from pipeline.documents.templates.template import load_template
from pipeline.documents.word.characters import place_characters
from pipeline.documents.word.package import normalise
from pipeline.documents.word.parts import write_parts
from pipeline.records.load import load_record
from pipeline.service.load import find_config, load_service

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.copies.model import Copy
    from pipeline.documents.engines.engine import Engine
    from pipeline.documents.templates.template import Template
    from pipeline.service.model import Service

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15


class Clock:
    """Collects the CPU milliseconds of named stages: other work on the machine hardly moves them."""

    def __init__(self) -> None:
        """Start with no stage known."""
        self.spent: dict[str, list[float]] = {}

    def __call__(self, stage: str, work: Callable[[], Any]) -> Any:
        """Do the work, and note under the stage what it cost."""
        start = time.process_time()
        result = work()
        self.spent.setdefault(stage, []).append((time.process_time() - start) * 1000)
        return result


def one_copy(clock: Clock, copy: Copy, template: Template, service: Service, maker: Engine) -> None:
    """Make and prove one copy as `pipeline.documents.making` does, stage by stage, then prove it piece by piece."""
    logo = None if service.logo is None else service.logo.read_bytes()
    title = f"{template.title_for(copy)} {copy.ref}"
    language = copy.language
    parts = clock(
        "fill the template",
        lambda: fill(template, copy.context, places=copy.places, language=language, logo=logo, paper=service.paper),
    )
    tidy = clock("tidy the Word file", lambda: normalise(parts, title=title, language=language))
    placed = clock("place characters", lambda: place_characters(tidy))
    docx = clock("write the Word file", lambda: write_parts(placed))
    raw = clock("Word to PDF", lambda: maker.convert(docx))
    pdf = clock("finish the PDF", lambda: finish(raw, title=title, language=language, code_of=partial(page_code, copy)))
    room = {"width_mm": template.signature_width_mm, "height_mm": template.signature_height_mm}
    captions = [place.caption for place in copy.places]
    word = clock("proof: read the Word file", lambda: read_docx(docx))
    with ExitStack() as opened:
        pages = clock("proof: open the pages", lambda: opened.enter_context(drawn_pages(pdf)))
        shown = clock("proof: read the PDF", lambda: read_drawn_pdf(pdf, pages))
        clock("proof: agreed texts", lambda: missing_agreed_texts(copy.agreed_texts, word))
        clock("proof: same words", lambda: differing_words(word, shown))
        clock("proof: places to sign", lambda: find_drawn_places(pages, captions, **room))
        clock("proof: no leak", lambda: leaks(Matcher(copy.withheld), (*word.texts, *shown.texts)))
        clock("proof: PDF/A and PDF/UA", lambda: failures(pdf, maker.profiles))
        codes = [page_code(copy, page.number) for page in pages]
        clock("proof: codes of the pages", lambda: prove_codes([page.page for page in pages], codes))
    clock("the whole copy", lambda: make(copy, template, engine=maker, logo=logo, paper=service.paper))


def main(record: Path, reader: str) -> None:
    """Print the cost of each stage: the first time in this process, and the median of the times after it."""
    clock = Clock()
    service = clock("load the settings", lambda: load_service(find_config(None, record)))
    agreement = clock("load the record", lambda: load_record(record, extra_fields=service.extra_fields))
    copies = clock("plan the copies", lambda: plan_copies(agreement, service))
    template = clock(
        "load the template", lambda: load_template("standard", copies[0].language, service_folder=service.templates)
    )
    copy = next(copy for copy in copies if copy.reader_id == reader)
    maker = engine("embedded")
    for _ in range(RUNS + 1):
        one_copy(clock, copy, template, service, maker)
    print(f"{'CPU milliseconds':28} {'first':>7} {'later':>7} {'least':>7}")
    for stage, (first, *later) in clock.spent.items():
        rest = f" {statistics.median(later):7.1f} {min(later):7.1f}" if later else ""
        print(f"{stage:28} {first:7.1f}{rest}")


if __name__ == "__main__":
    named = [*sys.argv[1:], *("", "")[len(sys.argv) - 1 :]]
    main(Path(named[0] or ROOT / "samples" / "NR-0412.json"), named[1] or "service")
