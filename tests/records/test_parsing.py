"""JSON with positions."""

# ruff: noqa: RUF001 - letters of other scripts are what is tested

from __future__ import annotations

import json
import string
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import RecordError
from pipeline.records.characters import objections
from pipeline.records.parsing import MOST_VALUES, parse


def _stop(data):
    with pytest.raises(RecordError) as refused:
        parse(data)
    return refused.value.problems[-1]


def test_every_value_has_line_and_column():
    parsed = parse(b'{\n  "a": [1,\n    {"b": "x"}]\n}')
    assert parsed.positions == {"": (1, 1), "/a": (2, 8), "/a/0": (2, 9), "/a/1": (3, 5), "/a/1/b": (3, 11)}


def test_every_name_has_line_and_column():
    assert parse(b'{\n  "a": {"b/c": 1}}').key_positions == {"/a": (2, 3), "/a/b~1c": (2, 9)}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(line_end):
    assert parse(f"[{line_end}1,{line_end}2]".encode()).positions["/1"] == (3, 1)


def test_columns_count_characters_not_bytes():
    assert parse('["ŵŵŵ", 1]'.encode()).positions["/1"] == (1, 9)


def test_a_byte_order_mark_takes_no_column():
    assert parse(b"\xef\xbb\xbf[1]").positions["/0"] == (1, 2)


def test_texts_and_names_come_in_one_form():
    assert parse('{"e\u0301": "Zoe\u0308"}'.encode()).value == {"é": "Zoë"}


def test_a_pair_of_surrogates_is_one_character():
    parsed = parse(rb'["\ud83d\ude00"]')
    assert (parsed.value, parsed.problems) == (["\U0001f600"], ())


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "\u200fשלום", "a\nb\tc", "👩\u200d🌾", "\u0600١"])
def test_characters_that_a_language_needs_may_stand(text):
    assert parse(json.dumps([text]).encode()).problems == ()


def test_a_spoiled_text_is_read_on_without_its_spaces():
    parsed = parse(b'[" a "]')
    assert (parsed.value, len(parsed.problems), parsed.faulty) == (["a"], 1, {"/0"})


def test_the_first_of_two_equal_names_is_kept():
    parsed = parse(b'{"a": 1, "a": 2}')
    assert (parsed.value, len(parsed.problems), parsed.positions["/a"]) == ({"a": 1}, 1, (1, 7))


def test_100_000_levels_stop_at_the_33rd():
    assert _stop(b"[" * 100_000).what == "Brackets stand within brackets too deeply."


def test_32_levels_may_stand():
    assert parse(b"[" * 32 + b"1" + b"]" * 32).problems == ()


def test_more_values_than_a_record_can_have_stop_the_reading():
    assert _stop(b"[" + b"0," * MOST_VALUES + b"0]").what == "There are more values here than a record can have."


def test_a_stop_comes_with_what_was_wrong_before_it():
    with pytest.raises(RecordError) as refused:
        parse(b'["x\\u0007", NaN, }')
    assert len(refused.value.problems) == 3


def test_no_message_repeats_a_text():
    assert "Zephyrine" not in str(_stop(b'{"Zephyrine" "Zephyrine"}'))


@pytest.mark.parametrize(
    "data",
    [b'["' + b"a" * 1_000_000, b"-" * 1_000_000, b"[" + b"9" * 1_000_000, b" " * 1_000_000, b'["' + b"\\" * 999_999],
)
def test_reading_is_never_slow(data):
    before = time.perf_counter()
    _stop(data)
    assert time.perf_counter() - before < 2


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.text(alphabet='abcŵé-{}[]:,"\\ ', max_size=6).map(str.strip),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "c/d", "e~f", "ŵ"]), inner),
    max_leaves=20,
)


@settings(deadline=None)
@given(json_values, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_it_reads_what_the_standard_library_wrote(value, indent, ascii_only):
    parsed = parse(json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode())
    assert (parsed.value, parsed.problems) == (value, ())


@settings(deadline=None)
@given(json_values)
def test_each_position_is_where_the_value_begins(value):
    text = json.dumps(value, indent=1, ensure_ascii=False)
    lines = text.split("\n")
    parsed = parse(text.encode())
    for line, column in parsed.positions.values():
        assert lines[line - 1][column - 1] in '{["-0123456789tfn'


@given(st.text(string.printable + "\x00\x1b\x7f"))
@example("")
@example(" ")
def test_in_ascii_control_characters_and_spaces_at_the_ends_are_all_there_is_to_object_to(text):
    control = any((sign < " " and sign not in "\n\t") or sign == "\x7f" for sign in text)

    assert bool(list(objections(text))) == (control or text != text.strip())
