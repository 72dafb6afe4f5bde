"""What each shipped template is: the size of its paper, how large it speaks, and its parts in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import docx
from building import cards, notes, papers
from building.files import packed
from building.mirroring import mirror
from building.pieces import Page
from building.styles import Look, set_up_styles
from docx.shared import Mm

from pipeline.languages.wording import is_right_to_left

A4 = (210.0, 297.0)
A5 = (148.0, 210.0)
A5_WIDE = (210.0, 148.0)
A6 = (105.0, 148.0)


_AS_IT_IS = Look()


@dataclass(frozen=True, slots=True)
class Description:
    """A template: its title, its parts, its paper with the margins at the sides and above, in millimetres."""

    title: str
    parts: Callable[[Page], None]
    paper: tuple[float, float] = A4
    side: float = 20
    top: float = 16
    look: Look = _AS_IT_IS


DESCRIPTIONS: dict[str, Description] = {
    "standard": Description("Outcome agreement", papers.standard),
    "large-print": Description("Outcome agreement", papers.large_print, look=Look(16 / 12, smallest=16)),
    "easy-read": Description("Outcome agreement", papers.easy_read, look=Look(15 / 12, smallest=14)),
    "youth": Description("Our agreement", papers.youth, look=Look(13 / 12)),
    "school": Description("Our agreement", papers.school, look=Look(13 / 12)),
    "slip": Description("Your part in an outcome agreement", papers.slip),
    "counterpart": Description("Your page to sign", papers.counterpart),
    "payments": Description("Payments", papers.payment_sheet),
    "own-tasks": Description("What you said you will do", papers.own_tasks),
    "change": Description("What changed in the agreement", papers.change),
    "closing-note": Description("Thank you for meeting", papers.closing_note, paper=A5, side=17, top=14),
    "statement-card": Description(
        "What was said and heard", cards.statement_card, paper=A5_WIDE, side=20, top=14, look=Look(title=15)
    ),
    "progress-note": Description("How the agreement is going", notes.progress_note),
    "own-progress": Description("What you said you will do, and how it stands", notes.own_progress),
    "referrer-report": Description("Report on a restorative meeting", notes.referrer_report),
    "keepsake": Description("What we agreed", cards.keepsake, paper=A6, side=10, top=9, look=Look(10 / 12, title=15)),
}


def built(name: str, language: str) -> tuple[bytes, list[str]]:
    """Return a template as a Word file, and the sentences that the language's catalogue lacks."""
    about = DESCRIPTIONS[name]
    document = docx.Document()
    section = document.sections[0]
    width, height = about.paper
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(about.side)
    section.top_margin, section.bottom_margin = Mm(about.top), Mm(17)
    section.header_distance = section.footer_distance = Mm(9)
    set_up_styles(document, about.look, language=language)
    page = Page(document, language, text_width=width - 2 * about.side)
    about.parts(page)
    title = page.t(about.title)
    if is_right_to_left(language):
        mirror(document)
    return packed(document, title=title, language=language), page.unknown
