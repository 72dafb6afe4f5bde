"""Small agreements, made by hand: each test changes the one thing it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.records.model import Agreement, ByDate, Consent, Deadline, Item, Participant, Retention
from pipeline.wording.advice import advise
from pipeline.wording.model import Advice

MEETING = date(2026, 11, 10)


def person(person_id: str, display_name: str, **changes: Any) -> Participant:
    """Return somebody whose role and side follow from the id ("harmed-1"), and about whom nothing is to be asked."""
    role = person_id.rpartition("-")[0]
    side = role if role in {"harmed", "responsible"} else "neutral"
    plain = Participant(
        id=person_id,
        role=role,
        side=side,
        display_name=display_name,
        withheld=("Quillon",),
        nothing_to_withhold=False,
        signs=True,
        receives_copy=True,
        language=None,
        format="standard",
        is_child=None,
        supports=None,
        attended="in_person",
        no_contact=False,
        in_custody=False,
    )
    return replace(plain, **changes)


RUTH = person("harmed-1", "Ruth")
TOM = person("responsible-1", "Tom")
DEE = person("checker-1", "Dee")


def item(kind: str, text: str, **changes: Any) -> Item:
    """Return a row of this kind with nothing missing, owned by Tom, or said by Tom."""
    said = kind == "statement"
    when: Deadline | None = None if said else ByDate(date(2026, 11, 27))
    plain = Item(
        id="a",
        kind=kind,
        text=text,
        owners=() if said else ("responsible-1",),
        speaker="responsible-1" if said else None,
        beneficiary=None,
        checker=None if said else "checker-1",
        how_checked=None if said else "Dee will text the facilitator.",
        when=when,
        if_not_possible=None,
        first_step=None,
        first_step_on=None,
        help=None,
        helper=None,
        scope=None,
        origin="harmed-1",
        conflict_checked=None,
        consents=(),
    )
    return replace(plain, **changes)


def agreement(*items: Item, **changes: Any) -> Agreement:
    """Return an agreement about which there is nothing to ask, with these rows."""
    plain = Agreement(
        ref="NR-0001",
        version=1,
        supersedes=None,
        pathway="community",
        process="face_to_face",
        meeting_dates=(MEETING,),
        agreed_language="en",
        outcome="agreement",
        read_back_on=MEETING,
        review_date=date(2026, 12, 15),
        period_ends=None,
        incident_line=None,
        participants=(RUTH, TOM, DEE),
        items=items,
        payments=(),
        attachments=(),
        sharing=(),
        consent_to_outcome=(Consent("harmed-1", "yes"), Consent("responsible-1", "yes")),
        change_consents=(),
        accepted=(),
        retention=Retention(start="completed", years=7, until_age=None, delete_after=None, open_promises=None),
        sheets=(("harmed-1", "responsible-1", "checker-1"),),
        record={},
        positions={},
    )
    return replace(plain, **changes)


class Make:
    """The three builders, and the rules that speak up about what they made."""

    person = staticmethod(person)
    item = staticmethod(item)
    agreement = staticmethod(agreement)
    advise = staticmethod(advise)

    @staticmethod
    def rules(made: Agreement) -> set[str]:
        return {advice.rule for advice in advise(made)}

    @staticmethod
    def rules_for(kind: str, text: str, **changes: Any) -> set[str]:
        return {advice.rule for advice in advise(agreement(item(kind, text, **changes)))}

    @staticmethod
    def one(made: Agreement, rule: str) -> Advice:
        (advice,) = [advice for advice in advise(made) if advice.rule == rule]
        return advice


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make
