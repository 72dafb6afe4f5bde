"""A checked record becomes an Agreement."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline.records.model import (
    Accepted,
    Agreement,
    Attachment,
    ByDate,
    ByEvent,
    Conditional,
    Consent,
    Deadline,
    DoneAtMeeting,
    Instalment,
    Item,
    NoDeadline,
    Ongoing,
    Participant,
    Payer,
    Payment,
    Recurring,
    Retention,
    SharingConsent,
)
from pipeline.records.roles import SIGNING, WITHOUT_COPY

if TYPE_CHECKING:
    from collections.abc import Mapping


def build(record: Mapping[str, Any], positions: Mapping[str, tuple[int, int]]) -> Agreement:
    """Return the agreement of a record that has passed the schema and the cross-checks."""
    return Agreement(
        ref=record["ref"],
        version=record["version"],
        supersedes=record.get("supersedes"),
        pathway=record["pathway"],
        process=record["process"],
        meeting_dates=tuple(date.fromisoformat(day) for day in record["meeting_dates"]),
        agreed_language=record["agreed_language"],
        outcome=record["outcome"],
        read_back_on=_day(record.get("read_back", {}).get("on")),
        review_date=_day(record.get("review_date")),
        period_ends=_day(record.get("period_ends")),
        incident_line=record.get("incident_line"),
        participants=tuple(_participant(each) for each in record["participants"]),
        items=tuple(_item(each) for each in record.get("items", [])),
        payments=tuple(_payment(each) for each in record.get("payments", [])),
        attachments=tuple(_attachment(each) for each in record.get("attachments", [])),
        sharing=tuple(_sharing(each) for each in record.get("sharing", [])),
        consent_to_outcome=_consents(record.get("consent_to_outcome", [])),
        change_consents=_consents(record.get("change_consents", [])),
        accepted=tuple(_accepted(each) for each in record.get("accepted", [])),
        retention=_retention(record["retention"]),
        sheets=_sheets(record),
        record=record,
        positions=positions,
        closing_note=record.get("closing_note", False),
    )


def _participant(raw: Mapping[str, Any]) -> Participant:
    return Participant(
        id=raw["id"],
        role=raw["role"],
        side=raw["side"],
        display_name=raw["display_name"],
        withheld=tuple(raw["withheld"]),
        nothing_to_withhold=raw.get("nothing_to_withhold", False),
        signs=raw.get("signs", raw["role"] in SIGNING),
        receives_copy=raw.get("receives_copy", raw["role"] not in WITHOUT_COPY),
        language=raw.get("language"),
        format=raw.get("format", "standard"),
        print_size_pt=raw.get("print_size_pt"),
        extras=tuple(raw["extras"]) if "extras" in raw else None,
        is_child=raw.get("is_child"),
        supports=raw.get("supports"),
        attended=raw.get("attended"),
        no_contact=raw.get("no_contact", {}).get("applies"),
        in_custody=raw.get("custody", {}).get("in_custody", False),
    )


def _item(raw: Mapping[str, Any]) -> Item:
    scope = raw.get("scope", "all")
    first_step, help_promised = raw.get("first_step", {}), raw.get("help", {})
    return Item(
        id=raw["id"],
        kind=raw["kind"],
        text=raw["text"],
        owners=tuple(raw.get("owners", [])),
        speaker=raw.get("speaker"),
        beneficiary=raw.get("beneficiary"),
        checker=raw.get("checker"),
        how_checked=raw.get("how_checked"),
        when=_deadline(raw["when"]) if "when" in raw else None,
        if_not_possible=raw.get("if_not_possible"),
        first_step=first_step.get("text"),
        first_step_on=_day(first_step.get("date")),
        help=help_promised.get("text"),
        helper=help_promised.get("who"),
        scope=None if scope == "all" else tuple(scope),
        origin=raw.get("origin"),
        conflict_checked=raw.get("conflict_checked", {}).get("answer"),
        consents=_consents(raw.get("consents", [])),
    )


def _deadline(raw: Mapping[str, Any]) -> Deadline:  # noqa: PLR0911 - one return for each of the seven forms
    match raw:
        case {"date": day}:
            return ByDate(date.fromisoformat(day), _hour(raw.get("time")))
        case {"event": event}:
            return ByEvent(event, raw.get("within"), _day(raw.get("earliest")), _day(raw.get("latest")))
        case {"recurring": times}:
            return _recurring(times)
        case {"ongoing": _}:
            return Ongoing(raw.get("review_every"), _day(raw.get("review_on")))
        case {"if": condition}:
            return Conditional(
                condition,
                asked_by=raw.get("asked_by"),
                through=raw.get("through"),
                answer_within_days=raw.get("answer_within_days"),
                review_every=raw.get("review_every"),
                ends=_day(raw.get("ends")),
            )
        case {"done_at_meeting": day}:
            return DoneAtMeeting(date.fromisoformat(day))
        case _:
            return NoDeadline()


def _recurring(raw: Mapping[str, Any]) -> Recurring:
    return Recurring(
        every=raw["every"],
        first=date.fromisoformat(raw["from"]),
        interval=raw.get("interval", 1),
        weekday=raw.get("weekday"),
        at=_hour(raw.get("time")),
        until=_day(raw.get("until")),
        count=raw.get("count"),
    )


def _payment(raw: Mapping[str, Any]) -> Payment:
    return Payment(
        item=raw["item"],
        total=Decimal(raw["total"]),
        currency=raw["currency"],
        payers=tuple(Payer(each["person"], Decimal(each["share"]), each.get("paid_by")) for each in raw["payers"]),
        joint_liability=raw.get("joint_liability"),
        schedule=tuple(
            Instalment(date.fromisoformat(each["due"]), Decimal(each["amount"])) for each in raw["schedule"]
        ),
        route=raw["route"],
        payee=raw["payee"],
    )


def _attachment(raw: Mapping[str, Any]) -> Attachment:
    return Attachment(
        id=raw["id"],
        kind=raw["kind"],
        title=raw["title"],
        author=raw["author"],
        intended_for=raw["intended_for"],
        recipient_wants=raw["recipient_wants"],
        reviewed_by=raw.get("reviewed_by"),
        reviewed_on=_day(raw.get("reviewed_on")),
    )


def _sharing(raw: Mapping[str, Any]) -> SharingConsent:
    return SharingConsent(
        what=raw["what"],
        id=raw.get("id"),
        reader=raw["with"],
        agreed_by=tuple(raw.get("agreed_by", [])),
        on=date.fromisoformat(raw["on"]),
        duty=raw.get("duty"),
    )


def _accepted(raw: Mapping[str, Any]) -> Accepted:
    return Accepted(raw["rule"], raw.get("item"), raw["reason"], raw["by"], date.fromisoformat(raw["on"]))


def _retention(raw: Mapping[str, Any]) -> Retention:
    return Retention(
        start=raw["start"],
        years=raw.get("years"),
        until_age=raw.get("until_age"),
        delete_after=_day(raw.get("delete_after")),
        open_promises=raw.get("open_promises", {}).get("decision"),
    )


def _sheets(record: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Return the ids of each sheet in the order of the participants, whatever order they were typed in."""
    everybody = [person["id"] for person in record["participants"]]
    sheets = [set(sheet["people"]) for sheet in record.get("sheets", [])] or [set(everybody)]
    return tuple(tuple(person for person in everybody if person in sheet) for sheet in sheets)


def _consents(raw: list[Mapping[str, Any]]) -> tuple[Consent, ...]:
    return tuple(Consent(each["person"], each["answer"], _day(each.get("on"))) for each in raw)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _hour(value: str | None) -> time | None:
    return None if value is None else time.fromisoformat(value)
