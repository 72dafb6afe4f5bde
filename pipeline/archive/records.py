"""Which record belongs to a version in the output."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.copies.plan import plan_copies
from pipeline.errors import Problem, RecordError
from pipeline.follow_up.journal import journal_path
from pipeline.follow_up.model import ENDED
from pipeline.follow_up.reading import read_one
from pipeline.publication.manifest import Manifest, says_the_same
from pipeline.records.load import load_record_bytes
from pipeline.records.reading import read_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.copies.model import Copy
    from pipeline.records.model import Agreement
    from pipeline.service.model import Service


@dataclass(frozen=True, slots=True)
class Records:
    """Where the records lie: the files that say they are of a reference and version."""

    paths: Mapping[tuple[str, int], tuple[Path, ...]]
    service: Service

    def agreement_for(self, ref: str, version: int) -> Agreement:
        """Return the record of a version, checked. Raises RecordError when there is none, or more than one."""
        found = self.paths.get((ref, version), ())
        if len(found) != 1:
            what = "There is no record of this version." if not found else "Several records say they are of it."
            do = "Name the folder of the records with --records." if not found else "Keep one of them there."
            raise RecordError([Problem(what, do)])
        return load_record_bytes(read_record(found[0]), extra_fields=self.service.extra_fields)

    def promises_open(self, ref: str) -> bool | None:
        """Say whether anything of the version that counts is still to be done; None where nothing was written down.

        What cannot be read counts as open: in doubt it is kept.
        """
        found = [path for (each, _), paths in self.paths.items() if each == ref for path in paths]
        if not any(journal_path(path, ref).exists() for path in found):
            return None
        followed = [read_one(path, self.service.extra_fields).followed for path in found]
        usable = [each for each in followed if each is not None]
        if len(usable) < len(followed):
            return True
        return any(item.status not in ENDED for item in max(usable, key=lambda each: each.standing).items)

    def copies_for(self, agreement: Agreement, manifest: Manifest) -> tuple[Copy, ...]:
        """Return the copies of this record. Raises RecordError when the manifest is of another wording."""
        copies = plan_copies(agreement, self.service)
        if not says_the_same(manifest, copies):
            problem = Problem(
                "The record now says something else than the signed copies.",
                "Signed words stay as they are: bring the record back as it was, and make a new version of it.",
                where="/version",
            )
            raise RecordError([problem])
        return copies


def find_records(folders: Iterable[Path], service: Service) -> Records:
    """Return the records directly in these folders; a file that is no record is passed over."""
    found: defaultdict[tuple[str, int], list[Path]] = defaultdict(list)
    for folder in dict.fromkeys(each.resolve() for each in folders if each.is_dir()):
        for path in sorted(folder.glob("*.json")):
            try:
                document = json.loads(read_record(path))
            except (RecordError, ValueError, RecursionError):
                continue
            if isinstance(document, dict):
                ref, version = document.get("ref"), document.get("version")
                if isinstance(ref, str) and isinstance(version, int):
                    found[ref, version].append(path)
    return Records({key: tuple(paths) for key, paths in found.items()}, service)
