"""What was agreed or said: the rows, the statements, the payments, the help and the letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from building.pieces import WASH, add_row, element, first, repeated
from docx.shared import Mm, Pt

from pipeline.languages.catalogue import SOURCE

if TYPE_CHECKING:
    from building.pieces import Page


def background(page: Page) -> None:
    """Print the only account that may stand on a page, and an admission where a law asks for it."""
    page.tag("{%p if agreed_background %}")
    page.say(page.t("What the meeting agreed to write down"), "Heading 2")
    page.say("{{ agreed_background.text }}")
    page.tag("{%p endif %}")
    page.when("admission", "{{ admission }}", space_before=Pt(8))


def statements(page: Page, *, one_a_line: bool = False) -> None:
    """Set statements large and calm: the page is kept for years."""
    page.tag('{%p if outcome == "statement_only" %}')
    page.tag("{%p for item in items or [] %}")
    if one_a_line:
        page.tag("{%p for sentence in item.text | sentences %}")
        page.say("{{ sentence }}", "Statement", keep_with_next=True)
        page.tag("{%p endfor %}")
    else:
        page.say("{{ item.text }}", "Statement", keep_with_next=True)
    page.when("item.speaker", page.t("Said by {{ item.speaker | names }}"), "Statement speaker")
    page.tag("{%p endfor %}")
    page.tag("{%p endif %}")


def heading_of_rows(page: Page) -> None:
    """Write the heading above the agreed rows."""
    page.tag('{%p if reader.kind == "outside" %}')
    page.say(page.t("What was agreed"), "Heading 2")
    page.tag("{%p else %}")
    page.say(page.t("What we agreed"), "Heading 2")
    page.tag("{%p endif %}")


AGREED = (8.0, 62.0, 19.0, 37.0, 44.0)
# "No." is a short word in English; elsewhere its column needs more room.
AGREED_ELSEWHERE = (13.0, 59.0, 20.0, 36.0, 42.0)


def what_we_agreed(page: Page) -> None:
    """Print the agreed rows: what, who, by when, who checks and how."""
    page.tag('{%p if items and outcome != "statement_only" %}')
    heading_of_rows(page)
    widths = AGREED if page.language == SOURCE else AGREED_ELSEWHERE
    grid = page.table(
        widths,
        [page.t(head) for head in ("No.", "What was agreed", "Who", "By when", "Who checks, and how")],
        title=page.t("What we agreed"),
        description=page.t(
            "Each row is one action or statement: its number, the agreed words, who does it, by when, and "
            "who checks it and how."
        ),
    )
    with repeated(grid, widths, "{%tr for item in items %}") as row:
        first(row.cells[0], "**{{ item.number }}**", "Cell")
        what = row.cells[1]
        first(what, "{{ item.text }}", "Agreed words")
        _further_words(page, what, "Cell detail")
        first(
            row.cells[2],
            "{% if item.owners and item.owners[0].display_name %}{{ item.owners | names }}"
            "{% elif item.owners %}{{ item.owners | names | capitalize }}"
            f"{{% elif item.speaker %}}{page.t('Said by {{ item.speaker | names }}')}{{% else %}}\u2013{{% endif %}}",
            "Cell",
        )
        first(
            row.cells[3],
            "{% if item.when %}{{ item.when | date | capitalize }}{% else %}\u2013{% endif %}",
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
        page.when("item.how_checked", "{{ item.how_checked }}", "Cell detail", checks)
    page.tag("{%p endif %}")


def _further_words(page: Page, into: Any, style: str) -> None:
    page.tag("{%p if item.first_step %}", into)
    page.say(
        f"{{% if item.first_step.date %}}"
        f"{page.t('First step, {{ item.first_step.date | date }}: {{ item.first_step.text }}')}"
        f"{{% else %}}{page.t('First step: {{ item.first_step.text }}')}{{% endif %}}",
        style,
        into,
    )
    page.tag("{%p endif %}", into)
    page.when("item.if_not_possible", page.t("If that is not possible: {{ item.if_not_possible }}"), style, into)


def agreed_in_blocks(page: Page, *, checks: bool = True) -> None:
    """Print the agreed rows one below the other, so that large letters have the whole line."""
    page.tag('{%p if items and outcome != "statement_only" %}')
    heading_of_rows(page)
    _blocks(page, checks=checks)
    page.tag("{%p endif %}")


def own_rows_in_blocks(page: Page) -> None:
    """Print the rows of somebody outside, who has a copy only because there are some, whatever they are."""
    page.say(page.t("What was agreed"), "Heading 2")
    _blocks(page)


def _blocks(page: Page, *, checks: bool = True) -> None:
    page.tag("{%p for item in items %}")
    page.say(page.t("Number {{ item.number }}"), "Heading 3")
    page.say("{{ item.text }}", "Agreed words", space_after=Pt(4))
    _lines_below(page, checks=checks)
    page.tag("{%p endfor %}")


def _lines_below(page: Page, into: Any = None, *, checks: bool = True) -> None:
    _who_and_when(page, into)
    _further_words(page, into, "Line")
    if checks:
        _who_checks(page, into)


def _who_and_when(page: Page, into: Any) -> None:
    page.when("item.owners", page.t("Who: **{{ item.owners | names }}**"), "Line", into)
    page.when("item.speaker", page.t("Said by {{ item.speaker | names }}"), "Line", into)
    _when(page, into)


def _when(page: Page, into: Any) -> None:
    page.when("item.when", page.t("When: **{{ item.when | date }}**"), "Line", into)


def _who_checks(page: Page, into: Any) -> None:
    page.when("item.checker", page.t("Who checks: {{ item.checker | names }}"), "Line", into)
    page.when("item.how_checked", page.t("How: {{ item.how_checked }}"), "Line", into)


EASY = (42.0, 4.0, 124.0)


def agreed_with_pictures(page: Page) -> None:
    """Print one idea a line, and leave a place for a picture at the left of each row."""
    page.tag('{%p if items and outcome != "statement_only" %}')
    heading_of_rows(page)
    grid = page.table(
        EASY,
        None,
        title=page.t("What we agreed"),
        description=page.t("Each row is one promise: a place for a picture, and the words."),
        air=140,
    )
    with repeated(grid, EASY, "{%tr for item in items %}") as row:
        first(row.cells[0], "{{ item.number }}", "Picture place")
        row._tr.trPr.append(element('<w:trHeight w:val="2100" w:hRule="atLeast"/>'))  # noqa: SLF001
        row.cells[0]._tc.tcPr.append(element(f'<w:shd w:val="clear" w:color="auto" w:fill="{WASH}"/>'))  # noqa: SLF001
        words = row.cells[2]
        words.paragraphs[0].style = page.document.styles["Normal"]
        words.paragraphs[0].add_run("{%p for sentence in item.text | sentences %}")
        page.say("{{ sentence }}", "Agreed words", words, space_after=Pt(6))
        page.tag("{%p endfor %}", words)
        _who_and_when(page, words)
        sentences(page, "item.if_not_possible", words)
        page.when("item.checker", page.t("Who checks: {{ item.checker | names }}"), "Line", words)
        sentences(page, "item.how_checked", words)
    page.tag("{%p endif %}")


def sentences(page: Page, name: str, into: Any = None) -> None:
    """Print a text with each sentence on a line of its own."""
    page.tag(f"{{%p if {name} %}}", into)
    page.tag(f"{{%p for sentence in {name} | sentences %}}", into)
    page.say("{{ sentence }}", "Line", into)
    page.tag("{%p endfor %}", into)
    page.tag("{%p endif %}", into)


def tasks(page: Page) -> None:
    """Print somebody's own rows, each with a box to tick."""
    page.tag("{%p if items %}")
    widths = (12.0, 158.0)
    grid = page.table(
        widths,
        None,
        title=page.t("What you said you will do"),
        description=page.t("Each row is one thing to do: a box to tick, and the words."),
        air=110,
    )
    with repeated(grid, widths, "{%tr for item in items %}") as row:
        first(row.cells[0], "\u2610", "Tick box")
        words = row.cells[1]
        first(words, "{{ item.text }}", "Agreed words", space_after=Pt(4))
        page.say(page.t("This is number {{ item.number }} of the agreement."), "Cell detail", words)
        _when(page, words)
        _further_words(page, words, "Line")
        _who_checks(page, words)
    page.tag("{%p endif %}")


