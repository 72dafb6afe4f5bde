from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.service.model import DEFAULT_LABELS
from pipeline.validation.check import problems
from pipeline.validation.schemas import compile_schema, load_schema


def described(node: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every property with its path, and the table behind each."""
    for name, child in node.get("properties", {}).items():
        yield f"{path}.{name}", child
        yield from described(child, f"{path}.{name}")
    if isinstance(node.get("additionalProperties"), Mapping):
        yield f"{path}.*", node["additionalProperties"]
        yield from described(node["additionalProperties"], f"{path}.*")


def every_property() -> list[tuple[str, Mapping[str, Any]]]:
    return list(described(load_schema("service"), "agreements"))


def test_every_property_is_explained_to_an_editor() -> None:
    lacking = [path for path, child in every_property() if not {"title", "description", "examples"} <= set(child)]
    assert lacking == []


def test_every_example_is_one() -> None:
    wrong = [
        path
        for path, child in every_property()
        for example in child["examples"]
        if list(compile_schema({**child, "$schema": load_schema("service")["$schema"]}).iter_errors(example))
    ]
    assert wrong == []


def test_the_defaults_of_the_schema_are_those_of_the_program() -> None:
    labels = load_schema("service")["properties"]["labels"]["properties"]
    assert {role: child["default"] for role, child in labels.items()} == dict(DEFAULT_LABELS)


def test_an_empty_file_lacks_the_service_and_the_keeping_time() -> None:
    assert [problem.what for problem in problems({}, "service")] == ['"service" is missing.', '"retention" is missing.']
