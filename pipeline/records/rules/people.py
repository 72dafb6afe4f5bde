"""Participants: who they are, whose side they are on, whom they support."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.records.roles import FACILITATING, LANGUAGE_HELP
from pipeline.validation.fault import Fault, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIDE_OF_ROLE = {
    "harmed": "harmed",
    "representative_of_harmed": "harmed",
    "responsible": "responsible",
    **dict.fromkeys(FACILITATING, "neutral"),
}

_OPPOSITE = {"harmed": "responsible", "responsible": "harmed"}

ID_WORDS = (
    "absent", "absent-beneficiary", "adult", "appropriate-adult", "carer", "checker", "co-facilitator", "facilitator",
    "guardian", "harmed", "interpreter", "neutral", "observer", "organisation", "organisation-rep", "outside",
    "parent", "parent-guardian", "referrer", "rep", "representative", "representative-of-harmed", "responsible",
    "signer", "signer-bsl", "supporter", "surrogate",
)  # fmt: skip
"""What may stand before the number of an id: roles and sides, never a name, since ids stand in file names."""

_CHILD_BANDS = frozenset({"under 10", "10-13", "14-15", "16-17"})


def ids_are_unique(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that nobody is listed twice, and nobody is both harmed and responsible."""
    seen: dict[str, int] = {}
    for nth, person in enumerate(record["participants"]):
        first = seen.setdefault(person["id"].casefold(), nth)
        if first != nth:
            what = f"This id belongs to another participant ({pointer(('participants', first))})."
            yield Fault(("participants", nth, "id"), what, "Give each person one id, and list each person once.")


def ids_name_a_role(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that an id is role and number, because it stands in file names, where no name may stand."""
    for nth, person in enumerate(record["participants"]):
        if person["id"].rpartition("-")[0] not in ID_WORDS:
            do = f"Write one of these words, a hyphen and a number: {', '.join(ID_WORDS)}."
            yield Fault(("participants", nth, "id"), "This id does not begin with a role.", do)


def names_can_be_told_apart(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that two people in the same role on one page have different names."""
    sheets = [set(sheet["people"]) for sheet in record.get("sheets", [])]
    seen: dict[tuple[str, str], list[int]] = {}
    people = record["participants"]
    for nth, person in enumerate(people):
        same = seen.setdefault((person["display_name"].casefold(), person["role"]), [])
        for other in same:
            pair = {person["id"], people[other]["id"]}
            if len(pair) == 2 and (not sheets or any(pair <= sheet for sheet in sheets)):
                what = f"Another participant has the same name and role ({pointer(('participants', other))})."
                do = "If it is the same person, list them once; if not, ask for names that can be told apart."
                yield Fault(("participants", nth, "display_name"), what, do)
                break
        same.append(nth)


def sides_fit_roles(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that the side, which decides what a reader may see, follows from the role where it can."""
    for nth, person in enumerate(record["participants"]):
        side = _SIDE_OF_ROLE.get(person["role"])
        if side not in {None, person["side"]}:
            what = "Side and role do not fit together."
            yield Fault(("participants", nth, "side"), what, f"For this role write {side}, or correct the role.")


def contact_is_answered(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that each person harmed or responsible has an answer to whether contact is ruled out."""
    for nth, person in enumerate(record["participants"]):
        if person["role"] in {"harmed", "responsible"} and "no_contact" not in person:
            do = 'Add "no_contact" with "applies": true or false.'
            what = "It is not said whether contact is ruled out for this person."
            yield Fault(("participants", nth), what, do, missing="no_contact")


def support_goes_to_somebody_else(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that nobody supports himself, not even by way of others, and nobody supports the other side."""
    by_id = {person["id"]: person for person in record["participants"]}
    for nth, person in enumerate(record["participants"]):
        path = ("participants", nth, "supports")
        supported = by_id.get(person.get("supports"))
        if supported is None:
            continue
        if _leads_back(person["id"], by_id):
            yield Fault(path, "This person supports himself or herself.", "Write the id of the person supported.")
        elif person["role"] not in LANGUAGE_HELP and _OPPOSITE.get(person["side"]) == supported["side"]:
            do = "Correct the side or whom this person supports: the side decides which copy this person gets."
            yield Fault(path, "This person stands on one side and supports somebody on the other.", do)


def _leads_back(start: str, by_id: dict[str, dict[str, Any]]) -> bool:
    at, steps = start, 0
    while at in by_id and "supports" in by_id[at] and steps < len(by_id):
        at, steps = by_id[at]["supports"], steps + 1
        if at == start:
            return True
    return False


def language_helpers_get_no_copy(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that interpreters and signers, who carry words, get no copy (docs/field.md)."""
    for nth, person in enumerate(record["participants"]):
        if person["role"] in LANGUAGE_HELP and person.get("receives_copy") is True:
            what = "An interpreter gets no copy."
            do = "Leave this field out; the interpreter's certificate is a page of the service's copy."
            yield Fault(("participants", nth, "receives_copy"), what, do)


def ages_agree(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that child and age band do not contradict each other."""
    for nth, person in enumerate(record["participants"]):
        if {"is_child", "age_band"} <= person.keys() and person["is_child"] != (person["age_band"] in _CHILD_BANDS):
            what = 'This age band and "is_child" contradict each other.'
            yield Fault(("participants", nth, "age_band"), what, "Correct the one that is wrong.")
