"""The pages themselves: each a short list of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from building import agreed, closing, opening, signing
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    from building.pieces import Page


def standard(page: Page) -> None:
    """Write one or two pages that hold for every kind of agreement."""
    opening.running_lines(page, opening.title_of_agreement(page))
    opening.letterhead(page)
    opening.headings(page)
    opening.whose_copy(page)
    opening.facts(page)
    agreed.statements(page)
    opening.who_took_part(page)
    agreed.background(page)
    agreed.what_we_agreed(page)
    agreed.payments(page)
    agreed.help_and_attachments(page)
    signing.signatures(page)
    closing.what_happens_next(page)
    closing.small_print(page)
    signing.certificates(page)


def large_print(page: Page) -> None:
    """Say the same words at 16 points and more, one below the other: nothing stands in a narrow column."""
    opening.short_running_lines(page)
    opening.letterhead(page)
    opening.headings(page)
    opening.whose_copy(page)
    opening.facts(page)
    agreed.statements(page)
    opening.who_took_part(page, indent=0)
    agreed.background(page)
    agreed.agreed_in_blocks(page)
    agreed.payments_in_lines(page)
    agreed.help_and_attachments(page)
    signing.signatures_stacked(page)
    closing.what_happens_next(page)
    closing.small_print(page)


def easy_read(page: Page) -> None:
    """Lay out an Easy Read page: one idea a line, and a place for a picture at the left of each promise.

    Only a person can make a text Easy Read, so the page says that it is a draft until the reader has seen it.
    """
    opening.running_lines(page, opening.title_of_agreement(page))
    opening.letterhead(page)
    opening.headings(page)
    page.say(page.t("Easy Read draft: check with the reader."), "Draft notice")
    page.say(page.t("This copy is for **{{ reader | names }}**."), "Copy line")
    opening.draft_notice(page)
    opening.translation_notice(page)
    page.when("meeting_dates", page.t("We met on {{ meeting_dates | date }}."), "Line")
    page.when("participants", page.t("{{ participants | names }} took part."), "Line")
    agreed.statements(page, one_a_line=True)
    agreed.background(page)
    agreed.agreed_with_pictures(page)
    agreed.payments_in_lines(page)
    agreed.help_and_attachments(page)
    signing.signatures_stacked(page)
    page.say(page.t("What happens next"), "Heading 2")
    agreed.sentences(page, "service.next_steps")
    page.when("review_date", page.t("We ask everyone how it is going on **{{ review_date | date }}**."), "Line")
    closing.own_fields(page)
    page.say(page.t("Do you have a question? Ring **{{ service.telephone }}**."), "Contact")
    agreed.sentences(page, "service.complaint_route")
    agreed.sentences(page, "service.legal_note")
    closing.small_print_only(page)


def youth(page: Page) -> None:
    """Speak plainer and larger; the young person signs first, and the adults beside them sign for themselves."""
    _young(page)
    closing.what_happens_next(page)
    closing.small_print(page)
    signing.certificates(page)


def school(page: Page) -> None:
    """Do the same for a school, with a line for everybody when they meet again."""
    _young(page)
    signing.follow_up(page)
    closing.what_happens_next(page)
    closing.small_print(page)
    signing.certificates(page)


def _young(page: Page) -> None:
    title = page.t("Our agreement")
    opening.running_lines(page, title)
    opening.letterhead(page)
    page.tag('{%p if outcome == "statement_only" %}')
    page.say(page.t("What was said and heard"), "Heading 1")
    page.tag("{%p else %}")
    page.say(title, "Heading 1")
    page.tag("{%p endif %}")
    opening.whose_copy(page)
    opening.facts(page)
    agreed.statements(page)
    opening.who_took_part(page)
    agreed.background(page)
    agreed.agreed_in_blocks(page)
    agreed.payments(page)
    agreed.help_and_attachments(page)
    signing.signatures_child_first(page)


def slip(page: Page) -> None:
    """Say what somebody outside the meeting has to know: their own row, and nothing of anybody else."""
    opening.running_lines(page, page.t("Your part in an outcome agreement"))
    opening.letterhead(page)
    page.say(page.t("Your part in an outcome agreement"), "Heading 1")
    opening.whose_part(page)
    page.say(page.t("Reference **{{ ref }}**."), "Facts")
    page.say(
        page.t(
            "You said yes to the part below. The rest of the agreement is not on this page, and you need none of it."
        )
    )
    agreed.own_rows_in_blocks(page)
    agreed.payments(page, outside=True)
    agreed.help_promised(page)
    signing.own_signature(page)
    closing.what_happens_to_your_part(page)
    closing.small_print_of_a_part(page)


def counterpart(page: Page) -> None:
    """Give one person a page to sign alone, where people did not meet and the service carried the messages."""
    _head(page, page.t("Your page to sign"))
    page.say(
        page.t(
            "You do not have to meet anybody to sign. Each side signs a page of its own with the same words. The "
            "service keeps both pages, and tells you when the other side has signed."
        )
    )
    agreed.statements(page)
    agreed.agreed_in_blocks(page, checks=False)
    agreed.payments_in_lines(page)
    signing.own_line(page)
    page.say(page.t("How to send it back"), "Heading 2")
    page.say(
        page.t("Give this page to the person who brought it, or ring **{{ service.telephone }}** and we collect it.")
    )
    closing.ring_us(page)
    closing.small_print_to_sign(page)


def payment_sheet(page: Page) -> None:
    """List the days and amounts, with room to note what was paid."""
    _head(page, page.t("Payments"))
    page.tag("{%p for item in items or [] %}")
    page.say("{{ item.text }}", "Agreed words", space_after=Pt(4))
    page.tag("{%p endfor %}")
    agreed.payments(page, ticks=True)
    page.say(page.t("Is a payment too much, or late? Ring us before the day: **{{ service.telephone }}**."), "Contact")
    _foot(page)


def own_tasks(page: Page) -> None:
    """List one person's own rows, with days, a box to tick, and whom to ring."""
    _head(page, page.t("What you said you will do"))
    agreed.tasks(page)
    page.say(
        page.t("Can you not do something in time? Ring us before the day: **{{ service.telephone }}**."), "Contact"
    )
    page.when("review_date", page.t("We ask everyone how it is going on **{{ review_date | date }}**."))
    _foot(page)


