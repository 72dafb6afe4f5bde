from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = """
[service]
name = "Northwater Restorative Service"
telephone = "01632 960001"
email = "hello@northwater.example.org"
complaint_route = "Ring us and ask for the manager."
privacy_text = "We keep this agreement safe."
next_steps = "We ring you after the review date."

[retention]
years = 7
"""


@pytest.fixture
def configured(tmp_path: Path) -> Callable[..., Path]:
    """Write a good agreements.toml with texts exchanged, and more at its end; return its path."""

    def write(*exchanged: tuple[str, str], more: str = "") -> Path:
        text = GOOD
        for old, new in exchanged:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "agreements.toml"
        path.write_text(text + more, encoding="utf-8")
        return path

    return write
