"""Write the shipped Word templates: `python templates/build.py`.

The Word files beside this script are what the program uses and what a service copies and changes in Word. This
script is how they came to be, so that a change of the layout can be read as a change of text; a test holds that
both agree byte for byte.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

HERE = Path(__file__).resolve().parent

FONT = "Calibri"
INK = "1A1A1A"
ACCENT = "1F4E5A"
QUIET = "4A5558"
RULE = "B9C7CA"
WASH = "EEF3F4"
WARM = "FBF3E0"
AMBER = "B7791F"

TEXT_WIDTH = 170
MARGIN = 20
ROOM_WIDTH = 70
ROOM_HEIGHT = 15


# ---------------------------------------------------------------------------------------------- styles


def set_up_styles(document: Document) -> None:
    """Define every style the page uses, so that a service changes the look in one place."""
    _defaults(document)
    _forget_unused(document)
    _style(document, "Normal", size=12, after=6, line=1.15)
    _style(document, "Heading 1", size=27, bold=True, colour=ACCENT, before=14, after=2, line=1.0, keep=True)
    _style(document, "Heading 2", size=15, bold=True, colour=ACCENT, before=13, after=5, line=1.0, keep=True)
    _style(document, "Heading 3", size=12.5, bold=True, colour=INK, before=10, after=4, line=1.0, keep=True)
    _style(document, "Header", size=9.5, colour=QUIET, after=0, line=1.0)
    _style(document, "Footer", size=9.5, colour=QUIET, after=0, line=1.0)
    _style(document, "Letterhead", size=13, bold=True, colour=ACCENT, after=0, line=1.0)
    _style(document, "Copy line", size=14, colour=INK, after=8, line=1.1)
    _style(document, "Facts", size=12, colour=QUIET, after=2, line=1.1)
    _style(document, "Draft notice", size=12, bold=True, colour=INK, before=6, after=8, line=1.15)
    _style(document, "Person", size=12, after=2, line=1.1)
    _style(document, "Column head", size=10.5, bold=True, colour=ACCENT, after=0, line=1.0)
    _style(document, "Agreed words", size=12, after=0, line=1.1)
    _style(document, "Cell", size=11.5, after=0, line=1.1)
    _style(document, "Cell detail", size=11, colour=QUIET, before=3, after=0, line=1.1)
    _style(document, "Statement", size=19, colour=INK, before=24, after=4, line=1.3)
    _style(document, "Statement speaker", size=12, colour=QUIET, after=0, line=1.1)
    _style(document, "Closing words", size=13.5, italic=False, colour=ACCENT, before=14, after=6, line=1.25)
    _style(document, "Contact", size=12, before=7, after=10, line=1.15)
    _style(document, "Small print", size=10, colour=QUIET, before=2, after=4, line=1.12)
    _style(document, "Signature caption", size=9, colour=QUIET, after=0, line=1.0)
    _shade(document.styles["Draft notice"], WARM, AMBER)
    _shade(document.styles["Contact"], WASH, ACCENT)


def _forget_unused(document: Document) -> None:
    """Take out the styles that python-docx brings along and no page here uses; Word has its own of each."""
    root = document.styles.element
    kept = {"Normal", "heading 1", "heading 2", "heading 3", "header", "footer"}
    for style in root.findall(qn("w:style")):
        name = style.find(qn("w:name")).get(qn("w:val"))
        if name not in kept and style.get(qn("w:default")) != "1":
            root.remove(style)
        for link in style.findall(qn("w:link")):
            style.remove(link)


def _defaults(document: Document) -> None:
    """Set the language and the typeface of everything, and leave no theme font behind."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(defaults):
        defaults.remove(child)
    defaults.append(_fonts())
    defaults.append(element('<w:sz w:val="24"/>'))
    defaults.append(element('<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>'))


def _fonts() -> Any:
    return element(f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>')


def _style(  # noqa: PLR0913 (a style is this list of settings)
    document: Document,
    name: str,
    *,
    size: float,
    colour: str = INK,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
    keep: bool = False,
) -> None:
    styles = document.styles
    known = [style.name for style in styles]
    style: Any = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if name not in known:
        style.base_style = styles["Normal"]
        style.quick_style = True
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    properties.append(_fonts())
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    style.font.color.rgb = RGBColor.from_string(colour)
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), line
    layout.keep_with_next, layout.widow_control = keep, True


