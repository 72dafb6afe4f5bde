from __future__ import annotations

import pytest

from pipeline.copies.derived import withheld_words
from pipeline.copies.plan import plan_copies
from pipeline.errors import RecordError


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("Leila Qorvath", "Ask Ms Qorvath about it."),
        ("Qorvath", "The Qorvaths were there."),
        ("12 Mill Lane, Northwick", "They met near the Mill Lane house."),
        ("12 Mill Lane, Northwick", "They met in Northwick."),
        ("Flat 2, 9 Larkspur Rise", "They met near Larkspur Rise."),
        ("9 Larkspur Rise", "They met at Larkspur Rise 9."),
    ],
)
def test_an_entry_stands_for_its_parts_too(entry, text, record, load, service):
    record["participants"][0]["withheld"] = [entry]
    record["closing_words"] = text
    with pytest.raises(RecordError) as refused:
        plan_copies(load(record), service)
    assert [problem.where for problem in refused.value.problems] == ["/closing_words"]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("12 Mill Lane", "They met in the lane by the mill."),
        ("9 Rise", "The hours will rise."),
        ("Anna Lu", "Lu will come."),
        ("Qorvath", "The Qorvathian way."),
    ],
)
def test_an_entry_does_not_stand_for_more_than_that(entry, text, record, load, service):
    record["participants"][0]["withheld"] = [entry]
    record["closing_words"] = text
    assert plan_copies(load(record), service)


def test_the_entry_itself_is_always_among_the_words(record, load):
    agreement = load(record)
    assert {entry for person in agreement.participants for entry in person.withheld} <= set(withheld_words(agreement))
