"""From a checked agreement to its copies: one a reader and sheet, and one for the service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline.copies.code import agreement_code
from pipeline.copies.context import context_for
from pipeline.copies.derived import withheld_words
from pipeline.copies.languages import choose
from pipeline.copies.model import Copy, Reader, SignaturePlace, Withheld
from pipeline.copies.papers import (
    CLOSING_NOTE,
    FORMATS,
    extras_for,
    format_notes,
    items_on,
    layout_of,
    print_size,
    wants_closing_note,
)
from pipeline.copies.readers import PARTIES, SUPPORT, on_sheet, outside_answer, reader_kind
from pipeline.copies.record_scan import withheld_in_record
from pipeline.copies.rows import View, hidden_names, items_for, signatories_for
from pipeline.copies.terms import terms_of
from pipeline.copies.translation import about_translation, in_language
from pipeline.errors import RecordError
from pipeline.languages.catalogue import phrases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.records.model import Agreement, Participant
    from pipeline.service.model import Service

FULL_TEXT = "full-text"
MAKES_COPIES = frozenset({"agreement", "statement_only"})


def makes_copies(agreement: Agreement) -> bool:
    """Say whether there is anything to make: an agreement, a statement, or a closing note that was wanted."""
    return agreement.outcome in MAKES_COPIES or wants_closing_note(agreement)


def plan_copies(agreement: Agreement, service: Service) -> tuple[Copy, ...]:
    """Return every copy of this agreement, the service's last.

    An outcome without an agreement has none, unless a closing note was wanted. Raises RecordError where words that
    must be withheld stand in what would be printed.
    """
    if not makes_copies(agreement):
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
    paper = Paper(code=code, nth_sheet=nth_sheet, language=choice.language)
    if wants_closing_note(view.agreement):
        if view.kind in PARTIES | SUPPORT:
            yield _copy(view, service, replace(paper, extra=CLOSING_NOTE, notes=choice.notes))
        return
    extras, notes = extras_for(view, service)
    yield _copy(view, service, replace(paper, notes=(*choice.notes, *notes)))
    if choice.second is not None:
        yield _copy(view, service, replace(paper, language=choice.second, extra=FULL_TEXT))
    for extra in extras:
        yield _copy(view, service, replace(paper, extra=extra))


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of a reader: of which sheet, in which language, and as which extra, if it is one."""

    code: str
    nth_sheet: int
    language: str
    notes: tuple[str, ...] = ()
    extra: str | None = None


def _copy(view: View, service: Service, paper: Paper) -> Copy:
    agreement, language, extra = view.agreement, paper.language, paper.extra
    translated = language != agreement.agreed_language
    shown = replace(view, agreement=in_language(agreement, language)) if translated else view
    person = None if view.kind is Reader.SERVICE else agreement.participant(view.reader_id)
    format_ = "standard" if person is None or person.format not in FORMATS else person.format
    items = items_on(shown, extra)
    return Copy(
        ref=agreement.ref,
        version=agreement.version,
        reader=view.kind,
        reader_id=view.reader_id,
        folder=view.reader_id,
        stem=_stem(view, paper),
        language=language,
        code=paper.code,
        context=_context(shown, service, paper, about_translation(view, language) if translated else None),
        agreed_texts=tuple(item.text for item in items),
        places=_places(view, language) if extra is None else (),
        withheld=Withheld(
            words=withheld_words(agreement),
            names=hidden_names(view),
            own_details=_own_details(agreement, service),
            telephone_region=service.telephone_region,
            code=paper.code,
        ),
        notes=(*paper.notes, *format_notes(shown)) if extra is None else paper.notes,
        template=layout_of(view, format_) if extra in {None, FULL_TEXT} else extra or "standard",
        extra=extra,
        format=format_,
        print_size_pt=print_size(person, extra=extra not in {None, FULL_TEXT}),
    )


def _context(view: View, service: Service, paper: Paper, translation: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return what a template may use for a paper; an unsigned one has only the rows it is about, and no place to sign.

    A closing note is never a draft: nothing in it has to be read back.
    """
    context = context_for(view, service, code=paper.code, language=paper.language, translation=translation)
    if paper.extra is None:
        return context
    known = [item.id for item in items_for(view)]
    here = {known.index(item.id) + 1 for item in items_on(view, paper.extra)}
    rows = [item for item in context["items"] if item["number"] in here]
    draft = context["draft"] and paper.extra != CLOSING_NOTE
    return context | {"items": rows, "signatories": [], "certificates": [], "draft": draft}


def _stem(view: View, paper: Paper) -> str:
    """Return the name of the files: sheet, paper and language follow the reader in this order, each when needed."""
    agreement = view.agreement
    parts = [f"{agreement.ref}-v{agreement.version}-{view.reader_id}"]
    parts += [f"sheet-{paper.nth_sheet}"] if paper.nth_sheet > 1 else []
    parts += [paper.extra] if paper.extra not in {None, FULL_TEXT, CLOSING_NOTE} else []
    parts += [paper.language] if paper.language != agreement.agreed_language else []
    return "-".join(part for part in parts if part is not None)


def _places(view: View, language: str) -> tuple[SignaturePlace, ...]:
    everybody = [person.id for person in on_sheet(view.agreement, view.sheet) if person.signs]
    said = phrases(language)
    return tuple(
        SignaturePlace(said.say("Signature {number}", number=everybody.index(person.id) + 1), person.id)
        for person in signatories_for(view)
    )


def _own_details(agreement: Agreement, service: Service) -> tuple[str, ...]:
    """Return every text of the service's own that a template may print, contact details among them."""
    texts = (service.name, service.telephone, service.email, service.complaint_route, service.privacy_text)
    translated = (text for words in service.translations.values() for text in words.texts)
    return (*texts, *translated, service.next_steps, service.legal_notes.get(agreement.pathway, ""))