def _shade(style: Any, fill: str, bar: str) -> None:
    """Give a style a quiet ground and a bar at its left."""
    properties = style.element.get_or_add_pPr()
    edge = f'w:val="single" w:sz="4" w:space="5" w:color="{fill}"'
    border = element(
        f'<w:pBdr><w:top {edge}/><w:left w:val="single" w:sz="24" w:space="8" w:color="{bar}"/>'
        f"<w:bottom {edge}/></w:pBdr>"
    )
    shade = element(f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>')
    properties.insert_element_before(border, *_AFTER_BORDER)
    properties.insert_element_before(shade, *_AFTER_BORDER[1:])
    style.paragraph_format.left_indent = Mm(4)


_AFTER_BORDER = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc")


# ----------------------------------------------------------------------------------------- small pieces


def element(markup: str) -> Any:
    """Parse one element of Word's markup, such as `<w:sz w:val="24"/>`."""
    return parse_xml(re.sub(r"^<(w:\w+)", rf"<\1 {nsdecls('w')}", markup))


def say(parent: Any, text: str, style: str = "Normal", **layout: Any) -> Paragraph:
    """Add a paragraph; `**bold**` marks a run that is bold, and each such run stands for itself."""
    paragraph: Paragraph = parent.add_paragraph(style=style)
    write(paragraph, text)
    for name, value in layout.items():
        setattr(paragraph.paragraph_format, name, value)
    return paragraph


def write(paragraph: Paragraph, text: str) -> None:
    """Write text with `**bold**` marks into a paragraph."""
    for index, piece in enumerate(text.split("**")):
        if piece:
            run = paragraph.add_run(piece)
            run.bold = True if index % 2 else None


def tag(parent: Any, text: str) -> None:
    """Add a paragraph that holds a block tag only; docxtpl takes it out again."""
    parent.add_paragraph(style="Normal").add_run(text)


def when(parent: Any, condition: str, text: str, style: str = "Normal", **layout: Any) -> None:
    """Add a paragraph that is there only under a condition."""
    tag(parent, f"{{%p if {condition} %}}")
    say(parent, text, style, **layout)
    tag(parent, "{%p endif %}")


def first(cell: Any, text: str, style: str, **layout: Any) -> Paragraph:
    """Write into the paragraph that every new cell has."""
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.style = cell.part.document.styles[style]
    write(paragraph, text)
    for name, value in layout.items():
        setattr(paragraph.paragraph_format, name, value)
    return paragraph


def field(paragraph: Paragraph, code: str) -> None:
    """Add a Word field, such as PAGE."""
    for markup in (
        '<w:fldChar w:fldCharType="begin"/>',
        f"<w:instrText>{code}</w:instrText>",
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        paragraph.add_run()._r.append(element(markup))  # noqa: SLF001 (python-docx knows no fields)


def rule(paragraph: Paragraph, side: str, *, colour: str = RULE, eighths: int = 4, space: int = 4) -> None:
    """Draw a thin line above or below a paragraph."""
    properties: Any = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    border = f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'
    properties.insert_element_before(element(f"<w:pBdr>{border}</w:pBdr>"), *_AFTER_BORDER, "w:outlineLvl", "w:rPr")


def table(  # noqa: PLR0913 (a table is this list of settings)
    document: Document, widths: list[float], heads: list[str], *, title: str, description: str, air: int = 68
) -> Any:
    """Start a table that a screen reader can follow: a marked header row, and a title and description."""
    grid: Any = document.add_table(rows=1, cols=len(widths))
    properties = grid._tbl.tblPr  # noqa: SLF001
    for child in list(properties):
        properties.remove(child)
    total = sum(widths)
    for xml in (
        '<w:tblW w:w="5000" w:type="pct"/>',
        (
            '<w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{a}"/>'
            '<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{r}"/>'
            '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{r}"/></w:tblBorders>'
        ),
        '<w:tblLayout w:type="fixed"/>',
        (
            '<w:tblCellMar><w:top w:w="{air}" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>'
            '<w:bottom w:w="{air}" w:type="dxa"/><w:right w:w="142" w:type="dxa"/></w:tblCellMar>'
        ),
        (
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
            'w:noVBand="1"/>'
        ),
        f'<w:tblCaption w:val="{title}"/>',
        f'<w:tblDescription w:val="{description}"/>',
    ):
        properties.append(element(xml.format(a=ACCENT, r=RULE, air=air)))
    for column, width in zip(grid._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):  # noqa: SLF001
        column.set(qn("w:w"), str(round(width * TEXT_WIDTH / total * 56.693)))
    set_widths(grid.rows[0], widths)
    whole_row(grid.rows[0], header=True)
    for cell, head in zip(grid.rows[0].cells, heads, strict=True):
        first(cell, head, "Column head", keep_with_next=True)
    return grid


def set_widths(row: Any, widths: list[float]) -> None:
    """Give each cell of a row its width."""
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Mm(width)


def whole_row(row: Any, *, header: bool = False) -> None:
    """Keep a row on one page; mark a header row, which repeats on each page."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))


def add_row(grid: Any, widths: list[float]) -> Any:
    """Add a row that stays on one page."""
    row = grid.add_row()
    set_widths(row, widths)
    whole_row(row)
    return row


def tag_row(grid: Any, text: str) -> None:
    """Add a row that holds a block tag only; docxtpl takes it out again."""
    grid.add_row().cells[0].paragraphs[0].add_run(text)


# --------------------------------------------------------------------------------------------- the page


def letterhead(document: Document) -> None:
    """Write the service's name at the left and its logo at the right, above a thin line."""
    paragraph = say(document, "{{ service.name }}", "Letterhead")
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run("{% if service.has_logo %}")
    paragraph.add_run("\t")
    picture: Any = paragraph.add_run().add_picture(str(HERE / "standard" / "logo.png"), width=Mm(42), height=Mm(14))
    properties = picture._inline.docPr  # noqa: SLF001
    properties.set("name", "logo")
    properties.set("descr", "Logo of {{ service.name }}")
    paragraph.add_run("{% endif %}")
    rule(paragraph, "bottom", colour=ACCENT, eighths=8, space=6)


def opening(document: Document) -> None:
    """Write the title, whose copy this is, and what kind of paper it is."""
    tag(document, '{%p if outcome == "statement_only" %}')
    say(document, "What was said and heard", "Heading 1")
    tag(document, '{%p elif reader.kind == "outside" %}')
    say(document, "Your part in an outcome agreement", "Heading 1")
    tag(document, "{%p else %}")
    say(document, "Outcome agreement", "Heading 1")
    tag(document, "{%p endif %}")
    say(document, "This copy is for **{{ reader | names }}**.", "Copy line")
    tag(document, "{%p if draft %}")
    say(document, "Draft: not yet read back. Please do not sign it yet.", "Draft notice")
    tag(document, "{%p endif %}")
    tag(document, "{%p if version > 1 %}")
    say(
        document,
        "This is version {{ version }}.{% if supersedes %} It takes the place of version {{ supersedes }}.{% endif %}"
        "{% if change_reason %} What changed, and why: {{ change_reason }}{% endif %}",
        "Facts",
    )
    tag(document, "{%p endif %}")
    tag(document, "{%p if meeting_dates %}")
    say(
        document,
        "Reference **{{ ref }}**. "
        '{% if process in ["shuttle", "letters", "recordings"] %}Messages carried by the service'
        "{% if meeting_dates | length > 1 %} on {% else %}, settled on {% endif %}"
        '{% elif process == "video" %}Met by video on {% else %}Met on {% endif %}'
        "{{ meeting_dates | date }}{% if place_kind %}, in {{ place_kind }}{% endif %}.",
        "Facts",
    )
    tag(document, "{%p endif %}")
    tag(document, '{%p if outcome == "statement_only" and participants %}')
    say(document, "{{ participants | names }} took part.", "Facts")
    tag(document, "{%p endif %}")
    when(document, "incident_line", "{{ incident_line }}", "Facts")


def who_took_part(document: Document) -> None:
    """List the people whom this reader may know of."""
    tag(document, '{%p if participants and reader.kind != "outside" and outcome != "statement_only" %}')
    say(document, "The people in this agreement", "Heading 2")
    tag(document, "{%p for person in participants %}")
    paragraph = say(
        document,
        "**{% if person.display_name %}{{ person.display_name }}{% else %}{{ person.label | capitalize }}{% endif %}**"
        "{% if person.display_name %}\t{% if person.role == 'checker' and person.position %}"
        "{{ person.position }}, who checks{% else %}{{ person.label }}"
        "{% if person.position %}, {{ person.position }}{% endif %}{% endif %}{% endif %}"
        "{% if person.organisation %}, for {{ person.organisation }}{% endif %}"
        "{% if person.attended == 'video' %}, by video{% elif person.attended == 'phone' %}, by phone"
        "{% elif person.attended == 'sent_statement' %}, sent a message"
        "{% elif person.attended == 'not_present' and person.role != 'absent_beneficiary' %}, not at the meeting"
        "{% endif %}",
        "Person",
    )
    paragraph.paragraph_format.left_indent = Mm(45)
    paragraph.paragraph_format.first_line_indent = Mm(-45)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(45))
    tag(document, "{%p endfor %}")
    tag(document, "{%p endif %}")


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
    say(document, "{% if item.speaker %}{{ item.speaker | names }}{% endif %}", "Statement speaker")
    tag(document, "{%p endfor %}")
    tag(document, "{%p endif %}")


AGREED = [8.0, 62.0, 26.0, 36.0, 38.0]


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
        "{% if item.owners %}{{ item.owners | names }}{% elif item.speaker %}Said by {{ item.speaker | names }}"
        "{% else %}\u2013{% endif %}",
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
        "{% if item.checker %}{{ item.checker | names }}{% if item.checker.position and item.checker.display_name %}, "
        "{{ item.checker.position }}{% endif %}{% elif not item.how_checked %}\u2013{% endif %}",
        "Cell",
    )
    when(checks, "item.how_checked", "{{ item.how_checked }}", "Cell detail")
    tag_row(grid, "{%tr endfor %}")
    tag(document, "{%p endif %}")


