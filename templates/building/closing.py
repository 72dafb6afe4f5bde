"""The end of the page: what happens next, whom to ring, and the small print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from building.pieces import say, tag, when
from docx.shared import Pt

if TYPE_CHECKING:
    from docx.document import Document


def what_happens_next(document: Document) -> None:
    """Say what happens next, whom to ring, and how to complain."""
    tag(document, '{%p if outcome == "statement_only" %}')
    own_fields(document)
    say(
        document,
        "Ring **{{ service.telephone }}** or write to **{{ service.email }}** if you need us.",
        "Contact",
        space_before=Pt(14),
    )
    tag(document, "{%p else %}")
    say(document, "What happens next", "Heading 2")
    when(
        document,
        "service.next_steps or review_date or period_ends",
        "{% if service.next_steps %}{{ service.next_steps }} {% endif %}"
        "{% if review_date %}We ask everyone how it is going on **{{ review_date | date }}**. {% endif %}"
        "{% if period_ends %}The time for doing all of this ends on **{{ period_ends | date }}**.{% endif %}",
    )
    own_fields(document)
    say(
        document,
        "Ring **{{ service.telephone }}** or write to **{{ service.email }}** if you have a question, or if something "
        "does not go to plan. Please give the reference **{{ ref }}**.",
        "Contact",
    )
    when(
        document,
        "service.complaint_route or service.legal_note",
        "{% if service.complaint_route %}{{ service.complaint_route }} {% endif %}"
        "{% if service.legal_note %}{{ service.legal_note }}{% endif %}",
        keep_with_next=True,
    )
    tag(document, "{%p endif %}")


def own_fields(document: Document) -> None:
    """Print the service's own fields that this reader may see."""
    tag(document, "{%p for name in extra or [] %}")
    say(document, "{{ extra[name].title }}: **{{ extra[name].value | plain }}**", space_after=Pt(3))
    tag(document, "{%p endfor %}")


def small_print(document: Document) -> None:
    """Print the code of the agreed words, what is held, and for how long."""
    say(
        document,
        "Agreement code: **{{ code }}**. The same code on two copies means the same agreed words. "
        '{% if outcome == "statement_only" %}{% if service.complaint_route %}{{ service.complaint_route }} {% endif %}'
        "{% if service.legal_note %}{{ service.legal_note }} {% endif %}{% endif %}"
        "{% if notice %}{{ notice }} {% endif %}{% if service.privacy_text %}{{ service.privacy_text }} {% endif %}"
        "{% if retention and retention.delete_after %}We delete this record after "
        "{{ retention.delete_after | date }}.{% endif %}",
        "Small print",
        space_before=Pt(10),
    )
