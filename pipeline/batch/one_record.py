"""One record: from its advice to its published copies."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.batch.model import Result, State
from pipeline.batch.reading import read_and
from pipeline.batch.version import (
    Version,
    carry_over,
    copies_in,
    find_version,
    is_up_to_date,
    refuse_other_terms,
    standing_entries,
)
from pipeline.copies.plan import copies_not_made, makes_copies, plan_copies
from pipeline.documents.making import make
from pipeline.errors import Problem, RecordError, SetupError
from pipeline.forking import share_out
from pipeline.publication.manifest import (
    NAME,
    BuiltCopy,
    MadeFrom,
    Manifest,
    digest,
    entry_for,
    file_names,
    from_own_bytes,
    listed,
    to_bytes,
    unchanged,
)
from pipeline.publication.place import Place, look_at, publish

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.batch.reading import Reading
    from pipeline.batch.scan import Scanned
    from pipeline.batch.workshop import Workshop
    from pipeline.copies.model import Copy
    from pipeline.documents.templates.template import Template
    from pipeline.publication.manifest import CopyEntry

_NO_AGREEMENT = {
    "none_wanted": "Nobody wanted a written agreement. That is a good ending too, so no copies are made. If they would"
    ' like a short closing note, write "closing_note": true into the record.',
    "none_reached": "No agreement was reached, and talking was worth it all the same. No copies are made. If they"
    ' would like a short closing note, write "closing_note": true into the record.',
    "adjourned": "The meeting will go on another day. Copies are made when there is an agreement.",
}


def make_one(scanned: Scanned, workshop: Workshop) -> Result:
    """Take one record from its bytes to its published copies; whatever is wrong with it is its result."""
    step = partial(carry_through, workshop=workshop)
    return read_and(scanned, workshop.order.service.extra_fields, step)


def carry_through(reading: Reading, result: Result, workshop: Workshop) -> Result:
    """Take one record from its advice to its published copies. Raises RecordError."""
    agreement, order = reading.agreement, workshop.order
    if result.stopped:
        return replace(result, state=State.REFUSED)
    if not makes_copies(agreement):
        return replace(result, state=State.NO_AGREEMENT, notes=(_NO_AGREEMENT[agreement.outcome],))
    result = replace(result, notes=copies_not_made(agreement))
    copies = plan_copies(agreement, order.service)
    version = find_version(Place(order.out, agreement.ref, agreement.version))
    if version.frozen:
        return _left_alone(version, copies, result)
    wanted = _wanted(copies, order.only)
    made_from = _made_from(reading.digest, copies, workshop)
    if not order.again and is_up_to_date(version, wanted, made_from, alone=order.only is not None):
        return replace(
            result,
            state=State.UP_TO_DATE,
            copies=copies_in(version.place, standing_entries(version, wanted), wanted),
            manifest=version.digest if order.only is None else "",
        )
    if order.plan_only:
        return replace(result, state=State.NEW if version.manifest is None else State.CHANGED)
    kept = carry_over(version, wanted, made_from) if order.only is not None else ()
    built = _all_built(wanted, workshop)
    manifest = Manifest(
        ref=agreement.ref,
        version=agreement.version,
        draft=agreement.read_back_on is None,
        made_from=made_from,
        copies=_in_order((*built, *kept), copies),
        signature_mm=_signature_mm(copies, workshop),
    )
    result = replace(result, copies=copies_in(version.place, [copy.entry for copy in built], wanted))
    said = to_bytes(manifest)
    publish(version.place, {NAME: said} | {name: data for copy in (*built, *kept) for name, data in copy.files.items()})
    return replace(result, state=State.MADE, manifest=digest(said) if order.only is None else "")


def stands(ref: str, version: int, *, record: str, manifest: str, workshop: Workshop) -> bool:
    """Say whether a version is up to date, given the digests of its record and of the manifest it had when it was.

    That manifest speaks for the copies, which the same record, template and set-up always give; so each of its files
    is read again and nothing else is worked out anew. Anything unusual is for `carry_through` to judge.
    """
    place = Place(workshop.order.out, ref, version)
    try:
        said = (place.folder / NAME).read_bytes()
        if digest(said) != manifest:
            return False
        standing, found = look_at(place), from_own_bytes(said)
        made_from = _made_from_the_same(record, found.made_from, workshop)
    except (OSError, RecordError, SetupError):
        return False
    return (
        not standing.frozen
        # Another template may come from the record's pathway, which only the record can say.
        and found.made_from.template == (workshop.order.template or "standard")
        and set(standing.files) == set(listed(found))
        and found.made_from == made_from
        and unchanged(found.copies, place.folder)
    )


def _left_alone(version: Version, copies: Sequence[Copy], result: Result) -> Result:
    try:
        refuse_other_terms(version, copies)
    except RecordError as error:
        return replace(result, state=State.REFUSED, problems=error.problems)
    return replace(result, state=State.SIGNED)


def _wanted(copies: Sequence[Copy], only: str | None) -> tuple[Copy, ...]:
    wanted = tuple(copy for copy in copies if only in {None, copy.reader_id})
    if not wanted:
        problem = Problem(
            "Nobody with the id after --only gets a copy of this record.",
            f"Those who do: {', '.join(dict.fromkeys(copy.reader_id for copy in copies))}.",
            where="/participants",
        )
        raise RecordError([problem])
    return wanted


def _made_from(record: str, copies: Sequence[Copy], workshop: Workshop) -> MadeFrom:
    main = _template_name(_main(copies), workshop)
    used = {(_template_name(copy, workshop), copy.language): _template(copy, workshop).digest for copy in copies}
    templates = {
        language if name == main else f"{name}.{language}": digest for (name, language), digest in used.items()
    }
    return _made(record, main, templates, workshop)


def _made_from_the_same(record: str, before: MadeFrom, workshop: Workshop) -> MadeFrom:
    """Return what a version would be made from now that was made from templates of these names before."""
    templates = {}
    for key in before.templates:
        name, _, language = key.rpartition(".")
        templates[key] = workshop.template_in(name or before.template, language).digest
    return _made(record, before.template, templates, workshop)


def _made(record: str, main: str, templates: Mapping[str, str], workshop: Workshop) -> MadeFrom:
    return MadeFrom(
        program=__version__,
        engine=workshop.engine.name,
        engine_version=workshop.engine.version,
        profiles=tuple(workshop.engine.profiles),
        template=main,
        templates=templates,
        service=workshop.order.service.digest,
        record=record,
    )


def _signature_mm(copies: Sequence[Copy], workshop: Workshop) -> tuple[float, float]:
    template = _template(_main(copies), workshop)
    return template.signature_width_mm, template.signature_height_mm


def _main(copies: Sequence[Copy]) -> Copy:
    """Return the copy that stands for the version: the service's own, or the first where nothing is signed."""
    return next((copy for copy in reversed(copies) if copy.extra is None), copies[0])


