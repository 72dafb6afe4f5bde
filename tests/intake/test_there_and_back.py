from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import RecordError
from pipeline.intake.cells import CellFault, cell_of, value_of
from pipeline.intake.drawing import draw
from pipeline.intake.exporting import blank_workbook, workbook_of
from pipeline.intake.forms import Kind, forms
from pipeline.intake.gathering import gather
from pipeline.intake.spreading import rows_of
from pipeline.intake.workbook import read_workbook
from pipeline.records.load import load_record_bytes
from pipeline.shipped import shipped
from pipeline.validation.schemas import load_schema


def there_and_back(agreements):
    gathered, _ = gather(read_workbook(workbook_of(agreements, extra_fields=None)), None)
    return gathered


def test_every_sample_survives_record_workbook_record_unchanged(sample_agreements):
    gathered = there_and_back(sample_agreements)
    assert [each.problems for each in gathered] == [()] * len(sample_agreements)
    assert [each.value for each in gathered] == [dict(agreement.record) for agreement in sample_agreements]


def test_a_record_with_every_field_of_the_schema_survives():
    full = (shipped("tests") / "copies" / "full-record.json").read_bytes()
    agreement = load_record_bytes(full, extra_fields=None)
    said = {name: value for name, value in agreement.record.items() if value != []}  # "none" is said by saying nothing
    assert there_and_back([agreement])[0].value == said


def _leaves(schema, group, path=()):
    """Yield the path of every property that holds a value, lists of groups by their name alone."""
    for name, about in group.get("properties", {}).items():
        parts = [about, *about.get("oneOf", ())]
        parts = [schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part for part in parts]
        inner = [part for part in parts if "properties" in part]
        inside = next((part["items"] for part in parts if "items" in part), about.get("additionalProperties"))
        if isinstance(inside, dict) and "$ref" in inside:
            inside = schema["$defs"][inside["$ref"].rpartition("/")[2]]
        if inner:
            for part in inner:
                yield from _leaves(schema, part, (*path, name))
        elif isinstance(inside, dict) and "properties" in inside:
            yield from _leaves(schema, inside, (*path, name))
        elif isinstance(about.get("additionalProperties"), dict):
            yield (*path, name, "words")
        else:
            yield (*path, name)


def test_every_property_of_the_schema_has_a_column():
    schema = load_schema("agreement")
    columns = {(*form.path, *column.path) for form in forms((), None) for column in form.columns}
    columns |= {key.path for key in forms((), None)[0].keys}
    assert set(_leaves(schema, schema)) - {("extra",)} == columns


def test_no_two_columns_of_a_sheet_are_called_alike():
    for form in forms((), None):
        labels = [column.label.casefold() for column in form.every_column]
        assert len(labels) == len(set(labels)), form.name


def test_sheets_have_names_that_a_spreadsheet_takes():
    names = [form.name for form in forms((), None)]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 for name in names)


# Texts as the loader lets them through: no control characters, nothing at the ends, composed letters.
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"], codec="utf-8"), min_size=1, max_size=12)
LINE = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
STARTS = st.sampled_from(["=1+1", "+44 1632", "-2", "@SUM(A1)", "'=x", "00123", "1e5", "TRUE", "2026-11-27", "#REF!"])
TEXT = LINE | STARTS


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=TEXT, entries=st.lists(TEXT, min_size=1, max_size=5), number=st.integers(-(10**12), 10**12), flag=st.booleans()
)
def test_any_text_list_and_number_comes_back_as_it_was(text, entries, number, flag):
    record = {
        "ref": "NR-0001",
        "version": 1,
        "closing_words": text,
        "participants": [{"id": "harmed-1", "withheld": entries, "signs": flag}],
        "extra": {"text": text, "number": number, "flag": flag, "half": number + 0.5},
    }
    found = forms(record["extra"], None)
    try:
        rows = {form.name: list(rows_of(form, record)) for form in found}
    except RecordError:
        return  # an escape of spreadsheets: refused, never changed
    value = gather(read_workbook(draw(found, rows, examples=False)), None)[0][0].value
    assert value == {"schema_version": 1} | record


