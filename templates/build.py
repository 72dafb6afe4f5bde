"""Write the shipped Word templates: `python templates/build.py`.

The Word files beside this script are what the program uses and what a service copies and changes in Word. This
script is how they came to be, so that a change of the layout can be read as a change of text; a test holds that
both agree byte for byte.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import docx
from building.agreed import background, help_and_attachments, payments, statements, what_we_agreed
from building.closing import small_print, what_happens_next
from building.files import packed, placeholder_logo
from building.opening import letterhead, opening, running_lines, who_took_part
from building.signing import certificates, signatures
from building.styles import set_up_styles
from docx.shared import Mm

if TYPE_CHECKING:
    from docx.document import Document

HERE = Path(__file__).resolve().parent
MARGIN = 20


def standard() -> bytes:
    """Build the standard template in English."""
    document: Document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin, section.bottom_margin = Mm(16), Mm(17)
    section.header_distance = section.footer_distance = Mm(9)
    set_up_styles(document)
    running_lines(document)
    letterhead(document)
    opening(document)
    statements(document)
    who_took_part(document)
    background(document)
    what_we_agreed(document)
    payments(document)
    help_and_attachments(document)
    signatures(document)
    what_happens_next(document)
    small_print(document)
    certificates(document)
    return packed(document, title="Outcome agreement")


def main() -> None:
    """Write every shipped template."""
    folder = HERE / "standard"
    folder.mkdir(exist_ok=True)
    (folder / "logo.png").write_bytes(placeholder_logo())
    (folder / "standard.en.docx").write_bytes(standard())


if __name__ == "__main__":
    main()
