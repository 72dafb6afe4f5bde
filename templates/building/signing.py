"""Places to sign: for everyone who agreed, and for an interpreter's certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from building.pieces import QUIET, add_row, first, repeated, rule
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from building.pieces import Page


# The room above a caption, as template.toml promises it: millimetres.
ROOM_WIDTH = 70
ROOM_HEIGHT = 13

SIGNING = (56.0, 77.0, 37.0)
STACKED = (110.0, 60.0)
# A table of signatures may go on over the page. Beside each place stands the code of the words that are signed, so no
# signature is ever alone on a page.
BESIDE = '["parent_guardian", "appropriate_adult", "supporter"]'


def what_is_signed(page: Page) -> None:
    """Say what a signature stands for."""
    page.say(
        f"{{% if read_back and read_back.on %}}"
        f"{page.t('The whole text was read aloud on {{ read_back.on | date }}.')} {{% endif %}}"
        f'{{% if outcome == "statement_only" %}}{page.t("We sign that these are the words.")}'
        + _that_is_agreed(page, after=True)
        + f"{{% endif %}} {_voluntary(page)}",
        keep_with_next=True,
    )


def _voluntary(page: Page) -> str:
    """Return the clause that template.toml protects, in the words that stand there."""
    return page.t("Nobody has to agree to this, and everybody may say no.")


def _that_is_agreed(page: Page, *, after: bool = False) -> str:
    return (
        f"{{% {'elif' if after else 'if'} items and items | length > 1 %}}"
        + page.t(
            "We sign that this is what we agreed: numbers 1 to {{ items | length }} of {{ ref }}, "
            "version {{ version }}."
        )
        + "{% else %}"
        + page.t("We sign that this is what we agreed: number 1 of {{ ref }}, version {{ version }}.")
    )


def signatures(page: Page) -> None:
    """Leave each signatory a row: printed name, room to sign above a small caption, and a day."""
    page.tag("{%p if signatories %}")
    page.say(page.t("Signatures"), "Heading 2")
    what_is_signed(page)
    _rows(page, "{%tr for person in signatories %}")
    page.tag("{%p endif %}")


def signatures_child_first(page: Page) -> None:
    """Leave the people who agree their rows first, and the adults beside them rows of their own after them."""
    page.tag("{%p if signatories %}")
    page.say(page.t("Signatures"), "Heading 2")
    what_is_signed(page)
    page.tag(f"{{%p for one in signatories if one.role in {BESIDE} %}}")
    page.tag("{%p if loop.first %}")
    page.say(
        page.t(
            "An adult signs to support somebody. It never takes the place of that person's own yes, and a no of an "
            "adult does not undo it."
        ),
        keep_with_next=True,
    )
    page.tag("{%p endif %}")
    page.tag("{%p endfor %}")
    loops = (f"{{%tr for person in signatories if person.role {which} {BESIDE} %}}" for which in ("not in", "in"))
    # Either loop may be empty, and a table left without rows is no table: so this one has a header row.
    _rows(page, *loops, heads=[page.t("Who"), page.t("Signature"), page.t("Day")])
    page.tag("{%p endif %}")


def own_signature(page: Page) -> None:
    """Leave somebody outside a place to sign for their own rows."""
    page.tag("{%p if signatories %}")
    page.say(page.t("Signatures"), "Heading 2")
    page.say(f"{_that_is_agreed(page)}{{% endif %}} {_voluntary(page)}", keep_with_next=True)
    _rows(page, "{%tr for person in signatories %}")
    page.tag("{%p endif %}")


def _rows(page: Page, *loops: str, heads: list[str] | None = None) -> None:
    # A renderer may leave a header row alone at the foot of a page, so each row says for itself what it holds.
    grid = _table_of_signatures(page, SIGNING, heads, air=50)
    for loop in loops:
        with repeated(grid, SIGNING, loop) as row:
            first(row.cells[0], "**{{ person | names }}**", "Cell")
            page.when("person.display_name", "{{ person.label }}", "Cell detail", row.cells[0], space_before=Pt(0))
            page.say("{{ code }}", "Cell detail", row.cells[0], space_before=Pt(0))
            caption(row.cells[1], "{{ signature(person) }}")
            caption(row.cells[2], page.t("Day"), style="Day caption")


def _table_of_signatures(page: Page, widths: Sequence[float], heads: list[str] | None, *, air: int) -> Any:
    return page.table(
        widths,
        heads,
        title=page.t("Signatures"),
        description=page.t("Each row is one person: the name, a place to sign, and the day."),
        air=air,
    )


def signatures_stacked(page: Page) -> None:
    """Leave each signatory a block: the name over the room to sign, so that large letters have the whole line."""
    page.tag("{%p if signatories %}")
    page.say(page.t("Signatures"), "Heading 2")
    what_is_signed(page)
    grid = _table_of_signatures(page, STACKED, None, air=90)
    with repeated(grid, STACKED, "{%tr for person in signatories %}") as row:
        first(
            row.cells[0],
            "**{{ person | names }}**"
            f"{{% if person.display_name %}}{page.t(', ')}{{{{ person.label }}}}{{% endif %}}",
            "Cell",
            keep_with_next=True,
        )
        page.say("{{ code }}", "Cell detail", row.cells[0], space_before=Pt(0), keep_with_next=True)
        paragraph = page.say(
            "{{ signature(person) }}", "Signature caption", row.cells[0], space_before=Mm(ROOM_HEIGHT + 4)
        )
        rule(paragraph, "top", colour=QUIET, space=2)
        # Both lines are level, however long the name.
        row.cells[1].vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
        day = first(row.cells[1], page.t("Day"), "Day caption", space_before=Mm(ROOM_HEIGHT + 4))
        rule(day, "top", colour=QUIET, space=2)
    page.tag("{%p endif %}")


def follow_up(page: Page) -> None:
    """Leave a row for everybody to sign again when the school asks how it went."""
    page.tag("{%p if signatories and review_date %}")
    page.say(page.t("When we meet again"), "Heading 2")
    page.say(
        page.t("On {{ review_date | date }} we look at this page again, and each of us signs once more."),
        keep_with_next=True,
    )
    grid = page.table(
        SIGNING,
        None,
        title=page.t("When we meet again"),
        description=page.t("Each row is one person: the name, a line to sign once more, and the day."),
        air=50,
    )
    with repeated(grid, SIGNING, "{%tr for person in signatories %}") as row:
        first(row.cells[0], "{{ person | names }}", "Cell")
        caption(row.cells[1], page.t("Signed again by {{ person | names }}"), style="Day caption")
        caption(row.cells[2], page.t("Day"), style="Day caption")
    page.tag("{%p endif %}")


def own_line(page: Page) -> None:
    """Leave the reader of a counterpart one line to sign."""
    page.say(page.t("Your signature"), "Heading 2")
    page.say(
        '{% if outcome == "statement_only" %}'
        + page.t("I sign that these are the words: {{ ref }}, version {{ version }}, code {{ code }}.")
        + "{% else %}"
        + page.t("I sign that this is what we agreed: {{ ref }}, version {{ version }}, code {{ code }}.")
        + f"{{% endif %}} {_voluntary(page)}",
        keep_with_next=True,
    )
    grid = page.table(
        SIGNING,
        None,
        title=page.t("Your signature"),
        description=page.t("One row: your name, a line to sign, and the day."),
        air=50,
    )
    row = add_row(grid, SIGNING)
    first(row.cells[0], "**{{ reader | names }}**", "Cell")
    caption(row.cells[1], page.t("Sign here"), style="Day caption")
    caption(row.cells[2], page.t("Day"), style="Day caption")


def caption(cell: Any, text: str, *, style: str = "Signature caption", height: float = ROOM_HEIGHT) -> None:
    """Write a small caption under a thin line, with the room to sign above it."""
    paragraph = first(cell, text, style, space_before=Mm(height))
    rule(paragraph, "top", colour=QUIET, space=2)


def certificates(page: Page) -> None:
    """Give each interpreter a page of the service's copy to certify on."""
    page.tag("{%p for person in certificates or [] %}")
    page.say(page.t("Certificate of the {{ person.label }}"), "Heading 1", page_break_before=True)
    page.say(page.t("{{ ref }}, version {{ version }}. This page stays with the service."), "Facts")
    page.say(
        page.t("I, **{{ person | names }}**, was the {{ person.label }} on {{ meeting_dates | date }}."),
        space_before=Pt(14),
    )
    page.say(
        page.t(
            "I put into the other language everything that was said, as exactly as I could. I added nothing "
            "and left nothing out. I was not a party to the agreement, and I keep what I heard to myself."
        ),
    )
    page.say(
        "{% if read_back and read_back.on %}"
        + page.t("The agreed text was read back on {{ read_back.on | date }}, and I interpreted all of it.")
        + f"{{% else %}}{page.t('The agreed text has not been read back yet.')}{{% endif %}}",
    )
    # Word draws one line for two neighbours with the same border; different widths keep both lines.
    for label, width in ((page.t("Signature"), 90), (page.t("Day"), 45)):
        indent = Mm(page.text_width - width)
        line = page.say(label, "Day caption", space_before=Mm(18), right_indent=indent)
        rule(line, "top", colour=QUIET, space=2)
    page.tag("{%p endfor %}")
