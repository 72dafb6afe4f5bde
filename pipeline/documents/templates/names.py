"""Every name a template uses, checked against what a template can be given, before the first record is read.

Filling a page finds a misspelt name only in the first record that gets there. So the tags are walked here without
any record: each path (`item.help.who.display_name`) is followed through loops to the schema of the record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import nodes

from pipeline.documents.templates.drafting import in_words, parts_of, tag_at
from pipeline.documents.templates.environment import LOOP_FIELDS, environment
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
_STAY_IDS: Final = frozenset({"scope", "payee"})
_SERVICE: Final = ("name", "telephone", "email", "complaint_route", "privacy_text", "next_steps", "legal_note")


@dataclass(frozen=True, slots=True)
class Names:
    """What may be asked of a value: `fields` of a group, `each` of a list, neither of a text; `unknown` allows all."""

    fields: Mapping[str, Names] | None = None
    each: Names | None = None
    unknown: bool = False

    def with_fields(self, **more: Names) -> Names:
        """Return a group with more fields."""
        return Names({**(self.fields or {}), **more})


TEXT: Final = Names()
_ANY: Final = Names(unknown=True)


def wrong_names(template: Template, *, extra_fields: Iterable[str]) -> tuple[Problem, ...]:
    """Return a problem for each name, field, filter or test of `template` that does not exist.

    `extra_fields` are the names of the service's own fields. Raises SetupError for a tag that cannot be read.
    """
    names = public_names(tuple(extra_fields))
    problems: list[Problem] = []
    for where, source, syntax in parts_of(template):
        walk = _Walk(template.language, where, source)
        walk.statements(syntax.body, dict(names.fields or {}))
        problems += walk.problems
    return tuple(dict.fromkeys(problems))


@lru_cache(maxsize=8)
def public_names(extra_fields: tuple[str, ...]) -> Names:
    """Return the names of docs/templates.md, as deep as they go."""
    schema = load_schema("agreement")
    person = _of(schema["$defs"]["participant"], None).with_fields(label=TEXT, is_reader=TEXT)
    roots = {
        name: _of(node, person if name in _WITH_PEOPLE else None)
        for name, node in schema["properties"].items()
        if name != "$schema"
    }
    people = Names(each=person)
    share = Names({"person": person, "amount": TEXT})
    payment = (roots["payments"].each or TEXT).with_fields(number=TEXT)
    line = ((payment.fields or {})["schedule"].each or TEXT).with_fields(shares=Names(each=share))
    labels = Names(dict.fromkeys(DEFAULT_LABELS, TEXT))
    own = Names({"title": TEXT, "value": TEXT})
    translator = Names(dict.fromkeys(("translator", "translated_on", "checked_by", "checked_on"), TEXT))
    return Names(roots).with_fields(
        participants=people,
        signatories=people,
        certificates=people,
        items=Names(each=(roots["items"].each or TEXT).with_fields(number=TEXT)),
        payments=Names(each=payment.with_fields(schedule=Names(each=line))),
        reader=person.with_fields(kind=TEXT),
        service=Names(dict.fromkeys((*_SERVICE, "has_logo", "paper"), TEXT)).with_fields(labels=labels),
        extra=Names(dict.fromkeys(extra_fields, own)),
        signature=Names({}),
        translation=Names(dict.fromkeys(("agreed_in", "made_in"), TEXT)).with_fields(by=Names(each=translator)),
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
        return Names({name: _of(child, person, name) for name, child in node["properties"].items()})
    if "items" in node:
        return Names(each=_of(node["items"], person, key))
    is_person = person is not None and node.get("pattern") == _PERSON_ID and key not in _STAY_IDS
    return person if person is not None and is_person else TEXT


@dataclass(slots=True)
class _Walk:
    """One part of a template, from its first tag to its last."""

    language: str
    where: str
    source: str
    problems: list[Problem] = field(default_factory=list)

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
            return scope[node.name] if node.name in scope else self._unknown(node, node.name, scope)
        owner = self._names(node.node, scope)
        if isinstance(node, nodes.Getattr):
            return self._field(node, owner, node.attr)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._field(node, owner, node.arg.value)
        self._names(node.arg, scope)
        return self._place_in(owner, is_slice=isinstance(node.arg, nodes.Slice))

    def _filtered(self, node: nodes.Filter | nodes.Test, scope: dict[str, Names]) -> Names:
        below = [self._names(child, scope) for child in node.iter_child_nodes()]
        jinja = environment(self.language)
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
        return owner.fields[name] if name in owner.fields else self._unknown(node, name, owner.fields)

    @staticmethod
    def _place_in(owner: Names, *, is_slice: bool) -> Names:
        if is_slice:
            return owner
        if owner.fields:  # a name that is worked out, as in extra[name]
            kinds = list(owner.fields.values())
            return kinds[0] if all(kind == kinds[0] for kind in kinds) else _ANY
        return owner.each or _ANY

    def _unknown(self, node: nodes.Node, name: str, known: Iterable[str]) -> Names:
        return self._wrong(node, f"'{name}' does not exist", name, known)

    def _wrong(self, node: nodes.Node, what: str, name: str, known: Iterable[str] | None) -> Names:
        close = get_close_matches(name.casefold(), sorted(known or ()), n=1)
        near = tag_at(self.source, node.lineno)
        self.problems.append(in_words(what, self.where, near, meant=close[0] if close else None))
        return _ANY


def _bound(target: nodes.Node, value: Names) -> dict[str, Names]:
    if isinstance(target, nodes.Name):
        return {target.name: value}
    return {name.name: _ANY for name in target.find_all(nodes.Name)}
