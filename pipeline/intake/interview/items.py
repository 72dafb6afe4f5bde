"""The questions about each thing that was agreed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline.intake.interview.answers import day_in_words
from pipeline.intake.interview.instalments import instalments
from pipeline.intake.interview.people import everybody
from pipeline.intake.interview.question import Form, Question

if TYPE_CHECKING:
    from pipeline.intake.interview.building import Building
    from pipeline.validation.fault import Path

_FORMS = (
    ("date", "On a day"),
    ("event", "After something else has happened, such as release"),
    ("recurring", "Again and again, such as every Thursday"),
    ("ongoing", "From now on, with a day to ask how it goes"),
    ("if", "Only if somebody asks, or something happens"),
    ("done_at_meeting", "It was done at the meeting"),
    ("none", "No time was agreed"),
)
_KINDS = (
    ("action", "Something somebody will do"),
    ("payment", "A payment"),
    ("statement", "Something somebody said, and wants written down"),
    ("letter", "A letter"),
    ("no_contact", "Keeping away, or no contact"),
    ("information", "Something people may do, such as ring somebody"),
    ("meeting_offer", "An offer to meet"),
    ("other", "Something else"),
)
_WORDS = Question(
    "",
    "What was agreed, in one sentence?",
    why=(
        "These words are printed on every copy as you type them. Who does what, how often, where, until when. The "
        "names people chose, no streets, no telephone numbers. Not what was said or felt."
    ),
    more=(
        "For example: Callum will go to the prison counsellor on Wednesday 11 November 2026, and five more times "
        "before his release. At most 60 words."
    ),
)


def ask_items(building: Building) -> None:
    """Ask about one thing after another."""
    nth = 0
    while True:
        _ask_item(building, nth)
        nth += 1
        text = "Was anything else agreed?"
        if not building.ask_aside(f"/items/{nth}/another", Question("", text, Form.YES_NO, offer=False)):
            return


def _ask_item(building: Building, nth: int) -> None:
    item = ("items", nth)
    if building.record["outcome"] == "statement_only":
        building.record.setdefault("items", []).append({"kind": "statement"})
        kind = "statement"
    else:
        text = f"Row {nth + 1}: what sort of thing is it?"
        kind = building.ask((*item, "kind"), Question("", text, Form.CHOICE, choices=_KINDS, offer="action"))
    here = building.record["items"][nth]
    here["id"] = _letter(nth)
    building.ask((*item, "text"), _WORDS)
    building.question_wording((*item, "text"), "")
    people = everybody(building)
    if kind == "statement":
        building.ask((*item, "speaker"), Question("", "Who said it?", Form.CHOICE, choices=people))
        text = "Who heard it, or for whom is it?"
        building.ask((*item, "beneficiary"), Question("", text, Form.CHOICE, choices=people, optional=True))
    else:
        _ask_promise(building, nth, kind)
    building.settle(item)
    building.question_wording(item, "owners" if kind != "statement" else "speaker")


def _ask_promise(building: Building, nth: int, kind: str) -> None:
    item = ("items", nth)
    people = everybody(building)
    owners = building.ask(
        (*item, "owners"),
        Question("", "Who does it? One number, or several with spaces between.", Form.CHOICES, choices=people),
    )
    text = "For whom is it?"
    building.ask((*item, "beneficiary"), Question("", text, Form.CHOICE, choices=people, optional=True))
    text = "Whose wish or idea was it? It is never printed."
    building.ask((*item, "origin"), Question("", text, Form.CHOICE, choices=people, optional=True))
    building.ask(
        (*item, "checker"),
        Question(
            "",
            "Who checks that it is done?",
            Form.CHOICE,
            why="Somebody who will know, and who has said yes to checking.",
            choices=people,
            optional=True,
        ),
    )
    building.ask(
        (*item, "how_checked"),
        Question(
            "",
            "How will both sides know that it was done?",
            why="Who tells whom, and when. The person harmed asks: how would I know if he was doing that?",
            more="For example: Jo tells the facilitator after the sixth visit. The facilitator tells Leila.",
            optional=True,
        ),
    )
    _ask_when(building, nth)
    if kind == "payment":
        _ask_payment(building, nth, owners)
    text = "What happens if it is not possible?"
    building.ask((*item, "if_not_possible"), Question("", text, optional=True))
    _ask_conflict(building, nth)
    _ask_consents(building, nth)


def _ask_when(building: Building, nth: int) -> None:
    when = ("items", nth, "when")
    key = f"/items/{nth}/when"
    form = building.ask_aside(key, Question("", "By when?", Form.CHOICE, choices=_FORMS))
    match form:
        case "date" | "done_at_meeting":
            building.ask((*when, form), Question("", "Which day?", Form.DATE))
            if form == "date":
                text = "At what time? On a 24-hour clock, such as 18:00."
                building.ask((*when, "time"), Question("", text, optional=True))
        case "event":
            building.ask((*when, "event"), Question("", "What must happen first?", more="For example: his release."))
            text = "How long after that? For example 3 months."
            building.ask((*when, "within"), Question("", text, optional=True))
            why = "What has to happen first may not happen. A last day keeps the promise from being forgotten."
            text = "On which day at the latest, even if it has not happened?"
            building.ask((*when, "latest"), Question("", text, Form.DATE, why=why, optional=True))
        case "recurring":
            _ask_recurring(building, (*when, "recurring"))
        case "ongoing":
            building.record["items"][nth]["when"] = {"ongoing": True}
            text = "On which day does the service ask how it goes?"
            building.ask((*when, "review_on"), Question("", text, Form.DATE, optional=True))
        case "if":
            building.ask((*when, "if"), Question("", "If what? In words that follow the word if."))
            text = "Who carries the question?"
            building.ask((*when, "through"), Question("", text, offer="the service"))
            text = "Within how many days is there an answer?"
            building.ask((*when, "answer_within_days"), Question("", text, Form.WHOLE, offer=14))
            text = "How often does the service ask whether it still stands?"
            building.ask((*when, "review_every"), Question("", text, Form.CHOICE, offer="year"))
        case _:
            building.record["items"][nth]["when"] = {"none": True}


def _ask_recurring(building: Building, recurring: Path) -> None:
    building.ask((*recurring, "every"), Question("", "Every what?", Form.CHOICE, offer="week"))
    building.ask((*recurring, "from"), Question("", "On which day is the first time?", Form.DATE))
    building.ask((*recurring, "count"), Question("", "How many times in all?", Form.WHOLE))


def _ask_payment(building: Building, nth: int, owners: list[str]) -> None:
    at = len(building.record.get("payments", ()))
    payment = ("payments", at)
    total = building.ask((*payment, "total"), Question("", "How much is it in all?", Form.MONEY))
    here = building.record["payments"][at]
    here["item"] = building.record["items"][nth]["id"]
    building.ask((*payment, "currency"), Question("", "In which money?", Form.CHOICE, offer="GBP"))
    shares = instalments(Decimal(total), len(owners), first="2026-01-01", every="month")
    for place, (owner, (_, share)) in enumerate(zip(owners, shares, strict=True)):
        asked = share
        if len(owners) > 1:
            text = f"How much of it does {owner} pay?"
            key = f"/payments/{at}/payers/{place}/share"
            asked = building.ask_aside(key, Question("", text, Form.MONEY, offer=share))
        here.setdefault("payers", []).append({"person": owner, "share": asked})
    number = building.ask_aside(f"/payments/{at}/number", Question("", "In how many payments?", Form.WHOLE, offer=1))
    first = building.ask_aside(f"/payments/{at}/first", Question("", "On which day is the first?", Form.DATE))
    every = "month"
    if number > 1:
        choices = (("week", "Every week"), ("month", "Every month"))
        key = f"/payments/{at}/every"
        every = building.ask_aside(key, Question("", "And then?", Form.CHOICE, choices=choices, offer="month"))
    here["schedule"] = [
        {"due": due, "amount": amount}
        for due, amount in instalments(Decimal(total), max(1, min(number, 240)), first=first, every=every)
    ]
    last = here["schedule"][-1]
    building.conversation.say(
        f"Payments: {len(here['schedule'])}. The last is {last['amount']} on {day_in_words(last['due'])}."
    )
    text = "Through whom does the money go?"
    why = "Never from one to the other: bank details would tell who somebody is."
    building.ask((*payment, "route"), Question("", text, Form.CHOICE, why=why, offer="service"))
    building.ask((*payment, "payee"), Question("", "Who gets it?", Form.CHOICE, choices=everybody(building)))


def _ask_conflict(building: Building, nth: int) -> None:
    people = building.record["participants"]
    watched = any(person.get("no_contact", {}).get("applies") for person in people)
    watched = watched or any(person.get("custody", {}).get("in_custody") for person in people)
    if not watched:
        return
    path = ("items", nth, "conflict_checked")
    text = "Was it checked against the licence, order, bail or ban?"
    answer = building.ask((*path, "answer"), Question("", text, Form.CHOICE))
    if answer == "yes":
        building.ask((*path, "by"), Question("", "By whom?", Form.CHOICE, choices=everybody(building), optional=True))
        text = "On which day?"
        building.ask((*path, "on"), Question("", text, Form.DATE, offer=building.record["meeting_dates"][-1]))


def _ask_consents(building: Building, nth: int) -> None:
    """Ask for the yes of each person with a part in the item who was not there."""
    item: dict[str, Any] = building.record["items"][nth]
    with_a_part = [*item.get("owners", ()), item.get("beneficiary"), item.get("checker")]
    absent = [
        person
        for person in building.record["participants"]
        if person["id"] in with_a_part and person.get("attended") == "not_present"
    ]
    for place, person in enumerate(absent):
        consent = ("items", nth, "consents", place)
        text = f"Has {person['display_name']}, who was not there, said yes to this?"
        building.ask((*consent, "answer"), Question("", text, Form.CHOICE))
        item["consents"][place]["person"] = person["id"]


def _letter(nth: int) -> str:
    return chr(ord("a") + nth) if nth < 26 else f"a{nth - 25}"
