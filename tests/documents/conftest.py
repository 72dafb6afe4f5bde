"""What the tests of documents may use."""

from __future__ import annotations

import importlib.util
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
