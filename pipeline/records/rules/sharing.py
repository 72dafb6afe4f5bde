"""Sharing beyond the rule: with a consent of everybody it is about, or a legal duty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.validation.fault import Fault, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WHOLE = {"background": "agreed_background", "admission": "admission"}
_OF_A_PERSON = frozenset({"name", "age", "no_contact", "custody"})

_WITH = {
    "item": ("referrer",),
    "attachment": ("harmed_support", "referrer"),
    "background": ("referrer",),
    "admission": ("referrer",),
    "name": ("responsible", "referrer"),
    "age": ("referrer",),
    "no_contact": ("outside", "referrer"),
    "custody": ("outside", "referrer"),
}
"""Whom a consent can open what to: the cells "with a consent" of the visibility matrix (docs/field.md)."""


def subject_exists(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that what is shared is there."""
    for nth, entry in enumerate(record.get("sharing", [])):
        if entry["what"] in _WHOLE:
            if "id" in entry:
                yield Fault(("sharing", nth, "id"), "There is only one of these.", "Leave this field out.")
            if _WHOLE[entry["what"]] not in record:
                yield Fault(("sharing", nth, "what"), "The record has none of these.", "Leave the entry out.")
        elif "id" not in entry:
            yield Fault(("sharing", nth), "It is not said which one is shared.", 'Add its "id".')
        elif entry["id"] not in _ids(record, entry["what"]):
            yield Fault(
                ("sharing", nth, "id"), f"Nothing of this kind ({_kind(entry)}) has this id.", "Correct the id."
            )


def readers_make_sense(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that a consent opens something only to readers to whom a consent can open it."""
    for nth, entry in enumerate(record.get("sharing", [])):
        if entry["with"] not in _WITH[entry["what"]]:
            what = "This is never shared with these readers, or they see it anyway."
            yield Fault(("sharing", nth, "with"), what, f"Write {' or '.join(_WITH[entry['what']])}.")


def those_concerned_agreed(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that without a legal duty, everybody it is about has agreed."""
    places = {person["id"]: nth for nth, person in enumerate(record["participants"])}
    for nth, entry in enumerate(record.get("sharing", [])):
        if "duty" in entry:
            continue
        if "agreed_by" not in entry:
            what = "It is not said who agreed to this."
            yield Fault(("sharing", nth), what, 'Add "agreed_by", or "duty" with the law or rule that requires it.')
            continue
        missing = [one for one in concerned(record, entry) if one in places and one not in entry["agreed_by"]]
        if missing:
            where = ", ".join(pointer(("participants", places[one])) for one in missing)
            what = f"Not everybody whom it is about has agreed: {where} is missing."
            do = "Ask, and add the ids; or leave the entry out until everybody has agreed."
            yield Fault(("sharing", nth, "agreed_by"), what, do)


def concerned(record: Mapping[str, Any], entry: Mapping[str, Any]) -> list[str]:
    """Return the ids of everybody whom an entry under sharing is about: without a legal duty each must agree."""
    what = entry["what"]
    if what in _WHOLE:
        return [person["id"] for person in record["participants"] if person["role"] in {"harmed", "responsible"}]
    if what in _OF_A_PERSON:
        return [entry["id"]] if "id" in entry else []
    rows = record.get("items" if what == "item" else "attachments", [])
    row: dict[str, Any] = next((each for each in rows if each["id"] == entry.get("id")), {})
    if what == "attachment":
        return [row["author"], row["intended_for"]] if row else []
    took_part = {person["id"] for person in record["participants"] if _took_part(person)}
    named = [*row.get("owners", []), row.get("speaker"), row.get("beneficiary")]
    return [one for one in dict.fromkeys(named) if one in took_part]


def _took_part(person: Mapping[str, Any]) -> bool:
    return person.get("attended") != "not_present" and person["role"] != "absent_beneficiary"


def _ids(record: dict[str, Any], what: str) -> set[str]:
    name = "participants" if what in _OF_A_PERSON else f"{what}s"
    return {entry["id"] for entry in record.get(name, [])}


def _kind(entry: dict[str, Any]) -> str:
    return "participant" if entry["what"] in _OF_A_PERSON else str(entry["what"])
