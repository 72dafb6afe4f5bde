"""The sheets of a workbook and their columns, taken from the schema, so that they can never disagree with it.

Every list of groups in the schema is a sheet, with a row an entry; every other property is a column of the sheet
it belongs to, however deep it lies. A row says by its first columns which agreement (and which row of it) it is
part of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from pipeline.validation.fault import pointer
from pipeline.validation.schemas import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pipeline.service.model import ExtraField

Steps = tuple[str, ...]

EXPLANATION = "Read me first"
WORDS = "Words"
EXAMPLE = "example"
"""What stands under Reference in the example row of a sheet; small letters, so that it is no reference."""
EXTRA = "extra"

_NAMES: Mapping[Steps, str] = {
    (): "Agreements",
    ("participants",): "People",
    ("items",): "Items",
    ("payments",): "Payments",
    ("payments", "payers"): "Payers",
    ("payments", "schedule"): "Instalments",
    ("consent_to_outcome",): "Consents to the outcome",
    ("items", "consents"): "Consents to items",
    ("translations",): "Translations",
    ("items", "translations"): "Translations of items",
    ("sheets",): "Sheets",
    ("changes",): "Changes",
}
"""Names of sheets in the order of the work; a list that is not here is named by its title (and the list it
is part of) and comes after them."""

_FOR_THE_PROGRAM = (("schema_version",), ("$schema",))
"""Columns nobody fills in by hand; they stand at the end."""

_LANGUAGE = {
    "title": "Language",
    "description": "The language of the translation (BCP 47).",
    "examples": ["cy"],
    "type": "string",
}
_PLAIN = ("words",)
"""The column of a sheet whose entries are texts and no groups of fields."""
_MONEY = r"^(0|[1-9][0-9]{0,7})\.[0-9]{2}$"
_HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Kind(Enum):
    """What stands in the cells of a column."""

    TEXT = "text"
    DATE = "date"
    HOUR = "hour"
    MONEY = "money"
    WHOLE = "whole number"
    NUMBER = "number"
    YES_NO = "yes or no"
    WORD = "one of a few words"
    LIST = "several entries"
    ANY = "what the service chose"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value belongs below the row's own group, and what the schema says of it."""

    path: Steps
    label: str
    about: Mapping[str, Any]
    kind: Kind
    required: bool

    @property
    def field(self) -> str:
        """The name of the field as the reference of fields writes it, such as `read_back.on`."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One form of a deadline: the column that chooses it, and the paths of every column that goes with it."""

    tag: Column
    paths: frozenset[Steps]


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet: `path` is the list in the record whose entries are its rows, () for the record itself.

    `keys` say which agreement, version and row of it the row is part of; `of_language` if the last key is the
    language that names the entry, `plain` if the entry is a text and no group. `choices` are
    the groups that have several forms, of which one is filled in, by their path.
    """

    name: str
    path: Steps
    description: str
    keys: tuple[Column, ...]
    columns: tuple[Column, ...]
    choices: Mapping[Steps, tuple[Alternative, ...]]
    of_language: bool = False
    plain: bool = False

    @property
    def every_column(self) -> tuple[Column, ...]:
        """The keys, then the rest."""
        return (*self.keys, *self.columns)

    def column_of(self, path: Steps) -> Column | None:
        """Return the column that holds the value at this path, or the first one below it."""
        if self.plain:
            return self.columns[0]
        own = self.columns if self.path else self.every_column
        holding = (column for column in own if path[: len(column.path)] == column.path)
        below = (column for column in own if path and column.path[: len(path)] == path)
        return next(holding, None) or next(below, None)


def forms(extra: Iterable[str], declared: Mapping[str, ExtraField] | None) -> tuple[Form, ...]:
    """Return every sheet, the agreements first, a list before the lists within its entries.

    `extra` names the service's own fields that get a column, `declared` says of what type they are.
    """
    schema = load_schema("agreement")
    found = list(_forms((), schema, schema))
    found[0] = _with_extra(found[0], extra, declared or {})
    order = list(_NAMES)
    return tuple(sorted(found, key=lambda form: order.index(form.path) if form.path in order else len(order)))


def extra_column(name: str, field: ExtraField | None) -> Column:
    """Return the column of a field of the service's own."""
    kinds = {"text": Kind.TEXT, "date": Kind.DATE, "number": Kind.NUMBER, "yes_no": Kind.YES_NO}
    title = field.title if field else name
    about = {"title": title, "description": "A field of the service's own (agreements.toml)."}
    return Column(
        (EXTRA, name), f"{EXTRA.capitalize()}: {name}", about, kinds[field.type] if field else Kind.ANY, required=False
    )


def root_key() -> Column:
    """Return the column by which every row says to which agreement it belongs."""
    return _key("ref", load_schema("agreement")["properties"]["ref"], required=True)


def _forms(path: Steps, group: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Form]:
    """Yield the sheet of this group, then those of the lists within it."""
    columns: list[Column] = []
    lists: list[tuple[str, Mapping[str, Any]]] = []
    choices: dict[Steps, tuple[Alternative, ...]] = {}
    for name, about in group["properties"].items():
        if _entries(about, schema) is not None:
            lists.append((name, about))
        elif (*path, name) != (EXTRA,):
            required = name in group.get("required", ())
            columns += _columns((name,), about, labels=(), required=required, schema=schema, choices=choices)
    keys = _keys(path, schema)
    of_key = {column.path for column in keys} if not path else set()
    own = tuple(column for column in _merged(columns) if column.path not in of_key)
    about = _at(schema, path, schema)
    name = _NAMES.get(path) or _name_of(path, schema)
    by_language = bool(path) and _is_by_language(about)
    plain = by_language and own[0].path == _PLAIN
    yield Form(name, path, str(about.get("description", "")), keys, own, choices, by_language, plain)
    for name, about in lists:
        entries = _entries(about, schema)
        if entries is not None:
            yield from _forms((*path, name), entries, schema)


