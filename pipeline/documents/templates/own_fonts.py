"""The fonts that lie beside a template, put into its Word file, so that every engine and every reader has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.documents.word.embedding import Face, embed_faces, read_face
from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER: Final = "fonts"
_MOST_BYTES: Final = 10 * 1024 * 1024
_PASSED_OVER: Final = frozenset({".txt", ".md", ".html", ".pdf"})
"""Licences lie beside fonts."""


def with_own_fonts(docx: bytes, folder: Path) -> bytes:
    """Return a template's Word file with the fonts of its folder `fonts` embedded; as it is where there are none.

    Raises SetupError with every font that is none, is too large, or whose licence forbids it. The names of families
    are those that Word shows.
    """
    files = sorted(_fonts_in(folder / _FOLDER))
    if not files:
        return docx
    if sum(file.stat().st_size for file in files) > _MOST_BYTES:
        what = "The fonts beside the template are larger than 10 MB together, and every copy would hold them."
        raise SetupError([Problem(what, "Leave out what the template does not use.", f"{folder.name}/{_FOLDER}")])
    read = [read_face(file.read_bytes(), f"{folder.name}/{_FOLDER}/{file.name}") for file in files]
    faces = [face for face in read if isinstance(face, Face)]
    problems = [problem for problem in read if isinstance(problem, Problem)]
    for number, face in enumerate(faces):
        if any((other.family, other.style) == (face.family, face.style) for other in faces[:number]):
            what = f"There are two files of {face.family} in one style."
            problems.append(Problem(what, "Take one of them out.", f"{folder.name}/{_FOLDER}"))
    if problems:
        raise SetupError(problems)
    return embed_faces(docx, faces)


def _fonts_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [
        file
        for file in folder.iterdir()
        if file.is_file() and not file.name.startswith(".") and file.suffix.lower() not in _PASSED_OVER
    ]
