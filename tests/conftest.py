"""What every test may use."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.fixture
def outside_program():
    """Return a function that gives the path of a program, or skips the test with its reason.

    With AGREEMENTS_REQUIRE_OUTSIDE_PROGRAMS=1, as in .ci/run, a missing program fails the test instead.
    """

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            reason = f"the program {name} is not installed"
            if os.environ.get("AGREEMENTS_REQUIRE_OUTSIDE_PROGRAMS") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        return path

    return find
