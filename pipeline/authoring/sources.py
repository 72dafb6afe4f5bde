"""Which Word files a check is about: a .docx, a folder with one a language, or the name of a template."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pipeline.authoring.finding import Finding, Place
from pipeline.documents.templates.settings import check_settings
from pipeline.documents.templates.template import homes_of, templates_in
from pipeline.errors import Problem, SetupError
from pipeline.service.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

_SETTINGS: Final = "template.toml"
_WITHOUT_SETTINGS: Final = MappingProxyType(
    {"carries": "nothing", "titles": {"agreement": "Document"}, "signature": {"width_mm": 70, "height_mm": 13}}
)


@dataclass(frozen=True, slots=True)
class Source:
    """Word files to check, each with its language, and the settings they share; `faults` are those of the settings."""

    name: str
    files: tuple[tuple[str, Path], ...]
    settings: Mapping[str, Any]
    faults: tuple[Finding, ...]


def source_of(argument: str, *, service_folder: Path | None) -> Source:
    """Return what an argument names: the path of a .docx or a folder, else a template by its name.

    Raises SetupError when there is no such thing.
    """
    path = Path(argument)
    if path.suffix.casefold() == ".docx":
        if not path.is_file():
            raise SetupError([Problem("There is no such Word file.", "Check the path.", where=path.name)])
        return _source(path.parent, path.name.split(".")[0], [path])
    folder = path if path.is_dir() else _folder_called(argument, service_folder)
    files = sorted(folder.glob(f"{folder.resolve().name}.*.docx"))
    if not files:
        name = folder.resolve().name
        do = f"Put one into it, called {name}.en.docx for English."
        raise SetupError([Problem("The folder has no Word file of its own name.", do, where=name)])
    return _source(folder, folder.resolve().name, files)


def _folder_called(name: str, service_folder: Path | None) -> Path:
    known = {found: home / found for home in reversed(homes_of(service_folder)) for found, _ in templates_in(home)}
    if name not in known:
        do = f"Name a .docx, a folder, or one of these: {', '.join(sorted(known))}."
        raise SetupError([Problem("There is no such template.", do, where="TEMPLATE")])
    return known[name]


def _source(folder: Path, name: str, files: list[Path]) -> Source:
    listed = tuple((_language_of(file, name), file) for file in files)
    settings_file = folder / _SETTINGS
    if not settings_file.is_file():
        return Source(name, listed, _WITHOUT_SETTINGS, (_no_settings(),) if len(files) > 1 else ())
    try:
        settings = read_toml(settings_file)
        check_settings(settings, name=settings.get("name", name) if len(files) == 1 else name)
    except SetupError as error:
        faults = tuple(Finding("settings", Place(each.where), each.what, each.do) for each in error.problems)
        return Source(name, listed, _WITHOUT_SETTINGS, faults)
    return Source(name, listed, settings, ())


def _no_settings() -> Finding:
    return Finding("settings", Place(_SETTINGS), "The template has no settings.", "Put a template.toml beside it.")


def _language_of(file: Path, name: str) -> str:
    """Read the language from "standard.cy.docx"; a file that names none is English."""
    middle = file.name[len(name) : -len(".docx")].strip(".")
    return middle or "en"
