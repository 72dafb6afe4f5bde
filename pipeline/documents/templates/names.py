"""Every name a template uses, checked against what a template can be given, before the first record is read.

Filling a page finds a misspelt name only in the first record that gets there. So the tags are walked here without
any record: each path (`item.help.who.display_name`) is followed through loops to the schema of the record.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import nodes

from pipeline.documents.templates.drafting import in_words, parts_of, tag_at
from pipeline.documents.templates.environment import ANY_LANGUAGE, LOOP_FIELDS, environment
from pipeline.errors import Problem
from pipeline.service.model import DEFAULT_LABELS
from pipeline.validation.schemas import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.documents.templates.template import Template

_PERSON_ID: Final = "^[a-z][a-z-]{0,30}-[1-9][0-9]?$"
# In these the id of a person has become the person (pipeline/copies/context.py).
_WITH_PEOPLE: Final = frozenset(
    {"items", "payments", "attachments", "sharing", "consent_to_outcome", "read_back", "retention", "change_consents"}
)
_PROGRESS: Final = ("status", "words", "done", "on", "wording", "so_far", "out_of", "unit")
_STAY_IDS: Final = frozenset({"scope", "payee"})
_SERVICE: Final = ("name", "telephone", "email", "complaint_route", "privacy_text", "next_steps", "legal_note")


@dataclass(frozen=True, slots=True)
class Names:
    """What may be asked of a value: `fields` of a group, `each` of a list, neither of a text; `unknown` allows all.

    `seen_by` are the readers the schema opens the value to (`x-visible-to`); None for what is no field of a record.
    """

    fields: Mapping[str, Names] | None = None
    each: Names | None = None
    unknown: bool = False
    seen_by: frozenset[str] | None = None

    def with_fields(self, **more: Names) -> Names:
        """Return a group with more fields."""
        return replace(self, fields={**(self.fields or {}), **more})


@dataclass(frozen=True, slots=True)
class WrongName:
    """A name, field, filter or test that does not exist, or is asked of the wrong kind of value.

    `line` is the line of its tag. `meant` is the nearest name there is, if one is near.
    """

    line: int
    what: str
    meant: str | None


@dataclass(frozen=True, slots=True)
class Use:
    """A field that a tag asks for: the line of the tag, the field as it is written there, and what it is."""

    line: int
    path: str
    names: Names


TEXT: Final = Names()
_ANY: Final = Names(unknown=True)


def wrong_names(template: Template, *, extra_fields: Iterable[str]) -> tuple[Problem, ...]:
    """Return a problem for each name, field, filter or test of `template` that does not exist.

    `extra_fields` are the names of the service's own fields. Raises SetupError for a tag that cannot be read.
    """
    names = public_names(tuple(extra_fields))
    problems = [
        in_words(wrong.what, where, tag_at(source, wrong.line), meant=wrong.meant)
        for where, source, syntax in parts_of(template)
        for wrong in walk_names(syntax, names)[0]
    ]
    return tuple(dict.fromkeys(problems))


def walk_names(syntax: nodes.Template, names: Names) -> tuple[tuple[WrongName, ...], tuple[Use, ...]]:
    """Return every wrong name of one part, and every field it asks for, in the order of its tags."""
    walk = _Walk()
    walk.statements(syntax.body, dict(names.fields or {}))
    return tuple(walk.wrong), tuple(walk.uses)


@lru_cache(maxsize=8)
def public_names(extra_fields: tuple[str, ...]) -> Names:
    """Return the names of docs/templates.md, as deep as they go."""
    schema = load_schema("agreement")
    person = _of(schema["$defs"]["participant"], None).with_fields(label=TEXT, is_reader=TEXT)
    roots = {
        name: _field_of(node, person if name in _WITH_PEOPLE else None)
        for name, node in schema["properties"].items()
        if name != "$schema"
    }
    people = Names(each=person)
    share = Names({"person": person, "amount": TEXT})
    payment = (roots["payments"].each or TEXT).with_fields(number=TEXT, received=TEXT, outstanding=TEXT)
    progress = Names(dict.fromkeys(_PROGRESS, TEXT))
    line = ((payment.fields or {})["schedule"].each or TEXT).with_fields(shares=Names(each=share))
    labels = Names(dict.fromkeys(DEFAULT_LABELS, TEXT))
    own = Names({"title": TEXT, "value": TEXT})
    translator = Names(dict.fromkeys(("translator", "translated_on", "checked_by", "checked_on"), TEXT))
    return Names(roots).with_fields(
        participants=people,
        signatories=people,
        certificates=people,
        items=Names(each=(roots["items"].each or TEXT).with_fields(number=TEXT, progress=progress)),
        payments=Names(each=payment.with_fields(schedule=Names(each=line))),
        reader=person.with_fields(kind=TEXT),
        service=Names(dict.fromkeys((*_SERVICE, "has_logo", "paper"), TEXT)).with_fields(labels=labels),
        extra=Names(dict.fromkeys(extra_fields, own)),
        signature=Names({}),
        translation=Names(dict.fromkeys(("agreed_in", "made_in"), TEXT)).with_fields(by=Names(each=translator)),
        progress=Names({"kind": TEXT, "on": TEXT}),
        changes=Names(each=Names(dict.fromkeys(("number", "was", "now"), TEXT))),
        **dict.fromkeys(("code", "draft", "notice", "checked_by"), TEXT),
    )


def _of(node: Mapping[str, Any], person: Names | None, key: str = "") -> Names:
    """Give the names of a value of the schema; with `person`, an id of a participant is that person."""
    if "$ref" in node:
        return _of(load_schema("agreement")["$defs"][node["$ref"].rsplit("/", 1)[-1]], person, key)
    if "oneOf" in node:
        branches = [_of(branch, person, key) for branch in node["oneOf"]]
        fields = {name: names for branch in branches for name, names in (branch.fields or {}).items()}
        return Names(fields) if fields else _ANY
    if "properties" in node:
        return Names({name: _field_of(child, person, name) for name, child in node["properties"].items()})
    if "items" in node:
        return Names(each=_of(node["items"], person, key))
    is_person = person is not None and node.get("pattern") == _PERSON_ID and key not in _STAY_IDS
    return person if person is not None and is_person else TEXT


def _field_of(node: Mapping[str, Any], person: Names | None, key: str = "") -> Names:
    """Give the names of a property, and who sees it: without an annotation, nobody."""
    return replace(_of(node, person, key), seen_by=frozenset(node.get("x-visible-to", ())))


@dataclass(slots=True)
class _Walk:
    """One part of a template, from its first tag to its last."""

    wrong: list[WrongName] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    def statements(self, body: Sequence[nodes.Node], scope: dict[str, Names]) -> None:
        """Check statements; what `set` names is known to those that follow."""
        for node in body:
            if isinstance(node, nodes.For):
                self._loop(node, scope)
            elif isinstance(node, nodes.If):
                self._names(node.test, scope)
                self.statements([*node.body, *node.elif_, *node.else_], scope)
            elif isinstance(node, nodes.Assign):
                value = self._names(node.node, scope)
                scope.update(_bound(node.target, value))
            elif isinstance(node, nodes.Output):
                self._printed(node, scope)

    def _loop(self, node: nodes.For, scope: dict[str, Names]) -> None:
        looped = self._names(node.iter, scope)
        each = looped.each or (TEXT if looped.fields is not None else _ANY)
        inner = scope | _bound(node.target, each)
        if node.test is not None:
            self._names(node.test, inner)
        loop = Names({name: each if name in {"previtem", "nextitem"} else TEXT for name in LOOP_FIELDS})
        self.statements(node.body, inner | {"loop": loop})
        self.statements(node.else_, dict(scope))

    def _printed(self, node: nodes.Output, scope: dict[str, Names]) -> None:
        for part in node.nodes:
            names = self._names(part, scope)
            if names.fields is not None or names.each is not None:
                self._wrong(part, "This is not a text but a group or a list", "", None)

    def _names(self, node: nodes.Node, scope: dict[str, Names]) -> Names:
        """Check an expression, and return what may be asked of its value."""
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            return self._path(node, scope)
        if isinstance(node, nodes.Filter | nodes.Test):
            return self._filtered(node, scope)
        below = [self._names(child, scope) for child in node.iter_child_nodes()]
        if isinstance(node, nodes.Or | nodes.And):
            left, right = below
            return left if isinstance(node, nodes.Or) and not left.unknown else right
        if isinstance(node, nodes.CondExpr):
            return below[1]
        if isinstance(node, nodes.List | nodes.Tuple):
            return Names(each=below[0]) if below else _ANY
        return TEXT

    def _path(self, node: nodes.Name | nodes.Getattr | nodes.Getitem, scope: dict[str, Names]) -> Names:
        if isinstance(node, nodes.Name):
            if node.name not in scope:
                return self._unknown(node, node.name, scope)
            return self._used(node, scope[node.name])
        owner = self._names(node.node, scope)
        if isinstance(node, nodes.Getattr):
            return self._field(node, owner, node.attr)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._field(node, owner, node.arg.value)
        self._names(node.arg, scope)
        return self._place_in(owner, is_slice=isinstance(node.arg, nodes.Slice))

    def _filtered(self, node: nodes.Filter | nodes.Test, scope: dict[str, Names]) -> Names:
        below = [self._names(child, scope) for child in node.iter_child_nodes()]
        jinja = environment(ANY_LANGUAGE)
        known = jinja.filters if isinstance(node, nodes.Filter) else jinja.tests
        if node.name not in known:
            return self._unknown(node, node.name, known)
        first = below[0] if below else _ANY
        if isinstance(node, nodes.Test) or node.name not in {"default", "last", "batch", "sentences"}:
            return TEXT
        by_name = {"default": first, "last": first.each or _ANY, "batch": Names(each=first)}
        return by_name.get(node.name, Names(each=TEXT))

    def _field(self, node: nodes.Node, owner: Names, name: str) -> Names:
        if owner.unknown:
            return _ANY
        if owner.fields is None:
            of_what = "a list" if owner.each is not None else "something that has no fields"
            return self._wrong(node, f"'{name}' is asked of {of_what}", name, None)
        if name not in owner.fields:
            return self._unknown(node, name, owner.fields)
        return self._used(node, owner.fields[name])

    def _used(self, node: nodes.Node, names: Names) -> Names:
        self.uses.append(Use(node.lineno or 1, _written(node), names))
        return names

    @staticmethod
    def _place_in(owner: Names, *, is_slice: bool) -> Names:
        if is_slice:
            return owner
        if owner.fields:  # a name that is worked out, as in extra[name]
            kinds = list(owner.fields.values())
            return kinds[0] if all(kind == kinds[0] for kind in kinds) else _ANY
        return owner.each or _ANY

    def _unknown(self, node: nodes.Node, name: str, known: Iterable[str]) -> Names:
        return self._wrong(node, f"'{_written(node) or name}' does not exist", name, known)

    def _wrong(self, node: nodes.Node, what: str, name: str, known: Iterable[str] | None) -> Names:
        close = get_close_matches(name.casefold(), sorted(known or ()), n=1)
        self.wrong.append(WrongName(node.lineno or 1, what, close[0] if close else None))
        return _ANY


def _written(node: nodes.Node) -> str:
    """Give a field as its tag writes it, such as item.help.who; "" for anything else."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        owner, name = _written(node.node), node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        owner, name = _written(node.node), str(node.arg.value)
        return f"{owner}[{name}]" if isinstance(node.arg.value, int) and owner else f"{owner}.{name}" if owner else ""
    else:
        return ""
    return f"{owner}.{name}" if owner else ""


def _bound(target: nodes.Node, value: Names) -> dict[str, Names]:
    if isinstance(target, nodes.Name):
        return {target.name: value}
    return {name.name: _ANY for name in target.find_all(nodes.Name)}