PAYMENTS = [70.0, 35.0, 65.0]


def payments(document: Document) -> None:
    """Print each payment plan: days, amounts, who pays, and the way of the money."""
    tag(document, "{%p for payment in payments or [] %}")
    say(
        document,
        "Payments{% if payment.number %} for number {{ payment.number }}{% endif %}: "
        "{{ payment.total | money(payment.currency) }} in all",
        "Heading 2",
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
    say(
        document,
        '{% if payment.route == "court" %}The money goes through the court.'
        '{% elif payment.route == "other_agency" %}The money goes through another agency.'
        "{% else %}The money goes through the service, which passes it on.{% endif %}"
        "{% if payment.payers and payment.payers | length > 1 %}"
        "{% if payment.joint_liability is true %} Each of them answers for the whole sum."
        "{% elif payment.joint_liability is false %} Each of them answers for their own part only."
        "{% endif %}{% endif %}"
        "{% for payer in payment.payers or [] if payer.paid_by %} The part of {{ payer.person | names }} is paid by "
        "{{ payer.paid_by | names }}.{% endfor %}"
        "{% if payment.missed_payment_rule %} If a payment is missed: {{ payment.missed_payment_rule }}{% endif %}",
        "Normal",
        space_before=Pt(6),
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


SIGNING = [62.0, 76.0, 32.0]


def signatures(document: Document) -> None:
    """Leave each signatory a row: printed name, room to sign above a small caption, and a day."""
    tag(document, "{%p if signatories %}")
    say(document, "Signatures", "Heading 2")
    say(
        document,
        "{% if read_back and read_back.on %}The whole text was read aloud on {{ read_back.on | date }}. {% endif %}"
        '{% if outcome == "statement_only" %}We sign that these are the words.'
        "{% else %}We sign that this is what we agreed"
        "{% if items and items | length > 1 %}: numbers 1 to {{ items | length }} of {{ ref }}, version {{ version }}"
        "{% else %}: {{ ref }}, version {{ version }}{% endif %}.{% endif %}",
        keep_with_next=True,
    )
    grid = table(
        document,
        SIGNING,
        ["Name", "Signature", "Day"],
        title="Signatures",
        description="Each row is one person: the name, a place to sign, and the day.",
    )
    tag_row(grid, "{%tr for person in signatories %}")
    row = add_row(grid, SIGNING)
    first(row.cells[0], "**{{ person | names }}**", "Cell", keep_with_next=True)
    when(row.cells[0], "person.display_name", "{{ person.label }}", "Cell detail", keep_with_next=True)
    caption(row.cells[1], "{{ signature(person) }}")
    caption(row.cells[2], "Day")
    tag_row(grid, "{%tr endfor %}")
    tag(document, "{%p endif %}")


def caption(cell: Any, text: str) -> None:
    """Write a small caption under a thin line, with the room to sign above it."""
    paragraph = first(cell, text, "Signature caption", keep_with_next=True, space_before=Mm(ROOM_HEIGHT))
    rule(paragraph, "top", colour=QUIET, space=2)


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
    )
    tag(document, "{%p endif %}")


def own_fields(document: Document) -> None:
    """Print the service's own fields that this reader may see."""
    tag(document, "{%p for name in extra or [] %}")
    say(document, "{{ extra[name].title }}: **{{ extra[name].value | plain }}**", keep_together=True)
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
        keep_together=True,
    )


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


