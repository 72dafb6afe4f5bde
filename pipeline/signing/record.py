"""The signing record: who signed which version, how and when; read as strictly as an agreement record."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem, RecordError
from pipeline.records.ordering import in_order
from pipeline.records.parsing import Parsed, Position, parse
from pipeline.records.reading import read_record
from pipeline.validation.check import faults
from pipeline.validation.fault import pointer, shown_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.copies.model import Copy
    from pipeline.records.model import Agreement

NAME = "signing.json"
NEEDS_IMAGE = frozenset({"drawn"})
WITH_IMAGE = NEEDS_IMAGE | {"pen", "mark"}
WITH_WITNESS = frozenset({"mark", "spoken_yes", "bsl_yes"})
NOT_SIGNED = frozenset({"declined", "unable", "not_asked"})


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's signature on one sheet, or that there is none.

    `code` is the agreement code of the sheet this person agreed to. `page` is "own" or "shared". `reason` is for
    the service's copy alone. `image` is the name of a file beside the record; a mark, or a signature on paper
    that the service keeps, may have none.
    """

    participant: str
    capacity: str
    method: str
    code: str
    on: date | None
    image: str | None
    page: str
    witness: str | None
    reason: str | None

    @property
    def signed(self) -> bool:
        """Whether there is a signature."""
        return self.method not in NOT_SIGNED


@dataclass(frozen=True, slots=True)
class SigningRecord:
    """What is known of the signatures of one version; `folder` holds the images.

    `positions` gives line and column of each part of the file by its JSON pointer, for messages.
    """

    ref: str
    version: int
    signatures: tuple[Signature, ...]
    folder: Path
    positions: Mapping[str, Position] = field(default_factory=dict, compare=False, repr=False)

    def placed(self, problem: Problem) -> Problem:
        """Return a problem with line and column, where its `where` is a part of this file."""
        line, column = self.positions.get(problem.where, (None, None))
        return replace(problem, line=line, column=column)


def load_signing_record(path: Path) -> SigningRecord:
    """Return a signing record. Raises RecordError with every problem, each with line and column."""
    parsed = parse(read_record(path))
    found = [*parsed.problems, *_schema_problems(parsed)]
    if not found:
        found = [_at(parsed, each) for each in _own_faults(parsed.value["signatures"])]
    if found:
        raise RecordError(in_order(found))
    value = parsed.value
    signatures = tuple(_signature(each) for each in value["signatures"])
    return SigningRecord(value["ref"], value["version"], signatures, path.parent, parsed.positions)


def check_against(record: SigningRecord, agreement: Agreement, copies: Sequence[Copy]) -> None:
    """Raise RecordError where the signing record does not fit the agreement and its copies.

    Checked are: the people exist and sign; a code is that of a sheet on which the person has a place; nobody signs
    before the meeting, or before the text was read aloud; a shared page is not chosen where it is never possible.
    """
    found = [
        record.placed(fault)
        for index, signature in enumerate(record.signatures)
        for fault in _misfits(signature, f"/signatures/{index}", agreement, copies)
    ]
    if found:
        raise RecordError(in_order(found))


def shared_pages_possible(agreement: Agreement) -> bool:
    """Say whether anybody may choose a shared page: never in a shuttle process, never where contact is ruled out."""
    return agreement.process not in {"shuttle", "letters", "recordings"} and not any(
        person.no_contact for person in agreement.participants
    )


def _signature(value: Mapping[str, Any]) -> Signature:
    return Signature(
        participant=value["participant"],
        capacity=value["capacity"],
        method=value["method"],
        code=value["code"],
        on=date.fromisoformat(value["on"]) if "on" in value else None,
        image=value.get("image"),
        page=value.get("page", "own"),
        witness=value.get("witness"),
        reason=value.get("reason"),
    )


def _schema_problems(parsed: Parsed) -> Iterator[Problem]:
    for fault in faults(parsed.value, "signing"):
        if pointer(fault.path) not in parsed.faulty:  # what is wrong with its characters is said already
            line, column = (parsed.key_positions if fault.on_key else parsed.positions)[pointer(fault.path)]
            yield Problem(fault.what, fault.do, shown_pointer(fault.path), line, column)


def _at(parsed: Parsed, problem: Problem) -> Problem:
    line, column = parsed.positions[problem.where]
    return replace(problem, line=line, column=column)


