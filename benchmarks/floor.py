"""The bare floor: what filling the template and making the PDF cost with nothing around them, beside the whole run.

Run: python benchmarks/floor.py [RECORDS]

The floor is docxtpl and rdocx as they are usually written: a new DocxTemplate a copy, its `render`, two files. Nothing
is checked, tidied or proven. Both sides make the same copies from the same records and the same template, a record at
a time in turn and in one process, so that whatever slows the machine meets both; what is compared is processor time.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from copy import deepcopy
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import rdocx
from docxtpl import DocxTemplate

from pipeline.batch.model import State
from pipeline.batch.one_record import make_one
from pipeline.batch.scan import scan
from pipeline.batch.sources import Source
from pipeline.batch.workshop import Order, open_workshop
from pipeline.copies.plan import plan_copies
from pipeline.documents.templates import filters
from pipeline.documents.templates.environment import SignatureCaptions
from pipeline.records.load import load_record
from pipeline.service.load import find_config, load_service

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.batch.model import Result
    from pipeline.batch.workshop import Workshop
    from pipeline.copies.model import Copy

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "NR-0412.json"
SHORT = ROOT / "samples" / "NR-0420.json"
TEMPLATE = ROOT / "templates" / "standard" / "standard.en.docx"
RECORDS = 40
WARM_UP = 3  # records that fill the caches of a process, as the first of any long run do


def bare_floor(template: Path, values: dict[str, Any], *, jinja: jinja2.Environment, stem: Path) -> None:
    """Make one copy, unchecked: STEM.docx and STEM.pdf."""
    document = DocxTemplate(template)
    document.render(values, jinja, autoescape=True)
    document.save(f"{stem}.docx")
    Path(f"{stem}.pdf").write_bytes(rdocx.Document.open(f"{stem}.docx").to_pdfa_deterministic())


def plain_jinja(language: str) -> jinja2.Environment:
    """Return Jinja as it comes, with the filters that our templates name; one serves a whole run."""
    jinja = jinja2.Environment(autoescape=True)
    jinja.filters |= {
        "date": partial(filters.date_words, language=language),
        "money": partial(filters.money_words, language=language),
        "names": partial(filters.name_words, language=language),
        "plain": partial(filters.plain_words, language=language),
        "capitalize": filters.capital,
    }
    return jinja


def values_of(copy: Copy) -> dict[str, Any]:
    """Return what the template is filled with; planning is not part of the floor."""
    captions = zip(copy.context["signatories"], [place.caption for place in copy.places], strict=True)
    return {**copy.context, "signature": SignatureCaptions(list(captions))}


def write_records(folder: Path, number: int) -> list[Path]:
    """Write records of seven items for four readers: a copy of three pages each, and no two copies are alike."""
    record = json.loads(SAMPLE.read_text(encoding="utf-8"))
    del record["participants"][0]["extras"]
    record["items"] = [_item(record["items"][nth % 3], "abcdefg"[nth]) for nth in range(7)]
    places = cycle(("library", "garden", "kitchen", "workshop"))
    paths = []
    for nth in range(1, number + 1):
        record["ref"] = f"NR-{nth:05}"
        for item, place in zip(record["items"], places, strict=False):
            item["if_not_possible"] = f"If this cannot be done, ask in the {place}, in week {nth} or in week {nth + 7}."
        paths.append(folder / f"{record['ref']}.json")
        paths[-1].write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    return paths


def write_short_records(folder: Path, number: int) -> list[Path]:
    """Write records of one sentence each, for three readers whose copies have one page."""
    record = json.loads(SHORT.read_text(encoding="utf-8"))
    for participant in record["participants"]:
        participant.pop("extras", None)
    paths = [folder / f"NR-{nth:05}.json" for nth in range(1, number + 1)]
    for path in paths:
        path.write_text(json.dumps(record | {"ref": path.stem}, ensure_ascii=False), encoding="utf-8")
    return paths


def _item(item: dict[str, Any], its_id: str) -> dict[str, Any]:
    """Return the item for the checker to see too, who gets a copy of what concerns them."""
    consent = {"person": "outside-1", "answer": "yes", "on": "2026-11-09", "how": "phone"}
    how = item["how_checked"].replace("The facilitator", "Jo")
    return deepcopy(item) | {"id": its_id, "checker": "outside-1", "how_checked": how, "consents": [consent]}


def main(number: int) -> None:
    """Print the processor time a copy of both sides, and their ratio."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        service = load_service(find_config(None, SAMPLE))
        records = write_records(folder, number + WARM_UP)
        workshop = open_workshop(Order(service, folder / "out"))
        jinja = plain_jinja("en")
        ours: list[float] = []
        floor: list[float] = []
        for path in records:
            copies = plan_copies(load_record(path, extra_fields=service.extra_fields), service)
            result, spent = _timed(partial(_whole, path, workshop))
            if result.state is not State.MADE:
                raise RuntimeError(f"{path.name}: {result}")
            ours.append(spent / len(copies))
            makes = [
                partial(bare_floor, TEMPLATE, values_of(copy), jinja=jinja, stem=folder / copy.stem) for copy in copies
            ]
            floor.append(sum(_timed(make)[1] for make in makes) / len(copies))
    ours, floor = ours[WARM_UP:], floor[WARM_UP:]
    print(f"{'CPU milliseconds a copy':28} {'median':>7} {'least':>7}")
    print(f"{'bare floor':28} {statistics.median(floor):7.1f} {min(floor):7.1f}")
    print(f"{'whole run, proofs included':28} {statistics.median(ours):7.1f} {min(ours):7.1f}")
    print(f"{'ratio':28} {statistics.median(ours) / statistics.median(floor):7.2f} {min(ours) / min(floor):7.2f}")


def _whole(path: Path, workshop: Workshop) -> Result:
    """Do what a worker of a batch does with a record, from its bytes to its published files."""
    [scanned] = scan([Source(path.name, path)])
    return make_one(scanned, workshop)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    result = work()
    return result, (time.process_time() - start) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else RECORDS)
