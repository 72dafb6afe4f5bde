"""What counts as a withheld word in a text, and what does not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.copies.matcher import Leak, Matcher
from pipeline.copies.matcher_letters import (
    folded,
    joined,
    together,
    tokens_in_place,
    tokens_of,
    with_case,
)
from pipeline.copies.model import Withheld


def _matcher(*words: str, names: tuple[str, ...] = (), own: tuple[str, ...] = ()) -> Matcher:
    return Matcher(Withheld(words=words, names=names, own_details=own))


def _found(matcher: Matcher, text: str) -> list[str]:
    """Return what was found of words and names, as it stands in the text."""
    return [text[leak.start : leak.end] for leak in matcher.find_words(text)]


@pytest.mark.parametrize(
    ("entry", "text", "written"),
    [
        ("Haddad-Wright", "Signed by Ruth Haddad-Wright today", "Haddad-Wright"),
        ("Haddad-Wright", "Ruth Haddad-Wright's letter", "Haddad-Wright"),
        ("Haddad-Wright", "Ruth Haddad\u2011Wright\u2019s letter", "Haddad\u2011Wright"),
        ("Haddad-Wright", "RUTH HADDAD  WRIGHT", "HADDAD  WRIGHT"),
        ("Haddad-Wright", "ruth haddadwright", "haddadwright"),
        ("Haddad Wright", "Ruth Haddad\u00adWright", "Haddad\u00adWright"),
        ("Haddad", "a letter to Had-\ndad and others", "Had-\ndad"),
        ("Haddad", "H a d d a d", "H a d d a d"),
        ("Haddad", "H.A.D.D.A.D.", "H.A.D.D.A.D"),
        ("Haddad", "Ha\u200bdd\u200dad", "Ha\u200bdd\u200dad"),
        ("Haddad", "Haddad2", "Haddad"),
        ("Haddad", "photo_haddad_1.png", "haddad"),
        ("O'Brien", "Ms OBrien", "OBrien"),
        ("OBrien", "Ms O\u2019Brien", "O\u2019Brien"),
        ("OBrien", "Ms O\u02bcBrien", "O\u02bcBrien"),
        ("Ann", "Ann and Tom", "Ann"),
        ("Zo\u00eb", "ZOE came", "ZOE"),
        ("Zoe", "Zoe\u0308 came", "Zoe\u0308"),
        ("Zo\u00eb", "Zoe\u0308 came", "Zoe\u0308"),
        ("S\u00f8rensen", "Sorensen", "Sorensen"),
        ("Wa\u0142\u0119sa", "WALESA", "WALESA"),
        ("\u0110or\u0111e", "dorde", "dorde"),
        ("I\u015f\u0131k", "ISIK", "ISIK"),
        ("\u00c6thelred", "Aethelred", "Aethelred"),
        ("Weiss", "WEI\u00df", "WEI\u00df"),
        ("Griffin", "Gri\ufb03n", "Gri\ufb03n"),
        ("Haddad", "\uff28\uff41\uff44\uff44\uff41\uff44", "\uff28\uff41\uff44\uff44\uff41\uff44"),
        ("12 Mill Lane", "at 12, Mill-Lane now", "12, Mill-Lane"),
        ("12 Mill Lane", "at 12\u00a0Mill\nLane", "12\u00a0Mill\nLane"),
        ("\u0663\u0664 Mill Lane", "34 Mill Lane", "34 Mill Lane"),
        ("\u738b\u5c0f\u660e", "\u6211\u662f\u738b\u5c0f\u660e\u3002", "\u738b\u5c0f\u660e"),
        ("สมชาย", "นายสมชายมา", "สมชาย"),
        ("فاطمة", "كتاب فاطمة هنا", "فاطمة"),
        ("ف\u0627طمة", "ف\u064e\u0627ط\u0650م\u064eة", "ف\u064e\u0627ط\u0650م\u064eة"),
        ("فاطمة", "وفاطمه", "وفاطمه"),
        ("حد\u0627د", "وب\u0627لحد\u0627د", "وب\u0627لحد\u0627د"),
        ("\u062d\u062f\u0627\u062f", "\u062f\u0627\u062f\u062d", "\u062f\u0627\u062f\u062d"),
        ("כהן", "ולכהן יש", "ולכהן"),
        ("\u05db\u05d4\u05df", "\u05df\u05d4\u05db\u05dc", "\u05df\u05d4\u05db\u05dc"),
        ("रामु", "श्री रामु आए", "रामु"),
    ],
)  # fmt: skip
def test_a_withheld_word_is_found_however_it_is_typed(entry: str, text: str, written: str) -> None:
    assert _found(_matcher(entry), text) == [written]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("Ann", "we planned it"),
        ("Ann", "Anna came"),
        ("Ann", "Joann came"),
        ("Haddad", "Haddadin"),
        ("Mill Lane", "Mill Lanes"),
        ("12 Mill Lane", "112 Mill Lane"),
        ("Haddad-Wright", "Haddad and Wright"),
        ("Haddad", "Had\ue000dad"),
        ("\u0930\u093e\u092e\u0941", "\u0930\u093e\u092e\u093e"),
        ("\u062d\u062f\u0627\u062f", "\u0645\u062d\u062f\u0627\u062f"),
    ],
)
def test_part_of_a_longer_word_is_no_hit(entry: str, text: str) -> None:
    assert not _matcher(entry).find_words(text)


@pytest.mark.parametrize("text", ["Will came", "WILL CAME", "Will's letter", "with Will."])
def test_a_name_is_found_as_it_is_written_and_in_capitals(text: str) -> None:
    assert [leak.kind for leak in _matcher(names=("Will",)).find(text)] == ["name from another sheet"]


@pytest.mark.parametrize("text", ["he will come", "Willing", "Wi ll", "Williams", "wILL"])
def test_a_name_is_not_found_where_it_is_another_word(text: str) -> None:
    assert not _matcher(names=("Will",)).find(text)


def test_a_name_of_two_words_is_found_over_a_hyphen_and_a_line_break() -> None:
    matcher = _matcher(names=("Mary Ann",))

    assert _found(matcher, "Mary-Ann and Mary\nAnn and Mary and Ann") == ["Mary-Ann", "Mary\nAnn"]


def test_every_hit_is_found_with_its_kind_and_place() -> None:
    matcher = _matcher("Haddad", names=("Will",))

    assert matcher.find("Will met Ruth Haddad") == (
        Leak("name from another sheet", 0, 4),
        Leak("withheld word", 14, 20),
    )


def test_an_empty_entry_finds_nothing() -> None:
    assert not _matcher("", " - ", names=("",)).find("anything at all")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("telephone", "ring 01632 960999"),
        ("telephone", "ring +44 7700 900123"),
        ("email", "write to someone@example.com"),
        ("postcode", "he lives in AB99 9ZZ"),
        ("street address", "he lives at 14 Mill Lane"),
    ],
)
def test_contact_details_are_found_by_their_form(kind: str, text: str) -> None:
    assert kind in {leak.kind for leak in _matcher().find(text)}


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("01632 960100", "ring 01632 960100"),
        ("01632 960100", "ring +44 1632 960100"),
        ("+44 1632 960100", "ring (01632) 960 100"),
        ("+44 (0)1632 960100", "ring 01632 960100"),
        ("hello@example.org", "write to Hello@Example.org"),
        ("5 Mill Lane, Northwater AB99 9ZZ", "come to 5 Mill Lane,\nNorthwater AB99 9ZZ"),
        ("5 Mill Lane, Northwater AB99 9ZZ", "AB99 9ZZ"),
    ],
)
def test_the_service_s_own_details_may_stand_anywhere(own: str, text: str) -> None:
    assert not _matcher(own=(own,)).find(text)
    assert _matcher().find(text)


def test_an_own_detail_does_not_excuse_a_withheld_word() -> None:
    assert _found(_matcher("Mill Lane", own=("5 Mill Lane",)), "5 Mill Lane") == ["Mill Lane"]


@pytest.mark.parametrize("code", ["7636-RKRX-6M36", "6M36-RKRX-7636", "63M6-XRKR-6367", "7636-RKRX-\n6M36"])
def test_the_code_of_a_page_beside_its_reference_is_no_telephone_number(code: str) -> None:
    text = f"NR-00029 {code}"
    of_another = Matcher(Withheld((), (), (), code="WPQC-NFRW-T36G"))
    of_this_page = Matcher(Withheld((), (), (), code="7636-RKRX-6M36"))
    assert {leak.kind for leak in of_another.find("NR-00029 7636-RKRX-6M36")} == {"telephone"}
    assert of_this_page.find(text) == ()


def test_a_telephone_number_beside_a_code_is_found_where_it_stands() -> None:
    text = "7636-RKRX-6M36 01632 960123"
    [leak] = Matcher(Withheld((), (), (), code="7636-RKRX-6M36")).find(text)
    assert (leak.kind, text[leak.start : leak.end]) == ("telephone", "01632 960123")


def test_technical_values_are_searched_for_words_alone() -> None:
    matcher = _matcher("Haddad")

    assert not matcher.find_words("01632 960999")
    assert matcher.find_words("haddad.png")


# Three letters decompose into two of which one is a dot or an apostrophe: they are words apart.
_LATIN = st.text(
    st.characters(categories=("Ll",), max_codepoint=0x17F, exclude_characters="\u017f\u0149\u0140"),
    min_size=3,
    max_size=12,
)
_APART = st.sampled_from([" ", "  ", "\n", "-", "-\n", "\u00a0", "\u2011", ".", " \u2013 ", "_", "'"])
_AROUND = st.sampled_from(["", " ", "(", ")", "\u201c", "\u201d", ",", ".", ";", " the ", " 7 ", "\n", "\u2019s "])
_UNSEEN = st.sampled_from(["", "\u00ad", "\u200b", "\u200d", "\ufeff", "\u0301", "\u0323"])


@st.composite
def _disguised(draw: st.DrawFn) -> tuple[str, str]:
    """Return an entry, and the same entry as somebody might have typed it."""
    words = draw(st.lists(_LATIN, min_size=1, max_size=3))
    typed = []
    for word in words:
        letters = [each.upper() if draw(st.booleans()) else each for each in word]
        form = draw(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
        typed.append(unicodedata.normalize(form, "".join(each + draw(_UNSEEN) for each in letters)))
    text = typed[0]
    for word in typed[1:]:
        text += draw(_APART) + word
    return " ".join(words), draw(_AROUND) + text + draw(_AROUND)


@given(_disguised())
def test_any_entry_is_found_in_any_disguise(case: tuple[str, str]) -> None:
    entry, text = case

    assert "withheld word" in {leak.kind for leak in _matcher(entry).find(text)}


_ANY_TEXT = st.lists(st.one_of(_LATIN, _APART, _AROUND, _UNSEEN, st.text(max_size=4), st.just("\ue000"))).map("".join)


@given(_ANY_TEXT)
def test_the_tokens_of_a_text_are_those_of_its_characters_one_by_one(text: str) -> None:
    assert tokens_of(folded(text)) == [token.letters for token in tokens_in_place(text, folded)]
    assert tokens_of(with_case(text)) == [token.letters for token in tokens_in_place(text, with_case)]


@given(_ANY_TEXT)
def test_letters_written_together_are_the_tokens_written_together(text: str) -> None:
    assert together(folded(text)) == "".join(tokens_of(folded(text)))


_SYLLABLES = st.lists(
    st.sampled_from(["Al", "i", "al", "I", "\u00ed", "7", "\u738b", " ", "-", "\n", "\u00ad", "\ue000"])
)


@given(_SYLLABLES.map("".join), _SYLLABLES.map("".join))
def test_an_entry_is_found_just_where_whole_tokens_have_its_letters(entry: str, text: str) -> None:
    wanted, tokens = together(folded(entry)), tokens_of(folded(text))
    runs = {"".join(tokens[first:after]) for after in range(len(tokens) + 1) for first in range(after)}

    assert bool(_matcher(entry).find_words(text)) == (wanted in runs)


@given(_SYLLABLES.map("".join), st.lists(st.one_of(_SYLLABLES.map("".join), st.just("\u0648\u0627\u0644\u064a"))))
def test_a_word_stands_in_joined_texts_just_where_it_stands_in_one_of_them(entry: str, texts: list[str]) -> None:
    matcher = _matcher(entry, "\u0627\u0644\u064a")

    assert bool(matcher.find_words(joined(texts))) == any(matcher.find_words(text) for text in texts)


@given(_SYLLABLES.map("".join), _SYLLABLES.map("".join))
def test_a_name_is_found_just_where_its_tokens_stand(name: str, text: str) -> None:
    wanted, tokens = [tokens_of(with_case(each)) for each in (name, name.upper())], tokens_of(with_case(text))
    runs = [tokens[first:after] for after in range(len(tokens) + 1) for first in range(after)]

    assert bool(_matcher(names=(name,)).find_words(text)) == any(each in runs for each in wanted)


@given(_LATIN, st.sampled_from("bcdfgxyz"), st.booleans())
def test_any_entry_inside_a_longer_word_is_not_found(entry: str, letter: str, before: bool) -> None:  # noqa: FBT001
    text = letter + entry if before else entry + letter

    assert not _matcher(entry).find_words(f"({text}), 1.")


@given(st.text(max_size=200))
def test_any_text_can_be_searched_and_every_place_is_inside_it(text: str) -> None:
    matcher = _matcher(
        "Haddad", "\u062d\u062f\u0627\u062f", "\u738b\u5c0f\u660e", names=("Will",), own=("01632 960100",)
    )

    assert all(0 <= leak.start < leak.end <= len(text) for leak in matcher.find(text))


@pytest.mark.parametrize(
    "text",
    [
        "\u0410shd\u043ewn",  # Cyrillic A and o
        "\u0391shdown",  # Greek Alpha
        "\u1d00s\u029c\u1d05\u1d0f\u1d21\u0274",  # small capitals
        "A\u20ddshdown",  # a circle around the A
    ],
)
def test_letters_that_only_look_like_the_name_are_the_name(text):
    matcher = Matcher(Withheld(("Ashdown",), (), ()))
    assert [leak.kind for leak in matcher.find(f"Ask {text} again.")] == ["withheld word"]


def test_a_name_in_its_own_script_is_still_found():
    name = "\u041c\u043e\u0440\u043e\u0437\u043e\u0432"
    assert Matcher(Withheld((name,), (), ())).find(f"\u043e\u0442 {name.upper()}")
