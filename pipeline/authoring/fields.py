"""What an author of templates may use: every name with its tag, meaning, type, example and who sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline.copies.model import Reader
from pipeline.documents.templates.names import Names, public_names
from pipeline.validation.schemas import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What a loop over a list of the record calls each entry.
_EACH: Final = {
    "participants": "person",
    "items": "item",
    "payments": "payment",
    "attachments": "attachment",
    "sharing": "consent",
    "consent_to_outcome": "consent",
    "change_consents": "consent",
    "accepted": "entry",
    "schedule": "line",
    "payers": "payer",
    "consents": "consent",
    "shares": "share",
}
_OWN: Final[Mapping[str, tuple[str, str]]] = {
    "reader": ("Whose copy it is: a person.", "{{ reader | names }}"),
    "reader.kind": (f"What kind of reader: {', '.join(Reader)}.", '{%p if reader.kind == "outside" %}'),
    "service.name": ("The name of the service.", "{{ service.name }}"),
    "service.telephone": ("Whom to ring.", "{{ service.telephone }}"),
    "service.email": ("Whom to write to.", "{{ service.email }}"),
    "service.complaint_route": ("How to complain.", "{{ service.complaint_route }}"),
    "service.privacy_text": ("Who holds the data.", "{{ service.privacy_text }}"),
    "service.next_steps": ("What happens next.", "{{ service.next_steps }}"),
    "service.legal_note": ("What the agreement means in law.", "{{ service.legal_note }}"),
    "service.has_logo": ("Whether there is a logo.", "{%p if service.has_logo %}"),
    "code": ("The agreement code, the same on every copy of the sheet.", "{{ code }}"),
    "draft": ("Whether the text has not been read back yet.", "{%p if draft %}"),
    "notice": ("The sentence about details that no copy prints.", "{{ notice }}"),
    "signatories": ("Who has a place to sign on this copy.", "{%tr for person in signatories %}"),
    "signature(person)": ("The caption of a place to sign.", "{{ signature(person) }}"),
    "person.label": ('What the person is called by role, such as "person responsible".', "{{ person.label }}"),
    "person.is_reader": ("Whether it is this person's copy.", "{% if person.is_reader %}"),
    "item.number": ("1, 2, 3 on this copy.", "{{ item.number }}"),
    "payment.number": ("The number of the row it belongs to.", "{{ payment.number }}"),
}
_DEEPEST: Final = 3
_EVERYONE: Final = frozenset(str(reader) for reader in Reader)


@dataclass(frozen=True, slots=True)
class Field:
    """One name: as it is written in a tag, the tag, its meaning, its type, an example, and who sees it."""

    name: str
    tag: str
    meaning: str
    type: str
    example: str
    who: str


def fields() -> Iterator[tuple[str, list[Field]]]:
    """Yield the fields in groups, each with its title; a group of a list gives the tag of its loop."""
    names = public_names(()).fields or {}
    yield (
        "What the program adds",
        [Field(name, tag, meaning, "", "", "everyone") for name, (meaning, tag) in _OWN.items()],
    )
    schema = load_schema("agreement")
    properties = {name: node for name, node in schema["properties"].items() if name != "$schema"}
    yield "Of the whole record", list(_of_group("", properties, names, loops=False))
    for name, node in properties.items():
        each = names[name].each
        if each is not None and each.fields is not None:
            one = _EACH.get(name, "entry")
            inside = _resolved(node).get("items", {})
            title = f"In a loop over {name}: {{% for {one} in {name} or [] %}} … {{% endfor %}}"
            yield title, list(_of_group(f"{one}.", _resolved(inside).get("properties", {}), each.fields, loops=True))


def _of_group(
    prefix: str, properties: Mapping[str, Any], names: Mapping[str, Names], *, loops: bool
) -> Iterator[Field]:
    for name, node in properties.items():
        if name not in names:
            continue
        known, path = names[name], f"{prefix}{name}"
        if known.seen_by is not None and not known.seen_by:
            continue  # for the program: no reader ever sees it
        if known.fields is None and "object" in {_resolved(node).get("type"), node.get("type")}:
            continue  # names that no schema fixes cannot be printed
        yield _field(path, node, known)
        below = _resolved(node)
        if known.each is not None and known.each.fields is not None and loops and not _is_person(known.each):
            one = _EACH.get(name, "entry")
            yield from _of_group(
                f"{one}.", _resolved(below.get("items", {})).get("properties", {}), known.each.fields, loops=True
            )
        elif (
            known.fields is not None and not _is_person(known) and "properties" in below and path.count(".") < _DEEPEST
        ):
            yield from _of_group(f"{path}.", below["properties"], known.fields, loops=loops)


def _field(path: str, node: Mapping[str, Any], names: Names) -> Field:
    about = {**_resolved(node), **node}
    kind, tag = _kind_and_tag(path, about, names)
    examples = about.get("examples", [])
    example = "" if not examples or isinstance(examples[0], dict | list) else str(examples[0])
    return Field(path, tag, str(about.get("description", about.get("title", ""))), kind, example, who_sees(node))


def _kind_and_tag(path: str, about: Mapping[str, Any], names: Names) -> tuple[str, str]:
    name = path.rpartition(".")[2]
    words = f"{{{{ {path} | date }}}}"
    if _is_person(names) or (names.each is not None and _is_person(names.each)):
        kind, tag = "people" if names.each is not None else "person", f"{{{{ {path} | names }}}}"
    elif names.each is not None and about.get("items", {}).get("format") == "date":
        kind, tag = "list of days", words
    elif names.each is not None:
        kind, tag = "list", f"{{% for {_EACH.get(name, 'entry')} in {path} or [] %}}"
    elif name == "when" or about.get("format") == "date":
        kind, tag = "deadline" if name == "when" else "day", words
    elif names.fields is not None:
        kind, tag = "group", f"{{% if {path} %}}"
    else:
        kind, tag = _of_text(path, name, about)
    return kind, tag


def _of_text(path: str, name: str, about: Mapping[str, Any]) -> tuple[str, str]:
    if about.get("type") == "boolean" or isinstance(about.get("const"), bool):
        return "yes or no", f"{{% if {path} %}}"
    if "enum" in about:
        return "one of " + ", ".join(map(str, about["enum"])), f'{{% if {path} == "{about["enum"][0]}" %}}'
    if name in {"amount", "total", "share"}:
        return "amount", f"{{{{ {path} | money(payment.currency) }}}}"
    return "number" if about.get("type") == "integer" else "text", f"{{{{ {path} }}}}"


def _is_person(names: Names) -> bool:
    return names.fields is not None and {"display_name", "label"} <= names.fields.keys()


def _resolved(node: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in node:
        definitions: Mapping[str, Any] = load_schema("agreement")["$defs"]
        return _resolved(definitions[node["$ref"].rsplit("/", 1)[-1]])
    return node


def who_sees(about: Mapping[str, Any]) -> str:
    """Word who sees a property of the schema, such as "harmed, service; with a consent: referrer"."""
    if "x-visible-to" not in about:
        return ""
    seen = about["x-visible-to"]
    always = "everyone" if set(seen) >= _EVERYONE else ", ".join(reader.replace("_", " ") for reader in seen)
    consented = ", ".join(reader.replace("_", " ") for reader in about.get("x-with-consent", ()))
    return "; ".join(part for part in (always or "nobody", f"with a consent: {consented}" if consented else "") if part)
