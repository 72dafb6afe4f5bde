"""Achievable: in custody, on licence, on benefits, at fourteen. With the rules on money and children."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.records.model import Agreement, ByDate, ByEvent, Payment, Recurring
from pipeline.wording.model import PROMISES, SMART_KINDS, WHOLE_RECORD, Advice, Question, Rule, Severity
from pipeline.wording.people import parties

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.wording.row import Row

BRINGS_TOGETHER = frozenset({"letter", "meeting_offer", "information"})

CONFLICT_NOT_CHECKED = Rule(
    "conflict-not-checked",
    Question.ACHIEVABLE,
    Severity.WARNING,
    PROMISES - {"no_contact"},
    "Nobody has checked this against the licence, bail, orders, bans and custody of the people in it.",
    "Ask the officer in charge, then record the answer, who checked and the day in 'conflict_checked'.",
)
NO_SCHEDULE = Rule(
    "no-schedule",
    Question.ACHIEVABLE,
    Severity.WARNING,
    frozenset({"payment"}),
    "Money is promised without a schedule.",
    "Agree the total and each payment, for example: 'Tom will pay £350 in 10 payments of £35, on the 1st of each month "
    "from 1 December 2026, to the service, which passes it on.'",
)
VAGUE_MONEY = Rule(
    "vague-money",
    Question.ACHIEVABLE,
    Severity.WARNING,
    SMART_KINDS,
    "The money depends on what somebody can afford, so neither side knows what to expect.",
    "Agree a small sum on fixed days, and say what happens if a payment is missed.",
)
BANK_HOLIDAY = Rule(
    "bank-holiday",
    Question.ACHIEVABLE,
    Severity.NOTE,
    PROMISES,
    "This day is a bank holiday: banks, courts and offices may be closed.",
    "Keep it if that suits everyone, or choose the next working day.",
)
CHILD_PAYS = Rule(
    "child-pays",
    Question.ACHIEVABLE,
    Severity.NOTE,
    frozenset({"payment"}),
    "A child is to pay.",
    "Check that it is the child's own money and a fair sum, and that nobody in the family goes short.",
)
CHILD_ALONE = Rule(
    "child-alone",
    Question.ACHIEVABLE,
    Severity.WARNING,
    WHOLE_RECORD,
    "A child has no adult in this record who supports them.",
    "Add the parent, guardian or appropriate adult, with 'supports' set to the child's id. The child still agrees for "
    "himself or herself.",
)


def conflict_is_checked(row: Row) -> Iterator[Advice]:
    """Ask for the check where the harmed side has a task, or the sides meet, and something might forbid it."""
    if row.done or row.item.conflict_checked in {"yes", "not_applicable"}:
        return
    people = parties(row.agreement)
    no_contact = any(person.no_contact for person in people)
    custody = any(person.in_custody for person in people)
    harmed_side_acts = any(owner.side == "harmed" for owner in row.owners)
    event = isinstance(row.item.when, ByEvent)
    if (harmed_side_acts and (no_contact or custody or event)) or (row.item.kind in BRINGS_TOGETHER and no_contact):
        yield row.at(CONFLICT_NOT_CHECKED)


def money_has_a_schedule(row: Row) -> Iterator[Advice]:
    """Ask for the schedule of a payment row."""
    if not row.done and not _payments(row):
        yield row.at(NO_SCHEDULE)


def by_wording(row: Row) -> Iterator[Advice]:
    """Look for money that depends on what can be spared."""
    yield from row.found(VAGUE_MONEY, row.wording)


def bank_holidays(row: Row) -> Iterator[Advice]:
    """Point out fixed bank holidays among the days of the row and of its payments."""
    days = {"/first_step/date": row.item.first_step_on}
    match row.item.when:
        case ByDate(day=day):
            days["/when/date"] = day
        case Recurring(first=first):
            days["/when/recurring/from"] = first
    for part, due in days.items():
        if due is not None and f"{due:%m-%d}" in row.words.bank_holidays:
            yield row.at(BANK_HOLIDAY, part)
    for index, payment in _payments(row):
        for number, instalment in enumerate(payment.schedule):
            if f"{instalment.due:%m-%d}" in row.words.bank_holidays:
                yield BANK_HOLIDAY.at(f"/payments/{index}/schedule/{number}/due", item=row.item.id)


def children_pay(row: Row) -> Iterator[Advice]:
    """Point out a payer who is a child, unless somebody else pays."""
    for index, payment in _payments(row):
        for number, payer in enumerate(payment.payers):
            if payer.paid_by is None and row.agreement.participant(payer.person).is_child:
                yield CHILD_PAYS.at(f"/payments/{index}/payers/{number}", item=row.item.id)


def children_are_supported(agreement: Agreement) -> Iterator[Advice]:
    """Ask for a supporting adult for each child who was harmed or is responsible."""
    supported = {person.supports for person in agreement.participants if not person.is_child}
    for index, person in enumerate(agreement.participants):
        if person in parties(agreement) and person.is_child and person.id not in supported:
            yield CHILD_ALONE.at(f"/participants/{index}")


def _payments(row: Row) -> list[tuple[int, Payment]]:
    return [(index, payment) for index, payment in enumerate(row.agreement.payments) if payment.item == row.item.id]


RULES = (CONFLICT_NOT_CHECKED, NO_SCHEDULE, VAGUE_MONEY, BANK_HOLIDAY, CHILD_PAYS, CHILD_ALONE)
CHECKS = (conflict_is_checked, money_has_a_schedule, by_wording, bank_holidays, children_pay)
RECORD_CHECKS = (children_are_supported,)
