"""Search a finished copy for what it must not say: both files, in every layer, and their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipeline.copies.matcher import Leak, Matcher
from pipeline.copies.matcher_letters import BARRIER
from pipeline.documents.reading import Text
from pipeline.errors import Problem

Find = Callable[[str], tuple[Leak, ...]]


def leaks(matcher: Matcher, texts: Iterable[Text], *, file_names: Iterable[str] = ()) -> list[Problem]:
    """Return one problem for each kind of leak in each place; never the word itself.

    `texts` are all texts of the finished files. A file name is a place of its own.
    """
    texts = [*texts, *(Text("name of the file", name, technical=True) for name in file_names)]
    written = [text for text in texts if not text.technical]
    technical = [text for text in texts if text.technical]
    found = [*_search(matcher.find, written), *_search(matcher.find_words, technical)]
    return [
        Problem(
            what=f"this copy shows a {kind} that its reader must not see",
            do="take it out of the record's texts or out of the template; a leak can never be accepted",
            where=place,
        )
        for kind, place in dict.fromkeys(found)
    ]


def _search(find: Find, texts: list[Text]) -> list[tuple[str, str]]:
    """Return (kind, place) of all leaks. Nearly all copies have none, so all texts are searched as one first."""
    if not find(f"\n{BARRIER}\n".join({text.text for text in texts})):
        return []
    return [(leak.kind, text.place) for text in texts for leak in find(text.text)]
