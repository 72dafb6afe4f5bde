"""In which language a reader's copy is made, and what the report says where it is not the one they asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.copies.model import Reader
from pipeline.copies.translation import untranslated
from pipeline.languages.catalogue import SOURCE, fallbacks, phrases

if TYPE_CHECKING:
    from pipeline.copies.rows import View
    from pipeline.records.model import Agreement
    from pipeline.service.model import Service

# Bodies under the Welsh language standards treat both languages alike: two full texts, not alternating lines
# (docs/field.md, accessible formats).
BOTH_FULL_TEXTS: Final = frozenset({"en", "cy"})
_PLACES_NAMED: Final = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """The language of a reader's signed copy, of the second full text where there is one, and what to report."""

    language: str
    second: str | None
    notes: tuple[str, ...]


def choose(view: View, service: Service) -> Choice:
    """Return the languages of one reader's copies.

    The copy is in the reader's language, or in the nearest wider one ("ar" for "ar-EG"), if the service works in it and
    every word on the copy has a translation; else in the agreed language, and a note says why.
    """
    agreement = view.agreement
    agreed = agreement.agreed_language
    language, notes = agreed, []
    wanted = None if view.kind is Reader.SERVICE else agreement.participant(view.reader_id).language
    if wanted is not None and agreed not in fallbacks(wanted):
        found, why = _nearest(view, wanted, service)
        if found is None:
            notes.append(f"{view.reader_id}: asked for {wanted}; made in {agreed}, as agreed: {why}")
        else:
            language = found
    second = None
    if _has_two_full_texts(agreement, service):
        other = next(iter(BOTH_FULL_TEXTS - {language}), None) if language in BOTH_FULL_TEXTS else None
        missing = untranslated(view, other) if other not in {None, agreed} and other is not None else ()
        if missing:
            notes.append(f"{view.reader_id}: no full text in {other}: {_lacks(missing)}")
        else:
            second = other
    if language not in {agreed, service.languages[0]}:
        notes += _words_left(view.reader_id, language, agreement, service)
    return Choice(language, second, tuple(notes))


def _nearest(view: View, wanted: str, service: Service) -> tuple[str | None, str]:
    why = f"agreements.toml does not list {wanted} under languages"
    for language in fallbacks(wanted):
        if language not in service.languages:
            continue
        if language not in (SOURCE, phrases(language).language):
            why = f"the program has no phrases in {language}"
            continue
        missing = untranslated(view, language)
        if not missing:
            return language, ""
        why = _lacks(missing)
    return None, why


def _lacks(missing: tuple[str, ...]) -> str:
    named = ", ".join(missing[:_PLACES_NAMED])
    more = len(missing) - _PLACES_NAMED
    return f"no translation of {named}{f' and {more} more' if more > 0 else ''}"


def _has_two_full_texts(agreement: Agreement, service: Service) -> bool:
    return BOTH_FULL_TEXTS.issubset(agreement.record.get("languages", ())) and BOTH_FULL_TEXTS.issubset(
        service.languages
    )


def _words_left(reader: str, language: str, agreement: Agreement, service: Service) -> list[str]:
    own = service.translations.get(language)
    texts = ("complaint_route", "privacy_text", "next_steps")
    names = [name for name in texts if own is None or not getattr(own, name)]
    if agreement.pathway in service.legal_notes and (own is None or agreement.pathway not in own.legal_notes):
        names.append(f"legal_notes.{agreement.pathway}")
    if not names:
        return []
    return [f"{reader}: agreements.toml has no {', '.join(names)} in {language}; printed as they are"]
