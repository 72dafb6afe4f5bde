"""A pattern that is tried only where it can match finds what it finds everywhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.wording import contact_patterns as patterns
from pipeline.wording.plain_signs import Places, plain
from pipeline.wording.where_it_can_be import AroundSign, first_signs, outline

PIECES = (
    "14|1|0|07700|900123|+44|(0)|01632|960|1-3|12/11/2026|2a|Flat|flat|Fflat|room|UNED|Unit|3B|Mill|Lane|Road|Broadway"
    "|strand|Heol|heol|Ffordd|Maes|CLOS|Gerddi|gerdd\u0131|yr|'r|Bont|Orsaf|SW1A|1AA|EC1|2nd|e1|leeds|LS1|3AB|jo|@|@jo"
    "|(at)|[AT]|example.org|www.|x.com/|t.me/jo|youtube.com//a|a/b|,|.|-|_|(|[|:|£|\ue000|\u017f|\u212a|\u00ad| |\n|\t"
)
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES.split("|")), st.just(" "), st.text(max_size=3)), max_size=24)
PATTERNS = {
    "british number": patterns.BRITISH_NUMBER,
    "e-mail address": patterns.EMAIL,
    "account": patterns.account(),
    "postcode": patterns.POSTCODE,
    "stretch of digits": patterns.STRETCH,
    "any english street": patterns.any_english_street(),
    "english street": patterns.english_street(),
    "street of one word": patterns.lone_street(),
    "welsh street": patterns.welsh_street(),
}
EXAMPLES = {
    "british number": "Ring 07700 900123, or +44 7700 900123.",
    "e-mail address": "jo@example.org, or jo (at) example.org",
    "account": "@jo or www.x.com/jo",
    "postcode": "LS1 3AB and e1 4ns",
    "stretch of digits": "(1234) 567",
    "any english street": "14 Mill Lane, 14 Broadway",
    "english street": "14 Mill Lane, Flat 2 High Road",
    "street of one word": "14 Broadway",
    "welsh street": "Heol y Bont, 12 Maes yr Haf",
}


def spans(matches):
    return [match.span() for match in matches]


def found(search, text):
    return spans(search.matches(text) if isinstance(search, AroundSign) else search.matches(text, outline(text)))


@pytest.mark.parametrize("kind", PATTERNS)
def test_there_is_something_to_find(kind):
    assert found(PATTERNS[kind], EXAMPLES[kind])


GAPS = st.text(alphabet=' \t\n().-/*\u2022\u00b7_[]"x\ue000', max_size=8)
NUMBERS = st.lists(st.one_of(st.sampled_from(["0", "00", "+", "44", "(0)", "(", "7", "12"]), GAPS), max_size=40)


@pytest.mark.parametrize("kind", ["british number", "stretch of digits"])
@settings(max_examples=500, deadline=None)
@given(pieces=NUMBERS)
def test_a_number_is_found_whatever_its_gaps(kind, pieces):
    search, text = PATTERNS[kind], plain("".join(pieces))

    assert found(search, text) == spans(search.pattern.finditer(text))


@pytest.mark.parametrize(
    "number", ["+ -. 44 (.)0) -.  -.1234567890", "+44 -.(0)   ---123456789", "0...1...2...3...4...5...6...7...8...9"]
)
def test_the_widest_gaps_of_a_number_are_no_end_of_it(number):
    british = patterns.BRITISH_NUMBER

    assert found(british, number) == spans(british.pattern.finditer(number))


@pytest.mark.parametrize("kind", PATTERNS)
@settings(max_examples=200, deadline=None)
@given(pieces=TEXTS)
def test_a_quick_pattern_hides_nothing_that_the_slow_one_finds(kind, pieces):
    search, text = PATTERNS[kind], plain("".join(pieces))

    assert found(search, text) == spans(search.pattern.finditer(text))


@settings(max_examples=300, deadline=None)
@given(pieces=TEXTS)
def test_where_there_is_an_english_street_of_either_kind_there_is_one_of_any_kind(pieces):
    text = plain("".join(pieces))
    of_a_kind = [*patterns.english_street().pattern.finditer(text), *patterns.lone_street().pattern.finditer(text)]

    assert bool(found(patterns.any_english_street(), text)) == bool(of_a_kind)


@settings(max_examples=300, deadline=None)
@given(pieces=TEXTS)
def test_a_stretch_has_enough_digits_and_may_begin_with_a_plus_or_a_bracket(pieces):
    text = plain("".join(pieces))

    stretches = re.finditer(r"[+(]?\d[\d ().\-/]{5,}\d", text)
    enough = [stretch for stretch in stretches if sum(map(str.isdigit, stretch[0])) >= patterns.SHORTEST_NUMBER]

    assert found(patterns.STRETCH, text) == spans(enough)


NOT_NUMBERS_SIGN_BY_SIGN = re.compile(
    r"(?<!\w)\d{4}-\d{2}-\d{2}(?!\w)"
    r"|(?<![\w./-])\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?![./-]?\w)"
    r"|(?<!\w)[A-Z]{1,8}-\d{1,8}(?![ -]?\d)(?!\w)"
    r"|(?<!\w)0\.\d+"
    r"|[£$€] ?\d[\d,]*(?:\.\d\d)?(?!\d)"
)
SUCH = "2026-11-27|27/11/2026|1.2.26|1-1-2026|NR-0412|ABCDEFGH-1|ABCDEFGHI-1|0.5|0.|£5|£ 1,250.00|$|€7.5|A|Z|-|.|/|é|\n"


@settings(max_examples=500, deadline=None)
@given(pieces=st.lists(st.one_of(st.sampled_from(SUCH.split("|")), st.sampled_from(PIECES.split("|")))))
def test_dates_references_decimals_and_sums_are_found_as_if_tried_at_every_sign(pieces):
    text = plain("".join(pieces))

    assert spans(patterns.NOT_NUMBERS.finditer(text)) == spans(NOT_NUMBERS_SIGN_BY_SIGN.finditer(text))


def test_the_first_signs_are_those_of_the_words_in_any_case_and_no_others():
    signs = first_signs(("flat", "unit"), also=rb"0 ", never_after=rb"[0a-z-]")

    assert spans(signs.finditer(outline("Flat 3 a, reflat, UNIT, fla, -4 b, 5c"))) == [(0, 1), (5, 6), (18, 19)]


def test_an_outline_has_small_letters_one_sign_for_digits_and_one_for_what_is_not_ascii():
    assert outline("Flat 12,\n\u017fi\u0130\u0131 \u212a\u00e9\ud800") == b"flat 00,\nsiii k??"


@pytest.mark.parametrize("letter", [*"abcdefghijklmnopqrstuvwxyz", "\u00f4", "\u00e2"])
def test_signs_that_are_the_same_letter_to_a_pattern_have_the_same_outline(letter):
    every_sign = "".join(map(chr, range(0x110000)))

    assert {outline(sign) for sign in re.findall(letter, every_sign, re.IGNORECASE)} == {outline(letter)}


@settings(max_examples=300, deadline=None)
@given(pieces=TEXTS)
def test_numbers_are_found_where_the_outline_is_of_the_text_with_its_dates(pieces):
    text = plain("".join(pieces))
    without = patterns.NOT_NUMBERS.sub(lambda date: "_" * len(date[0]), text)

    for search in (patterns.BRITISH_NUMBER, patterns.STRETCH):
        assert spans(search.matches(without, outline(text))) == spans(search.pattern.finditer(without))


@settings(max_examples=200, deadline=None)
@given(pieces=TEXTS)
def test_each_plain_sign_is_found_in_the_text_as_it_was(pieces):
    text = "".join(pieces)
    places = Places(text)

    assert plain(text) == "".join(plain(text[places.place(nth)]) for nth in range(len(plain(text))))
