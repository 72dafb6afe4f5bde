"""The agreement schema as a file: valid, complete, and true in its own examples."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from pipeline.validation.schemas import load_schema
from pipeline.validation.words import SHAPES

SCHEMA = load_schema("agreement")
VOCABULARY = {
    "harmed",
    "harmed_support",
    "responsible",
    "responsible_support",
    "outside",
    "referrer",
    "service",
    "self",
}


def _schemas(schema, path=""):
    """Yield every subschema with its path."""
    if isinstance(schema, dict):
        yield path, schema
        for key in ("properties", "$defs"):
            for name, part in schema.get(key, {}).items():
                yield from _schemas(part, f"{path}/{key}/{name}")
        for key in ("items", "additionalProperties"):
            yield from _schemas(schema.get(key), f"{path}/{key}")
        for nth, part in enumerate(schema.get("oneOf", [])):
            yield from _schemas(part, f"{path}/oneOf/{nth}")


PROPERTIES = [(path, schema) for path, schema in _schemas(SCHEMA) if path.split("/")[-2:-1] == ["properties"]]
PATTERNS = sorted({schema["pattern"] for _, schema in _schemas(SCHEMA) if "pattern" in schema})


def test_the_schema_follows_json_schema_2020_12():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schema_has_an_id():
    assert SCHEMA["$id"].endswith("/agreement.schema.json")


def test_there_are_properties_to_look_at():
    assert len(PROPERTIES) > 150


@pytest.mark.parametrize(("path", "schema"), PROPERTIES, ids=[path for path, _ in PROPERTIES])
def test_every_property_has_title_description_examples_and_visibility(path, schema):
    missing = {"title", "description", "examples", "x-visible-to"} - schema.keys()
    assert not missing, path
    assert schema["examples"], path


@pytest.mark.parametrize(("path", "schema"), PROPERTIES, ids=[path for path, _ in PROPERTIES])
def test_every_property_is_visible_to_readers_of_the_vocabulary_only(path, schema):
    assert set(schema["x-visible-to"]) <= VOCABULARY, path
    assert set(schema.get("x-with-consent", [])) <= set(schema["x-visible-to"]), path


@pytest.mark.parametrize(("path", "schema"), PROPERTIES, ids=[path for path, _ in PROPERTIES])
def test_every_example_fits_its_own_property(path, schema):
    whole = {"$defs": SCHEMA["$defs"], **schema}
    validator = Draft202012Validator(whole, format_checker=FormatChecker(formats=["date"]))
    for example in schema["examples"]:
        assert not [error.message for error in validator.iter_errors(example)], path


def test_no_object_takes_fields_it_does_not_name():
    open_objects = {
        path
        for path, schema in _schemas(SCHEMA)
        if "properties" in schema and schema.get("additionalProperties") is not False
    }
    assert open_objects == set()


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_has_plain_words(pattern):
    assert pattern in SHAPES
