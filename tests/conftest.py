"""What every test may use."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline.documents.engines.engine import engine

AXE = "axe-playwright-python==0.1.8"  # nothing of it but axe.min.js is used
VERAPDF = Path(__file__).resolve().parent / "verapdf" / "run.py"


def _without(reason: str) -> None:
    """Skip this test with a reason; with AGREEMENTS_REQUIRE_OUTSIDE_PROGRAMS=1, as in .ci/run, fail it instead."""
    if os.environ.get("AGREEMENTS_REQUIRE_OUTSIDE_PROGRAMS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def uncounted():
    """Count no covered lines while this test runs: for tests that go through the same lines for dozens of files.

    Counting them makes such a test take twice as long. pytest-cov's `no_cover` does nothing where pytest-xdist spreads
    the tests.
    """
    counting = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(counting)


@pytest.fixture(scope="session")
def outside_program():
    """Return a function that gives the path of a program, or skips the test with its reason."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            _without(f"the program {name} is not installed")
        return str(path)

    return find


@pytest.fixture(scope="session")
def outside_font(outside_program):
    """Return a function that skips the test with its reason where a font is not installed."""
    listed = [outside_program("fc-list"), ":", "family"]
    there = subprocess.run(listed, check=True, capture_output=True, text=True, timeout=60).stdout

    def find(family: str) -> None:
        if family not in there:
            _without(f"the font {family} is not installed")

    return find


@pytest.fixture(scope="module")
def libreoffice(outside_program):
    """The second engine, for all tests of one file: an office takes a second to start. Skips where it is not there."""
    outside_program("soffice")
    used = engine("libreoffice")
    yield used
    used.close()


@pytest.fixture(scope="session")
def axe_core():
    """Return the JavaScript of axe-core, which judges the accessibility of a page.

    It is taken out of a wheel from the package index, once; skips with the reason where that cannot be had.
    """
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "outcome-agreements"
    wheel = caches / f"{AXE.replace('-', '_').replace('==', '-')}-py3-none-any.whl"
    if not wheel.exists():
        words = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", caches, AXE]
        told = subprocess.run(words, check=False, capture_output=True, text=True, timeout=300)
        if told.returncode:
            _without(f"axe-core cannot be had: {told.stderr[-300:]}")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read("axe_playwright_python/axe.min.js").decode()


@pytest.fixture(scope="session")
def verapdf():
    """Return a function that judges PDF files by veraPDF and gives its words, a line a verdict.

    Skips with the reason where veraPDF cannot be had.
    """
    spec = importlib.util.spec_from_file_location(VERAPDF.stem, VERAPDF)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    try:
        command = script.verapdf_command()
    except script.VeraPdfMissingError as missing:
        _without(str(missing))

    def judge(*files: Path) -> str:
        told = subprocess.run([*command, *files], check=False, capture_output=True, text=True, timeout=600)
        return told.stdout

    return judge
