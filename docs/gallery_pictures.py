"""Make docs/gallery.md and its pictures: every page of every template, from the samples.

Run: python docs/gallery_pictures.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PIXELS_A_POINT = 1.0
COLOURS = 24

# Which copies show what a template can do: (template, language, copy below the output, caption).
SHOWN = [
    (
        "standard",
        "en",
        "NR-0412/v1/harmed-1/NR-0412-v1-harmed-1",
        "An agreement with actions, a condition and an event",
    ),
    ("standard", "en", "NR-0412/v1/service/NR-0412-v1-service", "The service's own copy of the same agreement"),
    ("standard", "en", "NR-0420/v1/harmed-1/NR-0420-v1-harmed-1", "One sentence: a statement and nothing else"),
    ("standard", "en", "NR-0440/v1/responsible-1/NR-0440-v1-responsible-1", "Payments, shared by two people"),
    ("standard", "en", "NR-0460/v1/service/NR-0460-v1-service", "The certificate page of an interpreter"),
    ("standard", "cy", "GW-0031/v1/supporter-1/GW-0031-v1-supporter-1-cy", "In Welsh, beside a full text in English"),
    ("standard", "pl", "NR-0481/v1/supporter-1/NR-0481-v1-supporter-1-pl", "A statement in Polish"),
    (
        "standard",
        "ar",
        "NR-0460/v1/harmed-1/NR-0460-v1-harmed-1-ar",
        "In Arabic: mirrored, numbers and names in their order",
    ),
    ("standard", "ur", "NR-0480/v1/responsible-1/NR-0480-v1-responsible-1-ur", "In Urdu, with payments"),
    ("large-print", "en", "GW-0031/v1/responsible-1/GW-0031-v1-responsible-1", "At 20 points"),
    ("large-print", "pl", "NR-0480/v1/harmed-1/NR-0480-v1-harmed-1-pl", "At 18 points, in Polish, with payments"),
    ("large-print", "ar", "NR-0481/v1/harmed-1/NR-0481-v1-harmed-1-ar", "At 20 points, in Arabic"),
    ("large-print", "ur", "NR-0480/v1/supporter-1/NR-0480-v1-supporter-1-ur", "At 16 points, in Urdu"),
    ("large-print", "cy", "NR-0481/v1/supporter-2/NR-0481-v1-supporter-2-cy", "At 28 points, in Welsh"),
    ("easy-read", "en", "GW-0031/v1/harmed-1/GW-0031-v1-harmed-1", "The layout of Easy Read, with places for pictures"),
    ("easy-read", "cy", "GW-0031/v1/harmed-1/GW-0031-v1-harmed-1-cy", "The same in Welsh, the reader's language"),
    (
        "youth",
        "en",
        "YC-0205/v2/responsible-1/YC-0205-v2-responsible-1",
        "A young person and his father, second version",
    ),
    (
        "school",
        "en",
        "SC-0097/v1/harmed-1/SC-0097-v1-harmed-1",
        "Two children, their adults, and the day to meet again",
    ),
    ("slip", "en", "NR-0412/v1/outside-1/NR-0412-v1-outside-1", "What an outside person who checks one row receives"),
    ("counterpart", "en", "NR-0420/v1/harmed-1/NR-0420-v1-harmed-1-counterpart", "A page to sign alone"),
    ("payments", "en", "NR-0440/v1/responsible-1/NR-0440-v1-responsible-1-payments", "Seven payments of two people"),
    ("own-tasks", "en", "YC-0205/v2/responsible-1/YC-0205-v2-responsible-1-own-tasks", "One person's own rows"),
    ("change", "en", "YC-0205/v2/harmed-1/YC-0205-v2-harmed-1-change", "Fewer hours, by agreement"),
    ("closing-note", "en", "NR-0425/v1/harmed-1/NR-0425-v1-harmed-1", "Where nothing was to be written down"),
    ("statement-card", "en", "NR-0420/v1/harmed-1/NR-0420-v1-harmed-1-statement-card", "Two sentences"),
    ("statement-card", "ar", "NR-0481/v1/harmed-1/NR-0481-v1-harmed-1-statement-card-ar", "In Arabic, at 20 points"),
    ("keepsake", "en", "NR-0412/v1/harmed-1/NR-0412-v1-harmed-1-keepsake", "Four rows on A6"),
    ("keepsake", "en", "NR-0420/v1/harmed-1/NR-0420-v1-harmed-1-keepsake", "Two sentences on A6"),
    ("keepsake", "ur", "NR-0481/v1/responsible-1/NR-0481-v1-responsible-1-keepsake-ur", "In Urdu"),
]

# What happened after the meeting; the papers that tell of it: (template, language, reference, --to, caption).
HAPPENED = (
    ("a", "--status", "partly-done", "--so-far", "14/20", "--unit", "hours", "--wording", "14 of 20 hours are done."),
    ("b", "--status", "not-done-excused", "--wording", "The meetings with the mentor have stopped."),
)
TOLD = (
    ("progress-note", "en", "YC-0205", "harmed-1", "What the person harmed is told, done or not done alike"),
    ("progress-note", "ar", "NR-0460", "harmed-1", "The same in Arabic"),
    ("progress-note", "cy", "GW-0031", "harmed-1", "The same in Welsh"),
    ("own-progress", "en", "YC-0205", "responsible-1", "How somebody's own parts stand"),
    ("own-progress", "ur", "NR-0480", "responsible-1", "The same in Urdu, with payments"),
    ("referrer-report", "en", "YC-0205", "referrer-1", "What the referrer is told, with live consents only"),
)


def main() -> None:
    """Generate the samples, and write the pictures and the page."""
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    lines = [
        "# Gallery",
        "",
        "Every page of every template, as the embedded engine prints it from `samples/`. All people are invented.",
        "The words in Welsh, Polish, Arabic and Urdu are not yet checked by speakers of these languages.",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder:
        _agreements("generate", ROOT / "samples", "--out", folder)
        for template, language, stem, caption in SHOWN:
            lines += [f"## `{template}` ({language}): {caption}", ""]
            lines += _pages(Path(folder) / f"{stem}.pdf", template, caption)
        for template, language, ref, reader, caption in TOLD:
            lines += [f"## `{template}` ({language}): {caption}", ""]
            lines += _pages(_note(Path(folder), ref, reader), template, caption)
    (ROOT / "docs" / "gallery.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")


def _note(folder: Path, ref: str, reader: str) -> Path:
    """Make one paper on progress; what happened is written beside a copy of the records."""
    records = folder / "records"
    if not records.exists():
        shutil.copytree(ROOT / "samples", records)
        for item, *happened in HAPPENED:
            _agreements("actions", "record", "YC-0205", item, *happened, "--on", "2026-11-20", "--records", records)
    told = ("--to", reader, "--on", "2026-12-01", "--records", records, "--out", folder)
    _agreements("report", ref, *told)
    (pdf,) = folder.glob(f"{ref}/notes/*-{reader}/*.pdf")
    return pdf


def _agreements(*words: object) -> None:
    command = [sys.executable, "-m", "pipeline.cli.main", *map(str, words)]
    subprocess.run([*command, "--config", str(ROOT / "samples" / "agreements.toml")], check=True, capture_output=True)


def _pages(pdf: Path, template: str, caption: str) -> list[str]:
    lines = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, start=1):
            name = f"{template}-{pdf.stem}-{number}.png"
            picture = page.render(scale=PIXELS_A_POINT).to_pil().quantize(COLOURS)
            picture.save(PICTURES / name, optimize=True)
            lines += [f"![{caption}, page {number}](pictures/{name})", ""]
    return lines


if __name__ == "__main__":
    main()