def _own_faults(signatures: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for index, value in enumerate(signatures):
        where = f"/signatures/{index}"
        key = (value["participant"], value["code"])
        if key in seen:
            yield Problem("This person signs the same sheet twice.", "Keep one of the two entries.", where)
        seen.add(key)
        yield from _faults_of_one(value, where)


def _faults_of_one(value: Mapping[str, Any], where: str) -> Iterator[Problem]:
    method = value["method"]
    if method in NOT_SIGNED:
        for name in ("image", "page", "shared_page_chosen_on", "witness"):
            if name in value:
                what = "There is no signature, yet something of one is recorded."
                yield Problem(what, f"Leave {name!r} out, or correct the method.", f"{where}/{name}")
        return
    yield from _faults_of_a_signature(value, where)
    yield from _faults_around_it(value, where)


def _faults_of_a_signature(value: Mapping[str, Any], where: str) -> Iterator[Problem]:
    method = value["method"]
    if "on" not in value:
        yield Problem("The day of signing is missing.", 'Add "on", such as "2026-11-12".', where)
    if "reason" in value:
        yield Problem("A reason is only for somebody who did not sign.", "Leave it out.", f"{where}/reason")
    if method in NEEDS_IMAGE and "image" not in value:
        what = "The picture of this signature is missing."
        yield Problem(what, 'Put the file beside this record and name it under "image".', where)
    if method not in WITH_IMAGE and "image" in value:
        what = "This way of signing has no picture."
        yield Problem(what, "Leave it out, or correct the method.", f"{where}/image")


def _faults_around_it(value: Mapping[str, Any], where: str) -> Iterator[Problem]:
    if value["method"] in WITH_WITNESS and "witness" not in value:
        what = "A mark, or a yes that was said or signed, needs a witness."
        yield Problem(what, 'Add "witness": the id of who saw or heard it.', where)
    if value.get("witness") == value["participant"]:
        yield Problem("Nobody witnesses their own signature.", "Name somebody else.", f"{where}/witness")
    if (value.get("page") == "shared") != ("shared_page_chosen_on" in value):
        what = "A shared page and the day on which this person chose it belong together."
        yield Problem(what, 'Give both "page": "shared" and "shared_page_chosen_on", or neither.', where)
    if value.get("shared_page_chosen_on", "") > value.get("on", "9999"):
        what = "The shared page was chosen after the day of signing."
        yield Problem(what, "Correct one of the two days.", f"{where}/shared_page_chosen_on")


def _misfits(signature: Signature, where: str, agreement: Agreement, copies: Sequence[Copy]) -> Iterator[Problem]:
    people = {person.id: person for person in agreement.participants}
    if signature.participant not in people or not people[signature.participant].signs:
        what = "Nobody with this id signs this agreement."
        yield Problem(what, "Use the id of somebody whose record says that they sign.", f"{where}/participant")
        return
    sheets = {copy.code for copy in copies if signature.participant in {place.participant for place in copy.places}}
    if signature.code not in sheets:
        what = "This is not the code of the page that this person was given."
        do = "Compare it with the agreement code on the copy; if the terms changed since, they must be agreed again."
        yield Problem(what, do, f"{where}/code")
    if signature.witness is not None and signature.witness not in people:
        yield Problem("The record has nobody with this id.", "Use the id of a participant.", f"{where}/witness")
    if signature.on is not None and signature.on < agreement.meeting_dates[0]:
        yield Problem("The day of signing is before the meeting.", "Correct the day.", f"{where}/on")
    elif signature.on is not None and agreement.read_back_on is not None and signature.on < agreement.read_back_on:
        what = "The day of signing is before the day on which the whole text was read aloud."
        yield Problem(what, "Correct the day; nobody signs what they have not heard.", f"{where}/on")
    if signature.page == "shared" and not shared_pages_possible(agreement):
        what = "A shared page is not possible where people did not meet, or where contact is ruled out."
        yield Problem(what, "Leave 'page' out: the service holds the signed page.", f"{where}/page")
    if signature.capacity == "self" and people[signature.participant].role in {"parent_guardian", "appropriate_adult"}:
        what = "A parent or an appropriate adult supports; nobody signs in a child's place."
        yield Problem(what, "Use 'parent_supporting' or 'appropriate_adult'.", f"{where}/capacity")
