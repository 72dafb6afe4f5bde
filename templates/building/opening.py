"""The top of the page: letterhead, title, facts and people; and the lines that run along each page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from building.pieces import ACCENT, field_code, rule, write
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm

from pipeline.languages.wording import is_right_to_left

if TYPE_CHECKING:
    from building.pieces import Page
    from docx.text.paragraph import Paragraph

LOGO = Path(__file__).resolve().parent.parent / "standard" / "logo.png"


def title_of_agreement(page: Page) -> str:
    """Return the words for what an agreement calls itself, whichever kind it is."""
    return (
        f'{{% if outcome == "statement_only" %}}{page.t("What was said and heard")}'
        f'{{% elif reader.kind == "outside" %}}{page.t("Your part in an outcome agreement")}'
        f"{{% else %}}{page.t('Outcome agreement')}{{% endif %}}"
    )


def running_lines(page: Page, title: str, *, may_be_draft: bool = True) -> None:
    """Write the running header (from page 2) and the footer."""
    in_header = f"{{% if draft %}} ({page.t('draft')}){{% endif %}}" if may_be_draft else ""
    in_footer = f"{{% if draft %}}, {page.t('draft')}{{% endif %}}" if may_be_draft else ""
    section = page.document.sections[0]
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    _two_sided(page, header)
    write(
        header,
        f"{title} {{{{ ref }}}}{in_header}\t{page.t('This copy is for {{ reader | names }}')}",
    )
    for footer in (section.footer.paragraphs[0], section.first_page_footer.paragraphs[0]):
        _two_sided(page, footer)
        write(footer, page.t("{{ ref }}, version {{ version }}") + in_footer)
        write(footer, "   {{ code }}\t")
        page_of_pages(page, footer)
    section.first_page_header.paragraphs[0].style = page.document.styles["Header"]


def short_running_lines(page: Page) -> None:
    """Write running lines that have room in letters of 28 points: whose copy it is, the reference, and the page."""
    section = page.document.sections[0]
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    _two_sided(page, header)
    write(header, f"{page.t('This copy is for {{ reader | names }}')}{{% if draft %}} ({page.t('draft')}){{% endif %}}")
    for footer in (section.footer.paragraphs[0], section.first_page_footer.paragraphs[0]):
        _two_sided(page, footer)
        write(footer, "{{ ref }}\t")
        page_of_pages(page, footer)
    section.first_page_header.paragraphs[0].style = page.document.styles["Header"]


def page_of_pages(page: Page, paragraph: Paragraph) -> None:
    """Write "Page 1 of 2", in the order in which the language says it."""
    before, _, rest = page.t("Page {page} of {pages}").partition("{page}")
    between, _, after = rest.partition("{pages}")
    write(paragraph, before)
    field_code(paragraph, "PAGE")
    write(paragraph, between)
    field_code(paragraph, "NUMPAGES")
    write(paragraph, after)


def _two_sided(page: Page, paragraph: Paragraph) -> None:
    """Give a header or footer a left and a right end, in place of the three parts of Word's own style."""
    properties = paragraph.style.element.get_or_add_pPr()  # type: ignore[union-attr]
    for tabs in properties.findall(qn("w:tabs")):
        properties.remove(tabs)
    tab_stops: Any = paragraph.style.paragraph_format.tab_stops  # type: ignore[union-attr]
    tab_stops.add_tab_stop(Mm(page.text_width), WD_TAB_ALIGNMENT.RIGHT)


def letterhead(page: Page) -> None:
    """Write the service's name at the left and its logo at the right, above a thin line."""
    paragraph = page.say("{{ service.name }}", "Letterhead")
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(page.text_width), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run("{% if service.has_logo %}")
    paragraph.add_run("\t")
    picture: Any = paragraph.add_run().add_picture(str(LOGO), width=Mm(36), height=Mm(12))
    properties = picture._inline.docPr  # noqa: SLF001
    properties.set("name", "logo")
    properties.set("descr", page.t("Logo of {{ service.name }}"))
    paragraph.add_run("{% endif %}")
    rule(paragraph, "bottom", colour=ACCENT, eighths=8, space=5)


def headings(page: Page) -> None:
    """Write the title of an agreement, whichever kind it is."""
    page.tag('{%p if outcome == "statement_only" %}')
    page.say(page.t("What was said and heard"), "Heading 1")
    page.tag('{%p elif reader.kind == "outside" %}')
    page.say(page.t("Your part in an outcome agreement"), "Heading 1")
    page.tag("{%p else %}")
    page.say(page.t("Outcome agreement"), "Heading 1")
    page.tag("{%p endif %}")


def whose_copy(page: Page) -> None:
    """Say whose copy this is, and whether it is a draft, a translation or a later version."""
    page.say(page.t("This copy is for **{{ reader | names }}**."), "Copy line")
    draft_notice(page)
    translation_notice(page)
    page.tag("{%p if version > 1 %}")
    page.say(
        page.t("This is version {{ version }}.")
        + f"{{% if supersedes %}} {page.t('It takes the place of version {{ supersedes }}.')}{{% endif %}}"
        + f"{{% if change_reason %}} {page.t('What changed, and why: {{ change_reason }}')}{{% endif %}}",
        "Facts",
    )
    page.tag("{%p endif %}")


