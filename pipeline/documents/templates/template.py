"""Find a Word template, and refuse one that is more than a page of words before anything parses it."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline.copies.model import Reader
from pipeline.documents.templates.own_fonts import with_own_fonts
from pipeline.documents.templates.safety import harms
from pipeline.documents.templates.settings import check_settings, titles
from pipeline.errors import Problem, SetupError
from pipeline.languages.catalogue import fallbacks, phrases
from pipeline.service.toml import parse_toml, read_bytes
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pipeline.copies.model import Copy

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


class NoTemplateError(SetupError):
    """There is no template of this name in this language."""


@dataclass(frozen=True, slots=True)
class Template:
    """A Word template that is safe to fill.

    `titles` are what a document calls itself: "agreement", and "statement_only" and "outside" where they differ.
    `carries` says what a document made from it must hold: "agreement" is every agreed word, "nothing" none.
    Sizes are those of the free room above a signature's caption. `digest` is the SHA-256 of the Word file and its
    settings. `paper` is "own" where the page keeps the size it has in Word. `checked_by` says which speaker read this
    language and when; None until somebody has.
    """

    name: str
    language: str
    docx: bytes
    titles: Mapping[str, str]
    carries: str
    signature_width_mm: float
    signature_height_mm: float
    digest: str
    paper: str = "service"
    checked_by: str | None = None

    def title_for(self, copy: Copy) -> str:
        """Return what this copy calls itself, without its reference, in the template's language."""
        if copy.context["outcome"] == "statement_only":
            kind = "statement_only"
        else:
            kind = "outside" if copy.reader is Reader.OUTSIDE else "agreement"
        return phrases(self.language).say(self.titles.get(kind, self.titles["agreement"]))


def load_template(name: str, language: str, *, service_folder: Path | None) -> Template:
    """Load the template `name` in `language`: the service's own where there is a folder for it, else the shipped one.

    Fonts that lie beside it are embedded. Raises NoTemplateError when there is none, SetupError when it holds anything
    but words, pictures and tags, when a font may not be embedded, or when its settings are not those of a template.
    """
    if not _NAME.fullmatch(name):
        raise SetupError(
            [
                Problem(
                    "The name of the template is not the name of a folder.",
                    "Use small letters, digits and hyphens, such as standard.",
                    where="--template",
                )
            ]
        )
    folder, language = _nearest(name, language, service_folder)
    file = folder / f"{name}.{language}.docx"
    settings_file = folder / "template.toml"
    if not settings_file.is_file():
        raise SetupError([Problem("The template has no settings.", "Put a template.toml beside the Word file.", name)])
    written = read_bytes(settings_file)
    settings = parse_toml(written, name=settings_file.name)
    try:
        docx = file.read_bytes()
        problems = tuple(harms(docx, file.name))
        if problems:
            raise SetupError(problems)
        check_settings(settings, name=name)
        docx = with_own_fonts(docx, folder)
    except OSError as error:
        what = f"The template cannot be read: {error.strerror or 'no reason given'}."
        raise SetupError([Problem(what, "Check that you may read it and its fonts.", where=file.name)]) from error
    digest = hashlib.sha256(docx + b"\0" + written).hexdigest()
    return template_of(docx, settings, name=name, language=language, digest=digest)


def template_of(docx: bytes, settings: Mapping[str, Any], *, name: str, language: str, digest: str) -> Template:
    """Return a template from a Word file without harms and settings that were checked."""
    return Template(
        name=name,
        language=language,
        docx=docx,
        titles=titles(settings),
        carries=settings["carries"],
        signature_width_mm=float(settings["signature"]["width_mm"]),
        signature_height_mm=float(settings["signature"]["height_mm"]),
        digest=digest,
        paper=settings.get("paper", "service"),
        checked_by=settings.get("checked", {}).get(language),
    )


def _nearest(name: str, language: str, service_folder: Path | None) -> tuple[Path, str]:
    """Return the folder and the language to use: the language itself, or the nearest wider one ("ar" for "ar-EG")."""
    for wider in list(fallbacks(language))[1:]:
        with suppress(NoTemplateError):
            return _find(name, language, service_folder), language
        language = wider
    return _find(name, language, service_folder), language


def _find(name: str, language: str, service_folder: Path | None) -> Path:
    homes = homes_of(service_folder)
    # A folder of the service is never passed over for the shipped one: its author would not notice.
    folder = next((home / name for home in homes if (home / name).is_dir()), None)
    if folder is not None and _LANGUAGE.fullmatch(language) and (folder / f"{name}.{language}.docx").is_file():
        return folder
    if folder is not None and service_folder is not None and folder.parent == service_folder:
        raise _missing(
            f"Your folder {name} has no Word file called {name}.{language}.docx.",
            "Put one into it, or give the folder another name to use the template that comes with the program.",
            name,
        )
    known = dict(each for home in reversed(homes) for each in templates_in(home))
    if name in known:
        do = f"It is there in these: {', '.join(known[name])}. Or put a {name}.{language}.docx into its folder."
        raise _missing("This template is not there in this language.", do, name)
    raise _missing(
        "There is no template of this name.",
        f"Choose one of these: {', '.join(sorted(known))}. Or make a folder {name}.",
        name,
    )


def homes_of(service_folder: Path | None) -> list[Path]:
    """Return the folders that templates lie in, the one that wins first."""
    return [home for home in (service_folder, shipped("templates")) if home is not None]


def templates_in(home: Path) -> Iterator[tuple[str, list[str]]]:
    """Give the templates in a folder, each with its languages."""
    for folder in sorted(home.iterdir()) if home.is_dir() else ():
        languages = sorted(
            file.name.removeprefix(f"{folder.name}.").removesuffix(".docx")
            for file in folder.glob(f"{folder.name}.*.docx")
        )
        if _NAME.fullmatch(folder.name) and languages:
            yield folder.name, languages


def _missing(what: str, do: str, where: str) -> NoTemplateError:
    return NoTemplateError([Problem(what, do, where=where)])
