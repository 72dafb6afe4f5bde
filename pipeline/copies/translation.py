"""The same agreement in another language: the record's own translations, whole or not at all.

A copy in another language holds no agreed word in the agreed one, so that nobody signs what they cannot read. Which
words a reader's copy needs is looked up first; one that has no translation means a copy in the agreed language, and a
sentence in the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from pipeline.copies import rows
from pipeline.copies.fields import Eyes, pick
from pipeline.languages.wording import language_name

if TYPE_CHECKING:
    from pipeline.copies.rows import View
    from pipeline.records.model import Agreement

# Where a row keeps words of its own, and what their translation is called.
_IN_ROWS: Final = {
    ("text",): "text",
    ("how_checked",): "how_checked",
    ("if_not_possible",): "if_not_possible",
    ("first_step", "text"): "first_step",
    ("help", "text"): "help",
    ("when", "event"): "event",
    ("when", "within"): "within",
    ("when", "if"): "condition",
    ("when", "through"): "through",
}
_IN_RECORD: Final = {
    ("place_kind",): "place_kind",
    ("incident_line",): "incident_line",
    ("agreed_background", "text"): "agreed_background",
    ("admission",): "admission",
    ("change_reason",): "change_reason",
    ("closing_words",): "closing_words",
}
_ABOUT: Final = ("translator", "translated_on", "checked_by", "checked_on")


def untranslated(view: View, language: str) -> tuple[str, ...]:
    """Return the place (JSON pointer) of every word on this reader's copy that has no translation."""
    record = view.agreement.record
    seen = pick(Eyes(view.agreement, view.kind), record)
    words = record.get("translations", {}).get(language, {})
    missing = [
        "/" + "/".join(path) for path, name in _IN_RECORD.items() if _at(seen, path) is not None and name not in words
    ]
    known = {item.id for item in rows.items_for(view)}
    for index, item in enumerate(record.get("items", ())):
        if item["id"] in known:
            own = item.get("translations", {}).get(language, {})
            missing += [
                f"/items/{index}/" + "/".join(path)
                for path, name in _IN_ROWS.items()
                if _at(item, path) is not None and name not in own
            ]
    missing += _untranslated_lists(view, language, known)
    return tuple(missing)


def _untranslated_lists(view: View, language: str, known: set[str]) -> Iterator[str]:
    record = view.agreement.record
    own = {item["id"]: item.get("translations", {}).get(language, {}) for item in record.get("items", ())}
    for index, payment in enumerate(record.get("payments", ())):
        rule = payment["item"] in known and "missed_payment_rule" in payment
        if rule and "missed_payment_rule" not in own[payment["item"]]:
            yield f"/payments/{index}/missed_payment_rule"
    letters = {letter.id for letter in rows.attachments_for(view)}
    for index, letter in enumerate(record.get("attachments", ())):
        if letter["id"] in letters and language not in letter.get("translations", {}):
            yield f"/attachments/{index}/title"
    for index, change in enumerate(record.get("changes", ())):
        if change["item"] in known and language not in change.get("translations", {}):
            yield f"/changes/{index}/was"


def in_language(agreement: Agreement, language: str) -> Agreement:
    """Return the agreement with its words in this language; what has no translation keeps its own.

    What somebody does for a living ("advocate") is no agreed word and has no translation: it is left out.
    """
    record = dict(agreement.record)
    _translate(record, _IN_RECORD, record.get("translations", {}).get(language, {}))
    record["items"] = [dict(item) for item in record.get("items", ())]
    own = {}
    for item in record["items"]:
        own[item["id"]] = item.get("translations", {}).get(language, {})
        _translate(item, _IN_ROWS, own[item["id"]])
    record["payments"] = [
        payment | _rule(payment, own[payment["item"]]) for payment in map(dict, record.get("payments", ()))
    ]
    record["attachments"] = [
        letter | {"title": letter.get("translations", {}).get(language, letter["title"])}
        for letter in map(dict, record.get("attachments", ()))
    ]
    record["changes"] = [
        change | {"was": change.get("translations", {}).get(language, change["was"])}
        for change in map(dict, record.get("changes", ()))
    ]
    record["participants"] = [
        {name: value for name, value in person.items() if name != "position"} for person in record["participants"]
    ]
    texts = {item["id"]: item["text"] for item in record["items"]}
    items = tuple(replace(item, text=texts[item.id]) for item in agreement.items)
    absent = [name for name in ("items", "payments", "attachments", "changes") if name not in agreement.record]
    return replace(agreement, items=items, record={name: value for name, value in record.items() if name not in absent})


def about_translation(view: View, language: str) -> dict[str, Any]:
    """Return what a translated copy says of itself: the agreed language, and who translated and checked, and when.

    Different rows may have been translated by different people; each of them is said once.
    """
    known = {item.id for item in rows.items_for(view)}
    entries = [view.agreement.record.get("translations", {}).get(language)]
    entries += [
        item.get("translations", {}).get(language)
        for item in view.agreement.record.get("items", ())
        if item["id"] in known
    ]
    said = [{name: entry.get(name) for name in _ABOUT} for entry in entries if entry and "translator" in entry]
    return {
        "agreed_in": language_name(view.agreement.agreed_language, language),
        "made_in": language_name(language, language),
        "by": [each for index, each in enumerate(said) if each not in said[:index]],
    }


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _translate(group: dict[str, Any], places: Mapping[tuple[str, ...], str], words: Mapping[str, str]) -> None:
    """Put the translated words into a copy of a group; groups inside it are copied before they change."""
    for path, name in places.items():
        if name not in words or _at(group, path) is None:
            continue
        if len(path) == 1:
            group[path[0]] = words[name]
        else:
            group[path[0]] = {**group[path[0]], path[1]: words[name]}


def _rule(payment: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, str]:
    name = "missed_payment_rule"
    return {name: words[name]} if name in payment and name in words else {}
