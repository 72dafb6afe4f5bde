"""The top of the page: letterhead, title, facts and people; and the lines that run along each page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from building.pieces import ACCENT, TEXT_WIDTH, field, rule, say, tag, when, write
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

LOGO = Path(__file__).resolve().parent.parent / "standard" / "logo.png"


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


def letterhead(document: Document) -> None:
    """Write the service's name at the left and its logo at the right, above a thin line."""
    paragraph = say(document, "{{ service.name }}", "Letterhead")
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run("{% if service.has_logo %}")
    paragraph.add_run("\t")
    picture: Any = paragraph.add_run().add_picture(str(LOGO), width=Mm(36), height=Mm(12))
    properties = picture._inline.docPr  # noqa: SLF001
    properties.set("name", "logo")
    properties.set("descr", "Logo of {{ service.name }}")
    paragraph.add_run("{% endif %}")
    rule(paragraph, "bottom", colour=ACCENT, eighths=8, space=5)


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
        "**{% if person.display_name %}{{ person.display_name }}{% else %}{{ person | names | capitalize }}"
        "{% endif %}**"
        # A position that the name already tells ("The caretaker") is not said twice.
        "{% if person.display_name %}\t{% if not person.position or person.position in person.display_name %}"
        "{{ person.label }}{% elif person.role == 'checker' %}{{ person.position }}, who checks"
        "{% else %}{{ person.label }}, {{ person.position }}{% endif %}{% endif %}"
        "{% if person.organisation %}, for {{ person.organisation }}{% endif %}"
        "{% if person.attended == 'video' %}, by video{% elif person.attended == 'phone' %}, by phone"
        "{% elif person.attended == 'sent_statement' %}, sent a message"
        "{% elif person.attended == 'not_present' and person.role != 'absent_beneficiary' %}, not at the meeting"
        "{% endif %}",
        "Person",
    )
    paragraph.paragraph_format.left_indent = Mm(50)
    paragraph.paragraph_format.first_line_indent = Mm(-50)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(50))
    tag(document, "{%p endfor %}")
    tag(document, "{%p endif %}")
