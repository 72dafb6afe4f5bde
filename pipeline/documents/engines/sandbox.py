"""Shut a program in with bubblewrap: no network, and of the machine's files only programs and fonts.

Of the folders of its user it sees one, under another name; it cannot tell whose machine it runs on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

INSIDE = Path("/work")
"""Where the one folder lies inside."""

_LONGEST_TRIAL_S = 10
_PROGRAMS_AND_FONTS = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/libreoffice",
    "/var/cache/fontconfig",
)
_OWN_FONTS = (".fonts", ".local/share/fonts")


@cache
def bubblewrap() -> str | None:
    """Return the path of bubblewrap where it is there and this machine lets it work; else None."""
    program = shutil.which("bwrap")
    if program is None:
        return None
    trial = [program, "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    try:
        subprocess.run(trial, check=True, capture_output=True, timeout=_LONGEST_TRIAL_S)  # noqa: S603
    except (OSError, subprocess.SubprocessError):  # some systems forbid it to ordinary users
        return None
    return program


def shut_in(folder: Path, program: Path, environment: dict[str, str]) -> list[str]:
    """Return what to write before a command, so that it sees `folder` as INSIDE, and no network.

    `program` may lie anywhere; its installation is readable. The folder's `tmp` is seen as /tmp. Call it only where
    `bubblewrap` found one.
    """
    users = folder / "passwd"
    users.write_text(f"copies:x:{os.getuid()}:{os.getgid()}::{INSIDE}/home:/bin/sh\n", encoding="utf-8")
    command = [str(bubblewrap()), "--unshare-all", "--die-with-parent", "--hostname", "copies", "--clearenv"]
    for name, value in environment.items():
        command += ["--setenv", name, value]
    command += ["--proc", "/proc", "--dev", "/dev", "--bind", str(folder / "tmp"), "/tmp"]  # noqa: S108 - its own
    for path in _readable(program):
        command += ["--ro-bind-try", path, path]
    command += ["--bind", str(folder), str(INSIDE), "--ro-bind", str(users), "/etc/passwd"]
    for fonts in _OWN_FONTS:
        command += ["--ro-bind-try", str(Path.home() / fonts), str(INSIDE / "home" / fonts)]
    return [*command, "--chdir", str(INSIDE)]


def _readable(program: Path) -> tuple[str, ...]:
    """Return what may be read: the system's programs and fonts, and the folder that the program is installed in."""
    home = program.resolve().parent
    installation = home.parent if home.name == "program" else home  # /opt/libreoffice24.8/program/soffice
    if installation.is_relative_to("/usr"):
        return _PROGRAMS_AND_FONTS
    return (*_PROGRAMS_AND_FONTS, str(installation))