def _name_of(path: Steps, schema: Mapping[str, Any]) -> str:
    """Return the name of a sheet: a spreadsheet takes 31 letters."""
    title = str(_at(schema, path, schema)["title"])
    parent = _NAMES.get(path[:-1]) or _name_of(path[:-1], schema) if len(path) > 1 else ""
    return f"{title} of {parent.lower()}"[:31] if parent else title[:31]


def _columns(  # noqa: PLR0913 - a place in the schema, and what is known of the way to it
    path: Steps,
    about: Mapping[str, Any],
    *,
    labels: tuple[str, ...],
    required: bool,
    schema: Mapping[str, Any],
    choices: dict[Steps, tuple[Alternative, ...]],
) -> Iterator[Column]:
    """Yield the columns of one property: itself, or those of the group it is, or of every form it can have."""
    plain = _resolved(about, schema)
    title = str(about.get("title", plain.get("title", path[-1])))
    here = labels if labels and labels[-1] == title else (*labels, title)
    alternatives = [_resolved(form, schema) for form in plain.get("oneOf", ())]
    if alternatives and all("properties" in form for form in alternatives):
        several = []
        for form in alternatives:
            found = list(_columns(path, form, labels=here, required=False, schema=schema, choices=choices))
            tag = next(column for column in found if column.path[len(path)] == form["required"][0])
            several.append(Alternative(tag, frozenset(column.path for column in found)))
            yield from found
        choices[path] = tuple(several)
    elif "properties" in plain:
        for name, part in plain["properties"].items():
            needed = required and name in plain.get("required", ())
            yield from _columns((*path, name), part, labels=here, required=needed, schema=schema, choices=choices)
    else:
        yield Column(path, ": ".join(here), about if "title" in about else plain, _kind(plain), required)


def _merged(columns: Iterable[Column]) -> Iterator[Column]:
    """Yield each path once: two forms of a deadline may share a column."""
    seen: dict[Steps, Column] = {}
    for column in columns:
        seen.setdefault(column.path, column)
    yield from seen.values()


def _keys(path: Steps, schema: Mapping[str, Any]) -> tuple[Column, ...]:
    properties = schema["properties"]
    keys = [_key("ref", properties["ref"], required=True), _key("version", properties["version"], required=not path)]
    if len(path) > 1:
        parent = _entries(_at(schema, path[:-1], schema), schema) or {}
        name = parent["required"][0]
        about = {**parent["properties"][name], "title": "Row", "description": "The id of the row this belongs to."}
        keys.append(_key(name, about, required=True))
    if path and _is_by_language(_at(schema, path, schema)):
        keys.append(_key("language", _LANGUAGE, required=True))
    return tuple(keys)


def _key(name: str, about: Mapping[str, Any], *, required: bool) -> Column:
    kind = Kind.WHOLE if about.get("type") == "integer" else Kind.TEXT
    return Column((name,), str(about["title"]), about, kind, required)


def _with_extra(form: Form, extra: Iterable[str], declared: Mapping[str, ExtraField]) -> Form:
    """Return the sheet of agreements with the service's own fields, and what is for the program alone at the end."""
    names = dict.fromkeys([*declared, *sorted(extra)])
    own = [extra_column(name, declared.get(name)) for name in names]
    columns = [column for column in form.columns if column.path not in _FOR_THE_PROGRAM]
    last = [column for column in form.columns if column.path in _FOR_THE_PROGRAM]
    return replace(form, columns=(*columns, *own, *last))


def _entries(about: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the group that each entry of a list is; None for everything else."""
    inside = about.get("items") if about.get("type") == "array" else about.get("additionalProperties")
    if not isinstance(inside, dict):
        return None
    group = _resolved(inside, schema)
    if _is_by_language(about) and group.get("type") == "string":
        return {"properties": {_PLAIN[0]: {**about, **group, "title": "Words"}}, "required": list(_PLAIN)}
    return group if "properties" in group else None


def _is_by_language(about: Mapping[str, Any]) -> bool:
    return about.get("type") == "object" and isinstance(about.get("additionalProperties"), dict)


def _at(schema: Mapping[str, Any], path: Steps, group: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the schema says of the list at this path; of the record for ()."""
    if not path:
        return group
    about: Mapping[str, Any] = group["properties"][path[0]]
    if len(path) == 1:
        return about
    inside = _entries(about, schema)
    if inside is None:
        raise LookupError(pointer(path))
    return _at(schema, path[1:], inside)


def _resolved(about: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = about.get("$ref")
    found: Mapping[str, Any] = schema["$defs"][reference.rpartition("/")[2]] if reference else about
    return found


def _kind(about: Mapping[str, Any]) -> Kind:
    if "oneOf" in about or about.get("type") == "array":
        return Kind.LIST
    if "enum" in about:
        return Kind.WORD
    if about.get("type") == "boolean" or about.get("const") is True:
        return Kind.YES_NO
    if about.get("type") == "integer" or isinstance(about.get("const"), int):
        return Kind.WHOLE
    return _KIND_OF_TEXT.get(about.get("format") or about.get("pattern", ""), Kind.TEXT)


_KIND_OF_TEXT = {"date": Kind.DATE, _MONEY: Kind.MONEY, _HOUR: Kind.HOUR}
