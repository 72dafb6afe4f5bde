"""Write down what happened: checked against the agreement, then appended, then safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import RecordError
from pipeline.follow_up.fitting import misfits
from pipeline.follow_up.journal import append, journal_path

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pipeline.follow_up.model import Entry, Journal
    from pipeline.records.model import Agreement
    from pipeline.service.model import Service


def record(path: Path, agreement: Agreement, entry: Entry, *, service: Service, today: date) -> bool:
    """Write an entry into the journal beside the record at `path`; say no where the same stands already.

    The same entry twice is one: whoever was interrupted records it again. Two payments alike on one day are told apart
    by the numbers of their receipts. Raises RecordError, and nothing is written, where it does not fit.
    """
    own_details = (service.name, service.telephone, service.email)

    def fits(journal: Journal) -> bool:
        if entry in journal.entries:
            return False
        found = misfits(entry, agreement, journal, today=today, own_details=own_details)
        if found:
            raise RecordError(found)
        return True

    return append(journal_path(path, agreement.ref), agreement.ref, entry, version=agreement.version, check=fits)
