"""Whether a process that must end with another has ended."""

from __future__ import annotations

import os
import time


def gone(process: int) -> bool:
    """Wait up to five seconds until there is no such process."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
