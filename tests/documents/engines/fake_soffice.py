#!/usr/bin/env python3
"""A LibreOffice that misbehaves; what it does stands in the file `fault` beside it.

With "once: " before it, it does so for the copies of NR-0420 only, and is the true one otherwise. It knows what the
true one is asked: its version, to open a page and stay, and to make a PDF of a file.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent
FAULT = (HERE / "fault").read_text(encoding="utf-8").strip()


def main() -> int:
    words = sys.argv[1:]
    if "--version" in words:
        print("A typewriter 1.0" if FAULT == "is no LibreOffice" else told_version())
        return 0
    if "--convert-to" in words:
        return convert(Path(words[-1]), Path(words[words.index("--outdir") + 1]))
    if FAULT.startswith("once: "):
        as_it_should()
    if FAULT == "ends at once":
        return 1
    if FAULT != "never opens":
        Path(words[-1]).with_name(f".~lock.{Path(words[-1]).name}#").touch()
    return stay()


def told_version() -> str:
    return "LibreOffice 6.4.7.2 40(Build:2)" if FAULT == "is old" else "LibreOffice 7.4.7.2 40(Build:2)"


def convert(source: Path, folder: Path) -> int:  # noqa: C901, PLR0912 - one case a fault
    result = folder / f"{source.stem}.pdf"
    fault = FAULT.removeprefix("once: ")
    if fault != FAULT and b"NR-0420" not in zipfile.ZipFile(source).read("docProps/core.xml"):
        as_it_should()
    match fault:
        case "hangs":
            stay()
        case "ignores every wish to end":
            for wish in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(wish, signal.SIG_IGN)
            stay()
        case "starts others and hangs":
            for _ in range(3):
                subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", str(HERE)])
            stay()
        case "is killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "ends with 0 and nothing":
            return 0
        case "gives junk":
            result.write_bytes(os.urandom(2000))
        case "gives half a file":
            made(result, source, "own")
            result.write_bytes(result.read_bytes()[:400])
        case "gives a blank page":
            made(result, source, "blank")
        case "gives no page at all":
            made(result, source, "none")
        case "gives the PDF of another record":
            shutil.copy(HERE / "other.pdf", result)
        case "gives another page under the right name":
            made(result, source, "other")
        case _:
            made(result, source, "own")
    return 0


def as_it_should() -> None:
    """Be the true LibreOffice."""
    os.execv("/usr/bin/soffice", ["soffice", *sys.argv[1:]])  # noqa: S606 - that is the point


def made(result: Path, source: Path, name: str) -> None:
    """Put a PDF that was made before here, with the word this file is marked with."""
    core = zipfile.ZipFile(source).read("docProps/core.xml").decode()
    mark = re.search("keywords[^>]*>([0-9a-f]{32})<", core).group(1)
    result.write_bytes((HERE / f"{name}.pdf").read_bytes().replace(b"M" * 32, mark.encode()))


def stay() -> NoReturn:
    while True:
        time.sleep(60)


if __name__ == "__main__":
    sys.exit(main())
