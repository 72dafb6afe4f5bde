"""When something stands in the room for a signature."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.proof.places import overlap

# Half a point is what neighbours may share, and a tenth of a point has no exact number of its own.
LENGTHS = st.sampled_from([0.0, 0.1, 0.4, 0.5, 0.6, 1.0, 7.3, 40.0]) | st.floats(0, 100)
BOXES = st.tuples(LENGTHS, LENGTHS, LENGTHS, LENGTHS)


@given(BOXES, BOXES)
def test_boxes_overlap_where_what_they_share_is_wider_and_higher_than_half_a_point(one, other):
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])

    assert overlap(one, other) == overlap(other, one) == (width > 0.5 and height > 0.5)


@pytest.mark.parametrize(
    ("word", "stands_there"),
    [
        ((10, 10, 20, 12), True),
        ((99.4, 10, 120, 12), True),
        ((99.5, 10, 120, 12), False),
        ((10, 49.5, 20, 60), False),
        ((10, 10, 20, 10.5), False),
    ],
)
def test_a_word_may_touch_the_room_and_not_stand_in_it(word, stands_there):
    assert overlap((0, 0, 100, 50), word) == stands_there
