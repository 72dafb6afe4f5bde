"""The words that must never reach others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.validation.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_DO_FILL = "Add legal name, former names, street and school, in every script they may be typed in."


def list_is_filled_or_empty_on_purpose(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that an empty list is said to be empty on purpose.

    Where contact is ruled out for anybody, nobody on the harmed side may have an empty one.
    """
    guarded = any(person.get("no_contact", {}).get("applies") for person in record["participants"])
    for nth, person in enumerate(record["participants"]):
        empty, said = not person["withheld"], "nothing_to_withhold" in person
        if empty and guarded and person["side"] == "harmed":
            what = "Contact is ruled out in this agreement, and no words are withheld for this person."
            yield Fault(("participants", nth, "withheld"), what, _DO_FILL)
        elif empty and not said:
            do = f'{_DO_FILL} If there is truly nothing, add "nothing_to_withhold": true.'
            yield Fault(("participants", nth, "withheld"), "No words are withheld for this person.", do)
        elif said and not empty:
            what = "There are words to withhold, and it is said that there are none."
            yield Fault(("participants", nth, "nothing_to_withhold"), what, "Leave this field out, or empty the list.")


def words_can_be_found(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that an entry is long enough to be looked for without hitting other words.

    Three letters or digits, at least one of them a letter. In scripts without capitals (Chinese, Korean, Arabic,
    Hindi) a whole name may have two, so two are enough there.
    """
    for nth, person in enumerate(record["participants"]):
        for place, entry in enumerate(person["withheld"]):
            path = ("participants", nth, "withheld", place)
            if not any(character.isalpha() for character in entry):
                do = "Write the words with it, such as `12 Mill Lane`. Telephone numbers are looked for anyway."
                yield Fault(path, "There are no letters in this entry.", do)
            elif _too_short(entry):
                do = "Write the whole name, or the words that belong to it, such as `12 Mill Lane`."
                yield Fault(path, "This entry is too short to be looked for.", do)


def _too_short(entry: str) -> bool:
    counted = [character for character in entry if character.isalnum()]
    has_capitals = any(character.lower() != character.upper() for character in counted)
    return len(counted) < (3 if has_capitals else 2)
