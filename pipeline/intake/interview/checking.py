"""Check an answer with the rules of the loader, although the record is not finished.

What is not answered yet is filled in with something harmless; only what the rules say of the answer itself counts.
"""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline.errors import Problem, RecordError
from pipeline.intake.record_files import as_bytes
from pipeline.records.load import load_record_bytes
from pipeline.records.upgrade import CURRENT
from pipeline.validation.fault import pointer
from pipeline.wording.advice import advise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.records.model import Agreement
    from pipeline.service.model import ExtraField
    from pipeline.validation.fault import Path
    from pipeline.wording.model import Advice

_PERSON = {
    "id": "outside-99",
    "role": "checker",
    "side": "outside",
    "display_name": "somebody",
    "withheld": [],
    "nothing_to_withhold": True,
}
_ITEM = {"id": "z", "kind": "other", "text": "What was agreed."}
_WHOLE: Mapping[str, Any] = {
    "schema_version": CURRENT,
    "ref": "AA-0000",
    "version": 1,
    "pathway": "other",
    "process": "mixed",
    "meeting_dates": ["2026-01-01"],
    "agreed_language": "en",
    "outcome": "agreement",
    "participants": [_PERSON],
    "items": [_ITEM | {"kind": "information", "when": {"none": True}}],
    "retention": {"basis": "policy", "start": "completed", "years": 7},
}


def problems_of_answer(
    record: Mapping[str, Any], path: Path, value: Any, *, extra_fields: Mapping[str, ExtraField] | None
) -> tuple[Problem, ...]:
    """Return what the loader says of this answer at its place in the record as it is so far."""
    whole = copy.deepcopy(dict(record))
    put(whole, path, value)
    here = pointer(path)
    return tuple(
        problem
        for problem in problems_so_far(whole, extra_fields=extra_fields)
        if problem.missing is None and (problem.where == here or problem.where.startswith(f"{here}/"))
    )


def problems_so_far(record: Mapping[str, Any], *, extra_fields: Mapping[str, ExtraField] | None) -> tuple[Problem, ...]:
    """Return what the loader says of the record as it is so far, with the rest filled in."""
    try:
        load_record_bytes(as_bytes(completed(record)), extra_fields=extra_fields)
    except RecordError as error:
        return error.problems
    return ()


def advice_so_far(record: Mapping[str, Any]) -> tuple[Advice, ...]:
    """Return what a practitioner would question in the record as it is so far; nothing where it cannot be read."""
    try:
        return advise(load_record_bytes(as_bytes(completed(record)), extra_fields=None))
    except RecordError:
        return ()


def checked(record: Mapping[str, Any], *, extra_fields: Mapping[str, ExtraField] | None) -> Agreement:
    """Return the finished record as an agreement. Raises RecordError with every problem."""
    return load_record_bytes(as_bytes(record), extra_fields=extra_fields)


def completed(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record with something harmless for everything it must have and has not yet."""
    whole = dict(_WHOLE) | copy.deepcopy(dict(record))
    whole["participants"] = [_PERSON | person for person in whole["participants"]] or [_PERSON]
    for person in whole["participants"]:
        if person["withheld"]:
            person.pop("nothing_to_withhold", None)
    if whole["outcome"] not in {"agreement", "statement_only"}:
        whole["items"] = []
    elif whole["outcome"] == "statement_only" and "items" not in record:
        whole["items"] = [_ITEM | {"kind": "statement", "speaker": whole["participants"][0]["id"]}]
    else:
        whole["items"] = [_finished(item, whole) for item in whole["items"]]
    return whole


def put(record: dict[str, Any], path: Path, value: Any) -> None:
    """Put a value at its path; groups and lists on the way are made."""
    here: Any = record
    for step, following in pairwise(path):
        made: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            if step == len(here):
                here.append(made)
            here = here[step]
        else:
            here = here.setdefault(step, made)
    last: Any = path[-1]
    if isinstance(last, int) and last == len(here):
        here.append(value)
    else:
        here[last] = value


def _finished(item: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item that lacks nothing; a payment whose schedule is not known yet counts as an action."""
    done = dict(_ITEM) | dict(item)
    somebody = whole["participants"][0]["id"]
    if done["kind"] == "payment" and not any(each.get("item") == done["id"] for each in whole.get("payments", ())):
        done["kind"] = "action"
    if done["kind"] == "statement":
        done.setdefault("speaker", somebody)
    else:
        done.setdefault("owners", [somebody])
        if not done.get("when"):
            done["when"] = {"none": True}
    return done
