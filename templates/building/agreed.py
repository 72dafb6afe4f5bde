"""What was agreed or said: the rows, the statements, the payments, the help and the letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from building.pieces import add_row, first, say, table, tag, tag_row, when
from docx.shared import Pt

if TYPE_CHECKING:
    from docx.document import Document


def background(document: Document) -> None:
    """Print the only account that may stand on a page, and an admission where a law asks for it."""
    tag(document, "{%p if agreed_background %}")
    say(document, "What the meeting agreed to write down", "Heading 2")
    say(document, "{{ agreed_background.text }}")
    tag(document, "{%p endif %}")
    when(document, "admission", "{{ admission }}", space_before=Pt(8))


def statements(document: Document) -> None:
    """Set statements large and calm: the page is kept for years."""
    tag(document, '{%p if outcome == "statement_only" %}')
    tag(document, "{%p for item in items or [] %}")
    say(document, "{{ item.text }}", "Statement", keep_with_next=True)
    when(document, "item.speaker", "Said by {{ item.speaker | names }}", "Statement speaker")
    tag(document, "{%p endfor %}")
    tag(document, "{%p endif %}")


AGREED = [8.0, 62.0, 19.0, 37.0, 44.0]


def what_we_agreed(document: Document) -> None:
    """Print the agreed rows: what, who, by when, who checks and how."""
    tag(document, '{%p if items and outcome != "statement_only" %}')
    tag(document, '{%p if reader.kind == "outside" %}')
    say(document, "What was agreed", "Heading 2")
    tag(document, "{%p else %}")
    say(document, "What we agreed", "Heading 2")
    tag(document, "{%p endif %}")
    grid = table(
        document,
        AGREED,
        ["No.", "What was agreed", "Who", "By when", "Who checks, and how"],
        title="What we agreed",
        description="Each row is one action or statement: its number, the agreed words, who does it, by when, and "
        "who checks it and how.",
    )
    tag_row(grid, "{%tr for item in items %}")
    row = add_row(grid, AGREED)
    first(row.cells[0], "**{{ item.number }}**", "Cell")
    what = row.cells[1]
    first(what, "{{ item.text }}", "Agreed words")
    when(
        what,
        "item.first_step",
        "First step{% if item.first_step.date %}, {{ item.first_step.date | date }}{% endif %}: "
        "{{ item.first_step.text }}",
        "Cell detail",
    )
    when(what, "item.if_not_possible", "If that is not possible: {{ item.if_not_possible }}", "Cell detail")
    first(
        row.cells[2],
        "{% if item.owners and item.owners[0].display_name %}{{ item.owners | names }}"
        "{% elif item.owners %}{{ item.owners | names | capitalize }}"
        "{% elif item.speaker %}Said by {{ item.speaker | names }}{% else %}\u2013{% endif %}",
        "Cell",
    )
    first(
        row.cells[3],
        "{% if item.when %}{{ item.when | date | capitalize }}"
        '{% elif item.kind == "payment" and payments %}See the payments below{% else %}\u2013{% endif %}',
        "Cell",
    )
    checks = row.cells[4]
    first(
        checks,
        "{% if item.checker and item.checker.display_name %}{{ item.checker | names }}"
        "{% elif item.checker %}{{ item.checker | names | capitalize }}"
        "{% elif not item.how_checked %}\u2013{% endif %}",
        "Cell",
    )
    when(checks, "item.how_checked", "{{ item.how_checked }}", "Cell detail")
    tag_row(grid, "{%tr endfor %}")
    tag(document, "{%p endif %}")


PAYMENTS = [70.0, 35.0, 65.0]


def payments(document: Document) -> None:
    """Print each payment plan: the way of the money, days, amounts, and who pays."""
    tag(document, "{%p for payment in payments or [] %}")
    say(
        document,
        "Payments{% if payment.number %} for number {{ payment.number }}{% endif %}: "
        "{{ payment.total | money(payment.currency) }} in all",
        "Heading 2",
    )
    say(
        document,
        '{% if payment.route == "court" %}The money goes through the court.'
        '{% elif payment.route == "other_agency" %}The money goes through another agency.'
        "{% else %}The money goes through the service, which passes it on.{% endif %}"
        "{% if payment.payers and payment.payers | length > 1 %}"
        "{% if payment.joint_liability is true %} Each of them answers for the whole sum."
        "{% elif payment.joint_liability is false %} Each of them answers for their own part only."
        "{% endif %}{% endif %}"
        "{% for payer in payment.payers or [] if payer.paid_by %} {{ payer.paid_by | names | capitalize }} pays "
        "{{ payer.person | names }}'s part.{% endfor %}"
        "{% if payment.missed_payment_rule %} If a payment is missed: {{ payment.missed_payment_rule }}{% endif %}",
        keep_with_next=True,
    )
    grid = table(
        document,
        PAYMENTS,
        ["Day", "Amount", "Who pays"],
        title="Payments",
        description="Each row is one payment: the day it is due, the amount, and who pays.",
        air=40,
    )
    tag_row(grid, "{%tr for part in payment.schedule %}")
    row = add_row(grid, PAYMENTS)
    first(row.cells[0], "{{ part.due | date }}", "Cell")
    first(row.cells[1], "{{ part.amount | money(payment.currency) }}", "Cell")
    first(
        row.cells[2],
        "{% if part.shares %}{% for share in part.shares %}{{ share.person | names }} "
        "{{ share.amount | money(payment.currency) }}{% if not loop.last %}, {% endif %}{% endfor %}"
        "{% else %}{% for payer in payment.payers or [] %}{{ payer.person | names }}"
        "{% if not loop.last %}, {% endif %}{% endfor %}{% endif %}",
        "Cell",
    )
    tag_row(grid, "{%tr endfor %}")
    row = add_row(grid, PAYMENTS)
    first(row.cells[0], "**In all**", "Cell")
    first(row.cells[1], "**{{ payment.total | money(payment.currency) }}**", "Cell")
    first(
        row.cells[2],
        "{% if payment.payers and payment.payers | length > 1 %}{% for payer in payment.payers %}"
        "{{ payer.person | names }} {{ payer.share | money(payment.currency) }}"
        "{% if not loop.last %}, {% endif %}{% endfor %}{% endif %}",
        "Cell",
    )
    tag(document, "{%p endfor %}")


def help_and_attachments(document: Document) -> None:
    """List help that was promised and what goes with the agreement; end with the closing words."""
    tag(document, "{%p for item in items or [] if item.help %}")
    when(document, "loop.first", "Help that was promised", "Heading 2")
    say(
        document,
        "For number {{ item.number }}{% if item.help.who %}, promised by {{ item.help.who | names }}{% endif %}: "
        "{{ item.help.text }}",
        space_after=Pt(2),
    )
    tag(document, "{%p endfor %}")
    tag(document, "{%p if attachments %}")
    say(document, "What goes with this", "Heading 2")
    tag(document, "{%p for attachment in attachments %}")
    say(
        document,
        "{{ attachment.title }}{% if attachment.author %}, by {{ attachment.author | names }}{% endif %}"
        "{% if attachment.intended_for %}, for {{ attachment.intended_for | names }}{% endif %}",
        space_after=Pt(2),
    )
    tag(document, "{%p endfor %}")
    tag(document, "{%p endif %}")
    when(document, "closing_words", "{{ closing_words }}", "Closing words")