def _template_name(copy: Copy, workshop: Workshop) -> str:
    return (workshop.order.template or copy.template) if copy.follows_the_run else copy.template


def _template(copy: Copy, workshop: Workshop) -> Template:
    """Return the template of this copy; that a language has none costs only the records that need it."""
    try:
        return workshop.template_in(_template_name(copy, workshop), copy.language)
    except SetupError as error:
        raise RecordError(error.problems) from error


def _all_built(copies: Sequence[Copy], workshop: Workshop) -> tuple[BuiltCopy, ...]:
    """Make every copy. Raises RecordError with the problems of all of them, each naming its copies.

    A fault of the template that shows in this record alone is a problem of this record: the others go on.
    """
    built: list[BuiltCopy] = []
    copies_with: dict[Problem, list[Copy]] = {}
    for copy, outcome in zip(copies, _outcomes(copies, workshop), strict=True):
        if isinstance(outcome, BuiltCopy):
            built.append(outcome)
            continue
        for problem in dict.fromkeys(outcome):
            copies_with.setdefault(problem, []).append(copy)
    if copies_with:
        raise RecordError(_of_copies(problem, having, copies) for problem, having in copies_with.items())
    return tuple(built)


def _outcomes(copies: Sequence[Copy], workshop: Workshop) -> list[BuiltCopy | tuple[Problem, ...]]:
    """Make these copies; return each, or what is wrong with it."""
    return share_out(lambda nth: _outcome(copies[nth], workshop), len(copies), cores=workshop.cores)


def _outcome(copy: Copy, workshop: Workshop) -> BuiltCopy | tuple[Problem, ...]:
    try:
        return _built(copy, workshop)
    except (RecordError, SetupError) as error:
        return error.problems


def _of_copies(problem: Problem, having: Sequence[Copy], copies: Sequence[Copy]) -> Problem:
    """Put the copies before a place in a document; a place in the record is the same for every copy."""
    if problem.where.startswith("/"):
        return problem
    in_every = len(having) == len(copies) > 1
    named = "in every copy" if in_every else " and ".join(copy.stem for copy in having)
    return replace(problem, where=", ".join(part for part in (named, problem.where) if part))


def _built(copy: Copy, workshop: Workshop) -> BuiltCopy:
    made = make(
        copy,
        _template(copy, workshop),
        engine=workshop.engine,
        logo=workshop.logo,
        paper=workshop.order.service.paper,
    )
    entry = entry_for(
        copy, docx=made.docx, pdf=made.pdf, pages=made.proof.pages, page_codes=made.page_codes, plain=made.plain
    )
    return BuiltCopy(entry, dict(zip(file_names(copy), (made.docx, made.pdf, *made.plain), strict=True)))


def _in_order(built: Iterable[BuiltCopy], copies: Sequence[Copy]) -> tuple[CopyEntry, ...]:
    planned: list[tuple[str, ...]] = [file_names(copy) for copy in copies]
    return tuple(sorted((copy.entry for copy in built), key=lambda entry: planned.index(entry.key)))
