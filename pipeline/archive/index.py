"""The index of an archive: an SQLite file that says which bytes belong to which version, and what happened since.

Rows are added and never changed; triggers in index.sql hold that against a mistake of ours. Only disposal deletes
rows, those of a version that has its tombstone, and SQLite overwrites what it deletes.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.archive.store import Store, refuse_link
from pipeline.errors import Problem, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "archive.sqlite3"
FORMAT = 1
_APPLICATION = 0x41475243  # "AGRC", so that `file` and we ourselves know the file for what it is
_WAIT_SECONDS = 10
_SCHEMA = Path(__file__).with_name("index.sql")


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive: its bytes and its index."""

    store: Store
    index: sqlite3.Connection

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the one right to write; what is done inside stands as a whole at the end, or not at all.

        Whoever dies inside leaves the index as it was, and the next to write sweeps up the bytes.
        """
        self.index.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.index.execute("COMMIT")
        finally:
            if self.index.in_transaction:
                self.index.execute("ROLLBACK")


@contextmanager
def open_archive(folder: Path) -> Iterator[Archive]:
    """Open an archive that is there. Raises SetupError when there is none, or it cannot be used."""
    index = folder / NAME
    if not index.is_file() or index.is_symlink():
        problem = Problem(
            "There is no archive in this folder.",
            "Check the path after --archive. `agreements archive add` makes a new one.",
            where=str(folder),
        )
        raise SetupError([problem])
    with _said_plainly(), closing(_connect(index)) as connection:
        _check_format(connection)
        yield Archive(Store(folder), connection)


@contextmanager
def open_or_make(folder: Path) -> Iterator[Archive]:
    """Open an archive, made now if there is none. Raises SetupError when it cannot be used."""
    with _said_plainly():
        store, index = Store(folder), folder / NAME
        store.prepare()
        refuse_link(index)
        os.close(os.open(index, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite gives its other files the same rights
        with closing(_connect(index)) as connection:
            _make(connection)
            _check_format(connection)
            yield Archive(store, connection)


def now() -> str:
    """Return the time as the index holds it: UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def checkpoint(archive: Archive) -> None:
    """Bring everything into the index's one file and empty the other, so that deleted rows are nowhere any more."""
    archive.index.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _connect(index: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(index, timeout=_WAIT_SECONDS, isolation_level=None)
    for setting in ("foreign_keys = ON", "recursive_triggers = ON", "secure_delete = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    return connection


def _make(connection: sqlite3.Connection) -> None:
    """Write the tables into a new file, all or none; who comes second finds them."""
    if not _is_empty(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _is_empty(connection):
            for statement in _statements(_SCHEMA.read_text(encoding="utf-8")):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _statements(script: str) -> Iterator[str]:
    """Yield each statement: executescript() would commit in between."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _format(connection: sqlite3.Connection) -> tuple[int, int]:
    return (
        connection.execute("PRAGMA application_id").fetchone()[0],
        connection.execute("PRAGMA user_version").fetchone()[0],
    )


def _check_format(connection: sqlite3.Connection) -> None:
    application, number = _format(connection)
    if application != _APPLICATION:
        what, do = "The index of the archive is not one of ours.", "Bring the archive back from a backup."
    elif number != FORMAT:
        what, do = "The archive was written by a newer version of the program.", "Install that version."
    else:
        return
    raise SetupError([Problem(what, do, where=NAME)])


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise SetupError([_problem(getattr(error, "sqlite_errorcode", None))]) from error
    except BrokenPipeError:
        raise  # whoever read our output has gone; that is no fault of the archive
    except OSError as error:
        problem = Problem(
            f"The archive cannot be read or written ({error.strerror or type(error).__name__}).",
            "Look whether the disk is full and whether you may write there; then run it again: nothing is half-kept.",
        )
        raise SetupError([problem]) from error


_WORDS = {
    sqlite3.SQLITE_BUSY: ("Another program is writing to the archive.", "Wait until it has ended; then run it again."),
    sqlite3.SQLITE_FULL: ("The disk is full.", "Make room on it, then run it again: nothing is half-kept."),
    sqlite3.SQLITE_READONLY: ("The archive may not be written to.", "Ask for the right to write to its folder."),
    sqlite3.SQLITE_CANTOPEN: ("The index cannot be opened.", "Ask for the right to read and write the archive."),
    sqlite3.SQLITE_CORRUPT: ("The index of the archive is damaged.", "Bring the archive back from a backup."),
    sqlite3.SQLITE_NOTADB: ("The index of the archive is damaged.", "Bring the archive back from a backup."),
}


def _problem(code: int | None) -> Problem:
    primary = (code or 0) & 0xFF  # the rest says where in SQLite
    name = f"SQLite {primary}" if primary else "SQLite"
    unknown = (f"The index of the archive could not be read or written ({name}).", "Look at the disk; run it again.")
    what, do = _WORDS.get(primary, unknown)
    return Problem(what, do, where=NAME)
