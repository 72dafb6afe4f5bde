"""The small papers that people keep: a card with what was said, and a keepsake for a purse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from building import opening
from building.pieces import ACCENT, rule
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from pipeline.languages.wording import is_right_to_left

if TYPE_CHECKING:
    from building.pieces import Page


def statement_card(page: Page) -> None:
    """Set only the words that were said and heard, calm and large, on half a sheet."""
    _quiet_footer(page)
    page.say(page.t("What was said and heard"), "Heading 1", space_before=Pt(0), space_after=Pt(2))
    page.when("meeting_dates", "{{ meeting_dates | last | date | capitalize }}", "Facts")
    translated(page)
    page.tag("{%p for item in items or [] %}")
    page.say("{{ item.text }}", "Statement", space_before=Pt(16), keep_with_next=True)
    page.when("item.speaker", page.t("Said by {{ item.speaker | names }}"), "Statement speaker")
    page.tag("{%p endfor %}")
    page.when("closing_words", "{{ closing_words }}", "Closing words")


def keepsake(page: Page) -> None:
    """Set the agreed words on a card for a purse: no logo, no reference in large, nothing of what happened."""
    _quiet_footer(page)
    page.tag('{%p if outcome == "statement_only" %}')
    line = page.say(page.t("What was said and heard"), "Heading 1", space_before=Pt(0))
    rule(line, "bottom", colour=ACCENT, space=3)
    page.tag("{%p else %}")
    line = page.say(page.t("What we agreed"), "Heading 1", space_before=Pt(0))
    rule(line, "bottom", colour=ACCENT, space=3)
    page.tag("{%p endif %}")
    page.when("meeting_dates", "{{ meeting_dates | last | date | capitalize }}", "Cell detail")
    translated(page)
    page.tag("{%p for item in items or [] %}")
    page.say("{{ item.text }}", "Agreed words", space_before=Pt(7), keep_together=True)
    page.when("item.when", "{{ item.when | date | capitalize }}", "Cell detail")
    page.tag("{%p endfor %}")
    page.when("closing_words", "{{ closing_words }}", "Cell detail", space_before=Pt(8))
    page.say("{{ service.telephone }}", "Line", space_before=Pt(9))


def translated(page: Page) -> None:
    """Say in one line that the words are a translation, and of which language."""
    page.when(
        "translation",
        page.t("The words were agreed in this language: {{ translation.agreed_in }}. This is a translation.")
        + opening.not_checked(page),
        "Cell detail",
    )


def _quiet_footer(page: Page) -> None:
    """Keep reference and code small at the outer edge; the corner of the page code stays free."""
    section = page.document.sections[0]
    footer = section.footer.paragraphs[0]
    footer.style = page.document.styles["Footer"]
    if is_right_to_left(page.language):
        footer.paragraph_format.right_indent = Mm(18)  # its end, once the page is mirrored; it begins at the right
    else:
        footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        footer.paragraph_format.left_indent = Mm(18)
    footer.add_run("{{ ref }}   {{ code }}")
