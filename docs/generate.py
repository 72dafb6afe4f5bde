#!/usr/bin/env python3
"""Write the reference pages from the program itself, so that they cannot be wrong.

python docs/generate.py            writes docs/command-line.md and docs/record-reference.md
python docs/generate.py --check    exits with 1 when one of them is out of date, and writes nothing
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.authoring.fields import who_sees
from pipeline.authoring.finding import RULES as TEMPLATE_RULES
from pipeline.authoring.finding import SEVERITIES
from pipeline.cli.main import COMMANDS, agreements
from pipeline.errors import ExitCode
from pipeline.validation.schemas import load_schema
from pipeline.wording.model import EVERY_KIND, PROMISES
from pipeline.wording.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

DOCS = Path(__file__).resolve().parent

EXIT_CODES = {
    ExitCode.OK: "All done; `check` found nothing, or notes only.",
    ExitCode.SOME_FAILED: "Some records failed or were refused, or `check` found something to look at.",
    ExitCode.USAGE: "The command line is not right, or no record was found.",
    ExitCode.ALL_FAILED: "Every record failed or was refused.",
    ExitCode.SETUP: "The set-up (agreements.toml, template, engine, output folder) cannot be used; nothing started.",
    ExitCode.INTERRUPTED: "Interrupted with Ctrl-C. What was published stands; nothing is half-published.",
}

STATES = {
    "made": "The copies were made, proven and published.",
    "up to date": "Nothing has changed since they were made; nothing was written.",
    "would be made": "With `--dry-run`: made and proven, and not written.",
    "no agreement": "The meeting ended without one, or goes on another day. That is no failure.",
    "signed, left alone": "The version is signed and says the same as the record.",
    "refused": "Advice of severity stop, another record with the same reference and version, or a signed version that "
    "says something else stands against it. Nothing was written.",
    "failed": "The record has a problem, or a copy did not pass its proofs. Nothing was written.",
}


def command_line() -> str:
    """Return docs/command-line.md."""
    parts = ["# The command line", _MADE, _block(_help(agreements, "agreements"))]
    context = click.Context(agreements, info_name="agreements")
    for name in COMMANDS:
        command = agreements.get_command(context, name)
        if command is None:
            raise LookupError(name)
        parts += [f"## agreements {name}", _block(_help(command, f"agreements {name}"))]
        if isinstance(command, click.Group):
            for below, each in command.commands.items():
                called = f"agreements {name} {below}"
                parts += [f"### {called}", _block(_help(each, called))]
    codes = [(f"{code.value}", EXIT_CODES[code]) for code in ExitCode]
    rules = [
        (
            f"`{rule.name}`",
            rule.severity.value,
            rule.question.value,
            _asked_of(rule.kinds),
            " ".join(part for part in (rule.what, rule.better) if part),
        )
        for rule in RULES.values()
    ]
    parts += [
        "## Exit codes",
        _table(("code", "meaning"), codes),
        "## What became of a record",
        _RESULTS,
        _table(("state", "meaning"), list(STATES.items())),
        "## Rules of advice",
        _SEVERITIES,
        _table(("rule", "severity", "question", "asked of", "what it says"), rules),
        "## Rules of template check",
        _FINDINGS,
        _table(
            ("rule", "severity", "what it finds"),
            [(f"`{name}`", str(rule.severity), rule.finds) for name, rule in TEMPLATE_RULES.items()],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def record_reference() -> str:
    """Return docs/record-reference.md."""
    schema = load_schema("agreement")
    parts = [
        "# Every field of a record",
        _MADE,
        str(schema["description"]),
        _READING,
    ]
    for title, description, form in _sections(schema):
        rows = [
            (
                f"`{name}`{'*' if name in required else ''}",
                str(about.get("title", "")),
                str(about.get("description", "")),
                _type(about),
                who_sees(about),
                _example(about),
            )
            for name, about, required in _properties(form, "", schema)
        ]
        head = ("field", "title", "meaning", "type", "who sees it", "example")
        parts += [f"## {title}", *([description] if description else []), _table(head, rows)]
    return "\n\n".join(parts) + "\n"


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say which of them are out of date."""
    pages = {"command-line.md": command_line(), "record-reference.md": record_reference()}
    stale = [name for name, text in pages.items() if _current(DOCS / name) != text]
    if arguments == ["--check"]:
        for name in stale:
            sys.stderr.write(f"docs/{name} is out of date: run python docs/generate.py\n")
        return 1 if stale else 0
    for name in stale:
        (DOCS / name).write_text(pages[name], encoding="utf-8", newline="\n")
    return 0


