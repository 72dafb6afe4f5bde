"""Turn a Word file into a PDF; every engine is used through the same seam and says what it promises."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Protocol

import rdocx

from pipeline.errors import Problem, RecordError, SetupError


class Engine(Protocol):
    """A program that turns a Word file into a PDF."""

    @property
    def name(self) -> str:
        """Return the name given on the command line."""

    @property
    def version(self) -> str:
        """Return what the manifest says of it: the program and its version."""

    @property
    def profiles(self) -> tuple[str, ...]:
        """Return the PDF profiles its finished output is held to, such as ("2a", "ua1")."""

    def convert(self, docx: bytes) -> bytes:
        """Return the PDF of a Word file. Raises RecordError if it cannot be converted."""

    def close(self) -> None:
        """End whatever the engine started; called once, when no further file is converted."""


@cache
def _rdocx_version() -> str:
    return f"rdocx {version('rdocx')}"


@dataclass(frozen=True, slots=True)
class EmbeddedEngine:
    """The engine that comes with the program: rdocx, with its own fonts only, the same bytes on every machine.

    After the finishing pass its output is PDF/A-2a and PDF/UA-1. It is young, so every PDF is proven.
    """

    name: str = "embedded"
    version: str = field(default_factory=_rdocx_version)
    profiles: tuple[str, ...] = ("2a", "ua1")

    def convert(self, docx: bytes) -> bytes:
        """Return the PDF of a Word file; fonts of the machine are never used, fonts embedded in the file are."""
        try:
            return bytes(rdocx.Document.from_bytes(docx).to_pdfa_deterministic())
        except BaseException as error:
            # A panic inside rdocx (Rust) arrives as a PanicException, which cannot be imported and is no Exception.
            if not isinstance(error, rdocx.RdocxError) and type(error).__name__ != "PanicException":
                raise
            problem = Problem(
                what=f"The embedded engine could not turn the Word file into a PDF ({type(error).__name__}).",
                do="Make the same copy from the standard template: if that works, something in your template is more"
                " than the engine knows (text boxes, shapes, old form fields).",
                where="DOCX",
            )
            raise RecordError([problem]) from error

    def close(self) -> None:
        """Do nothing: the engine runs in this process."""


ENGINES = ("embedded", "libreoffice")
"""The names that can be given on the command line."""


def engine(name: str) -> Engine:
    """Return the engine of this name; engines are never switched silently.

    Raises SetupError if there is none of this name, or if it is not there on this machine.
    """
    if name == "embedded":
        return EmbeddedEngine()
    if name == "libreoffice":
        # Most runs do without it, and it brings half the standard library along.
        from pipeline.documents.engines.libreoffice import libreoffice  # noqa: PLC0415

        return libreoffice()
    problem = Problem(
        what=f"There is no engine called {name!r}.", do=f"Use --engine {' or '.join(ENGINES)}.", where="--engine"
    )
    raise SetupError([problem])
