"""What the tests of engines may use."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import docx
import pytest

from pipeline.documents.engines import office


@pytest.fixture
def word_file():
    """Return a function that makes a Word file of these paragraphs."""

    def make(*paragraphs: str) -> bytes:
        document = docx.Document()
        for text in paragraphs:
            document.add_paragraph(text)
        buffer = BytesIO()
        document.save(buffer)
        return buffer.getvalue()

    return make


@pytest.fixture
def without_bubblewrap(monkeypatch):
    """Let LibreOffice run as it does where bubblewrap is not there."""
    monkeypatch.setattr(office, "bubblewrap", lambda: None)


@pytest.fixture
def running():
    """Return a function that gives the ids of running programs whose command line holds this text."""

    def with_text(text: str) -> list[int]:
        found = []
        for folder in Path("/proc").iterdir():
            try:
                command = (folder / "cmdline").read_bytes()
            except (OSError, ValueError):
                continue
            if folder.name.isdigit() and int(folder.name) != os.getpid() and text.encode() in command:
                found.append(int(folder.name))
        return found

    return with_text
