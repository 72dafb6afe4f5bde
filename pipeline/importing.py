"""Importing what takes long to come in, and stays."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def import_for_good(name: str) -> ModuleType:
    """Import a module: while it comes in, and ever after, looking for garbage in it would only cost time."""
    looks = gc.isenabled()
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        if looks:
            gc.enable()
