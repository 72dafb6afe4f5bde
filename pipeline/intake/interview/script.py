"""The whole conversation, in the order in which a meeting is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.errors import RecordError
from pipeline.intake.interview.building import Building
from pipeline.intake.interview.checking import checked
from pipeline.intake.interview.items import ask_items
from pipeline.intake.interview.people import ask_people, everybody
from pipeline.intake.interview.question import Form, Question
from pipeline.wording.advice import advise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.intake.interview.asking import Conversation
    from pipeline.service.model import ExtraField, Service

_WRITTEN = frozenset({"agreement", "statement_only"})
_HOW = {"in_person": "in_person", "video": "video", "phone": "phone"}


def interview(conversation: Conversation, *, ref: str, service: Service | None) -> dict[str, Any]:
    """Ask everything a record needs and return it, checked. Raises StoppedError when the person stops."""
    extra_fields: Mapping[str, ExtraField] | None = service.extra_fields if service else None
    building = Building(conversation, extra_fields)
    building.record |= {"ref": ref, "version": 1}
    _ask_meeting(building, service)
    conversation.say("Now the people, one after another. Begin with the person who was harmed.")
    ask_people(building)
    if building.record["outcome"] in _WRITTEN:
        conversation.say("Now what was agreed, one thing after another.")
        ask_items(building)
        _ask_consent(building)
    _ask_ending(building, service)
    _review(building)
    return building.record


def _ask_meeting(building: Building, service: Service | None) -> None:
    building.ask(
        ("pathway",),
        Question("", "Where does the case stand?", Form.CHOICE, why="It decides which legal note is printed."),
    )
    building.ask(("process",), Question("", "How did people meet?", Form.CHOICE))
    building.ask(
        ("meeting_dates",),
        Question("", "On which day did they meet? Several days with a comma between.", Form.DATES),
    )
    building.ask(
        ("place_kind",),
        Question("", "In what kind of place?", why="In general: a community centre, never which one.", optional=True),
    )
    offer = service.languages[0] if service else "en"
    language = building.ask(("agreed_language",), Question("", "In which language were the words agreed?", offer=offer))
    building.record["languages"] = [language]
    building.ask(
        ("outcome",), Question("", "What did the meeting end with?", Form.CHOICE, why="All five are good endings.")
    )


def _ask_consent(building: Building) -> None:
    parties = [person for person in building.record["participants"] if person["role"] in {"harmed", "responsible"}]
    for nth, person in enumerate(parties):
        path = ("consent_to_outcome", nth)
        text = f"Did {person['display_name']} agree freely, knowing what it means?"
        answer = building.ask((*path, "answer"), Question("", text, Form.CHOICE))
        entry = building.record["consent_to_outcome"][nth]
        entry["person"] = person["id"]
        if answer == "yes":
            offer = building.record["meeting_dates"][-1]
            building.ask((*path, "on"), Question("", "On which day?", Form.DATE, offer=offer))
            how = _HOW.get(person.get("attended", ""))
            building.ask((*path, "how"), Question("", "How was it said?", Form.CHOICE, offer=how))


def _ask_ending(building: Building, service: Service | None) -> None:
    written = building.record["outcome"] in _WRITTEN
    why = "Without this every copy is marked as a draft."
    if written and building.ask_aside(
        "/read_back", Question("", "Was the whole text read aloud to everybody?", Form.YES_NO, why=why)
    ):
        offer = building.record["meeting_dates"][-1]
        building.ask(("read_back", "on"), Question("", "On which day?", Form.DATE, offer=offer))
        facilitators = [person["id"] for person in building.record["participants"] if person["role"] == "facilitator"]
        offer = facilitators[0] if facilitators else None
        building.ask(
            ("read_back", "by"), Question("", "By whom?", Form.CHOICE, choices=everybody(building), offer=offer)
        )
        building.record["read_back"]["language"] = building.record["agreed_language"]
    if written:
        text = "On which day does the service ask everybody how it is going?"
        building.ask(("review_date",), Question("", text, Form.DATE, optional=True))
        building.ask(("closing_words",), Question("", "A sentence to end with, if people want one?", optional=True))
    offer = "service policy, explained at the meeting"
    building.ask(("retention", "basis"), Question("", "By what rule is the record kept?", offer=offer))
    building.ask(
        ("retention", "start"), Question("", "From when does that time count?", Form.CHOICE, offer="completed")
    )
    if building.record["retention"]["start"] == "age":
        until = service.keeping.until_age if service else None
        building.ask(("retention", "until_age"), Question("", "Until which age?", Form.WHOLE, offer=until or 25))
    else:
        years = service.keeping.years if service else 7
        building.ask(("retention", "years"), Question("", "For how many years?", Form.WHOLE, offer=years))


def _review(building: Building) -> None:
    """Say what is still wrong and go back to it; then what a practitioner would question in the whole."""
    if not building.conversation.is_live:
        return
    try:
        agreement = checked(building.record, extra_fields=building.extra_fields)
    except RecordError as error:
        building.take_back_for(error.problems)
        return
    for advice in advise(agreement):
        if advice.item is None:
            building.conversation.say(f"A practitioner would ask: {advice.what} {advice.better or ''}".rstrip())
