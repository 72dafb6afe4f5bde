"""Whatever the schema allows comes back from the sheets as it was."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.intake.forms import forms
from pipeline.intake.gathering import gather
from pipeline.intake.model import Row, Table
from pipeline.intake.spreading import rows_of
from pipeline.validation.schemas import load_schema

SCHEMA = load_schema("agreement")
LINE = st.lists(st.text("aZéŁح漢'=+-@;,.9", min_size=1, max_size=8), min_size=1, max_size=3).map(" ".join)
SHAPED = {
    r"^[a-z][a-z-]{0,30}-[1-9][0-9]?$": st.sampled_from(["harmed-1", "responsible-2", "outside-10"]),
    r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$": st.sampled_from(["en", "cy", "en-GB", "zh-Hant"]),
    r"^[a-z][a-z0-9-]{0,15}$": st.sampled_from(["a", "b2", "letter-1"]),
    r"^(0|[1-9][0-9]{0,7})\.[0-9]{2}$": st.integers(0, 99_999_999_99).map(
        lambda pence: f"{pence // 100}.{pence % 100:02}"
    ),
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": st.times().map(lambda hour: f"{hour:%H:%M}"),
    r"^[A-Z0-9][A-Z0-9-]{1,31}$": st.just("NR-0001"),
}
LANGUAGES = st.sampled_from(["cy", "ar", "pl"])


def values(about):  # noqa: C901, PLR0911 - a case for each keyword of the schema
    """Return a strategy for the values that this part of the schema allows; nothing is ever an empty list."""
    if "$ref" in about:
        about = {**SCHEMA["$defs"][about["$ref"].rpartition("/")[2]], **{k: v for k, v in about.items() if k != "$ref"}}
    if "const" in about:
        return st.just(about["const"])
    if "enum" in about:
        return st.sampled_from(about["enum"])
    if "oneOf" in about:
        return st.one_of([values(form) for form in about["oneOf"]])
    match about["type"]:
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(about["minimum"], about["maximum"])
        case "array":
            is_plain = "properties" not in about["items"] and "$ref" not in about["items"]
            least = max(1, about.get("minItems", 1))
            return st.lists(values(about["items"]), min_size=least, max_size=least + 1, unique=is_plain)
        case "object" if "properties" in about:
            parts = {name: values(part) for name, part in about["properties"].items() if name != "extra"}
            needed = {name: parts.pop(name) for name in about.get("required", ())}
            return st.fixed_dictionaries(needed, optional=parts)
        case "object":
            return st.dictionaries(LANGUAGES, values(about["additionalProperties"]), min_size=1, max_size=2)
    if about.get("format") == "date":
        return st.dates().map(lambda day: day.isoformat())
    return SHAPED.get(about.get("pattern"), LINE)


def told_apart(record):
    """Give each row that others point to an id of its own."""
    for name, key in (("items", "id"), ("payments", "item"), ("attachments", "id"), ("changes", "item")):
        for nth, entry in enumerate(record.get(name, ())):
            entry[key] = f"r{nth}"
    return record


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(record=values(SCHEMA).map(told_apart))
def test_any_record_of_the_schema_comes_back_from_its_rows(record):
    tables = []
    for form in forms((), None):
        head = Row(1, tuple(column.label for column in form.every_column))
        rows = [Row(number, cells) for number, cells in enumerate(rows_of(form, record), start=2)]
        tables.append(Table(form.name, (head, *rows)))
    gathered, _ = gather(tables, None)
    assert gathered[0].problems == ()
    assert gathered[0].value == record
