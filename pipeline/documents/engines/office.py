"""One LibreOffice that stays open, in a private folder, and takes one Word file after the other.

Starting costs a second, a page a tenth of one. So it is started once, with a page of its own that is never closed: an
office without a document ends itself. Every further call of the program with the same profile hands its Word file to
the one that runs, and comes back when the PDF is written.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.documents.engines import keeper
from pipeline.documents.engines.profile import write_profile
from pipeline.documents.engines.sandbox import INSIDE, bubblewrap, shut_in
from pipeline.errors import Problem, RecordError

_LONGEST_START_S = 90.0
_LONGEST_CONVERSION_S = 60.0
_LOOKS_EVERY_S = 0.02
_LONGEST_GOODBYE_S = 10
_QUIET = ("--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard")
_HELD = "held.txt"
_READY = f".~lock.{_HELD}#"
"""What LibreOffice puts beside a page while it is open."""

_SETTINGS = (
    '{"SelectPdfVersion":{"type":"long","value":"2"},"PDFUACompliance":{"type":"boolean","value":"true"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},"ExportBookmarks":{"type":"boolean","value":"true"},'
    '"UseLosslessCompression":{"type":"boolean","value":"true"},'
    '"ReduceImageResolution":{"type":"boolean","value":"false"},'
    '"ExportFormFields":{"type":"boolean","value":"false"},"ExportNotes":{"type":"boolean","value":"false"}}'
)
_FILTER = ("--infilter=MS Word 2007 XML", "--convert-to", f"pdf:writer_pdf_Export:{_SETTINGS}")
"""Without the first one, anything that looks like a document at all becomes a PDF. The pictures stay lossless: they
were cleaned before."""


@dataclass(slots=True)
class Office:
    """An office that is open. `folder` is private to it; `before` shuts its programs in, where that can be done."""

    soffice: Path
    folder: Path
    before: list[str]
    root: Path
    environment: dict[str, str]
    keeper: subprocess.Popen[bytes] = field(init=False)
    made: int = 0

    def command(self, *words: str) -> list[str]:
        """Return the call of the program with this office's profile."""
        profile = f"-env:UserInstallation={(self.root / 'profile').as_uri()}"
        return [*self.before, str(self.soffice), profile, *_QUIET, *words]

    def runs(self) -> bool:
        """Say whether it is still open."""
        return self.keeper.poll() is None

    def convert(self, docx: bytes) -> bytes | None:
        """Return what it wrote, or None where it wrote nothing.

        Raises RecordError when the time is up. Every file has a name that was never used before, so what comes back
        cannot be an older one.
        """
        self.made += 1
        name = f"copy-{self.made}"
        source, result = (self.folder / "files" / f"{name}{suffix}" for suffix in (".docx", ".pdf"))
        source.write_bytes(docx)
        files = self.root / "files"
        try:
            self._call(*_FILTER, "--outdir", str(files), str(files / source.name))
            return result.read_bytes() if result.is_file() else None
        finally:
            source.unlink(missing_ok=True)
            result.unlink(missing_ok=True)

    def _call(self, *words: str) -> None:
        with (self.folder / "log").open("ab") as log:
            call = subprocess.Popen(  # noqa: S603 - the office that was found, on names of our own
                self.command(*words),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.folder,
                start_new_session=True,
            )
        try:
            call.wait(_LONGEST_CONVERSION_S)
        except subprocess.TimeoutExpired as error:
            what = f"LibreOffice was not done with this copy after {_LONGEST_CONVERSION_S:.0f} seconds and was ended."
            do = "Run it again; if it stays, make the same copy from the standard template or with --engine embedded."
            raise RecordError([Problem(what, do, where="DOCX")]) from error
        finally:
            keeper.end(call)

    def end(self) -> None:
        """End it with everything it started, and remove its folder."""
        if self.keeper.stdin is not None:
            self.keeper.stdin.close()
        try:
            self.keeper.wait(_LONGEST_GOODBYE_S)
        except subprocess.TimeoutExpired:
            keeper.end(self.keeper)
        shutil.rmtree(self.folder, ignore_errors=True)
        if not self.before:
            pipe_of(self.root / "profile").unlink(missing_ok=True)


def open_office(soffice: Path) -> Office:
    """Start an office and return it when it is ready.

    It lies in a folder of its own (0700) among the system's temporary files, shut in by bubblewrap where that is
    there. Raises RecordError when it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="agreements-office-"))
    for name in ("files", "home", "tmp"):
        (folder / name).mkdir()
    write_profile(folder / "profile")
    (folder / "files" / _HELD).write_text("This page keeps the office open.\n", encoding="utf-8")
    root, environment, before = folder, _environment(folder), []
    if bubblewrap() is not None:
        root, environment = INSIDE, _environment(INSIDE) | {"PATH": "/usr/bin:/bin", "TMPDIR": "/tmp"}  # noqa: S108
        before = shut_in(folder, soffice, environment)
    office = Office(soffice, folder, before, root, environment)
    with (folder / "log").open("wb") as log:
        office.keeper = subprocess.Popen(  # noqa: S603 - likewise
            [sys.executable, "-I", keeper.__file__, str(folder), *office.command(str(root / "files" / _HELD))],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )
    _wait_until_ready(office)
    return office


def _wait_until_ready(office: Office) -> None:
    latest = time.monotonic() + _LONGEST_START_S
    while not (office.folder / "files" / _READY).exists():
        if office.runs() and time.monotonic() < latest:
            time.sleep(_LOOKS_EVERY_S)
            continue
        ended = not office.runs()
        keep_log(office)
        office.end()
        what = "LibreOffice ended while it was starting." if ended else "LibreOffice did not start in time."
        do = f"Try `soffice --headless --version` on this machine; what it said stands in {log_file()}."
        raise RecordError([Problem(what, do, where="--engine")])


def _environment(root: Path) -> dict[str, str]:
    """Return what it may know of the machine: where programs are, and no name, language or proxy."""
    kept = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PROGRAMFILES")
    own = {name: os.environ[name] for name in kept if name in os.environ}
    tmp = str(root / "tmp")
    fonts = {"XDG_DATA_HOME": str(Path.home() / ".local" / "share")} if root != INSIDE else {}
    return own | fonts | {"HOME": str(root / "home"), "TMPDIR": tmp, "TEMP": tmp, "TMP": tmp, "LANG": "C.UTF-8"}


def pipe_of(profile: Path) -> Path:
    """Return the pipe over which calls reach an office; where it is killed, nobody else removes it."""
    digest = hashlib.md5(profile.as_uri().encode("utf-16-le"), usedforsecurity=False).digest()
    user = os.getuid() if sys.platform != "win32" else 0
    return Path("/tmp", f"OSL_PIPE_{user}_SingleOfficeIPC_{''.join(f'{byte:x}' for byte in digest)}")  # noqa: S108


_LONGEST_LOG = 256 * 1024


def log_file() -> Path:
    """Return where what LibreOffice said is kept when something went wrong."""
    if sys.platform == "win32":
        home = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Logs"
    else:
        home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return home / "outcome-agreements" / "libreoffice.log"


def keep_log(office: Office) -> None:
    """Add what this office said to the log of this machine; the names of its files say nothing of a record."""
    said = (office.folder / "log").read_bytes()[-_LONGEST_LOG:]
    with suppress(OSError):  # a log is never worth a record
        file = log_file()
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = file.read_bytes()[-_LONGEST_LOG:] if file.is_file() else b""
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as log:
            log.write(kept + said)