PAYMENTS = (70.0, 35.0, 65.0)


def _about_payment(page: Page, *, outside: bool = False) -> None:
    page.say(
        page.t("Payments for number {{ payment.number }}: {{ payment.total | money(payment.currency) }} in all"),
        "Heading 2",
    )
    # How payers settle it among themselves is not told to anybody outside.
    among_payers = "" if outside else _among_payers(page)
    page.say(
        f'{{% if payment.route == "court" %}}{page.t("The money goes through the court.")}'
        f'{{% elif payment.route == "other_agency" %}}{page.t("The money goes through another agency.")}'
        f"{{% else %}}{page.t('The money goes through the service, which passes it on.')}{{% endif %}}" + among_payers,
        keep_with_next=True,
    )


def _among_payers(page: Page) -> str:
    return (
        "{% if payment.payers | length > 1 %}"
        f"{{% if payment.joint_liability is true %}} {page.t('Each of them answers for the whole sum.')}"
        "{% elif payment.joint_liability is false %} "
        f"{page.t('Each of them answers for their own part only.')}"
        "{% endif %}{% endif %}"
        "{% for payer in payment.payers if payer.paid_by %} "
        + page.t("{{ payer.paid_by | names | capitalize }} pays {{ payer.person | names }}'s part.")
        + "{% endfor %}"
        "{% if payment.missed_payment_rule %} "
        f"{page.t('If a payment is missed: {{ payment.missed_payment_rule }}')}{{% endif %}}"
    )


