"""Hold a value against a schema and say, in words of our own, everything that is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema.exceptions import ValidationError

from pipeline.errors import Problem
from pipeline.validation.fault import Fault, shown_pointer
from pipeline.validation.schemas import validator_for
from pipeline.validation.words import faults_of, no_such_form, several_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# The first of these that speaks for a place speaks for it alone: "" breaks minLength and every pattern.
_LOUDEST = ("type", "enum", "const", "minLength", "maxLength", "pattern", "format")


def problems(value: Any, schema_name: str) -> list[Problem]:
    """Return everything that keeps a value from fitting a shipped schema; empty if it fits.

    `where` is a JSON pointer. No message repeats a value.
    """
    return [Problem(fault.what, fault.do, shown_pointer(fault.path)) for fault in faults(value, schema_name)]


def faults(value: Any, schema_name: str) -> list[Fault]:
    """Return the same by path, for callers who know on which line each path stands."""
    return list(_in_words(validator_for(schema_name), value))


def _in_words(validator: Any, value: Any) -> Iterator[Fault]:
    for error in _loudest(_flat(validator.iter_errors(value), validator)):
        yield from [error] if isinstance(error, Fault) else faults_of(error)


def _flat(errors: Iterable[ValidationError], validator: Any) -> Iterator[ValidationError | Fault]:
    """Put in the place of each `oneOf` or `anyOf` the errors of the one form that was meant, or one clear fault."""
    for error in errors:
        if error.validator in {"oneOf", "anyOf"}:
            yield from _one_form(error, validator)
        else:
            yield error


def _one_form(error: ValidationError, validator: Any) -> Iterator[ValidationError | Fault]:
    """Choose the form by its tag (the first name it requires), or else by the type of the value."""
    path = tuple(error.absolute_path)
    forms = [_resolved(form, validator.schema) for form in error.validator_value]
    tags = [form["required"][0] for form in forms if "required" in form]
    if len(tags) == len(forms):
        chosen = [nth for nth, tag in enumerate(tags) if isinstance(error.instance, dict) and tag in error.instance]
    else:
        chosen = [nth for nth, form in enumerate(forms) if _is_type(validator, error.instance, form)]
    if not chosen:
        yield no_such_form(path, error, forms)
    elif len(chosen) > 1:
        yield several_forms(path, error, [tags[nth] for nth in chosen] if tags else [])
    else:
        yield from _flat((each for each in error.context if each.relative_schema_path[0] == chosen[0]), validator)


def _is_type(validator: Any, value: Any, form: Mapping[str, Any]) -> bool:
    return "type" in form and bool(validator.is_type(value, form["type"]))


def _resolved(form: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference inside the schema; compile_schema has refused every other kind."""
    reference: str | None = form.get("$ref")
    if reference is None:
        return form
    part: Any = schema
    for step in reference.removeprefix("#/").split("/"):
        part = part[step]
    found: Mapping[str, Any] = part
    return found


def _loudest(errors: Iterable[ValidationError | Fault]) -> Iterator[ValidationError | Fault]:
    """Leave out what only repeats another fault of the same place."""
    everything = list(errors)
    best: dict[tuple[Any, ...], int] = {}
    for error in everything:
        if isinstance(error, ValidationError) and error.validator in _LOUDEST:
            place = _place(error)
            best[place] = min(best.get(place, len(_LOUDEST)), _LOUDEST.index(error.validator))
    for error in everything:
        if isinstance(error, ValidationError) and error.validator in _LOUDEST:
            if _LOUDEST.index(error.validator) == best[_place(error)]:
                yield error
        else:
            yield error


def _place(error: ValidationError) -> tuple[Any, ...]:
    names = "propertyNames" in error.absolute_schema_path
    return (*error.absolute_path, error.instance) if names else tuple(error.absolute_path)
