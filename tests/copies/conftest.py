"""One record with every property filled, and the service whose record it is."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.records.load import load_record_bytes
from pipeline.records.model import Agreement
from pipeline.service.model import DEFAULT_LABELS, ExtraField, KeepingTime, Service

FULL_RECORD = Path(__file__).with_name("full-record.json")


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(
        name="Northwater Restorative Service",
        telephone="01632 960100",
        email="hello@example.org",
        complaint_route="Ring the manager on 01632 960101.",
        privacy_text="We keep what the law lets us keep.",
        next_steps="We ring everyone after two weeks.",
        legal_notes={"post_sentence_custody": "This agreement is not a court order."},
        labels=DEFAULT_LABELS,
        languages=("en",),
        time_zone="Europe/London",
        paper="A4",
        telephone_region="GB",
        bank_holidays="GB",
        logo=None,
        templates=None,
        output=None,
        archive=None,
        keeping=KeepingTime(7, None),
        extra_fields={
            "district": ExtraField("district", "District", "text", frozenset({"harmed", "service"})),
        },
        folder=tmp_path,
        digest="0" * 64,
    )


@pytest.fixture
def record() -> dict[str, Any]:
    return json.loads(FULL_RECORD.read_text(encoding="utf-8"))


@pytest.fixture
def load() -> Callable[[dict[str, Any]], Agreement]:
    def loaded(record: dict[str, Any]) -> Agreement:
        return load_record_bytes(json.dumps(copy.deepcopy(record)).encode("utf-8"), extra_fields=None)

    return loaded
