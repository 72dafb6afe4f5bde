from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.copies.code import ALPHABET, agreement_code


def test_a_code_is_three_groups_of_four():
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{2}}", agreement_code({"ref": "NR-0412"}))


def test_the_alphabet_has_no_look_alikes_and_no_vowels():
    assert set(ALPHABET) & set("0O1IL2Z5S8BAEU") == set()


def test_the_order_of_names_does_not_matter():
    assert agreement_code({"a": 1, "b": 2}) == agreement_code({"b": 2, "a": 1})


@given(st.text(), st.text())
def test_other_words_give_another_code(one, other):
    assert (agreement_code({"text": one}) == agreement_code({"text": other})) == (one == other)