_RESULTS = """\
Results go to standard output, one line a record; everything else goes to standard error. `--json` gives one document
and `--json-lines` one line a record, both described by `schemas/report.schema.json`."""

_SEVERITIES = """\
A *stop* keeps copies from being made until the record says under `accepted` who accepted it and why. A *warning* and a
*note* keep nothing from being made."""

_FINDINGS = "\n".join(
    [
        "What `agreements template check` finds in a Word template. The names are stable.",
        "",
        *(f"- *{severity}*: {meaning}." for severity, meaning in SEVERITIES.items()),
    ]
)

_READING = """\
*Who sees it* names the readers of the visibility matrix in [field.md](field.md); *self* is the person the field is
about. A field that nobody sees is for the program. Required fields have a star."""

_MADE = "<!-- made by docs/generate.py: change the program, not this page -->"


def _help(command: click.Command, name: str) -> str:
    return command.get_help(click.Context(command, info_name=name, max_content_width=100, terminal_width=100))


def _current(page: Path) -> str:
    return page.read_text(encoding="utf-8") if page.exists() else ""


def _sections(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    yield "The record", "", schema
    for form in schema["$defs"].values():
        name = next(key for key, value in schema["$defs"].items() if value is form)
        yield form.get("title", name.replace("_", " ").capitalize()), form.get("description", ""), form


def _properties(
    form: Mapping[str, Any], prefix: str, schema: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any], frozenset[str]]]:
    """Yield each property and those inside it, by path; what has a section of its own is named there."""
    required = frozenset(prefix + name for name in form.get("required", ()))
    for name, about in form.get("properties", {}).items():
        path = f"{prefix}{name}"
        yield path, about, required
        yield from _properties(about, f"{path}.", schema)
        yield from _properties(about.get("items", {}), f"{path}[].", schema)
        if isinstance(about.get("additionalProperties"), dict):
            yield from _properties(about["additionalProperties"], f"{path}.LANGUAGE.", schema)


def _asked_of(kinds: frozenset[str]) -> str:
    if kinds == EVERY_KIND:
        return "every row"
    if kinds == PROMISES:
        return "every row but statements"
    return ", ".join(sorted(kinds)).replace("_", " ") or "the record"


def _type(about: Mapping[str, Any]) -> str:
    if "oneOf" in about:
        return " or ".join(_type(form) for form in about["oneOf"])
    keyword = next((name for name in ("$ref", "enum", "const") if name in about), about.get("type", ""))
    return _TYPES[keyword](about)


_TYPES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "$ref": lambda about: _link(about["$ref"]),
    "enum": lambda about: "one of " + ", ".join(f"`{word}`" for word in about["enum"]),
    "const": lambda about: f"`{json.dumps(about['const'])}`",
    "array": lambda about: f"list of: {_type(about['items'])}",
    "object": lambda _: "group of fields",
    "boolean": lambda _: "true or false",
    "integer": lambda about: f"whole number, {about['minimum']} to {about['maximum']}",
    "string": lambda about: "date" if about.get("format") == "date" else _text(about),
}


def _text(about: Mapping[str, Any]) -> str:
    return f"text, at most {about['maxLength']} characters" if "maxLength" in about else "text"


def _link(reference: str) -> str:
    name = reference.rpartition("/")[2]
    title = load_schema("agreement")["$defs"][name].get("title", name.replace("_", " ").capitalize())
    return f"[{title}](#{title.lower().replace(' ', '-')})"


def _example(about: Mapping[str, Any]) -> str:
    return f"`{json.dumps(about['examples'][0], ensure_ascii=False)}`" if about.get("examples") else ""


def _block(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