def running_lines(document: Document) -> None:
    """Write the running header (from page 2) and the footer."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    _two_sided(header)
    write(
        header,
        '{% if outcome == "statement_only" %}What was said and heard{% elif reader.kind == "outside" %}'
        "Your part in an outcome agreement{% else %}Outcome agreement{% endif %} {{ ref }}"
        "{% if draft %} (draft){% endif %}\tThis copy is for {{ reader | names }}",
    )
    for footer in (section.footer.paragraphs[0], section.first_page_footer.paragraphs[0]):
        _two_sided(footer)
        write(footer, "{{ ref }}, version {{ version }}{% if draft %}, draft{% endif %}   {{ code }}\tPage ")
        field(footer, "PAGE")
        write(footer, " of ")
        field(footer, "NUMPAGES")
    section.first_page_header.paragraphs[0].style = document.styles["Header"]


def _two_sided(paragraph: Paragraph) -> None:
    """Give a header or footer a left and a right end, in place of the three parts of Word's own style."""
    properties = paragraph.style.element.get_or_add_pPr()  # type: ignore[union-attr]
    for tabs in properties.findall(qn("w:tabs")):
        properties.remove(tabs)
    tab_stops: Any = paragraph.style.paragraph_format.tab_stops  # type: ignore[union-attr]
    tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)


