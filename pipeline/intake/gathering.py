"""Rows to records: which agreement each row belongs to, and what stands in each of its cells."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem, SetupError
from pipeline.intake.cells import CellFault, value_of
from pipeline.intake.forms import EXPLANATION, EXTRA, WORDS, Alternative, Column, Form, Kind, forms
from pipeline.intake.model import Gathered, Growing, Row, Standing, Table
from pipeline.intake.places import STRAY, empty_cell, forms_fault, letters, place
from pipeline.intake.sheet import Sheet
from pipeline.records.upgrade import CURRENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.service.model import ExtraField
    from pipeline.validation.fault import Path

_OURS = frozenset({EXPLANATION.casefold(), WORDS.casefold()})


def gather(
    tables: Sequence[Table], declared: Mapping[str, ExtraField] | None
) -> tuple[tuple[Gathered, ...], tuple[Form, ...]]:
    """Return every agreement in these sheets, in their order, and the forms of the sheets.

    Example rows are left out. Raises SetupError, with every place, for what makes the whole workbook doubtful: a
    sheet or a column that is missing or there twice, a sheet that is none of ours, and a row that belongs to no
    agreement, since nobody can say which agreement would lack it.
    """
    known = forms((), declared)
    sheets, problems = _sheets(tables, known, declared)
    agreements = _agreements(sheets[0], problems) if sheets and sheets[0].form.path == () else {}
    for sheet in sheets:
        problems += sheet.problems
    if not problems:
        for sheet in sheets[1:]:
            problems += _rows_of(sheet, agreements)
    if problems:
        raise SetupError(problems)
    return tuple(growing.gathered() for growing in agreements.values()), known


def _sheets(
    tables: Sequence[Table], known: Sequence[Form], declared: Mapping[str, ExtraField] | None
) -> tuple[list[Sheet], list[Problem]]:
    """Return the sheets in the order of the forms."""
    by_name = {form.name.casefold(): form for form in known}
    found: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for table in tables:
        name = table.name.strip().casefold()
        if name in _OURS or (name not in by_name and not table.rows):
            continue
        if name not in by_name:
            near = get_close_matches(name, list(by_name), n=1)
            did_you_mean = f' Did you mean "{by_name[near[0]].name}"?' if near else ""
            do = f"Delete the sheet, or give it its right name.{did_you_mean}"
            problems.append(Problem("This sheet is none of the workbook's own, and it is not empty.", do, table.name))
        elif name in found:
            problems.append(Problem("There are two sheets of this name.", "Keep one of them.", table.name))
        else:
            found[name] = Sheet(by_name[name], table, declared)
    if known[0].name.casefold() not in found:
        names = ", ".join(form.name for form in known)
        do = f"Begin with a workbook from agreements import --blank. Its sheets are: {names}."
        problems.insert(0, Problem(f'There is no sheet "{known[0].name}".', do))
    return [found[form.name.casefold()] for form in known if form.name.casefold() in found], problems


def _agreements(sheet: Sheet, problems: list[Problem]) -> dict[tuple[str, int | None], Growing]:
    """Return the agreements by reference and version."""
    found: dict[tuple[str, int | None], Growing] = {}
    for row in sheet.rows:
        if sheet.is_example(row):
            continue
        ref, version = _ref(sheet, row, problems), sheet.raw(row, "version")
        if ref is None:
            continue
        number = value_of(sheet.form.keys[1], version)
        key = (ref, number if isinstance(number, int) else None)
        if key in found:
            what = f"This agreement stands on the sheet twice ({place(sheet.form, found[key].row)})."
            do = "Keep one of the two rows, or give the changed agreement a new version."
            found[key].problems.append(Problem(what, do, where=place(sheet.form, row.number)))
            continue
        growing = found[key] = Growing(ref, key[1], row.number, {"schema_version": CURRENT})
        _fill(sheet, row, growing, growing.value, (), (*sheet.form.keys, *sheet.form.columns))
    return found


def _ref(sheet: Sheet, row: Row, problems: list[Problem]) -> str | None:
    key = sheet.form.keys[0]
    ref = value_of(key, sheet.raw(row, key.field))
    if isinstance(ref, str):
        return ref
    what, do = (
        (ref.what, ref.do)
        if isinstance(ref, CellFault)
        else ("It is not said which agreement this row belongs to.", "Write its reference, or empty the whole row.")
    )
    problems.append(Problem(what, do, where=place(sheet.form, row.number, key, sheet.where.get(key.field))))
    return None


def _rows_of(sheet: Sheet, agreements: Mapping[tuple[str, int | None], Growing]) -> Iterator[Problem]:
    """Add the rows of a sheet to their agreements; yield a problem for each that belongs to none."""
    problems: list[Problem] = []
    for row in sheet.rows:
        if sheet.is_example(row):
            continue
        ref = _ref(sheet, row, problems)
        if ref is None:
            continue
        owner = _owner(sheet, row, ref, agreements)
        if isinstance(owner, Problem):
            problems.append(owner)
        else:
            _add_entry(sheet, row, owner)
    yield from problems


def _owner(sheet: Sheet, row: Row, ref: str, agreements: Mapping[tuple[str, int | None], Growing]) -> Growing | Problem:
    versions = [growing for (other, _), growing in agreements.items() if other == ref]
    key = sheet.form.keys[1]
    given = value_of(key, sheet.raw(row, key.field))
    where = place(sheet.form, row.number, key, sheet.where.get(key.field))
    if isinstance(given, CellFault):
        return Problem(given.what, given.do, where=where)
    if given is not None:
        versions = [growing for growing in versions if growing.version == given]
    if len(versions) == 1:
        return versions[0]
    if versions:
        what = "This agreement has several versions, and it is not said to which one the row belongs."
        return Problem(what, "Write the version.", where=where)
    where = place(sheet.form, row.number, sheet.form.keys[0], sheet.where.get("ref"))
    what = 'No agreement of this reference and version stands on the sheet "Agreements".'
    return Problem(what, "Correct the reference or the version, or add the agreement.", where=where)


def _add_entry(sheet: Sheet, row: Row, owner: Growing) -> None:
    """Put one row into its agreement: at the end of its list, or under its language."""
    form = sheet.form
    parent: Any = owner.value
    path: Path = ()
    if len(form.path) > 1:
        key = form.keys[2]
        wanted = value_of(key, sheet.raw(row, key.field))
        entries = owner.value.get(form.path[0], [])
        nth = next((nth for nth, entry in enumerate(entries) if entry.get(key.field) == wanted), None)
        if nth is None or wanted is None:
            what, do = (
                empty_cell(key)
                if wanted is None
                else (
                    "There is no row of this id in this agreement.",
                    "Write an id that stands on the sheet it belongs to.",
                )
            )
            where = place(form, row.number, key, sheet.where.get(key.field))
            owner.problems.append(Problem(what, do, where=where))
            return
        parent, path = entries[nth], (form.path[0], nth)
    step: str | int
    entry: dict[str, Any] = {}
    if form.of_language:
        key = form.keys[-1]
        language = value_of(key, sheet.raw(row, key.field))
        group = parent.setdefault(form.path[-1], {})
        where = place(form, row.number, key, sheet.where.get(key.field))
        if not isinstance(language, str):
            owner.problems.append(Problem(*empty_cell(key), where=where))
            return
        if language in group:
            what = "There is a translation into this language already."
            owner.problems.append(Problem(what, "Keep one of the two rows.", where=where))
            return
        group[language], step = entry, language
    else:
        group = parent.setdefault(form.path[-1], [])
        step = len(group)
        group.append(entry)
    path = (*path, form.path[-1], step)
    _fill(sheet, row, owner, entry, path, form.columns)
    if form.plain:
        group[step] = entry.get(form.columns[0].field, "")


def _fill(  # noqa: PLR0913, PLR0917 - a row, what it is part of, and where
    sheet: Sheet, row: Row, owner: Growing, entry: dict[str, Any], path: Path, columns: Sequence[Column]
) -> None:
    """Put the cells of a row into its group of fields."""
    owner.standing[path] = Standing(sheet.form, row.number, sheet.where)
    filled: list[Column] = []
    wanted = {column.path: column for column in columns}
    for index, column in sheet.columns.items():
        if column.path in wanted or column.path[0] == EXTRA:
            value = value_of(column, row.cells[index] if index < len(row.cells) else None)
            where = place(sheet.form, row.number, column, index)
            if isinstance(value, CellFault):
                owner.problems.append(Problem(value.what, value.do, where=where))
                owner.said.add((*path, *column.path))
            elif value is not None:
                filled.append(column)
                _put(entry, column.path, value)
    _fill_empty_lists(entry, columns, owner.said, path)
    _check_choices(sheet, row, owner, filled, path)
    _refuse_unknown(sheet, row, owner)


def _fill_empty_lists(entry: dict[str, Any], columns: Iterable[Column], said: set[Path], path: Path) -> None:
    """Write an empty list where one is required and may be empty: what that means is for the rules to say."""
    for column in columns:
        may_be_empty = column.kind is Kind.LIST and column.required and not column.about.get("minItems")
        if may_be_empty and (*path, *column.path) not in said and column.path[0] not in entry:
            _put(entry, column.path, [])


def _check_choices(sheet: Sheet, row: Row, owner: Growing, filled: Sequence[Column], path: Path) -> None:
    """Say where several forms of a deadline are mixed, none is chosen, or a cell does not go with the chosen one."""
    for steps, alternatives in sheet.form.choices.items():
        part_of = [column for column in filled if column.path[: len(steps)] == steps]
        spoken_of = any(said[: len(path) + len(steps)] == (*path, *steps) for said in owner.said)
        if not part_of or spoken_of:
            continue
        chosen = [each for each in alternatives if any(_chooses(column, each, steps) for column in part_of)]
        if len(chosen) == 1:
            strays = [column for column in part_of if column.path not in chosen[0].paths]
            words = STRAY
        else:
            strays = [each.tag for each in (chosen or alternatives)][:1]
            words = forms_fault([each.tag for each in alternatives], [each.tag for each in chosen])
        for column in strays:
            where = place(sheet.form, row.number, column, sheet.where.get(column.field))
            owner.problems.append(Problem(*words, where=where))
            owner.said.add((*path, *steps))


def _chooses(column: Column, alternative: Alternative, steps: tuple[str, ...]) -> bool:
    """Say whether this column lies under the name that chooses the alternative."""
    return column.path[: len(steps) + 1] == alternative.tag.path[: len(steps) + 1]


def _refuse_unknown(sheet: Sheet, row: Row, owner: Growing) -> None:
    """Refuse a value under a head nobody knows: leaving it out might leave out a word to withhold."""
    labels = [column.label for column in sheet.form.every_column]
    for index, head in sheet.unknown.items():
        raw = row.cells[index] if index < len(row.cells) else None
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            continue
        near = get_close_matches(head, labels, n=1) if len(head) <= 60 else []
        did_you_mean = f' Did you mean "{near[0]}"?' if near else ""
        what = "There is no column of this name here, and this cell is not empty."
        do = f"Correct the name of the column, or empty it.{did_you_mean}"
        where = f"{sheet.form.name}, row {row.number}, column {letters(index)}"
        owner.problems.append(Problem(what, do, where=where))


def _put(entry: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for step in path[:-1]:
        entry = entry.setdefault(step, {})
    entry[path[-1]] = value
