"""The printed texts of a record that belong to no row: closing words, reasons, positions and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.wording.free_of_talk import HEALTH_WORD, TALK_RULES
from pipeline.wording.no_strings import SILENCE, STRINGS
from pipeline.wording.plain_words import PLAIN_RULES
from pipeline.wording.relevant import SHAMING
from pipeline.wording.row import Passage
from pipeline.wording.safe import unsafe_texts
from pipeline.wording.words import words_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.records.model import Agreement
    from pipeline.wording.model import Advice, Rule

# An account of what happened may stand only where the record says that it was agreed to: its words are not judged.
_ROOT_TEXTS: dict[str, tuple[Rule, ...]] = {
    "closing_words": (*TALK_RULES, STRINGS, SILENCE, SHAMING, *PLAIN_RULES),
    "change_reason": (HEALTH_WORD, SILENCE, *PLAIN_RULES),
    "incident_line": PLAIN_RULES,
    "admission": (),
    "place_kind": (),
}
_LISTED_TEXTS = {
    "participants": ("organisation", "position"),
    "payments": ("missed_payment_rule",),
    "attachments": ("title",),
}


def printed_texts(agreement: Agreement) -> Iterator[Advice]:
    """Yield what is unsafe in any of these texts, and what wording rules find in those people wrote themselves."""
    passages = tuple(_passages(agreement))
    yield from unsafe_texts(passages, item=None)
    for passage in passages:
        for rule in _ROOT_TEXTS.get(passage.where.removeprefix("/"), ()):
            if passage.words.has(rule.name, passage.text):
                yield rule.at(passage.where)


def _passages(agreement: Agreement) -> Iterator[Passage]:
    words = words_for(agreement.agreed_language)
    record = agreement.record
    for name in _ROOT_TEXTS:
        if name in record:
            yield Passage(f"/{name}", record[name], words)
    if "agreed_background" in record:
        yield Passage("/agreed_background/text", record["agreed_background"]["text"], words)
    for group, names in _LISTED_TEXTS.items():
        for index, entry in enumerate(record.get(group, ())):
            for name in names:
                if name in entry:
                    yield Passage(f"/{group}/{index}/{name}", entry[name], words)


RECORD_CHECKS = (printed_texts,)
