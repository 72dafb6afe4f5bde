"""Ask the practitioner's questions of an agreement."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.wording import (
    achievable,
    consented,
    contact,
    free_of_talk,
    keeping,
    measurable,
    no_strings,
    plain_words,
    record_texts,
    relevant,
    safe,
    specific,
    time_bound,
)
from pipeline.wording.model import Advice, Severity
from pipeline.wording.row import Row, rows
from pipeline.wording.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.records.model import Agreement

ROW_CHECKS = (
    *specific.CHECKS,
    *measurable.CHECKS,
    *achievable.CHECKS,
    *relevant.CHECKS,
    *time_bound.CHECKS,
    *consented.CHECKS,
    *safe.CHECKS,
    *contact.CHECKS,
    *free_of_talk.CHECKS,
    *no_strings.CHECKS,
    *plain_words.CHECKS,
)
RECORD_CHECKS = (
    *achievable.RECORD_CHECKS,
    *time_bound.RECORD_CHECKS,
    *consented.RECORD_CHECKS,
    *safe.RECORD_CHECKS,
    *record_texts.RECORD_CHECKS,
    *free_of_talk.RECORD_CHECKS,
    *plain_words.RECORD_CHECKS,
    *keeping.RECORD_CHECKS,
)
_WRITTEN = frozenset({"agreement", "statement_only"})


def advise(agreement: Agreement) -> tuple[Advice, ...]:
    """Return everything a practitioner would question: the rows in their order, then the record.

    Each rule is asked only of the kinds of row it names. Where nothing was agreed there is nothing to question.
    Advice whose rule (and row, if one is given) stands in the record's `accepted` comes back as accepted.
    """
    if agreement.outcome not in _WRITTEN:
        return ()
    found = [*_about_rows(agreement), *_about_the_record(agreement), *_about_the_acceptances(agreement)]
    return tuple(replace(advice, accepted=_is_accepted(agreement, advice)) for advice in found)


def stops(advice: Iterable[Advice]) -> tuple[Advice, ...]:
    """Return the advice that keeps copies from being made: severity stop, and not accepted."""
    return tuple(one for one in advice if one.severity is Severity.STOP and not one.accepted)


def _about_rows(agreement: Agreement) -> Iterator[Advice]:
    for row in rows(agreement):
        for check in ROW_CHECKS:
            yield from (advice for advice in check(row) if _applies(advice, row))


def _applies(advice: Advice, row: Row) -> bool:
    return row.item.kind in RULES[advice.rule].kinds


def _about_the_record(agreement: Agreement) -> Iterator[Advice]:
    for check in RECORD_CHECKS:
        yield from check(agreement)


def _about_the_acceptances(agreement: Agreement) -> Iterator[Advice]:
    for index, entry in enumerate(agreement.accepted):
        if entry.rule not in RULES:
            yield keeping.ACCEPTS_NOTHING.at(f"/accepted/{index}/rule")


def _is_accepted(agreement: Agreement, advice: Advice) -> bool:
    return any(entry.rule == advice.rule and entry.item in {None, advice.item} for entry in agreement.accepted)
