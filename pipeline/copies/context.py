"""What a template may use for one reader: plain values, already without everything this reader may not see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline.copies import rows
from pipeline.copies.fields import Eyes, pick
from pipeline.copies.model import Reader
from pipeline.languages.catalogue import phrases
from pipeline.service.model import DEFAULT_LABELS, OwnWords

if TYPE_CHECKING:
    from pipeline.copies.rows import View
    from pipeline.records.model import Participant, Payment
    from pipeline.service.model import Service

NOTICE = "Some details are held by the service and are not printed on any copy."
_SERVICE_TEXTS = ("name", "complaint_route", "privacy_text", "next_steps")

# Properties that hold the id of a participant, or a list of them: a template gets the person instead.
_PERSON_AT = frozenset(
    {"speaker", "beneficiary", "checker", "who", "asked_by", "person", "paid_by", "author", "intended_for", "by"}
    | {"reviewed_by", "origin", "supports", "owners", "agreed_by"}
)


def context_for(
    view: View,
    service: Service,
    *,
    code: str,
    language: str | None = None,
    translation: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the public context of docs/templates.md for this reader of this sheet.

    The view's words are in `language` already, the agreed one unless said otherwise; `translation` is what a
    translated copy says of itself.
    """
    language = language or view.agreement.agreed_language
    service = _in_language(service, language)
    record = view.agreement.record
    people = _people(view, service)
    context = pick(_eyes(view), record)
    del context["$schema"]
    context["participants"] = [people[person.id] for person in rows.participants_for(view)]
    context["items"] = _items(view, people)
    context["payments"] = _payments(view, people)
    context["attachments"] = _picked_rows(view, people, "attachments", "attachment", rows.attachments_for(view))
    context["sharing"] = _sharing(view, people)
    context["consent_to_outcome"] = _own_consents(view, people)
    for name in ("read_back", "retention", "change_consents"):
        context[name] = _with_people(context[name], people)
    return context | {
        "reader": _reader(view, people, service),
        "service": _service(view, service),
        "code": code,
        "draft": view.agreement.read_back_on is None,
        "notice": phrases(language).say(NOTICE) if any(each.withheld for each in view.agreement.participants) else None,
        "translation": translation,
        "progress": None,  # a note on how it goes fills it (pipeline/follow_up/notes.py)
        "changes": _changes(view),
        "signatories": [people[person.id] for person in rows.signatories_for(view)],
        "certificates": [people[person.id] for person in rows.certificates_for(view)],
        "extra": _extra(view, service),
    }


def _in_language(service: Service, language: str) -> Service:
    """Return the service with its words in this language, as far as it gave them.

    A role is called what the service calls it in its usual language; elsewhere what it says there, else what the
    program's own catalogue says.
    """
    if language == service.languages[0]:
        return service
    said, own = phrases(language), service.translations.get(language, OwnWords())
    texts = {name: getattr(own, name) or getattr(service, name) for name in _SERVICE_TEXTS}
    labels = {role: said.say(label) for role, label in DEFAULT_LABELS.items()} | dict(own.labels)
    fields = {
        name: replace(field, title=own.extra.get(name, field.title)) for name, field in service.extra_fields.items()
    }
    notes = {**service.legal_notes, **own.legal_notes}
    return replace(service, legal_notes=notes, labels=labels, extra_fields=fields, **texts)


def _changes(view: View) -> list[dict[str, Any]]:
    numbers = {item.id: (number, item.text) for number, item in enumerate(rows.items_for(view), start=1)}
    if view.kind in {Reader.OUTSIDE, Reader.REFERRER}:
        return []
    return [
        {"number": numbers[change["item"]][0], "was": change["was"], "now": numbers[change["item"]][1]}
        for change in view.agreement.record.get("changes", ())
        if change["item"] in numbers
    ]


def _eyes(view: View, person: str | None = None) -> Eyes:
    return Eyes(view.agreement, view.kind, is_own=person == view.reader_id, about=person)


def _people(view: View, service: Service) -> dict[str, dict[str, Any]]:
    known = {person.id for person in (*rows.participants_for(view), *rows.certificates_for(view))}
    raw = {each["id"]: each for each in view.agreement.record["participants"]}
    return {
        person.id: _person(view, person, raw[person.id] if person.id in known else {}, service)
        for person in view.agreement.participants
    }


def _person(view: View, person: Participant, raw: Mapping[str, Any], service: Service) -> dict[str, Any]:
    picked = pick(_eyes(view, person.id), raw, "participant")
    if raw and picked["signs"] is None:
        picked["signs"] = person.signs
    return picked | {"label": service.labels[person.role], "is_reader": person.id == view.reader_id}


