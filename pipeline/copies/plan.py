"""From a checked agreement to its copies: one a reader and sheet, and one for the service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.copies.code import agreement_code
from pipeline.copies.context import context_for
from pipeline.copies.derived import withheld_words
from pipeline.copies.languages import choose
from pipeline.copies.model import Copy, Reader, SignaturePlace, Withheld
from pipeline.copies.readers import on_sheet, outside_answer, reader_kind
from pipeline.copies.record_scan import withheld_in_record
from pipeline.copies.rows import View, hidden_names, items_for, signatories_for
from pipeline.copies.terms import terms_of
from pipeline.copies.translation import about_translation, in_language
from pipeline.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.records.model import Agreement, Participant
    from pipeline.service.model import Service

MAKES_COPIES = frozenset({"agreement", "statement_only"})


def plan_copies(agreement: Agreement, service: Service) -> tuple[Copy, ...]:
    """Return every copy of this agreement, the service's last.

    An outcome without an agreement has none. Raises RecordError where words that must be withheld stand in
    what would be printed.
    """
    if agreement.outcome not in MAKES_COPIES:
        return ()
    problems = withheld_in_record(agreement)
    if problems:
        raise RecordError(problems)
    codes = {sheet: agreement_code(terms_of(agreement, sheet)) for sheet in agreement.sheets}
    return tuple(
        copy
        for view, nth in _numbered(_views(agreement))
        for copy in _copies(view, service, code=codes[view.sheet], nth_sheet=nth)
    )


def copies_not_made(agreement: Agreement) -> tuple[str, ...]:
    """Return a sentence for everyone who might expect a copy and gets none."""
    if agreement.outcome not in MAKES_COPIES:
        return ()
    sentences = (_why_not(agreement, person) for person in agreement.participants)
    return tuple(sentence for sentence in sentences if sentence is not None)


def _views(agreement: Agreement) -> Iterator[View]:
    for person in agreement.participants:
        kind = reader_kind(person)
        if kind is None or _why_not(agreement, person) is not None or not person.receives_copy:
            continue
        if kind is Reader.SERVICE:  # facilitators read the service's copy
            continue
        for sheet in agreement.sheets:
            view = View(agreement, sheet, kind, person.id)
            if person in on_sheet(agreement, sheet) and (kind not in _OWN_ROWS_ONLY or items_for(view)):
                yield view
    for sheet in agreement.sheets:
        yield View(agreement, sheet, Reader.SERVICE, "service")


def _numbered(views: Iterator[View]) -> Iterator[tuple[View, int]]:
    """Yield each view with its number among that reader's own sheets, which tells nothing of other sheets."""
    seen: dict[str, int] = {}
    for view in views:
        seen[view.reader_id] = seen.get(view.reader_id, 0) + 1
        yield view, seen[view.reader_id]


_OWN_ROWS_ONLY = frozenset({Reader.OUTSIDE, Reader.REFERRER})


def _why_not(agreement: Agreement, person: Participant) -> str | None:
    kind = reader_kind(person)
    if not person.receives_copy or kind not in _OWN_ROWS_ONLY:
        return None
    if not any(items_for(View(agreement, sheet, kind, person.id)) for sheet in agreement.sheets):
        if kind is Reader.REFERRER:
            return f"{person.id}: no copy, because no consent to share an item with the referrer is recorded"
        return f"{person.id}: no copy, because no item is theirs to do, receive or check"
    was_there = person.attended not in {None, "not_present"}
    if kind is Reader.OUTSIDE and not was_there and outside_answer(agreement, person) != "yes":
        return f"{person.id}: no copy, because no yes of this person is recorded under consents"
    return None


def _copies(view: View, service: Service, *, code: str, nth_sheet: int) -> Iterator[Copy]:
    """Yield everything one reader gets of one sheet: the copy that is signed, then the papers beside it."""
    choice = choose(view, service)
    paper = Paper(code=code, nth_sheet=nth_sheet, language=choice.language, notes=(*choice.notes, *_notes(view)))
    yield _copy(view, service, paper)
    if choice.second is not None:
        yield _copy(view, service, replace(paper, language=choice.second, extra="full-text", notes=()))


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of a reader: of which sheet, in which language, and as which extra, if it is one."""

    code: str
    nth_sheet: int
    language: str
    notes: tuple[str, ...]
    extra: str | None = None


def _copy(view: View, service: Service, paper: Paper) -> Copy:
    agreement, language = view.agreement, paper.language
    translated = language != agreement.agreed_language
    shown = replace(view, agreement=in_language(agreement, language)) if translated else view
    about = about_translation(view, language) if translated else None
    context = context_for(shown, service, code=paper.code, language=language, translation=about)
    if paper.extra is not None:
        context |= {"signatories": [], "certificates": []}
    return Copy(
        ref=agreement.ref,
        version=agreement.version,
        reader=view.kind,
        reader_id=view.reader_id,
        folder=view.reader_id,
        stem=_stem(view, paper),
        language=language,
        code=paper.code,
        context=context,
        agreed_texts=tuple(item.text for item in items_for(shown)),
        places=_places(view) if paper.extra is None else (),
        withheld=Withheld(
            words=withheld_words(agreement),
            names=hidden_names(view),
            own_details=_own_details(agreement, service),
            telephone_region=service.telephone_region,
        ),
        notes=paper.notes,
        extra=paper.extra,
    )


def _stem(view: View, paper: Paper) -> str:
    """Return the name of the files: sheet, paper and language follow the reader in this order, each when needed."""
    agreement = view.agreement
    parts = [f"{agreement.ref}-v{agreement.version}-{view.reader_id}"]
    parts += [f"sheet-{paper.nth_sheet}"] if paper.nth_sheet > 1 else []
    parts += [paper.extra] if paper.extra not in {None, "full-text"} else []
    parts += [paper.language] if paper.language != agreement.agreed_language else []
    return "-".join(part for part in parts if part)


def _places(view: View) -> tuple[SignaturePlace, ...]:
    everybody = [person.id for person in on_sheet(view.agreement, view.sheet) if person.signs]
    return tuple(
        SignaturePlace(caption=f"Signature {everybody.index(person.id) + 1}", participant=person.id)
        for person in signatories_for(view)
    )


def _notes(view: View) -> tuple[str, ...]:
    if view.kind is Reader.SERVICE:
        return ()
    person = view.agreement.participant(view.reader_id)
    if person.format != "standard":
        return (f"{person.id}: asked for the format {person.format}; made in the standard format",)
    return ()


def _own_details(agreement: Agreement, service: Service) -> tuple[str, ...]:
    """Return every text of the service's own that a template may print, contact details among them."""
    texts = (service.name, service.telephone, service.email, service.complaint_route, service.privacy_text)
    translated = (text for words in service.translations.values() for text in words.texts)
    return (*texts, *translated, service.next_steps, service.legal_notes.get(agreement.pathway, ""))
