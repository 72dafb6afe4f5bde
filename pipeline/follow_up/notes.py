"""What each person is told of how it goes: plain values for a Word template, already without what they may not see.

The person harmed reads how every item of the sheet stands, done or not done, in agreed wording alone. Whoever does
something reads how their own items stand. The referrer reads what a live consent or a named duty allows, and nothing
once a consent was withdrawn (docs/field.md, "Who sees what").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pipeline.copies.code import agreement_code
from pipeline.copies.context import context_for
from pipeline.copies.derived import withheld_words
from pipeline.copies.model import Copy, Reader, Withheld
from pipeline.copies.plan import MAKES_COPIES, plan_copies
from pipeline.copies.readers import PARTIES, reader_kind
from pipeline.copies.rows import View, hidden_names, items_for
from pipeline.copies.terms import terms_of
from pipeline.errors import Problem, RecordError
from pipeline.follow_up.consents import report_consents, with_live_consents
from pipeline.follow_up.following import follow
from pipeline.follow_up.model import DONE, ENDED, Status
from pipeline.follow_up.views import State, state_of
from pipeline.languages.catalogue import phrases
from pipeline.records.characters import objections
from pipeline.records.model import SharingConsent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.follow_up.consents import Stopped
    from pipeline.follow_up.model import Followed, FollowUp, Journal
    from pipeline.follow_up.views import Look
    from pipeline.records.model import Agreement, Participant
    from pipeline.service.model import Service

TEMPLATES: Final[Mapping[Reader, str]] = {
    Reader.HARMED: "progress-note",
    Reader.RESPONSIBLE: "own-progress",
    Reader.OUTSIDE: "own-progress",
    Reader.REFERRER: "referrer-report",
}
"""The paper of each reader; nobody else is told in writing."""

WORDS: Final[Mapping[Status, str]] = {
    Status.DONE_AT_MEETING: "Done at the meeting",
    Status.NOT_STARTED: "Not started yet",
    Status.WAITING_FOR_EVENT: "Waits for what was named",
    Status.NOT_CALLED_ON: "Nobody has asked for it",
    Status.STATEMENT: "Was said",
    Status.UNDER_WAY: "Under way",
    Status.PARTLY_DONE: "Partly done",
    Status.DONE_REPORTED: "Done, as we were told",
    Status.DONE_CHECKED: "Done, and checked",
    Status.NOT_DONE_EXCUSED: "Not done, for a reason that everyone accepts",
    Status.NOT_DONE_NOT_EXCUSED: "Not done",
    Status.CHANGED: "Changed: see the newer agreement",
    Status.WITHDRAWN: "Taken back",
    Status.LAPSED: "Its time is over",
}
_LONGEST_DUTY: Final = 160  # characters, as in a record
_LATE: Final = "Not done yet; the day has passed"


@dataclass(frozen=True, slots=True)
class Note:
    """The papers for one reader, one a sheet, what kind they are, and which items stand in them.

    `notes` says what the service should know of them, such as a paper that is not in the reader's language.
    """

    kind: str
    copies: tuple[Copy, ...]
    items: tuple[str, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...] = ()


def note_for(  # noqa: PLR0913 - each is a value of its own; a bundle would only hide them
    agreement: Agreement, journal: Journal, service: Service, reader: str, *, look: Look, duty: str | None = None
) -> Note:
    """Return what this reader is told on a day.

    `duty` names the law or rule that requires a report to the referrer without consents. Raises RecordError where this
    reader is told nothing in writing, and where no consent is live: then it says whose was withdrawn, and when.
    """
    person = next((each for each in agreement.participants if each.id == reader), None)
    kind = None if person is None else reader_kind(person)
    if person is None or kind is None or kind not in TEMPLATES:
        what = "This person is told nothing in writing."
        do = "Notes go to the person harmed, to whoever does or checks something, and to the referrer."
        raise RecordError([Problem(what, do, "--to")])
    if kind is not Reader.REFERRER:
        return _in_one_language(agreement, service, person, follow(agreement, journal), look)
    if duty is not None and not _is_named(duty):
        do = "Write the law or rule on one line, of at most 160 characters."
        raise RecordError([Problem("The duty to report is not named.", do, "--duty")])
    if agreement.outcome not in MAKES_COPIES:
        return _no_agreement(agreement, journal, service, person, look, duty)
    live, stopped = _reportable(agreement, journal, duty)
    if not any(items_for(View(live, sheet, kind, reader)) for sheet in live.sheets):
        raise RecordError(list(_refusals(stopped)))
    note = _in_one_language(live, service, person, follow(live, journal), look)
    return replace(note, left_out=tuple(_sentence(each) for each in stopped if each.what in {"item", "report"}))


def _in_one_language(
    agreement: Agreement, service: Service, person: Participant, followed: FollowUp, look: Look
) -> Note:
    """Return the note in the reader's language, or in the agreed one where the journal's own words stand in it.

    Nobody translates what is written in a journal, and nobody gets a page that is half in a language they do not read.
    """
    note = _note(agreement, service, person, followed, look)
    agreed = agreement.agreed_language
    rows = [row for copy in note.copies if copy.language != agreed for row in copy.context["items"]]
    if not any(row["progress"]["wording"] or row["progress"]["unit"] for row in rows):
        return note
    why = "nobody has translated the journal's words"
    said = f"{person.id}: asked for {person.language}; made in {agreed}, as agreed: {why}"
    return replace(_note(agreement, replace(service, languages=(agreed,)), person, followed, look), notes=(said,))


def _note(agreement: Agreement, service: Service, person: Participant, followed: FollowUp, look: Look) -> Note:
    kind = reader_kind(person)
    views = {
        agreement_code(terms_of(agreement, sheet)): View(agreement, sheet, kind or Reader.OUTSIDE, person.id)
        for sheet in agreement.sheets
    }
    standing = {item.id: item for item in followed.items}
    own_only = kind in {Reader.RESPONSIBLE, Reader.OUTSIDE}
    copies, told = [], []
    for copy in plan_copies(agreement, service):
        if copy.reader_id != person.id or copy.extra is not None:
            continue
        items = items_for(views[copy.code])
        shown = [item for item in items if not own_only or person.id in (*item.owners, item.checker)]
        told += [standing[item.id] for item in shown]
        rows = [
            {**row, "progress": _progress(standing[item.id], look, copy.language, wording=kind is not Reader.OUTSIDE)}
            for row, item in zip(copy.context["items"], items, strict=True)
            if item in shown
        ]
        payments = _payments(copy.context["payments"], {each["number"] for each in rows}, items, standing)
        copies.append(_paper(copy, kind or Reader.OUTSIDE, look, rows, payments))
    if not copies or not told:
        what = "There is nothing that this person can be told."
        raise RecordError([Problem(what, "They get no copy, or none of the items is theirs.", "--to")])
    named = _kind(told)
    copies = [replace(copy, context={**copy.context, "progress": _about(named, look)}) for copy in copies]
    return Note(named, tuple(copies), tuple(dict.fromkeys(item.id for item in told)), ())


def _paper(
    copy: Copy, kind: Reader, look: Look, rows: Sequence[Mapping[str, Any]], payments: Sequence[Mapping[str, Any]]
) -> Copy:
    name = TEMPLATES[kind]
    sheet = copy.stem.partition(f"-{copy.reader_id}")[2]
    return replace(
        copy,
        stem=f"{copy.ref}-{name}-{look.today.isoformat()}-{copy.reader_id}{sheet}",
        template=name,
        extra=name,
        places=(),
        agreed_texts=tuple(row["text"] for row in rows),
        context={**copy.context, "items": rows, "payments": payments, "signatories": [], "certificates": []},
    )


def _progress(item: Followed, look: Look, language: str, *, wording: bool) -> dict[str, Any]:
    last = item.last
    late = item.status not in ENDED and any(state_of(each, look) is State.OVERDUE for each in item.actions)
    unfinished = late and item.status in {Status.NOT_STARTED, Status.WAITING_FOR_EVENT}
    return {
        "status": item.status.value,
        "words": phrases(language).say(_LATE if unfinished else WORDS[item.status]),
        "done": item.status in DONE,
        "on": None if last is None else last.on.isoformat(),
        "wording": last.wording if last is not None and wording else None,
        "so_far": None if last is None else last.so_far,
        "out_of": None if last is None else last.out_of,
        "unit": None if last is None else last.unit,
    }


def _payments(
    payments: Sequence[Mapping[str, Any]], numbers: set[int], items: Sequence[Any], standing: Mapping[str, Followed]
) -> list[dict[str, Any]]:
    shown = []
    for payment in payments:
        money = standing[items[payment["number"] - 1].id].money
        if payment["number"] in numbers and money is not None:
            received = {"received": f"{money.received:.2f}", "outstanding": f"{money.outstanding:.2f}"}
            shown.append({**payment, **received})
    return shown


def _kind(items: Sequence[Followed]) -> str:
    promised = [item for item in items if item.status is not Status.STATEMENT]
    if any(item.status not in ENDED for item in promised):
        return "progress"
    return "completion" if all(item.status in DONE for item in promised) else "non_completion"


def _about(kind: str, look: Look) -> dict[str, Any]:
    return {"kind": kind, "on": look.today.isoformat()}


def _reportable(agreement: Agreement, journal: Journal, duty: str | None) -> tuple[Agreement, tuple[Stopped, ...]]:
    """Return the agreement with the leave there is to report, and what was withdrawn.

    Somebody who takes back the consent to any report stops every item but those a law requires; so does a duty that is
    named now, which opens every item.
    """
    live, stopped = with_live_consents(agreement, journal)
    stopped = tuple(each for each in stopped if each.reader == Reader.REFERRER)
    if duty is not None:
        return _opened(agreement, duty), ()
    _, all_stopped = report_consents(journal)
    if all_stopped is None:
        return live, stopped
    kept = [
        (entry, written)
        for entry, written in zip(live.sharing, live.record["sharing"], strict=True)
        if entry.reader != Reader.REFERRER or entry.duty is not None
    ]
    return _with_sharing(live, kept), (*stopped, all_stopped)


def _is_named(duty: str) -> bool:
    """Say whether these are words as a record could hold them: without consents nothing else opens a report."""
    return bool(duty) and len(duty) <= _LONGEST_DUTY and not any(objections(duty)) and not {"\n", "\t"} & {*duty}


def _opened(agreement: Agreement, duty: str) -> Agreement:
    on = agreement.meeting_dates[-1]
    entries = [
        (
            SharingConsent("item", item.id, Reader.REFERRER, (), on, duty),
            {"what": "item", "id": item.id, "with": "referrer", "on": on.isoformat(), "duty": duty},
        )
        for item in agreement.items
    ]
    return _with_sharing(agreement, entries)


def _with_sharing(agreement: Agreement, entries: Sequence[tuple[Any, Mapping[str, Any]]]) -> Agreement:
    return replace(
        agreement,
        sharing=tuple(entry for entry, _ in entries),
        record={**agreement.record, "sharing": [written for _, written in entries]},
    )


def _no_agreement(  # noqa: PLR0913, PLR0917
    agreement: Agreement, journal: Journal, service: Service, person: Participant, look: Look, duty: str | None
) -> Note:
    """Say that people met and wanted, or found, no agreement; only with the consent of every party, or for a duty."""
    given, stopped = report_consents(journal)
    parties = {each.id for each in agreement.participants if reader_kind(each) in PARTIES}
    if duty is None and (stopped is not None or not parties <= given):
        raise RecordError(list(_refusals(() if stopped is None else (stopped,))))
    view = View(agreement, agreement.sheets[0], Reader.REFERRER, person.id)
    code = agreement_code(terms_of(agreement, view.sheet))
    context = context_for(view, service, code=code)
    name = TEMPLATES[Reader.REFERRER]
    copy = Copy(
        ref=agreement.ref,
        version=agreement.version,
        reader=Reader.REFERRER,
        reader_id=person.id,
        folder=person.id,
        stem=f"{agreement.ref}-{name}-{look.today.isoformat()}-{person.id}",
        language=agreement.agreed_language,
        code=code,
        context=context
        | {"items": [], "payments": [], "attachments": [], "signatories": [], "certificates": []}
        | {"progress": _about("no_agreement", look)},
        agreed_texts=(),
        places=(),
        withheld=Withheld(
            words=withheld_words(agreement),
            names=hidden_names(view),
            own_details=(service.name, service.telephone, service.email, service.complaint_route, service.privacy_text),
            telephone_region=service.telephone_region,
            code=code,
        ),
        notes=(),
        template=name,
        extra=name,
    )
    return Note("no_agreement", (copy,), (), ())


def _refusals(stopped: Sequence[Stopped]) -> Iterator[Problem]:
    do = "Ask again, or name the law or rule that requires it with --duty."
    for each in stopped:
        yield Problem(_sentence(each), do, "/sharing")
    if not stopped:
        yield Problem("No consent to report this is recorded, and no legal duty.", do, "/sharing")


def _sentence(stopped: Stopped) -> str:
    about = "reports" if stopped.what == "report" else f"{stopped.what} {stopped.id}"
    return f"{stopped.person} withdrew the consent to tell the referrer of {about} on {stopped.on.isoformat()}."