# ---------------------------------------------------------------------------------------------- the file


def standard() -> bytes:
    """Build the standard template in English."""
    document: Document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin, section.bottom_margin = Mm(17), Mm(17)
    section.header_distance = section.footer_distance = Mm(9)
    set_up_styles(document)
    running_lines(document)
    letterhead(document)
    opening(document)
    statements(document)
    who_took_part(document)
    background(document)
    what_we_agreed(document)
    payments(document)
    help_and_attachments(document)
    signatures(document)
    what_happens_next(document)
    small_print(document)
    certificates(document)
    return packed(document, title="Outcome agreement")


def packed(document: Document, *, title: str) -> bytes:
    """Return the Word file with nothing of this machine or this day in it."""
    properties = document.core_properties
    properties.title, properties.language = title, "en-GB"
    properties.author = properties.comments = properties.last_modified_by = properties.keywords = ""
    package: Any = document.part.package
    for relations in (package.rels, document.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(("/thumbnail", "/customXml", "/stylesWithEffects", "/numbering")):
                relations.pop(key)
    settings = document.settings.element
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")  # Word 2013 and later, so that Word says nothing of compatibility
    for leftover in ("w:rsids", "w:themeFontLang", "w:savePreviewPicture"):
        for found in settings.findall(qn(leftover)):
            settings.remove(found)
    written = io.BytesIO()
    document.save(written)
    steady = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(steady, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return steady.getvalue()


def placeholder_logo() -> bytes:
    """Draw the placeholder of the logo: a pale box, three times as wide as it is high."""
    width, height = 126, 42
    pale, edge = b"\xee\xf3\xf4", b"\xb9\xc7\xca"
    rows = []
    for y in range(height):
        line = bytearray(b"\0")
        for x in range(width):
            line += edge if x in {0, width - 1} or y in {0, height - 1} else pale
        rows.append(bytes(line))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"".join(rows), 0))
        + chunk(b"IEND", b"")
    )


def main() -> None:
    """Write every shipped template."""
    folder = HERE / "standard"
    folder.mkdir(exist_ok=True)
    (folder / "logo.png").write_bytes(placeholder_logo())
    (folder / "standard.en.docx").write_bytes(standard())


if __name__ == "__main__":
    main()
