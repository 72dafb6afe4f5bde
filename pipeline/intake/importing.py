"""A workbook in, records out: every agreement that is right is written, every other is told with its places."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ExitCode, Problem, RecordError
from pipeline.intake.container import read_file, refused
from pipeline.intake.gathering import gather
from pipeline.intake.places import in_words_of_the_sheet, place
from pipeline.intake.record_files import as_bytes, record_name, write_new, write_over
from pipeline.intake.separated import read_beside, read_folder, read_zip
from pipeline.intake.workbook import read_workbook
from pipeline.records.load import load_record_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.intake.forms import Form
    from pipeline.intake.model import Gathered, Table
    from pipeline.service.model import ExtraField


class State(StrEnum):
    """How one agreement of a workbook ended."""

    WRITTEN = "written"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Imported:
    """One agreement of a workbook: `row` is where it stands on its sheet, `file` the name of its record.

    Of an export it tells the same: `row` is None, and `file` the workbook.
    """

    ref: str
    version: int | None
    row: int | None
    state: State
    file: str | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def done(self) -> bool:
        """Say whether the record lies in the folder as the workbook has it."""
        return self.state not in {State.REFUSED, State.FAILED}


def read_tables(path: Path) -> tuple[Table, ...]:
    """Return the sheets of a workbook, of a folder or a ZIP of CSV files, or of a CSV file and those beside it.

    Raises SetupError for what is none of these or is refused.
    """
    if path.is_dir():
        return read_folder(path)
    match path.suffix.lower():
        case ".xlsx":
            return read_workbook(read_file(path))
        case ".csv":
            return read_beside(path)
        case ".zip":
            return read_zip(read_file(path))
    raise refused("This is not a workbook the program can read.", "Save it as .xlsx, or each sheet as CSV UTF-8.")


def import_records(
    tables: Sequence[Table], folder: Path, *, extra_fields: Mapping[str, ExtraField] | None, replace: bool
) -> Iterator[Imported]:
    """Write the record of each agreement that is right into `folder`, and yield what became of each.

    A record that lies there already is left alone unless `replace`. Raises SetupError before the first if the
    workbook as a whole cannot be used; nothing is written then.
    """
    gathered, forms = gather(tables, extra_fields)
    return (_imported(each, folder, forms, extra_fields, replace=replace) for each in gathered)


def exit_code_of(results: Sequence[Imported]) -> ExitCode:
    """Choose the exit code of `import`."""
    if not results:
        return ExitCode.USAGE
    done = [result.done for result in results]
    if all(done):
        return ExitCode.OK
    return ExitCode.SOME_FAILED if any(done) else ExitCode.ALL_FAILED


def _imported(
    gathered: Gathered,
    folder: Path,
    forms: Sequence[Form],
    extra_fields: Mapping[str, ExtraField] | None,
    *,
    replace: bool,
) -> Imported:
    result = Imported(gathered.ref, gathered.version, gathered.row, State.FAILED)
    data = as_bytes(gathered.value)
    # several entries of one cell may have the same fault
    problems = list(dict.fromkeys([*gathered.problems, *_problems(gathered, data, forms, extra_fields)]))
    if problems or gathered.version is None:
        return _with(result, State.FAILED, problems=tuple(problems))
    name = record_name(gathered.ref, gathered.version)
    try:
        return _with(result, _write(folder / name, data, replace=replace), file=name)
    except RecordError as error:
        where = place(forms[0], gathered.row)
        found = tuple(Problem(problem.what, problem.do, f"{where}, {name}") for problem in error.problems)
        return _with(result, State.REFUSED, file=name, problems=found)


def _with(result: Imported, state: State, *, file: str | None = None, problems: tuple[Problem, ...] = ()) -> Imported:
    return Imported(result.ref, result.version, result.row, state, file, problems)


def _problems(
    gathered: Gathered, data: bytes, forms: Sequence[Form], extra_fields: Mapping[str, ExtraField] | None
) -> Iterator[Problem]:
    """Yield what keeps this from being a record, in the words of the sheets."""
    try:
        load_record_bytes(data, extra_fields=extra_fields)
    except RecordError as error:
        for problem in error.problems:
            told = in_words_of_the_sheet(problem, gathered, forms)
            if told is not None:
                yield told


def _write(path: Path, data: bytes, *, replace: bool) -> State:
    if _says_the_same(path, data):
        return State.UNCHANGED
    there = path.exists()
    if replace:
        write_over(path, data)
    else:
        write_new(path, data)
    return State.REPLACED if there else State.WRITTEN


def _says_the_same(path: Path, data: bytes) -> bool:
    try:
        return bool(json.loads(path.read_bytes()) == json.loads(data))
    except (OSError, ValueError):
        return False


def first_folder(path: Path) -> Path:
    """Return the folder records go to when none is named: the one the workbook lies in."""
    return path if path.is_dir() else path.parent
