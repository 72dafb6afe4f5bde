"""Step two of who sees what: the schema's annotations pick the fields.

`x-visible-to` names the readers of a property; `x-with-consent` names those among them who see it only where a
consent or a legal duty is recorded. No annotation, no visibility.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.copies.model import Reader
from pipeline.copies.readers import PARTIES
from pipeline.copies.rows import consented
from pipeline.validation.schemas import load_schema

if TYPE_CHECKING:
    from pipeline.records.model import Agreement

_CONSENT_TO = {
    "agreed_background": "background",
    "admission": "admission",
    "is_child": "age",
    "age_band": "age",
    "no_contact": "no_contact",
    "custody": "custody",
}


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whose eyes look at a value: the kind of reader, and whether the value is about this very reader."""

    agreement: Agreement
    kind: Reader
    is_own: bool = False
    about: str | None = None


def pick(eyes: Eyes, value: Mapping[str, Any], definition: str | None = None) -> dict[str, Any]:
    """Return the value with every name its schema has; what is absent or hidden is None.

    `definition` names an entry of the agreement schema's `$defs`; without one the value is a whole record.
    """
    schema = load_schema("agreement")
    return _pick(eyes, value, schema["$defs"][definition] if definition else schema)


def _pick(eyes: Eyes, value: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _pick_any(eyes, value[name], child) if name in value and _may_see(eyes, name, child) else None
        for name, child in node["properties"].items()
    }


def _pick_any(eyes: Eyes, value: Any, node: Mapping[str, Any]) -> Any:
    if isinstance(value, str | int | float):  # most of a record, and quicker to tell than what a mapping is
        return value
    node = _resolved(node, value)
    if isinstance(value, Mapping):
        # An object whose names the schema does not fix (extra, translations) is never passed on whole.
        return _pick(eyes, value, node) if "properties" in node else None
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_pick_any(eyes, each, node["items"]) for each in value]
    return value


def _resolved(node: Mapping[str, Any], value: Any) -> Mapping[str, Any]:
    if "$ref" in node:
        definitions: Mapping[str, Any] = load_schema("agreement")["$defs"]
        return _resolved(definitions[node["$ref"].rsplit("/", 1)[-1]], value)
    if "oneOf" in node and isinstance(value, (Mapping, list)):
        branches = (_resolved(branch, None) for branch in node["oneOf"])
        return next(branch for branch in branches if _fits(branch, value))
    return node


def _fits(branch: Mapping[str, Any], value: Any) -> bool:
    if isinstance(value, Mapping):
        return branch.get("type") == "object" and set(branch["required"]) <= set(value)
    return branch.get("type") == "array"


def _may_see(eyes: Eyes, name: str, node: Mapping[str, Any]) -> bool:
    visible = node.get("x-visible-to", ())
    if "self" in visible and eyes.is_own and eyes.kind in PARTIES:
        return True
    if eyes.kind not in visible:
        return False
    if eyes.kind in node.get("x-with-consent", ()):
        return consented(eyes.agreement, _CONSENT_TO[name], eyes.about, eyes.kind)
    return True
