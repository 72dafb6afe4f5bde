"""Consented: everyone who acts, receives, pays or checks has said yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.wording.model import PROMISES, WHOLE_RECORD, Advice, Question, Rule, Severity
from pipeline.wording.people import parties, was_in_the_room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.records.model import Agreement, Consent
    from pipeline.wording.row import Row

OUTSIDE_CONSENT_MISSING = Rule(
    "outside-consent-missing",
    Question.CONSENTED,
    Severity.WARNING,
    PROMISES,
    "Somebody who acts, receives or checks was not in the room, and no yes is recorded.",
    "Ask this person, and record the answer and the day in the row's 'consents'.",
)
OUTSIDE_CONSENT_REFUSED = Rule(
    "outside-consent-refused",
    Question.CONSENTED,
    Severity.STOP,
    PROMISES,
    "Somebody who acts, receives, pays or checks has said no.",
    "Change the row so that it does without this person, or take it out.",
)
PAID_BY_ANOTHER = Rule(
    "paid-by-another",
    Question.CONSENTED,
    Severity.NOTE,
    frozenset({"payment"}),
    "Somebody else pays for one of the payers.",
    "Check that this is what the person harmed wants, and what happens if the money stops.",
)
PAYER_NOT_ASKED = Rule(
    "payer-not-asked",
    Question.CONSENTED,
    Severity.WARNING,
    frozenset({"payment"}),
    "Somebody pays for one of the payers, and no yes from that person is recorded.",
    "Ask this person without anyone else listening, and record the answer in the row's 'consents'.",
)
NO_CONSENT_TO_OUTCOME = Rule(
    "no-consent-to-outcome",
    Question.CONSENTED,
    Severity.WARNING,
    WHOLE_RECORD,
    "It is not recorded that this person agreed to the outcome freely and informed.",
    "Ask, and record the answer in 'consent_to_outcome'. A parent's yes never stands for a child's own.",
)
NO_CONSENT_TO_CHANGE = Rule(
    "no-consent-to-change",
    Question.CONSENTED,
    Severity.WARNING,
    WHOLE_RECORD,
    "This is a changed agreement, and it is not recorded that this person agreed to the change.",
    "Ask, and record the answer in 'change_consents'.",
)
CONSENT_REFUSED = Rule(
    "consent-refused",
    Question.CONSENTED,
    Severity.STOP,
    WHOLE_RECORD,
    "Somebody has said no to the outcome, or to the change.",
    "Talk with everyone again. If nothing is agreed, the outcome is 'none_reached', which is a good ending too.",
)


def people_outside_agree(row: Row) -> Iterator[Advice]:
    """Ask for the yes of each owner, beneficiary, checker and helper who was away; a recorded no stops."""
    answers = {consent.person: consent.answer for consent in row.item.consents}
    for index, consent in enumerate(row.item.consents):
        if consent.answer == "no":
            yield row.at(OUTSIDE_CONSENT_REFUSED, f"/consents/{index}/answer")
    if row.done:
        return
    for part, person_id in _concerned(row):
        away = not was_in_the_room(row.agreement.participant(person_id))
        if (away and person_id not in answers) or answers.get(person_id) == "not_yet":
            yield row.at(OUTSIDE_CONSENT_MISSING, part)


def _concerned(row: Row) -> Iterator[tuple[str, str]]:
    """Yield each person the row needs, once, with the place where the row names them."""
    item = row.item
    places = [(f"/owners/{index}", owner) for index, owner in enumerate(item.owners)]
    single = {"/beneficiary": item.beneficiary, "/checker": item.checker, "/help/who": item.helper}
    places += [(part, person_id) for part, person_id in single.items() if person_id is not None]
    seen: set[str] = set()
    for part, person_id in places:
        if person_id not in seen:
            seen.add(person_id)
            yield part, person_id


def somebody_else_pays(row: Row) -> Iterator[Advice]:
    """Point out a payer whose part somebody else pays, and ask for that person's yes."""
    answers = {consent.person: consent.answer for consent in row.item.consents}
    for index, payment in enumerate(row.agreement.payments):
        if payment.item != row.item.id:
            continue
        for number, payer in enumerate(payment.payers):
            if payer.paid_by is not None:
                asked = answers.get(payer.paid_by) in {"yes", "no"}
                rule = PAID_BY_ANOTHER if asked else PAYER_NOT_ASKED
                yield rule.at(f"/payments/{index}/payers/{number}/paid_by", item=row.item.id)


def parties_agree(agreement: Agreement) -> Iterator[Advice]:
    """Ask for the yes of each person harmed and each person responsible to the outcome, and to a change of it."""
    yield from _asked(agreement, agreement.consent_to_outcome, NO_CONSENT_TO_OUTCOME)
    if agreement.version > 1:
        yield from _asked(agreement, agreement.change_consents, NO_CONSENT_TO_CHANGE)


def _asked(agreement: Agreement, consents: tuple[Consent, ...], missing: Rule) -> Iterator[Advice]:
    answers = {consent.person: consent.answer for consent in consents}
    for index, person in enumerate(agreement.participants):
        if person in parties(agreement) and answers.get(person.id, "not_yet") == "not_yet":
            yield missing.at(f"/participants/{index}")


def nobody_refuses(agreement: Agreement) -> Iterator[Advice]:
    """Stop where anybody has said no to the outcome or to the change."""
    for name, consents in (
        ("consent_to_outcome", agreement.consent_to_outcome),
        ("change_consents", agreement.change_consents),
    ):
        for index, consent in enumerate(consents):
            if consent.answer == "no":
                yield CONSENT_REFUSED.at(f"/{name}/{index}/answer")


RULES = (
    OUTSIDE_CONSENT_MISSING,
    OUTSIDE_CONSENT_REFUSED,
    PAID_BY_ANOTHER,
    PAYER_NOT_ASKED,
    NO_CONSENT_TO_OUTCOME,
    NO_CONSENT_TO_CHANGE,
    CONSENT_REFUSED,
)
CHECKS = (people_outside_agree, somebody_else_pays)
RECORD_CHECKS = (parties_agree, nobody_refuses)
