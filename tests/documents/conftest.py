"""What the tests of documents may use."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).resolve().parent


def _script(path: Path) -> ModuleType:
    """Return a script as a module; test folders are not packages."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def bundled_fonts_script() -> ModuleType:
    """Return the script that lists the fonts inside the engine."""
    return _script(HERE / "bundled_fonts.py")


@pytest.fixture(scope="session")
def verapdf():
    """Return a function that judges PDF files by veraPDF and gives its words, a line a verdict.

    Skips with the reason where veraPDF cannot be had; with AGREEMENTS_REQUIRE_OUTSIDE_PROGRAMS=1 that is a failure.
    """
    script = _script(HERE.parent / "verapdf" / "run.py")
    try:
        command = script.verapdf_command()
    except script.VeraPdfMissingError as missing:
        if os.environ.get("AGREEMENTS_REQUIRE_OUTSIDE_PROGRAMS") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))

    def judge(*files: Path) -> str:
        told = subprocess.run([*command, *files], check=False, capture_output=True, text=True, timeout=300)
        return told.stdout

    return judge
