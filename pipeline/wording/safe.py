"""Safe: nothing that reveals somebody or brings unwanted contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.records.roles import FACILITATING
from pipeline.wording import contact_details
from pipeline.wording.model import EVERY_KIND, WHOLE_RECORD, Advice, Question, Rule, Severity
from pipeline.wording.people import parties

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.records.model import Agreement
    from pipeline.wording.row import Passage, Row

CONTACT_DETAILS = Rule(
    "contact-details",
    Question.SAFE,
    Severity.WARNING,
    EVERY_KIND,
    "A telephone number, address, e-mail address or account name stands in the text.",
    "Write 'through the service', and keep the detail in the service's own file.",
)
STREET_NAME = Rule(
    "street-name",
    Question.SAFE,
    Severity.NOTE,
    EVERY_KIND,
    "A street seems to be named, which may tell where somebody lives or can be met.",
    "Keep it only if it is a public place that everyone knows of; else write 'the street where …'.",
)
SCHOOL_OR_WORKPLACE = Rule(
    "school-or-workplace",
    Question.SAFE,
    Severity.WARNING,
    EVERY_KIND,
    "A school, college or workplace seems to be named, which tells where somebody can be found.",
    "Write 'at school' or 'at work', without the name.",
)
BANK_DETAILS = Rule(
    "bank-details",
    Question.SAFE,
    Severity.WARNING,
    EVERY_KIND,
    "Money seems to go straight to somebody's account.",
    "Write 'to the service, which passes it on'.",
)
REVEALS_PLACE = Rule(
    "reveals-place",
    Question.SAFE,
    Severity.WARNING,
    EVERY_KIND,
    "A place to keep away from is named, which tells where the other person lives or goes.",
    "Write 'the places on his licence map' (or her), which the officer holds, or 'the street where … lives'.",
)
NOTHING_WITHHELD = Rule(
    "nothing-withheld",
    Question.SAFE,
    Severity.NOTE,
    WHOLE_RECORD,
    "A person harmed has no words to withhold.",
    "Ask again: legal name, street, school, workplace, telephone number, in every script they may be typed.",
)
ID_COUNTS = Rule(
    "id-counts",
    Question.SAFE,
    Severity.STOP,
    WHOLE_RECORD,
    "This id counts: whoever receives files named after it can tell that there are others, on another sheet.",
    "Give a number of two digits that means nothing, such as harmed-38 and harmed-71.",
)
NOTHING_WITHHELD_NO_CONTACT = Rule(
    "nothing-withheld-no-contact",
    Question.SAFE,
    Severity.STOP,
    WHOLE_RECORD,
    "A person harmed has no words to withhold, although contact is ruled out.",
    "Fill 'withheld': legal name, street, school, workplace, telephone number, in every script they may be typed.",
)


_TELLS_NOTHING = 10  # an id with a smaller number reads as the first, the second, ...


def by_wording(row: Row) -> Iterator[Advice]:
    """Look for whatever tells where somebody lives, learns, works or can be reached."""
    yield from unsafe_texts(row.printed, item=row.item.id)


def unsafe_texts(passages: Iterable[Passage], *, item: str | None) -> Iterator[Advice]:
    """Yield the advice on texts that are printed, of a row or of the whole record (`item` is None)."""
    for passage in passages:
        if contact_details.find(passage.text):
            yield CONTACT_DETAILS.at(passage.where, item=item)
        elif passage.words.has(STREET_NAME.name, passage.text):
            yield STREET_NAME.at(passage.where, item=item)
        for rule in (SCHOOL_OR_WORKPLACE, BANK_DETAILS):
            if passage.words.has(rule.name, passage.text):
                yield rule.at(passage.where, item=item)


def something_is_withheld(agreement: Agreement) -> Iterator[Advice]:
    """Ask for withheld words of each person harmed; where contact is ruled out, insist."""
    no_contact = any(person.no_contact for person in parties(agreement))
    rule = NOTHING_WITHHELD_NO_CONTACT if no_contact else NOTHING_WITHHELD
    for index, person in enumerate(agreement.participants):
        if person.role == "harmed" and not person.withheld:
            yield rule.at(f"/participants/{index}")


def ids_tell_nothing(agreement: Agreement) -> Iterator[Advice]:
    """Look for ids that count people who must not know of each other: an id stands in the names of the files."""
    if len(agreement.sheets) == 1:
        return
    everywhere = set.intersection(*(set(sheet) for sheet in agreement.sheets))
    for index, person in enumerate(agreement.participants):
        counts = int(person.id.rpartition("-")[2]) < _TELLS_NOTHING
        if counts and person.id not in everywhere and person.role not in FACILITATING:
            yield ID_COUNTS.at(f"/participants/{index}/id")


RULES = (
    ID_COUNTS,
    CONTACT_DETAILS,
    STREET_NAME,
    SCHOOL_OR_WORKPLACE,
    BANK_DETAILS,
    REVEALS_PLACE,
    NOTHING_WITHHELD,
    NOTHING_WITHHELD_NO_CONTACT,
)
CHECKS = (by_wording,)
RECORD_CHECKS = (something_is_withheld, ids_tell_nothing)
