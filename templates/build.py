"""Write the shipped Word templates: `python templates/build.py`.

The Word files beside this script are what the program uses and what a service copies and changes in Word. This
script is how they came to be, so that a change of the layout can be read as a change of text; a test holds that
both agree byte for byte. Sentences come from the catalogues in `languages/`; what a catalogue lacks is listed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from building.descriptions import DESCRIPTIONS, built
from building.files import placeholder_logo

from pipeline.languages.catalogue import SOURCE, catalogues

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Write every shipped template in every language; 1 where a catalogue lacks a sentence."""
    unknown: dict[str, list[str]] = {}
    (HERE / "standard").mkdir(exist_ok=True)
    (HERE / "standard" / "logo.png").write_bytes(placeholder_logo())
    for name in DESCRIPTIONS:
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        for language in (SOURCE, *catalogues()):
            docx, lacking = built(name, language)
            unknown.setdefault(language, []).extend(lacking)
            (folder / f"{name}.{language}.docx").write_bytes(docx)
    for language, sentences in unknown.items():
        for sentence in dict.fromkeys(sentences):
            print(f"{language}: {sentence}")
    return 1 if any(unknown.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