def _who_pays(page: Page) -> str:
    return (
        "{% if part.shares %}{% for share in part.shares %}{{ share.person | names }} "
        f"{{{{ share.amount | money(payment.currency) }}}}{{% if not loop.last %}}{page.t(', ')}{{% endif %}}"
        "{% endfor %}{% else %}{{ payment.payers[0].person | names }}{% endif %}"
    )


def payments(page: Page, *, ticks: bool = False, outside: bool = False) -> None:
    """Print each payment plan: the way of the money, days, amounts, and who pays; with `ticks`, room to note it."""
    page.tag("{%p for payment in payments or [] %}")
    _about_payment(page, outside=outside)
    widths = (62.0, 28.0, 50.0, 30.0) if ticks else PAYMENTS
    heads = [page.t("Day"), page.t("Amount"), page.t("Who pays")] + ([page.t("Paid on")] if ticks else [])
    grid = page.table(
        widths,
        heads,
        title=page.t("Payments"),
        description=page.t("Each row is one payment: the day it is due, the amount, and who pays."),
        air=110 if ticks else 40,
    )
    with repeated(grid, widths, "{%tr for part in payment.schedule %}") as row:
        first(row.cells[0], "{{ part.due | date }}", "Cell")
        first(row.cells[1], "{{ part.amount | money(payment.currency) }}", "Cell")
        first(row.cells[2], _who_pays(page), "Cell")
    row = add_row(grid, widths)
    first(row.cells[0], f"**{page.t('In all')}**", "Cell")
    first(row.cells[1], "**{{ payment.total | money(payment.currency) }}**", "Cell")
    first(
        row.cells[2],
        "{% if payment.payers | length > 1 %}{% for payer in payment.payers %}"
        "{{ payer.person | names }} {{ payer.share | money(payment.currency) }}"
        f"{{% if not loop.last %}}{page.t(', ')}{{% endif %}}{{% endfor %}}{{% endif %}}",
        "Cell",
    )
    page.tag("{%p endfor %}")


def payments_in_lines(page: Page) -> None:
    """Print each payment plan one payment a line, without columns."""
    page.tag("{%p for payment in payments or [] %}")
    _about_payment(page)
    page.tag("{%p for part in payment.schedule %}")
    page.say("**{{ part.due | date | capitalize }}: {{ part.amount | money(payment.currency) }}**", "Line")
    page.say(_who_pays(page), "Line", left_indent=Mm(6))
    page.tag("{%p endfor %}")
    page.tag("{%p endfor %}")


def help_promised(page: Page) -> None:
    """List help that was promised."""
    page.tag("{%p for item in items or [] if item.help %}")
    page.when("loop.first", page.t("Help that was promised"), "Heading 2")
    page.say(
        "{% if item.help.who %}"
        + page.t("For number {{ item.number }}, promised by {{ item.help.who | names }}: {{ item.help.text }}")
        + f"{{% else %}}{page.t('For number {{ item.number }}: {{ item.help.text }}')}{{% endif %}}",
        space_after=Pt(2),
    )
    page.tag("{%p endfor %}")


def help_and_attachments(page: Page) -> None:
    """List help that was promised and what goes with the agreement; end with the closing words."""
    help_promised(page)
    page.tag("{%p if attachments %}")
    page.say(page.t("What goes with this"), "Heading 2")
    page.tag("{%p for attachment in attachments %}")
    page.say(
        "{{ attachment.title }}"
        f"{{% if attachment.author %}}{page.t(', by {{ attachment.author | names }}')}{{% endif %}}"
        f"{{% if attachment.intended_for %}}{page.t(', for {{ attachment.intended_for | names }}')}{{% endif %}}",
        space_after=Pt(2),
    )
    page.tag("{%p endfor %}")
    page.tag("{%p endif %}")
    page.when("closing_words", "{{ closing_words }}", "Closing words")


def changes(page: Page) -> None:
    """Print what changed since the version before: each row as it was, and as it is."""
    page.tag("{%p if changes %}")
    page.say(page.t("What changed"), "Heading 2")
    widths = (14.0, 78.0, 78.0)
    grid = page.table(
        widths,
        [page.t("No."), page.t("Before"), page.t("Now")],
        title=page.t("What changed"),
        description=page.t("Each row is one change: its number, the words before, and the words now."),
    )
    with repeated(grid, widths, "{%tr for change in changes %}") as row:
        first(row.cells[0], "**{{ change.number }}**", "Cell")
        first(row.cells[1], "{{ change.was }}", "Cell detail")
        first(row.cells[2], "{{ change.now }}", "Agreed words")
    page.tag("{%p endif %}")