def column(path, sheet="Agreements"):
    form = next(form for form in forms((), None) if form.name == sheet)
    return next(column for column in form.every_column if column.path == path)


@given(entries=st.lists(TEXT, max_size=6))
def test_any_words_to_withhold_come_back_as_they_were(entries):
    withheld = column(("withheld",), "People")
    assert (value_of(withheld, cell_of(withheld, entries)) or []) == entries


@given(day=st.dates(date(1, 1, 1)))
def test_any_day_comes_back_as_it_was(day):
    review = column(("review_date",))
    assert value_of(review, cell_of(review, day.isoformat())) == day.isoformat()


@given(pence=st.integers(0, 99_999_999_99))
def test_any_amount_comes_back_to_the_penny(pence):
    total = column(("total",), "Payments")
    amount = f"{pence // 100}.{pence % 100:02}"
    assert value_of(total, cell_of(total, amount)) == amount


@pytest.mark.parametrize(
    ("sheet", "path", "typed", "value"),
    [
        ("Agreements", ("pathway",), "Post sentence custody", "post_sentence_custody"),
        ("Agreements", ("meeting_dates",), "2026-11-10, 2026-11-17", ["2026-11-10", "2026-11-17"]),
        ("Agreements", ("meeting_dates",), date(2026, 11, 10), ["2026-11-10"]),
        ("Items", ("owners",), "responsible-1; responsible-2", ["responsible-1", "responsible-2"]),
        ("Items", ("scope",), "all", "all"),
        ("Items", ("scope",), "harmed-1", ["harmed-1"]),
        ("Items", ("when", "time"), time(9, 30), "09:30"),
        ("Items", ("when", "time"), "9:30", "09:30"),
        ("People", ("withheld",), "Haddad; Wright", ["Haddad", "Wright"]),
        ("People", ("withheld",), "12 Mill Lane, Weston\n", ["12 Mill Lane, Weston"]),
        ("People", ("signs",), "No", False),
        ("People", ("signs",), True, True),
        ("Payments", ("total",), 68, "68.00"),
        ("Payments", ("total",), 68.5, "68.50"),
        ("Agreements", ("retention", "years"), 7.0, 7),
        ("Agreements", ("retention", "years"), "7", 7),
        ("Agreements", ("place_kind",), 12, "12"),
        ("Agreements", ("place_kind",), "   ", None),
    ],
)
def test_what_people_type_is_understood(sheet, path, typed, value):
    assert value_of(column(path, sheet), typed) == value


@pytest.mark.parametrize(
    ("sheet", "path", "typed"),
    [
        ("People", ("withheld",), "Haddad, Wright"),
        ("Agreements", ("review_date",), "10/11/2026"),
        ("Agreements", ("review_date",), 46000),
        ("Agreements", ("place_kind",), date(2026, 11, 10)),
        ("Agreements", ("retention", "years"), "seven"),
        ("Agreements", ("agreed_background", "meeting_agreed"), "no"),
        ("People", ("signs",), "perhaps"),
    ],
)
def test_what_could_be_two_things_is_refused(sheet, path, typed):
    assert isinstance(value_of(column(path, sheet), typed), CellFault)


def test_the_example_rows_of_a_blank_workbook_are_never_read():
    assert gather(read_workbook(blank_workbook(extra_fields=None)), None)[0] == ()


def test_the_example_rows_are_right_in_themselves():
    data = blank_workbook(extra_fields=None)
    tables = read_workbook(data)
    main = [t for t in tables if t.name in {"Agreements", "People", "Items", "Consents to the outcome"}]
    named = [
        replace(t, rows=tuple(replace(r, cells=("AG-0001", *r.cells[1:])) if r.number > 1 else r for r in t.rows))
        for t in main
    ]
    gathered, _ = gather(named, None)
    assert gathered[0].problems == ()
    assert json.loads(json.dumps(gathered[0].value))["participants"][0]["withheld"] == ["Ashdown", "12 Mill Lane"]


def test_kinds_are_all_in_use():
    used = {column.kind for form in forms(["any"], None) for column in form.every_column}
    assert used >= set(Kind) - {Kind.NUMBER}
