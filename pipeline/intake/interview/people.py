"""The questions about each person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.intake.interview.question import Form, Question
from pipeline.service.model import DEFAULT_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.intake.interview.building import Building

_WORD_OF_ID = {
    "parent_guardian": "parent",
    "appropriate_adult": "adult",
    "representative_of_harmed": "rep",
    "organisation_rep": "organisation",
    "signer_bsl": "signer",
    "checker": "outside",
    "absent_beneficiary": "absent",
    "co_facilitator": "co-facilitator",
}
_SIDE = {
    "harmed": "harmed",
    "representative_of_harmed": "harmed",
    "responsible": "responsible",
    "facilitator": "neutral",
    "co_facilitator": "neutral",
    "interpreter": "neutral",
    "signer_bsl": "neutral",
    "observer": "neutral",
    "checker": "outside",
    "referrer": "outside",
}
_SUPPORTING = frozenset({"supporter", "parent_guardian", "appropriate_adult", "representative_of_harmed"})
_PARTIES = frozenset({"harmed", "responsible"})
_WITH_A_POST = frozenset({"checker", "referrer", "appropriate_adult", "observer"})

_WITHHELD = Question(
    "",
    "Which words must never reach the others? One on each line.",
    Form.LINES,
    why=(
        "This is the most important question. The copies go to other people. Type every word by which somebody could "
        "find or recognise this person: the surname, other names and former names, the street, the school, the "
        "workplace, a prison number, also as they are written in other scripts. The program searches every finished "
        "copy for these words, and none that holds one is published. They are printed nowhere, not even in the "
        "service's own copy."
    ),
    more=(
        "Think of what somebody would need to find this person: a surname, a former surname, a surname shared with a "
        "parent or supporter, a street with its number, the name of a school or an employer, a nickname used online. "
        "A surname of two parts is best typed three times: Haddad-Wright, Haddad, Wright. Telephone numbers, "
        "postcodes and e-mail addresses are looked for anyway. The name to print is not withheld."
    ),
    optional=True,
)


def ask_people(building: Building) -> None:
    """Ask about one person after another."""
    nth = 0
    while True:
        _ask_person(building, nth)
        nth += 1
        missing = _who_is_missing(building.record["participants"])
        text = f"Is there anybody else? {missing}".strip()
        question = Question("", text, Form.YES_NO, more=_MORE, offer=bool(missing))
        if not building.ask_aside(f"/participants/{nth}/another", question):
            return


_MORE = "Everybody who is named in the agreement, does something, checks something, or gets a copy."


def _who_is_missing(people: Iterable[Mapping[str, Any]]) -> str:
    roles = {person["role"] for person in people}
    missing = [DEFAULT_LABELS[role] for role in ("harmed", "responsible", "facilitator") if role not in roles]
    return f"There is no {' and no '.join(missing)} yet." if missing else ""


def _ask_person(building: Building, nth: int) -> None:
    person = ("participants", nth)
    roles = tuple((role, label) for role, label in DEFAULT_LABELS.items())
    offer = _next_role(building.record.get("participants", ()))
    role = building.ask(
        (*person, "role"),
        Question("", f"Person {nth + 1}: what is their part?", Form.CHOICE, choices=roles, offer=offer),
    )
    here = building.record["participants"][nth]
    here["id"] = _next_id(role, building.record["participants"][:nth])
    if role in _SIDE:
        here["side"] = _SIDE[role]
    else:
        building.ask((*person, "side"), Question("", "On whose side is this person?", Form.CHOICE))
    name = building.ask(
        (*person, "display_name"),
        Question(
            "",
            "What name did this person choose for the page?",
            why="It is the only name that is ever printed. A first name, or whatever the person likes.",
        ),
    )
    _ask_withheld(building, nth, name)
    _ask_circumstances(building, nth, role, name)
    building.settle(person)


def _ask_withheld(building: Building, nth: int, name: str) -> None:
    path = ("participants", nth, "withheld")
    shorter = f"The words by which somebody could find {name}. The others never see them."
    words = building.ask(path, _WITHHELD if nth == 0 else replace(_WITHHELD, why=shorter))
    if not words:
        building.record["participants"][nth]["withheld"] = []
        text = f"Is there truly nothing by which others could find {name}?"
        why = "No word was typed. With none, nothing can be looked for."
        if building.ask_aside(f"/participants/{nth}/nothing", Question("", text, Form.YES_NO, why=why, again=False)):
            building.record["participants"][nth]["nothing_to_withhold"] = True
        else:
            building.conversation.retake(f"/participants/{nth}/withheld")


def _ask_circumstances(building: Building, nth: int, role: str, name: str) -> None:
    person = ("participants", nth)
    building.ask((*person, "attended"), Question("", f"How did {name} take part?", Form.CHOICE, offer="in_person"))
    if role in _PARTIES | _SUPPORTING:
        offer = building.record["agreed_language"]
        building.ask((*person, "language"), Question("", f"Which language does {name} read?", offer=offer))
    if role in _PARTIES:
        ruled_out = building.ask(
            (*person, "no_contact", "applies"),
            Question(
                "",
                f"Is direct contact with {name} ruled out?",
                Form.YES_NO,
                why="By a licence, an order, bail, a rule, or a wish. Then no agreed words may bring the two together.",
            ),
        )
        if ruled_out:
            building.ask((*person, "no_contact", "source"), Question("", "By what?", Form.CHOICE))
        building.ask((*person, "is_child"), Question("", f"Is {name} under 18?", Form.YES_NO, offer=False))
    if role == "responsible" and building.ask(
        (*person, "custody", "in_custody"), Question("", f"Is {name} in custody?", Form.YES_NO, offer=False)
    ):
        text = "How does the copy reach them?"
        building.ask((*person, "custody", "delivery"), Question("", text, optional=True))
    others = _people(building.record["participants"][:nth])
    if role in _SUPPORTING and others:
        text = f"Whom does {name} support?"
        building.ask((*person, "supports"), Question("", text, Form.CHOICE, choices=others, optional=True))
    if role in _WITH_A_POST:
        building.ask((*person, "position"), Question("", f"What is {name}'s post?", optional=True))
    if role == "organisation_rep":
        building.ask((*person, "organisation"), Question("", "Which organisation?", optional=True))


def _people(people: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((person["id"], f"{person['display_name']} ({person['id']})") for person in people)


def everybody(building: Building) -> tuple[tuple[str, str], ...]:
    """Return the people who may be chosen: the id, and the name with it."""
    return _people(building.record["participants"])


def _next_role(people: Iterable[Mapping[str, Any]]) -> str | None:
    roles = {person["role"] for person in people}
    return next((role for role in ("harmed", "responsible", "facilitator") if role not in roles), None)


def _next_id(role: str, people: Iterable[Mapping[str, Any]]) -> str:
    word = _WORD_OF_ID.get(role, role)
    return f"{word}-{1 + sum(person['id'].rpartition('-')[0] == word for person in people)}"
