"""What the project says of itself in more than one place, and the versions it rests on."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [Requirement(line) for line in PROJECT["dependencies"]]
EXTRAS = PROJECT["optional-dependencies"]
# The tests need the optional parts too: "outcome-agreements[cluster,watch]" stands for what those need.
FOR_TESTS = [
    requirement
    for line in EXTRAS["test"]
    for needed in [Requirement(line)]
    for requirement in (
        [Requirement(each) for extra in sorted(needed.extras) for each in EXTRAS[extra]]
        if needed.name == PROJECT["name"]
        else [needed]
    )
]
PINS = [
    Requirement(line)
    for line in (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]

each_requirement = pytest.mark.parametrize(
    "requirement", [*NEEDED, *FOR_TESTS], ids=lambda requirement: requirement.name
)


def commands(readme: str) -> list[str]:
    """Return the lines of README's code blocks, in order."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", readme, flags=re.DOTALL | re.MULTILINE)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("name", "fixed_in", "because"),
    [
        ("jinja2", "3.1.6", "before it, a template could leave the sandbox (CVE-2025-27516)"),
        ("pypdf", "7.1", "before it, a hostile PDF could use up time and memory"),
        ("lxml", "6", "older ones get no more fixes"),
    ],
)
def test_no_version_with_a_known_hole_is_allowed_in(name: str, fixed_in: str, because: str):
    requirement = next(each for each in (*NEEDED, *FOR_TESTS) if each.name == name)
    floors = [Version(each.version) for each in requirement.specifier if each.operator in {">=", "=="}]
    assert floors, because
    assert min(floors) >= Version(fixed_in), because
    assert Version(version(name)) >= Version(fixed_in), because


@each_requirement
def test_what_is_installed_is_what_is_asked_for(requirement: Requirement):
    if requirement.marker is None or requirement.marker.evaluate():
        assert requirement.specifier.contains(version(requirement.name))


@each_requirement
def test_every_requirement_has_a_floor(requirement: Requirement):
    assert {each.operator for each in requirement.specifier} & {">=", "=="}


@each_requirement
def test_the_constraints_pin_every_requirement_to_a_version_it_allows(requirement: Requirement):
    (pin,) = (each for each in PINS if canonicalize_name(each.name) == canonicalize_name(requirement.name))
    (exact,) = pin.specifier
    assert exact.operator == "=="
    assert requirement.specifier.contains(exact.version)


def test_the_constraints_pin_what_our_requirements_require():
    pinned = {canonicalize_name(each.name) for each in PINS}
    names = [each.name for each in (*NEEDED, *FOR_TESTS) if each.marker is None or each.marker.evaluate()]
    seen: set[str] = set()
    while names:
        name = canonicalize_name(names.pop())
        if name not in seen:
            seen.add(name)
            below = [Requirement(line) for line in requires(name) or ()]
            names += [each.name for each in below if each.marker is None or each.marker.evaluate({"extra": ""})]
    assert sorted(seen - pinned) == []


def test_the_first_command_of_the_readme_generates_the_samples_and_the_second_tests():
    first, second = commands((ROOT / "README.md").read_text(encoding="utf-8"))[:2]
    assert first.endswith(".venv/bin/agreements generate samples --out output")
    assert second.endswith(".venv/bin/pytest --numprocesses auto")


def test_the_ci_runs_the_second_command_of_the_readme_word_for_word():
    _, second = commands((ROOT / "README.md").read_text(encoding="utf-8"))[:2]
    assert second in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_both_commands_use_the_pinned_versions():
    for command in commands((ROOT / "README.md").read_text(encoding="utf-8"))[:2]:
        assert " --constraint .ci/constraints.txt " in command


def test_the_python_that_is_asked_for_is_the_oldest_that_is_named():
    named = [line.rsplit(" ", 1)[1] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert PROJECT["requires-python"] == f">={min(named, key=Version)}"
