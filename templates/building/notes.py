"""What people are told afterwards: the note to the person harmed, somebody's own items, and the referrer's report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from building import closing, opening
from building.pieces import first, repeated
from docx.shared import Pt

if TYPE_CHECKING:
    from building.pieces import Page

STANDING = (10.0, 88.0, 72.0)


def progress_note(page: Page) -> None:
    """How every promise stands, done or not done alike, in the words that were agreed."""
    _head(page, page.t("How the agreement is going"))
    page.tag('{%p if progress.kind == "completion" %}')
    page.say(page.t("Everything that was agreed is done."), "Copy line")
    page.tag('{%p elif progress.kind == "non_completion" %}')
    page.say(page.t("It has come to its end. Not everything was done; you can read below what was."), "Copy line")
    page.tag("{%p else %}")
    page.say(page.t("Some of it is still to come. You can read below how each part stands."), "Copy line")
    page.tag("{%p endif %}")
    _how_it_stands(page)
    _money(page)
    page.say(
        page.t("You do not have to do anything with this note. If you want to talk about it, ring us."),
        space_before=Pt(8),
    )
    _end(page)


def own_progress(page: Page) -> None:
    """One person's own items, and how each stands."""
    _head(page, page.t("What you said you will do, and how it stands"))
    _how_it_stands(page)
    _money(page)
    page.say(
        page.t("Is something here not right, or can you not do something in time? Please tell us."), space_before=Pt(8)
    )
    _end(page)


def referrer_report(page: Page) -> None:
    """Tell what a live consent or a law allows, and no more: no talk, no opinion, no reason."""
    _head(page, page.t("Report on a restorative meeting"))
    page.tag('{%p if progress.kind == "no_agreement" %}')
    page.say(page.t("A meeting was held."), space_before=Pt(10))
    page.when('outcome == "none_wanted"', page.t("Nobody wanted a written agreement."))
    page.when('outcome == "none_reached"', page.t("It ended without an agreement."))
    page.when('outcome == "adjourned"', page.t("It goes on another day."))
    page.tag('{%p elif progress.kind == "completion" %}')
    page.say(page.t("What is reported here is done."), "Copy line")
    page.tag('{%p elif progress.kind == "non_completion" %}')
    page.say(page.t("What is reported here has come to its end. Not everything was done."), "Copy line")
    page.tag("{%p else %}")
    page.say(page.t("What is reported here is not finished yet."), "Copy line")
    page.tag("{%p endif %}")
    _how_it_stands(page)
    _money(page)
    page.say(
        page.t(
            "This report holds what people have consented to, or what a law requires, and nothing else. "
            "What was said at the meeting is not reported."
        ),
        space_before=Pt(8),
    )
    _end(page)


def _head(page: Page, title: str) -> None:
    opening.running_lines(page, page.t("How it stands"))
    opening.letterhead(page)
    page.say(title, "Heading 1")
    page.say(page.t("This paper is for **{{ reader | names }}**."), "Copy line")
    opening.translation_notice(page)
    page.say(page.t("Reference **{{ ref }}**. This is how it stood on {{ progress.on | date }}."), "Facts")


def _how_it_stands(page: Page) -> None:
    page.tag("{%p if items %}")
    grid = page.table(
        STANDING,
        [page.t("No."), page.t("What was agreed"), page.t("How it stands")],
        title=page.t("How it stands"),
        description=page.t("Each row is one part of the agreement: its number, the agreed words, and how it stands."),
    )
    with repeated(grid, STANDING, "{%tr for item in items %}") as row:
        first(row.cells[0], "**{{ item.number }}**", "Cell")
        first(row.cells[1], "{{ item.text }}", "Agreed words")
        stands = row.cells[2]
        first(stands, "**{{ item.progress.words }}**", "Agreed words")
        page.when(
            "item.progress.so_far is not none and item.progress.out_of is not none",
            page.t("{{ item.progress.so_far }} of {{ item.progress.out_of }} {{ item.progress.unit }}"),
            "Cell detail",
            stands,
        )
        page.when("item.progress.wording", "{{ item.progress.wording }}", "Cell detail", stands)
        page.when("item.progress.on", "{{ item.progress.on | date }}", "Cell detail", stands)
    page.tag("{%p endif %}")


def _money(page: Page) -> None:
    page.tag("{%p for payment in payments or [] %}")
    page.say(
        page.t(
            "Payments for number {{ payment.number }}: **{{ payment.received | money(payment.currency) }}** of "
            "{{ payment.total | money(payment.currency) }} has arrived; "
            "{{ payment.outstanding | money(payment.currency) }} is still to come."
        ),
        space_before=Pt(8),
    )
    page.tag("{%p endfor %}")


def _end(page: Page) -> None:
    closing.ring_us(page)
    page.say(
        "{% if notice %}{{ notice }} {% endif %}{% if service.privacy_text %}{{ service.privacy_text }}{% endif %}",
        "Small print",
        space_before=Pt(10),
    )
