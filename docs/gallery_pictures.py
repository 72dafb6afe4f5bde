"""Make docs/gallery.md and its pictures: every page of every template, from the samples.

Run: python docs/gallery_pictures.py
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PIXELS_A_POINT = 1.4

# Which copies show what a template can do: (template, record, copy, caption).
SHOWN = [
    ("standard", "NR-0412/v1/harmed-1/NR-0412-v1-harmed-1", "An agreement with actions, a condition and an event"),
    ("standard", "NR-0412/v1/service/NR-0412-v1-service", "The service's own copy of the same agreement"),
    ("standard", "NR-0412/v1/outside-1/NR-0412-v1-outside-1", "What an outside person who checks one row receives"),
    ("standard", "NR-0420/v1/harmed-1/NR-0420-v1-harmed-1", "One sentence: a statement and nothing else"),
    ("standard", "NR-0440/v1/responsible-1/NR-0440-v1-responsible-1", "Payments, shared by two people"),
    ("standard", "NR-0460/v1/service/NR-0460-v1-service", "The certificate page of an interpreter"),
    (
        "standard",
        "YC-0205/v2/responsible-1/YC-0205-v2-responsible-1",
        "A second version that takes the place of the first",
    ),
]


def main() -> None:
    """Generate the samples, and write the pictures and the page."""
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    lines = [
        "# Gallery",
        "",
        "Every page, as the embedded engine prints it from `samples/`. All people are invented.",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pipeline.cli.main",
            "generate",
            str(ROOT / "samples"),
            "--out",
            folder,
            "--json",
        ]
        json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        for template, stem, caption in SHOWN:
            lines += [f"## `{template}`: {caption}", ""]
            lines += _pages(Path(folder) / f"{stem}.pdf", template, caption)
    (ROOT / "docs" / "gallery.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")


def _pages(pdf: Path, template: str, caption: str) -> list[str]:
    lines = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, start=1):
            name = f"{template}-{pdf.stem}-{number}.png"
            picture = page.render(scale=PIXELS_A_POINT).to_pil().quantize(64)
            picture.save(PICTURES / name, optimize=True)
            lines += [f"![{caption}, page {number}](pictures/{name})", ""]
    return lines


if __name__ == "__main__":
    main()
