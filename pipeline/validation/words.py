"""Plain words for what a schema keyword asks.

Only the schema is quoted (titles, examples, allowed words), never the value that was found.
"""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pipeline.validation.fault import Fault, Path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jsonschema.exceptions import ValidationError

_TYPES = {
    "string": "text, in double quotes",
    "integer": "a whole number, without quotes",
    "number": "a number, without quotes",
    "boolean": "true or false, without quotes",
    "array": "a list, in square brackets",
    "object": "a group of fields, in curly brackets",
    "null": "null",
}

ONE_LINE = r"^[^\n\t]+$"
SHAPES: Mapping[str, str] = {
    ONE_LINE: "Write it on one line, without line breaks or tabs.",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "Write the date as year-month-day, for example 2026-11-27.",
    r"^[a-z][a-z-]{0,30}-[1-9][0-9]?$": "Write role and number of a participant, for example harmed-1.",
    r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$": "Write a language tag, for example en, cy or en-GB.",
    r"^[a-z][a-z0-9-]{0,15}$": "Write a small letter or a short word, for example a.",
    r"^(0|[1-9][0-9]{0,7})\.[0-9]{2}$": "Write pounds and pence with a point and no sign, for example 68.00.",
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": "Write the hour on a 24-hour clock, for example 18:00.",
    r"^[A-Z0-9][A-Z0-9-]{1,31}$": (
        "Write 2 to 32 capital letters, digits and hyphens, beginning with a letter or digit, for example NR-0412."
    ),
}
"""What to write for each pattern of the agreement schema."""


