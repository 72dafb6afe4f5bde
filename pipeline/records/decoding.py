"""Bytes to text: UTF-8, with or without a byte order mark, and nothing else."""

from __future__ import annotations

import codecs

from pipeline.errors import Problem, RecordError

_DO = "Save the file as UTF-8 (in most editors: Save as, Encoding)."


def decode(data: bytes) -> str:
    """Return the text of a record; raise RecordError with the byte offset (from 0) where it is not UTF-8."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if marked or b"\0" in data[:4]:
        offset = 0 if marked else data.index(b"\0")
        raise RecordError([Problem(f"This is UTF-16 or UTF-32, not UTF-8 (byte offset {offset}).", _DO, "", 1, 1)])
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        what = f"This is not UTF-8 (byte offset {error.start})."
        raise RecordError([Problem(what, _DO, "", line, column)]) from error
    if not text.strip(" \t\r\n"):
        raise RecordError([Problem("This is not JSON: the file is empty.", "Write the record into it.", "", 1, 1)])
    return text
