"""The quick look before a word list is asked never hides what the list would have found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.service.toml import read_toml
from pipeline.wording import words
from pipeline.wording.words import LANGUAGES, even, words_for

LISTS = [(language, name) for language in LANGUAGES for name in words_for(language).lists]
PHRASES = {
    (language, name): entry["find"]
    for language in LANGUAGES
    for name, entry in read_toml(Path(words.__file__).with_name(f"{language}.toml"))["lists"].items()
}


@pytest.mark.parametrize(("language", "name"), LISTS)
def test_every_phrase_of_a_list_is_found_in_capitals_and_small_letters(language, name):
    wordlist = words_for(language).lists[name]
    for phrase in PHRASES[language, name]:
        said = even(phrase.replace("*", "x").replace("#", "7"))
        for text in {said, said.upper(), said.title()}:
            assert bool(wordlist.matches(text)) == bool(asked_at_once(wordlist, text)), text


@given(st.sampled_from(LISTS), st.data())
def test_the_quick_look_hides_nothing_that_the_pattern_finds(which, data):
    wordlist = words_for(which[0]).lists[which[1]]
    phrase = data.draw(st.sampled_from(PHRASES[which]))
    letters = st.sampled_from("\u0130\u0131\u017f\u212a ŵ'x7") | st.characters(codec="utf-8")
    text = even(data.draw(st.text(letters, max_size=5)) + oddly(phrase, data) + data.draw(st.text(letters, max_size=5)))
    assert [match.span() for match in wordlist.matches(text)] == asked_at_once(wordlist, text)


def oddly(phrase, data):
    """Return the phrase with letters that ignoring case takes for others."""
    odd = {"i": "iI\u0130\u0131", "s": "sS\u017f", "k": "kK\u212a"}
    return "".join(data.draw(st.sampled_from(odd.get(sign, sign + sign.upper()))) for sign in phrase)


def asked_at_once(wordlist, text):
    spare = wordlist.spare
    if spare is not None:
        text = spare.sub(lambda match: "¦" * len(match[0]), text)
    return [match.span() for match in wordlist.phrases.finditer(text)]