def faults_of(error: ValidationError) -> Iterator[Fault]:
    """Return the faults that one error of jsonschema stands for, each in our own words."""
    path = tuple(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        yield Fault((*path, error.instance), "This name cannot stand here.", _shape(error), on_key=True)
    elif error.validator == "required":
        yield from _missing(error, path)
    elif error.validator == "additionalProperties":
        yield from _unknown(error, path)
    elif error.validator == "uniqueItems":
        yield Fault((*path, _repeated(error.instance)), "The same entry stands twice in this list.", "Leave one out.")
    elif error.validator in _WORDS:
        what, do = _WORDS[error.validator](error)
        yield Fault(path, what, do)
    else:
        yield Fault(path, f"{_subject(error)} breaks the rule {error.validator} of the schema.", _look(error))


def no_such_form(path: Path, error: ValidationError, forms: Sequence[Mapping[str, Any]]) -> Fault:
    """Return the fault of a value that has none of the forms the schema offers."""
    what = f"{_subject(error)} has none of the forms it can have."
    tags = [form["required"][0] for form in forms if "required" in form]
    if len(tags) == len(forms):
        near = _nearest(error.instance, tags) if isinstance(error.instance, dict) else ""
        return Fault(path, what, f"Write curly brackets with exactly one of: {', '.join(tags)}.{near}")
    shapes = [json.dumps(form["const"]) if "const" in form else _TYPES[form["type"]] for form in forms]
    return Fault(path, what, f"Write {'; or '.join(shapes)}.")


def several_forms(path: Path, error: ValidationError, tags: Sequence[str]) -> Fault:
    """Return the fault of a value that mixes several forms."""
    named = f": {', '.join(tags)}" if tags else ""
    return Fault(path, f"{_subject(error)} mixes several forms{named}.", "Keep one of them, with its own fields.")


def _missing(error: ValidationError, path: Path) -> Iterator[Fault]:
    for name in error.validator_value:
        if name not in error.instance:
            about = error.schema.get("properties", {}).get(name, {})
            do = f'Add "{name}". {about.get("description", "")}'.strip() + _example_of(about)
            yield Fault(path, f'"{name}" is missing.', do, missing=name)


def _unknown(error: ValidationError, path: Path) -> Iterator[Fault]:
    known = list(error.schema.get("properties", {}))
    free = [name for name in known if name not in error.instance]
    for key in error.instance:
        if key not in known:
            near = _nearest([key], free)
            do = f"Take it out.{near}" if near else "Take it out, or look up the right name in the reference of fields."
            yield Fault((*path, key), "There is no field of this name here.", do, on_key=True)


_LONGEST_NAME = 40  # what is longer is no slip of the pen, and slow to compare


def _nearest(keys: Iterable[str], names: Sequence[str]) -> str:
    for key in keys:
        if len(key) > _LONGEST_NAME:
            continue
        close = get_close_matches(key, names, n=1)
        if close:
            return f' Did you mean "{close[0]}"?'
    return ""


def _repeated(values: Sequence[Any]) -> int:
    """Return the index of the first entry that stood there before."""
    texts = [json.dumps(value, sort_keys=True) for value in values]
    return next((nth for nth, text in enumerate(texts) if text in texts[:nth]), 0)


def _type(error: ValidationError) -> tuple[str, str]:
    wanted = [error.validator_value] if isinstance(error.validator_value, str) else error.validator_value
    kinds = " or ".join(_TYPES[kind] for kind in wanted)
    return f"{_subject(error)} has the wrong type.", f"Write {kinds}.{_example(error)}"


def _enum(error: ValidationError) -> tuple[str, str]:
    allowed = ", ".join(str(word) for word in error.validator_value)
    return f"{_subject(error)} is not one of the words that can stand here.", f"Write one of: {allowed}."


def _const(error: ValidationError) -> tuple[str, str]:
    only = json.dumps(error.validator_value)
    do = f"Write {only}, or leave the field out." if error.validator_value is True else f"Write {only}."
    return f"{_subject(error)} can only be {only}.", do


def _pattern(error: ValidationError) -> tuple[str, str]:
    return f"{_subject(error)} is not written as it must be.", _shape(error)


def _format(error: ValidationError) -> tuple[str, str]:
    if error.validator_value == "date":
        return "There is no such day in the calendar.", "Write a real date as year-month-day, for example 2026-11-27."
    return f"{_subject(error)} is not written as it must be.", _look(error)


def _min_length(error: ValidationError) -> tuple[str, str]:
    if error.validator_value == 1:
        return f"{_subject(error)} is empty.", "Write something, or leave the field out where it is not needed."
    return f"{_subject(error)} is too short.", f"Write at least {error.validator_value} characters."


def _max_length(error: ValidationError) -> tuple[str, str]:
    return f"{_subject(error)} is too long.", f"Write at most {error.validator_value} characters."


def _min_items(error: ValidationError) -> tuple[str, str]:
    return f"{_subject(error)} has too few entries.", f"Write at least {error.validator_value}."


def _max_items(error: ValidationError) -> tuple[str, str]:
    return f"{_subject(error)} has too many entries.", f"Write at most {error.validator_value}."


def _minimum(error: ValidationError) -> tuple[str, str]:
    return f"{_subject(error)} is too small.", f"Write {error.validator_value} or more."


def _maximum(error: ValidationError) -> tuple[str, str]:
    return f"{_subject(error)} is too large.", f"Write {error.validator_value} or less."


_WORDS: Mapping[str, Callable[[ValidationError], tuple[str, str]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "format": _format,
    "minLength": _min_length,
    "maxLength": _max_length,
    "minItems": _min_items,
    "maxItems": _max_items,
    "minProperties": _min_items,
    "maxProperties": _max_items,
    "minimum": _minimum,
    "maximum": _maximum,
}


def _subject(error: ValidationError) -> str:
    title = error.schema.get("title") if isinstance(error.schema, dict) else None
    return f'"{title}"' if title else "This"


def _shape(error: ValidationError) -> str:
    known = SHAPES.get(error.schema.get("pattern", ""))
    return known if known is not None else _look(error)


def _look(error: ValidationError) -> str:
    say = error.schema.get("description", "Look the field up in the reference.")
    return f"{say}{_example(error)}"


def _example(error: ValidationError) -> str:
    return _example_of(error.schema)


def _example_of(schema: Mapping[str, Any]) -> str:
    examples = schema.get("examples", [])
    return f" For example: {json.dumps(examples[0], ensure_ascii=False)}" if examples else ""