def change(page: Page) -> None:
    """Say what changed since the version before, and all that holds now."""
    _head(page, page.t("What changed in the agreement"))
    page.say(
        page.t("This is version {{ version }}.")
        + f"{{% if supersedes %}} {page.t('It takes the place of version {{ supersedes }}.')}{{% endif %}}",
    )
    page.when("change_reason", page.t("What changed, and why: {{ change_reason }}"))
    agreed.changes(page)
    page.tag("{%p if items %}")
    page.say(page.t("All that holds from now on"), "Heading 2")
    page.tag("{%p for item in items %}")
    entry = page.say("**{{ item.number }}**\t{{ item.text }}", "Agreed words", space_after=Pt(6))
    entry.paragraph_format.left_indent = Mm(9)
    entry.paragraph_format.first_line_indent = Mm(-9)
    entry.paragraph_format.tab_stops.add_tab_stop(Mm(9))
    page.tag("{%p endfor %}")
    page.tag("{%p endif %}")
    closing.ring_us(page)
    _foot(page)


def closing_note(page: Page) -> None:
    """Thank people who met and wanted nothing in writing, or found no agreement: no reason, no fault."""
    opening.running_lines(page, page.t("Thank you for meeting"), may_be_draft=False)
    opening.letterhead(page)
    page.say(page.t("Thank you for meeting"), "Heading 1")
    page.say(page.t("This note is for **{{ reader | names }}**."), "Copy line")
    opening.translation_notice(page)
    opening.facts(page, of_statements=False)
    page.tag('{%p if outcome == "none_wanted" %}')
    page.say(page.t("Everybody was content to leave it at what was said. Nothing more was to be written down."))
    page.tag("{%p else %}")
    page.say(page.t("The meeting ended without a written agreement. Meeting was worth it all the same."))
    page.tag("{%p endif %}")
    page.say(page.t("Nobody has to do anything now. This note is a thank-you, and asks nothing of anybody."))
    page.when("closing_words", "{{ closing_words }}", "Closing words")
    closing.ring_us(page)
    page.say("{{ ref }}   {{ code }}{% if notice %}   {{ notice }}{% endif %}", "Small print", space_before=Pt(10))


def _head(page: Page, title: str) -> None:
    opening.running_lines(page, title)
    opening.letterhead(page)
    page.say(title, "Heading 1")
    page.say(page.t("This paper is for **{{ reader | names }}**."), "Copy line")
    opening.draft_notice(page)
    opening.translation_notice(page)
    page.say(page.t("Reference **{{ ref }}**."), "Facts")


def _foot(page: Page) -> None:
    closing.extra_small_print(page)
