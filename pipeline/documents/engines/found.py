"""Find LibreOffice on this machine, and say how to get it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.errors import Problem, SetupError

NAMED_BY = "AGREEMENTS_SOFFICE"
"""The variable that names the program. It belongs to the machine, not to `agreements.toml`: copies that are up to
date stay so when the program moves."""

OLDEST = (7, 4)
"""The first version that takes the settings of a PDF on its command line."""

_LONGEST_QUESTION_S = 60
_USUAL_PLACES = {
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS/soffice",),
    "win32": (
        r"C:\Program Files\LibreOffice\program\soffice.com",
        r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    ),
}
_VERSION = re.compile(r"LibreOffice\D* (([0-9]+)\.([0-9]+)[0-9.]*)")


def find_soffice() -> Path:
    """Return the program: the one that AGREEMENTS_SOFFICE names, else the one on PATH, else the one in its usual place.

    Raises SetupError with the command that installs it on this system.
    """
    named = os.environ.get(NAMED_BY)
    if named:
        path = shutil.which(named)
        if path is None:
            what = f"{NAMED_BY} names no program that can be started."
            raise SetupError([Problem(what, "Write the whole path of soffice into it, or unset it.", NAMED_BY)])
        return Path(path)
    names = ("soffice", "libreoffice", *_USUAL_PLACES.get(sys.platform, ()))
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        what = "LibreOffice is not installed on this machine."
        raise SetupError([Problem(what, f"Install it with: {how_to_install('libreoffice')}", where="--engine")])
    return Path(path)


def version_of(soffice: Path) -> str:
    """Return what the manifest says: "LibreOffice 7.4.7.2". Raises SetupError if it is none, or too old a one."""
    question = [str(soffice), "--version"]
    try:
        told = subprocess.run(question, check=False, capture_output=True, timeout=_LONGEST_QUESTION_S)  # noqa: S603
        found = _VERSION.search(told.stdout.decode("utf-8", "replace"))
    except (OSError, subprocess.TimeoutExpired):
        found = None
    if found is None:
        what = "The program called soffice does not say which LibreOffice it is."
        raise SetupError([Problem(what, f"Install it anew: {how_to_install('libreoffice')}", where="--engine")])
    if (int(found[2]), int(found[3])) < OLDEST:
        what = f"LibreOffice {found[1]} is too old: its PDF files keep no profile."
        raise SetupError([Problem(what, "Install version 7.4 or a newer one.", where="--engine")])
    return f"LibreOffice {found[1]}"


_PACKAGES = {
    "apt-get": ("sudo apt-get install {}", {"libreoffice": "libreoffice-writer-nogui"}),
    "dnf": (
        "sudo dnf install {}",
        {
            "libreoffice": "libreoffice-writer",
            "fonts-crosextra-carlito": "google-carlito-fonts",
            "fonts-crosextra-caladea": "google-crosextra-caladea-fonts",
            "fonts-liberation": "liberation-fonts",
            "fonts-freefont-ttf": "gnu-free-serif-fonts",
            "fonts-noto-core": "google-noto-sans-fonts",
        },
    ),
    "brew": (
        "brew install --cask {}",
        {
            "fonts-crosextra-carlito": "font-carlito",
            "fonts-crosextra-caladea": "font-caladea",
            "fonts-liberation": "font-liberation",
            "fonts-freefont-ttf": "font-freefont",
            "fonts-noto-core": "font-noto-sans",
        },
    ),
    "winget": ("winget install {}", {"libreoffice": "TheDocumentFoundation.LibreOffice"}),
}


def how_to_install(package: str) -> str:
    """Return the command that installs a package, called by its Debian name, on this system."""
    order = {"darwin": ("brew",), "win32": ("winget",)}.get(sys.platform, ("apt-get", "dnf"))
    manager = next((each for each in order if shutil.which(each)), order[0])
    command, names = _PACKAGES[manager]
    return command.format(names.get(package, package))
