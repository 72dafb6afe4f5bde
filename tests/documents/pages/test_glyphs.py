"""The glyphs of a page as hex digits: the same glyphs, and a way in whole thousandths."""

from __future__ import annotations

from math import isinf

import pytest

from pipeline.documents.pages.glyphs import Glyphs, round_widths

_FONT = b"""<<
  /Type /Font
  /DW 0
  /CIDToGIDMap /Identity
  /W [1 [487.3047 525.5] 9 [226.07422]]
>>
"""


def test_widths_are_whole_and_told_as_they_were():
    code, widths = round_widths(_FONT)
    assert b"/W [1 [487 526] 9 [226]]" in code
    assert widths == {1: 487.3047, 2: 525.5, 9: 226.07422}


@pytest.mark.parametrize("other", [b"/DW 1000", b"/DW 0\n  /W2 [1 [2]]\n  /DW2 [880 -1000]"])
def test_a_font_that_the_engine_would_not_write_so_stays_as_it_is(other):
    font = _FONT.replace(b"/DW 0", other).replace(b"  /W [", b"  /W  [")
    assert round_widths(font) == (font, {})


@pytest.mark.parametrize(
    ("array", "shown", "way", "whole_way"),
    [
        (b"(\\000\\001\\000\\002)", b"<00010002>", 1012.9, 1013),
        (b"(\\000\\001) 0 (\\000\\t)", b"<00010009>", 713.3, 713),
        (b"(\\000\\001) 12.5 (\\000\\002)", b"<0001> 12.5 <0002>", 1000.4, 1000.5),
    ],
)
def test_an_array_keeps_its_glyphs_and_moves(array, shown, way, whole_way):
    found, its_way, its_whole_way = Glyphs({1: 487.3, 2: 525.6, 9: 226})[array]
    assert found == shown
    assert (its_way, its_whole_way) == (pytest.approx(way), pytest.approx(whole_way))


@pytest.mark.parametrize(
    ("array", "shown"),
    [
        (b"(\\000\\001\\000\\002)", b"<00010002>"),
        (b"(\\000\\001) - (\\000\\001)", b"(\\000\\001) - (\\000\\001)"),
    ],
    ids=["a glyph without a width", "not as the engine writes"],
)
def test_some_arrays_go_no_known_way(array, shown):
    found, way, whole_way = Glyphs({1: 487.3})[array]
    assert (found, isinf(way), isinf(whole_way)) == (shown, True, True)
