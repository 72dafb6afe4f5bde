"""Places to sign: for everyone who agreed, and for an interpreter's certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from building.pieces import QUIET, TEXT_WIDTH, add_row, first, rule, say, table, tag, tag_row, when
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    from docx.document import Document


# The room above a caption, as template.toml promises it: millimetres.
ROOM_WIDTH = 70
ROOM_HEIGHT = 13

SIGNING = [56.0, 77.0, 37.0]


def signatures(document: Document) -> None:
    """Leave each signatory a row: printed name, room to sign above a small caption, and a day."""
    tag(document, "{%p if signatories %}")
    say(document, "Signatures", "Heading 2")
    say(
        document,
        "{% if read_back and read_back.on %}The whole text was read aloud on {{ read_back.on | date }}. {% endif %}"
        '{% if outcome == "statement_only" %}We sign that these are the words.'
        "{% else %}We sign that this is what we agreed: "
        "{% if items %}{% if items | length > 1 %}numbers 1 to {{ items | length }}{% else %}number 1{% endif %} of "
        "{% endif %}{{ ref }}, version {{ version }}.{% endif %}",
        keep_with_next=True,
    )
    # A renderer may leave a header row alone at the foot of a page, so each row says for itself what it holds.
    grid = table(
        document,
        SIGNING,
        None,
        title="Signatures",
        description="Each row is one person: the name, a place to sign, and the day.",
        air=50,
    )
    tag_row(grid, "{%tr for person in signatories %}")
    row = add_row(grid, SIGNING)
    first(row.cells[0], "**{{ person | names }}**", "Cell")
    when(row.cells[0], "person.display_name", "{{ person.label }}", "Cell detail", space_before=Pt(0))
    caption(row.cells[1], "{{ signature(person) }}")
    caption(row.cells[2], "Day")
    tag_row(grid, "{%tr endfor %}")
    tag(document, "{%p endif %}")


def caption(cell: Any, text: str) -> None:
    """Write a small caption under a thin line, with the room to sign above it."""
    paragraph = first(cell, text, "Signature caption", space_before=Mm(ROOM_HEIGHT))
    rule(paragraph, "top", colour=QUIET, space=2)


def certificates(document: Document) -> None:
    """Give each interpreter a page of the service's copy to certify on."""
    tag(document, "{%p for person in certificates or [] %}")
    say(document, "Certificate of the {{ person.label }}", "Heading 1", page_break_before=True)
    say(document, "{{ ref }}, version {{ version }}. This page stays with the service.", "Facts")
    say(
        document,
        "I, **{{ person | names }}**, was the {{ person.label }}"
        "{% if meeting_dates %} on {{ meeting_dates | date }}{% endif %}.",
        space_before=Pt(14),
    )
    say(
        document,
        "I put into the other language everything that was said, as exactly as I could. I added nothing "
        "and left nothing out. I was not a party to the agreement, and I keep what I heard to myself.",
    )
    say(
        document,
        "{% if read_back and read_back.on %}The agreed text was read back on {{ read_back.on | date }}, "
        "and I interpreted all of it.{% else %}The agreed text has not been read back yet.{% endif %}",
    )
    # Word draws one line for two neighbours with the same border; different widths keep both lines.
    for label, width in (("Signature", 90), ("Day", 45)):
        line = say(document, label, "Signature caption", space_before=Mm(18), right_indent=Mm(TEXT_WIDTH - width))
        rule(line, "top", colour=QUIET, space=2)
    tag(document, "{%p endfor %}")
