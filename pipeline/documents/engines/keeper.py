"""Keep a program running for as long as somebody listens: `python keeper.py FOLDER COMMAND...`.

Whoever starts this file holds its standard input open. When that closes, even because its holder was killed, the
program and everything it started are ended and FOLDER is removed. When the program ends by itself, so does this one.
It stands alone: standard library only, no import of this package.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress

MOST_MEMORY = 4 * 1024**3
"""Bytes of address space the program may take."""

LARGEST_FILE = 512 * 1024**2
"""Bytes it may write into one file, its log included."""


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program that was started in a session of its own, with everything it started there, and wait for it."""
    if sys.platform == "win32":
        subprocess.run(  # noqa: S603 - a number is no text
            ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607 - a part of Windows
            check=False,
            capture_output=True,
        )
    else:
        with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a group that is all gone
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _limit() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none

        for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_FSIZE, LARGEST_FILE)):
            _, hardest = resource.getrlimit(kind)
            if sys.platform == "linux" and (hardest == resource.RLIM_INFINITY or hardest > most):
                resource.setrlimit(kind, (most, hardest))


def main(folder: str, *command: str) -> int:
    """Run the command until it ends, or until standard input is closed."""
    _limit()
    program = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - it is ours

    silent = threading.Event()

    def wait_for_silence() -> None:
        while os.read(0, 1024):
            pass
        silent.set()
        end(program)
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    listener = threading.Thread(target=wait_for_silence, daemon=True)
    listener.start()
    program.wait()
    if silent.is_set():
        listener.join()
    end(program)  # what it left behind
    return 1


if __name__ == "__main__":
    os._exit(main(*sys.argv[1:]))  # the thread still reads, so an ordinary end would wait for it