def _picked_rows(
    view: View, people: Mapping[str, Any], table: str, definition: str, known: tuple[Any, ...]
) -> list[dict[str, Any]]:
    ids = {each.id for each in known}
    raw = (each for each in view.agreement.record.get(table, ()) if each["id"] in ids)
    return [_with_people(pick(_eyes(view), each, definition), people) for each in raw]


def _items(view: View, people: Mapping[str, Any]) -> list[dict[str, Any]]:
    picked = _picked_rows(view, people, "items", "item", rows.items_for(view))
    # Numbers count what this reader sees, so that no gap tells of a row that is not there.
    return [item | {"number": number, "progress": None} for number, item in enumerate(picked, start=1)]


def _payments(view: View, people: Mapping[str, Any]) -> list[dict[str, Any]]:
    numbers = {item.id: number for number, item in enumerate(rows.items_for(view), start=1)}
    raw = {each["item"]: each for each in view.agreement.record.get("payments", ())}
    shown = []
    for payment in rows.payments_for(view):
        picked = _with_people(pick(_eyes(view), raw[payment.item], "payment"), people)
        for line, shares in zip(picked["schedule"], instalment_shares(payment), strict=True):
            line["shares"] = [
                {"person": people[payer.person], "amount": f"{share:.2f}"}
                for payer, share in zip(payment.payers, shares, strict=False)
            ]
        shown.append(picked | {"number": numbers[payment.item], "received": None, "outstanding": None})
    return shown


def instalment_shares(payment: Payment) -> list[tuple[Decimal, ...]]:
    """Return each payer's part of each instalment; empty where there is one payer.

    Parts follow the shares and are rounded so that every instalment's parts add up to it, and every payer's
    parts to the share.
    """
    if len(payment.payers) == 1:
        return [() for _ in payment.schedule]
    paid = [Decimal(0)] * len(payment.payers)
    due = Decimal(0)
    parts = []
    for line in payment.schedule:
        due += line.amount
        targets = _split(due, payment)
        parts.append(tuple(target - before for target, before in zip(targets, paid, strict=True)))
        paid = targets
    return parts


def _split(due: Decimal, payment: Payment) -> list[Decimal]:
    penny = Decimal("0.01")
    targets = []
    owed_before = given = Decimal(0)
    for payer in payment.payers:
        owed_before += payer.share
        target = (due * owed_before / payment.total).quantize(penny) - given
        targets.append(target)
        given += target
    return targets


def _sharing(view: View, people: Mapping[str, Any]) -> list[dict[str, Any]]:
    shown = set(rows.sharing_for(view))
    entries = zip(view.agreement.sharing, view.agreement.record.get("sharing", ()), strict=True)
    eyes = Eyes(view.agreement, view.kind, is_own=True)
    return [_with_people(pick(eyes, raw, "sharing"), people) for entry, raw in entries if entry in shown]


def _own_consents(view: View, people: Mapping[str, Any]) -> list[dict[str, Any]]:
    raw = view.agreement.record.get("consent_to_outcome", ())
    picked = [_with_people(pick(_eyes(view, each["person"]), each, "consent"), people) for each in raw]
    return [each for each in picked if each["person"] is not None]


def _with_people(value: Any, people: Mapping[str, Any], key: str = "") -> Any:
    if isinstance(value, str):
        return people.get(value, value) if key in _PERSON_AT else value
    if isinstance(value, Mapping):
        return {name: _with_people(each, people, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_people(each, people, key) for each in value]
    return value


def _reader(view: View, people: Mapping[str, Any], service: Service) -> dict[str, Any]:
    if view.kind is Reader.SERVICE:
        nobody = pick(_eyes(view), {}, "participant")
        return nobody | {"display_name": service.name, "label": None, "is_reader": True, "kind": str(view.kind)}
    return {**people[view.reader_id], "kind": str(view.kind)}


def _service(view: View, service: Service) -> dict[str, Any]:
    return {
        "name": service.name,
        "telephone": service.telephone,
        "email": service.email,
        "complaint_route": service.complaint_route,
        "privacy_text": service.privacy_text,
        "next_steps": service.next_steps,
        "legal_note": service.legal_notes.get(view.agreement.pathway),
        "labels": dict(service.labels),
        "has_logo": service.logo is not None,
        "paper": service.paper,
    }


def _extra(view: View, service: Service) -> dict[str, Any]:
    values = view.agreement.record.get("extra", {})
    return {
        name: {"title": field.title, "value": values[name]}
        for name, field in service.extra_fields.items()
        if name in values and view.kind in field.visible_to
    }
