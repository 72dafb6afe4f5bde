"""The service's own fields, against what agreements.toml declares."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pipeline.validation.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pipeline.service.model import ExtraField

MOST_CHARACTERS = 400


def extra_faults(extra: Mapping[str, Any], declared: Mapping[str, ExtraField] | None) -> Iterator[Fault]:
    """Yield what is wrong with the fields of the service's own.

    Without a configuration (`declared` is None) only the kind of value is checked: a text, a number, or
    true or false.
    """
    for name, value in extra.items():
        path = ("extra", name)
        if declared is not None and name not in declared:
            near = get_close_matches(name, list(declared), n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            do = f"Take it out, or declare it in agreements.toml.{hint}"
            yield Fault(path, "agreements.toml declares no field of this name.", do, on_key=True)
            continue
        kind = "any" if declared is None else declared[name].type
        fits, do = _KINDS[kind]
        if not fits(value):
            yield Fault(path, "This field of the service has the wrong kind of value.", do)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MOST_CHARACTERS


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or len(value) != len("2026-11-27"):
        return False
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_yes_no(value: Any) -> bool:
    return isinstance(value, bool)


def _is_any(value: Any) -> bool:
    return _is_text(value) or _is_number(value) or _is_yes_no(value)


_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "text": (_is_text, f"Write a text of at most {MOST_CHARACTERS} characters, in double quotes."),
    "date": (_is_date, 'Write a date in double quotes, for example "2026-11-27".'),
    "number": (_is_number, "Write a number, without quotes."),
    "yes_no": (_is_yes_no, "Write true or false, without quotes."),
    "any": (_is_any, "Write a text, a number, or true or false."),
}
