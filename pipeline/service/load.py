"""Find `agreements.toml`, check it, and make a Service of it."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem, SetupError
from pipeline.service.checks import cross_check
from pipeline.service.model import DEFAULT_LABELS, DEFAULT_TIME_ZONE, ExtraField, KeepingTime, OwnWords, Service
from pipeline.service.toml import parse_toml, read_bytes
from pipeline.validation.check import problems

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG_NAME = "agreements.toml"


def find_config(config: Path | None, records: Path | None) -> Path:
    """Return the configuration to use: `config`, else the one beside `records`, else in the working folder.

    `records` is a record or a folder of records, None for standard input. Beside a record means in its folder,
    or in the folder above it, where `agreements init` puts it. Raises SetupError if there is none.
    """
    if config is not None:
        if config.is_file():
            return config
        do = "Check the path after --config, or leave it out."
        raise SetupError([Problem("The configuration file is not there.", do, where=config.name)])
    for folder in _folders_to_search(records):
        candidate = folder / CONFIG_NAME
        if candidate.is_file():
            return candidate
    raise SetupError(
        [
            Problem(
                "There is no agreements.toml: it says who the service is and whom to ring.",
                "Run `agreements init` to get a first one, or name yours with --config FILE.",
                where=CONFIG_NAME,
            )
        ]
    )


def load_service(path: Path) -> Service:
    """Return the service that `path` describes, every value checked.

    Raises SetupError with every problem at once; each names the key ("service.telephone").
    """
    data = read_bytes(path)
    values = _normalise(parse_toml(data, name=path.name))
    folder = path.resolve().parent
    found = problems(values, "service")
    spoken_of = {problem.where for problem in found}
    found += [problem for problem in cross_check(values, folder) if problem.where not in spoken_of]
    if found:
        raise SetupError(_in_the_file(problem, path.name) for problem in found)
    return _service(values, folder=folder, data=data)


def _folders_to_search(records: Path | None) -> tuple[Path, ...]:
    working = Path.cwd()
    if records is None:
        return (working,)
    own = records.resolve() if records.is_dir() else records.resolve().parent
    return (own, own.parent, working)


def _in_the_file(problem: Problem, name: str) -> Problem:
    """Say the place as the file writes it: "/service/telephone" is service.telephone."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in problem.where.split("/") if step]
    key = ""
    for step in steps:
        number = step.isdigit() and bool(key)
        key += f", number {int(step) + 1}" if number else f".{step}" if key else step
    return Problem(problem.what, problem.do, where=f"{name}, {key}" if key else name)


def _normalise(value: Any) -> Any:
    """Return the value with every text in NFC, so that one spelling of a letter has one form."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case dict():
            return {key: _normalise(part) for key, part in value.items()}
        case list():
            return [_normalise(part) for part in value]
        case _:
            return value


def _service(values: Mapping[str, Any], *, folder: Path, data: bytes) -> Service:
    about = values["service"]
    files = {name: (folder / value).resolve() for name, value in values.get("files", {}).items()}
    return Service(
        name=about["name"],
        telephone=about["telephone"],
        email=about["email"],
        complaint_route=about["complaint_route"],
        privacy_text=about["privacy_text"].strip(),
        next_steps=about["next_steps"].strip(),
        legal_notes={pathway: note.strip() for pathway, note in values.get("legal_notes", {}).items()},
        labels={**DEFAULT_LABELS, **values.get("labels", {})},
        languages=tuple(about.get("languages", ["en"])),
        time_zone=about.get("time_zone", DEFAULT_TIME_ZONE),
        paper=about.get("paper", "A4"),
        telephone_region=about.get("telephone_region", "GB"),
        bank_holidays=about.get("bank_holidays", about.get("telephone_region", "GB")),
        logo=files.get("logo"),
        templates=files.get("templates"),
        output=files.get("output"),
        archive=files.get("archive"),
        keeping=KeepingTime(values["retention"]["years"], values["retention"].get("until_age")),
        extra_fields={name: _extra(name, field) for name, field in values.get("extra", {}).items()},
        folder=folder,
        digest=_digest(data, files.get("logo")),
        translations={language: _own_words(words) for language, words in values.get("translations", {}).items()},
        extras={paper: frozenset(readers) for paper, readers in values.get("extras", {}).items()},
    )


def _own_words(words: Mapping[str, Any]) -> OwnWords:
    texts = {name: value.strip() for name, value in words.items() if isinstance(value, str)}
    notes = {pathway: note.strip() for pathway, note in words.get("legal_notes", {}).items()}
    return OwnWords(**texts, legal_notes=notes, labels=words.get("labels", {}), extra=words.get("extra", {}))


def _extra(name: str, field: Mapping[str, Any]) -> ExtraField:
    return ExtraField(name, field["title"], field["type"], frozenset(field["visible_to"]))


def _digest(data: bytes, logo: Path | None) -> str:
    try:
        parts = [data] if logo is None else [data, logo.read_bytes()]
    except OSError as error:
        problem = Problem("The logo cannot be read.", "Look whether the file may be read.", where="files.logo")
        raise SetupError([problem]) from error
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
