"""Start a template of one's own from one that is there, and list what is there."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.documents.templates.template import homes_of, templates_in
from pipeline.errors import Problem, SetupError
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_NAME_SETTING: Final = re.compile(r'(?m)^name\s*=\s*"[^"]*"')


@dataclass(frozen=True, slots=True)
class Listed:
    """A template that is there: its languages, whether it is the service's own, and whether it is used.

    A folder of the service wins over the shipped one of the same name.
    """

    name: str
    languages: tuple[str, ...]
    own: bool
    used: bool


def templates(service_folder: Path | None) -> Iterator[Listed]:
    """Give every template of the service and of the program, the service's first."""
    seen: set[str] = set()
    for home in homes_of(service_folder):
        for name, languages in templates_in(home):
            yield Listed(name, tuple(languages), own=home != shipped("templates"), used=name not in seen)
            seen.add(name)


def start_template(name: str, *, source: str, service_folder: Path | None) -> tuple[Path, ...]:
    """Copy the template `source` into the service's folder under a new name; return the files written.

    Raises SetupError, having written nothing, if there is no folder for templates, no such source, or a folder of that
    name.
    """
    if service_folder is None:
        do = "Name a folder with --into, or in agreements.toml: [files] templates."
        raise SetupError([Problem("There is no folder for your templates.", do, where="--into")])
    if not _NAME.fullmatch(name):
        do = "Use small letters, digits and hyphens, such as our-standard."
        raise SetupError([Problem("This cannot be the name of a template.", do, where="NAME")])
    found = [home / source for home in homes_of(service_folder) if (home / source).is_dir()]
    if not found:
        known = ", ".join(sorted({each.name for each in templates(service_folder)}))
        raise SetupError([Problem("There is no template of this name.", f"Choose one of: {known}.", where="--from")])
    target = service_folder / name
    if os.path.lexists(target):
        do = "Choose another name, or move the folder away first. Nothing was written."
        raise SetupError([Problem("There is a folder of this name already.", do, where=name)])
    return _copied(found[0], target, old=source, new=name)


def _copied(source: Path, target: Path, *, old: str, new: str) -> tuple[Path, ...]:
    written = []
    try:
        target.mkdir(mode=0o700, parents=True)
        for file in sorted(each for each in source.iterdir() if each.is_file()):
            copy = target / file.name.replace(f"{old}.", f"{new}.", 1) if file.suffix == ".docx" else target / file.name
            data = file.read_bytes()
            if file.name == "template.toml":
                data = _NAME_SETTING.sub(f'name = "{new}"', data.decode("utf-8"), count=1).encode("utf-8")
            copy.write_bytes(data)
            written.append(copy)
    except OSError as error:
        what = f"The template cannot be written: {error.strerror or 'no reason given'}."
        raise SetupError([Problem(what, "Choose another folder.", where=new)]) from error
    return tuple(written)
