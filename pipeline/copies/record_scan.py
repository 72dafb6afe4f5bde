"""Find withheld words in a record's own printable texts, so that a leak is named at the line where it was typed.

The leak scan of the finished files is the proof; this is the early and friendlier message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.copies.derived import withheld_words
from pipeline.copies.matcher import Matcher
from pipeline.copies.matcher_letters import joined
from pipeline.copies.model import Withheld
from pipeline.errors import Problem

if TYPE_CHECKING:
    from pipeline.records.model import Agreement


def withheld_in_record(agreement: Agreement) -> list[Problem]:
    """Return a problem for every text of the record, outside `withheld`, that holds a withheld word.

    The message gives the place and never the word.
    """
    matcher = Matcher(Withheld(words=withheld_words(agreement), names=(), own_details=()))
    texts = list(_texts(agreement.record, ""))
    if not matcher.find_words(joined(text for _, text in texts)):  # as nearly always
        return []
    return [
        Problem(
            what="This text holds a word that is to be withheld.",
            do="Word it without that name or place; nothing under `withheld` may stand in a text of the record.",
            where=pointer,
            line=agreement.positions[pointer][0] if pointer in agreement.positions else None,
            column=agreement.positions[pointer][1] if pointer in agreement.positions else None,
        )
        for pointer, text in texts
        if matcher.find_words(text)
    ]


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name != "withheld":
                yield from _texts(each, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, (list, tuple)):
        for index, each in enumerate(value):
            yield from _texts(each, f"{pointer}/{index}")
