"""The shipped schemas, compiled once.

A schema never reaches outside its own file: a reference to another place is refused, and the registry that
jsonschema gets cannot fetch anything.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from pipeline.errors import Problem, SetupError
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Only formats that jsonschema checks without further libraries: the same verdict on every machine.
_FORMATS = FormatChecker(formats=["date", "email"])


@cache
def load_schema(name: str) -> Mapping[str, Any]:
    """Return a shipped schema by its short name: "agreement", "service", "manifest", "report".

    The result is shared: read it, never change it. Raises SetupError if there is no such schema.
    """
    path = shipped("schemas") / f"{name}.schema.json"
    try:
        schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(
            [Problem("A schema of the program cannot be read.", "Install the program again.", path.name)]
        ) from error
    return schema


@cache
def validator_for(name: str) -> Any:
    """Return the compiled validator of a shipped schema."""
    return compile_schema(load_schema(name))


def compile_schema(schema: Mapping[str, Any]) -> Any:
    """Return a validator for this schema (2020-12), with formats checked and nothing ever fetched.

    Raises SetupError if the schema refers to anything outside itself. That the shipped schemas follow the
    standard is shown by tests: checking it here would cost every run a sixth of a second.
    """
    if any(not reference.startswith("#") for reference in _references(schema)):
        do = "Copy the part into $defs of the schema and refer to it with #."
        raise SetupError([Problem("The schema refers to another file or address.", do)])
    return _Validator(schema, registry=Registry(), format_checker=_FORMATS)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key in {"$ref", "$dynamicRef"} and isinstance(value, str):
                yield value
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _pattern(_validator: Any, pattern: str, instance: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    """Check `pattern` as the standard means it: in Python, `$` would also match before a last line break.

    A text that is already too long is not searched, so that no pattern can be made slow.
    """
    if not isinstance(instance, str) or len(instance) > schema.get("maxLength", len(instance)):
        return
    if not _searched_for(pattern).search(instance):
        yield ValidationError("the pattern does not match")


@cache
def _searched_for(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern))


def _items(validator: Any, items: Any, instance: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    """Check each entry, unless there are more than maxItems allows: then that is what is said, and enough."""
    if validator.is_type(instance, "array") and len(instance) <= schema.get("maxItems", len(instance)):
        yield from Draft202012Validator.VALIDATORS["items"](validator, items, instance, schema)


def _required(validator: Any, required: list[str], instance: Any, _schema: Any) -> Iterator[ValidationError]:
    """Report all missing names of one object in one error; the names stand in the schema."""
    if validator.is_type(instance, "object") and any(name not in instance for name in required):
        yield ValidationError("names are missing")


_Validator = extend(Draft202012Validator, {"pattern": _pattern, "required": _required, "items": _items})
