"""What a worker process does: take a record, carry it through, give the result back, until it is told to end."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.batch.model import Result, State
from pipeline.batch.one_record import make_one
from pipeline.batch.workshop import open_workshop
from pipeline.documents.engines.engine import engine
from pipeline.errors import SetupError
from pipeline.forking import end_with

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from pipeline.batch.scan import Scanned
    from pipeline.batch.workshop import Order, Workshop

_MOST_DATA = 2 << 30
"""Bytes of memory of its own that a worker may have; what asks for more fails, and costs its record only."""
_RECORDS_BETWEEN_COLLECTIONS = 10


def serve(order: Order, pipe: Connection, parent: int, opened: Workshop | None) -> None:
    """Answer each record that comes through the pipe with its result; None, or the end of the pipe, ends it.

    `opened` is the workshop of the process this one was forked from; the templates in it are used, its engine is not.
    `parent` is the process that gives the records.
    """
    _settle(parent)
    try:
        workshop = open_workshop(order) if opened is None else replace(opened, engine=engine(order.engine))
    except SetupError as error:
        _refuse_all(pipe, error)
        return
    gc.collect()
    gc.freeze()
    gc.disable()  # a record leaves rings of objects behind by the thousand; looking for them pays once in a while only
    try:
        for number, record in enumerate(iter(lambda: _next(pipe), None), start=1):
            pipe.send(make_one(record, workshop))
            if number % _RECORDS_BETWEEN_COLLECTIONS == 0:
                gc.collect()
    except BrokenPipeError:
        pass  # whoever asked is gone
    finally:
        workshop.engine.close()


def _next(pipe: Connection) -> Scanned | None:
    try:
        record: Scanned | None = pipe.recv()
    except (EOFError, OSError):
        return None
    return record


def _refuse_all(pipe: Connection, error: SetupError) -> None:
    with suppress(BrokenPipeError):
        for record in iter(lambda: _next(pipe), None):
            pipe.send(Result(record.source.name, State.FAILED, problems=error.problems))


def _settle(parent: int) -> None:
    """Leave signals of the terminal to the parent, end with it, and keep to limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # results of the command stand on standard output, and nothing else
    os.close(silence)
    end_with(parent)
    if sys.platform == "linux":
        _limit_linux()


def _limit_linux() -> None:
    import resource  # noqa: PLC0415 - Windows has none

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a picture of the memory would hold personal data
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _MOST_DATA if most == resource.RLIM_INFINITY else min(_MOST_DATA, most)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))


def _end(*_: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one would cut off what the first one began to tidy away
    sys.exit(128 + signal.SIGTERM)
