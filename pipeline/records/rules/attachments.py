"""Attachments: who made them, for whom, and who read them first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.records.roles import FACILITATING
from pipeline.records.rules.items import repeated_ids
from pipeline.validation.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator


def ids_are_unique(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that each attachment has an id of its own."""
    yield from repeated_ids(record, "attachments")


def people_fit(record: dict[str, Any]) -> Iterator[Fault]:
    """Check that an attachment goes from one person to another, and a facilitator has read it."""
    roles = {person["id"]: person["role"] for person in record["participants"]}
    for nth, attachment in enumerate(record.get("attachments", [])):
        if attachment["author"] == attachment["intended_for"]:
            what = "This is for the person who made it."
            yield Fault(("attachments", nth, "intended_for"), what, "Write the id of the person it is for.")
        reviewer = roles.get(attachment.get("reviewed_by"))
        if reviewer is not None and reviewer not in FACILITATING:
            what = "Only a facilitator can have read it beforehand."
            yield Fault(("attachments", nth, "reviewed_by"), what, "Write the id of the facilitator who read it.")
        if ("reviewed_by" in attachment) != ("reviewed_on" in attachment):
            what = "Who read it and when belong together."
            yield Fault(("attachments", nth), what, 'Write both "reviewed_by" and "reviewed_on", or neither.')