def whose_part(page: Page) -> None:
    """Say to somebody outside whose copy this is, and whether it is a draft, a translation or a later version."""
    page.say(page.t("This copy is for **{{ reader | names }}**."), "Copy line")
    draft_notice(page)
    translation_notice(page)
    page.when("version > 1", page.t("This is version {{ version }}."), "Facts")


def draft_notice(page: Page) -> None:
    """Warn while nobody has read the text back."""
    page.when("draft", page.t("Draft: not yet read back. Please do not sign it yet."), "Draft notice")


def translation_notice(page: Page) -> None:
    """Say which language was agreed, who translated and checked, and whether a speaker has read the form."""
    page.tag("{%p if translation %}")
    page.say(
        page.t("The words were agreed in this language: {{ translation.agreed_in }}. This is a translation.")
        + "{% for each in translation.by %} "
        + page.t("Translated by {{ each.translator }}.")
        + f"{{% if each.translated_on %}} {page.t('Day: {{ each.translated_on | date }}.')}{{% endif %}}"
        + f"{{% if each.checked_by %}} {page.t('Checked by {{ each.checked_by }}.')}"
        + f"{{% if each.checked_on %}} {page.t('Day: {{ each.checked_on | date }}.')}{{% endif %}}{{% endif %}}"
        + "{% endfor %}"
        + not_checked(page),
        "Facts",
    )
    page.tag("{%p endif %}")


def not_checked(page: Page) -> str:
    """Return what a translated form says of itself until a speaker has checked it."""
    said = page.t("The printed words of this form are not yet checked by a speaker.")
    return f"{{% if not checked_by %}} {said}{{% endif %}}"


def facts(page: Page, *, of_statements: bool = True) -> None:
    """Say the reference, how and when people met, and where; and who took part, where statements are all there is."""
    page.tag("{%p if meeting_dates %}")
    place = f"{{% if place_kind %}}{page.t(', in {{ place_kind }}')}{{% endif %}}"
    page.say(
        f"{page.t('Reference **{{ ref }}**.')} "
        '{% if process in ["shuttle", "letters", "recordings"] %}{% if meeting_dates | length > 1 %}'
        f"{page.t('Messages carried by the service on {{ meeting_dates | date }}')}{{% else %}}"
        f"{page.t('Messages carried by the service, settled on {{ meeting_dates | date }}')}{{% endif %}}"
        f'{{% elif process == "video" %}}{page.t("Met by video on {{ meeting_dates | date }}")}'
        f"{{% else %}}{page.t('Met on {{ meeting_dates | date }}')}{{% endif %}}{place}.",
        "Facts",
    )
    page.tag("{%p endif %}")
    if of_statements:
        took_part = page.t("{{ participants | names }} took part.")
        page.when('outcome == "statement_only" and participants', took_part, "Facts")
    page.when("incident_line", "{{ incident_line }}", "Facts")


def who_took_part(page: Page, *, indent: float = 50) -> None:
    """List the people whom this reader may know of; without an indent, the name and the part share a line.

    A hanging indent is not mirrored alike by every program, so a right-to-left page has none.
    """
    indent = 0 if is_right_to_left(page.language) else indent
    page.tag('{%p if participants and reader.kind != "outside" and outcome != "statement_only" %}')
    page.say(page.t("The people in this agreement"), "Heading 2")
    page.tag("{%p for person in participants %}")
    between = "\t" if indent else page.t(", ")
    paragraph = page.say(
        # A position that the name already tells ("The caretaker") is not said twice.
        f"**{{{{ person.display_name }}}}**{between}"
        "{% if not person.position or person.position in person.display_name %}"
        "{{ person.label }}{% elif person.role == 'checker' %}"
        f"{page.t('{{ person.position }}, who checks')}"
        f"{{% else %}}{{{{ person.label }}}}{page.t(', ')}{{{{ person.position }}}}{{% endif %}}"
        f"{{% if person.organisation %}}{page.t(', for {{ person.organisation }}')}{{% endif %}}"
        f"{{% if person.attended == 'video' %}}{page.t(', by video')}"
        f"{{% elif person.attended == 'phone' %}}{page.t(', by phone')}"
        f"{{% elif person.attended == 'sent_statement' %}}{page.t(', sent a message')}"
        "{% elif person.attended == 'not_present' and person.role != 'absent_beneficiary' %}"
        f"{page.t(', not at the meeting')}{{% endif %}}",
        "Person",
    )
    if indent:
        paragraph.paragraph_format.left_indent = Mm(indent)
        paragraph.paragraph_format.first_line_indent = Mm(-indent)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(indent))
    page.tag("{%p endfor %}")
    page.tag("{%p endif %}")
