"""Write known-pass.pdf and known-fail.pdf anew: `python tests/verapdf/examples.py`."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx

from pipeline.documents.engines.engine import engine
from pipeline.documents.pages.finishing import finish
from pipeline.documents.word.characters import place_characters
from pipeline.documents.word.package import normalise
from pipeline.documents.word.parts import read_parts, write_parts

HERE = Path(__file__).resolve().parent


def word_file() -> dict[str, bytes]:
    """Return the parts of a page that mixes letters and a symbol in one run."""
    document = docx.Document()
    document.add_heading("What we agreed", 1)
    document.add_paragraph("☐ Callum will repaint the fence.")
    buffer = BytesIO()
    document.save(buffer)
    return normalise(read_parts(buffer.getvalue()), title="Outcome agreement", language="en-GB")


def main() -> None:
    """Write both files: the same page with every character placed, and without."""
    page = word_file()
    for name, source in (("known-pass.pdf", place_characters(page)), ("known-fail.pdf", page)):
        pdf = finish(engine("embedded").convert(write_parts(source)), title="Outcome agreement", language="en-GB")
        (HERE / name).write_bytes(pdf)


if __name__ == "__main__":
    main()
