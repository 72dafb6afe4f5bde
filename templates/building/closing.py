"""The end of the page: what happens next, whom to ring, and the small print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.shared import Pt

if TYPE_CHECKING:
    from building.pieces import Page


def what_happens_next(page: Page) -> None:
    """Say what happens next, whom to ring, and how to complain."""
    page.tag('{%p if outcome == "statement_only" %}')
    own_fields(page)
    ring_us(page, space_before=14)
    page.tag("{%p else %}")
    page.say(page.t("What happens next"), "Heading 2")
    page.when(
        "service.next_steps or review_date or period_ends",
        "{% if service.next_steps %}{{ service.next_steps }} {% endif %}"
        "{% if review_date %}"
        f"{page.t('We ask everyone how it is going on **{{ review_date | date }}**.')} {{% endif %}}"
        "{% if period_ends %}"
        f"{page.t('The time for doing all of this ends on **{{ period_ends | date }}**.')}{{% endif %}}",
    )
    own_fields(page)
    _questions(page)
    page.tag("{%p endif %}")


def _questions(page: Page) -> None:
    page.say(
        page.t(
            "Ring **{{ service.telephone }}** or write to **{{ service.email }}** if you have a question, or if "
            "something does not go to plan. Please give the reference **{{ ref }}**."
        ),
        "Contact",
    )
    page.when(
        "service.complaint_route or service.legal_note",
        _COMPLAINTS_AND_LAW,
        keep_with_next=True,
    )


def what_happens_to_your_part(page: Page) -> None:
    """Say to somebody outside what happens next, whom to ring, and how to complain."""
    page.say(page.t("What happens next"), "Heading 2")
    page.when("service.next_steps", "{{ service.next_steps }}")
    own_fields(page)
    _questions(page)


def ring_us(page: Page, *, space_before: float = 7) -> None:
    """Say whom to ring."""
    page.say(
        page.t("Ring **{{ service.telephone }}** or write to **{{ service.email }}** if you need us."),
        "Contact",
        space_before=Pt(space_before),
    )


def own_fields(page: Page) -> None:
    """Print the service's own fields that this reader may see."""
    page.tag("{%p for name in extra or [] %}")
    page.say("{{ extra[name].title }}: **{{ extra[name].value | plain }}**", space_after=Pt(3))
    page.tag("{%p endfor %}")


_COMPLAINTS_AND_LAW = (
    "{% if service.complaint_route %}{{ service.complaint_route }} {% endif %}"
    "{% if service.legal_note %}{{ service.legal_note }} {% endif %}"
)


def small_print(page: Page) -> None:
    """Print the code of the agreed words, what is held, and for how long."""
    of_a_statement = f'{{% if outcome == "statement_only" %}}{_COMPLAINTS_AND_LAW}{{% endif %}}'
    _small_print(page, of_a_statement, until=True)


def small_print_only(page: Page) -> None:
    """Print the code, what is held and for how long, where complaints and law were said before."""
    _small_print(page, until=True)


def small_print_of_a_part(page: Page) -> None:
    """Print the code and what is held; for how long is not told to anybody outside."""
    _small_print(page)


def small_print_to_sign(page: Page) -> None:
    """Print on a page that is signed by itself the code, how to complain, what it means in law, and what is held."""
    _small_print(page, _COMPLAINTS_AND_LAW)


def _small_print(page: Page, before: str = "", *, until: bool = False) -> None:
    deleted = page.t("We delete this record after {{ retention.delete_after | date }}.")
    page.say(
        f"{code_line(page)} {before}"
        "{% if notice %}{{ notice }} {% endif %}{% if service.privacy_text %}{{ service.privacy_text }} {% endif %}"
        + (f"{{% if retention and retention.delete_after %}}{deleted}{{% endif %}}" if until else ""),
        "Small print",
        space_before=Pt(10),
    )


def code_line(page: Page) -> str:
    """Return the sentence that gives the code of the agreed words."""
    return page.t("Agreement code: **{{ code }}**. The same code on two copies means the same agreed words.")


def extra_small_print(page: Page) -> None:
    """Close a paper that nobody signs: what it is, and the code of the words it repeats."""
    page.say(
        page.t("This paper is yours to use. The signed agreement is what counts; this paper repeats parts of it.")
        + f" {code_line(page)}{{% if notice %}} {{{{ notice }}}}{{% endif %}}",
        "Small print",
        space_before=Pt(10),
    )
