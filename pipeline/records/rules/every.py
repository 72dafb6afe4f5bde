"""All the cross-checks, and which parts of a record each of them reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.records.rules import (
    attachments,
    dates,
    identity,
    items,
    money,
    people,
    recurring,
    references,
    retention,
    sharing,
    sheets,
    withheld,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.validation.fault import Fault

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """A cross-check, and the root names it reads."""

    check: Callable[[Record], Iterator[Fault]]
    reads: tuple[str, ...]


RULES: tuple[Rule, ...] = (
    Rule(identity.reference_is_usable, ("ref",)),
    Rule(identity.version_is_explained, ("version", "supersedes", "change_reason", "change_consents")),
    Rule(identity.incident_line_is_short, ("incident_line",)),
    Rule(people.ids_are_unique, ("participants",)),
    Rule(people.ids_name_a_role, ("participants",)),
    Rule(people.names_can_be_told_apart, ("participants", "sheets")),
    Rule(people.sides_fit_roles, ("participants",)),
    Rule(people.contact_is_answered, ("participants",)),
    Rule(people.support_goes_to_somebody_else, ("participants",)),
    Rule(people.language_helpers_get_no_copy, ("participants",)),
    Rule(people.ages_agree, ("participants",)),
    Rule(withheld.list_is_filled_or_empty_on_purpose, ("participants",)),
    Rule(withheld.words_can_be_found, ("participants",)),
    Rule(references.people_exist, references.READS),
    Rule(references.each_answers_once, ("consent_to_outcome", "change_consents", "items")),
    Rule(items.outcome_fits_items, ("outcome", "items")),
    Rule(items.ids_are_unique, ("items",)),
    Rule(items.somebody_does_it, ("items",)),
    Rule(items.time_is_said, ("items",)),
    Rule(items.text_is_short, ("items",)),
    Rule(items.accepted_items_exist, ("items", "accepted")),
    Rule(items.changed_rows_exist, ("version", "items", "changes")),
    Rule(items.closing_note_fits_outcome, ("outcome", "closing_note")),
    Rule(dates.meetings_are_in_order, ("meeting_dates",)),
    Rule(dates.nothing_is_before_the_meeting, dates.READS),
    Rule(dates.done_on_a_meeting_day, ("meeting_dates", "items")),
    Rule(dates.earliest_comes_before_latest, ("items",)),
    Rule(dates.weekdays_agree, ("items", "payments")),
    Rule(dates.written_weekdays_agree, ("items",)),
    Rule(dates.nothing_is_after_the_period, ("period_ends", "items", "payments")),
    Rule(recurring.has_one_end, ("items",)),
    Rule(money.payments_match_items, ("payments", "items")),
    Rule(money.payers_are_told_apart, ("payments",)),
    Rule(money.amounts_are_more_than_nothing, ("payments",)),
    Rule(money.sums_agree, ("payments",)),
    Rule(money.instalments_are_in_order, ("payments",)),
    Rule(sheets.people_stand_on_sheets, ("sheets", "participants")),
    Rule(sheets.scopes_fit_sheets, ("sheets", "participants", "items")),
    Rule(sheets.those_named_stand_on_the_sheet, ("sheets", "participants", "items", "payments")),
    Rule(attachments.ids_are_unique, ("attachments",)),
    Rule(attachments.people_fit, ("attachments", "participants")),
    Rule(sharing.subject_exists, ("sharing", "participants", "items", "attachments", "agreed_background", "admission")),
    Rule(sharing.readers_make_sense, ("sharing",)),
    Rule(sharing.those_concerned_agreed, ("sharing", "participants", "items", "attachments")),
    Rule(retention.time_is_said, ("retention", "meeting_dates")),
)
"""Every cross-check; the order of messages comes from the lines, not from here."""


def rule_faults(record: Record, broken: frozenset[str]) -> Iterator[Fault]:
    """Yield the faults of every rule that reads no `broken` part (root names that do not fit the schema)."""
    for rule in RULES:
        if broken.isdisjoint(rule.reads):
            yield from rule.check(record)
