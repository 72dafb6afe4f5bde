"""Search a finished copy for what it must not say: both files, in every layer, and their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pipeline.copies.matcher import Leak, Matcher
from pipeline.copies.matcher_letters import joined
from pipeline.documents.reading.model import Text
from pipeline.errors import Problem

_DRAWN_PAGE = re.compile(r"PDF, page [0-9]+")

Find = Callable[[str], tuple[Leak, ...]]


def leaks(matcher: Matcher, texts: Iterable[Text], *, file_names: Iterable[str] = ()) -> list[Problem]:
    """Return one problem for each kind of leak in each place; never the word itself.

    `texts` are all texts of the finished files. A file name is a place of its own.
    """
    texts = [*texts, *(Text("name of the file", name, technical=True) for name in file_names)]
    written = [text for text in texts if not text.technical]
    technical = [text for text in texts if text.technical]
    found = [hit for hit in _search(matcher.find, written) if not _is_neighbours(*hit)]
    found += _search(matcher.find_words, technical)
    return [
        Problem(
            what=f"this copy shows a {kind} that its reader must not see",
            do="take it out of the record's texts or out of the template; a leak can never be accepted",
            where=place,
        )
        for kind, place in dict.fromkeys(found)
    ]


def _is_neighbours(kind: str, place: str) -> bool:
    """Say whether two cells of a table may have met: "1" beside "Victoria Park is where ..." is no address.

    A page read as a whole runs its cells together. Its paragraphs are searched one by one as well, and there an address
    is an address.
    """
    return kind == "street address" and _DRAWN_PAGE.fullmatch(place) is not None


def _search(find: Find, texts: list[Text]) -> list[tuple[str, str]]:
    """Return (kind, place) of all leaks. Nearly all copies have none, so all texts are searched as one first."""
    if not find(joined({text.text for text in texts})):
        return []
    return [(leak.kind, text.place) for text in texts for leak in find(text.text)]
