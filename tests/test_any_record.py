"""Whatever record the schema accepts: published with all its words, or refused with a message."""

from __future__ import annotations

import io
import json
import unicodedata
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from pipeline.copies.plan import plan_copies
from pipeline.documents.engine import engine
from pipeline.documents.making import make
from pipeline.documents.reading_pdf import content_words
from pipeline.documents.template import load_template
from pipeline.errors import RecordError
from pipeline.records.load import load_record_bytes
from pipeline.service.load import load_service
from pipeline.shipped import shipped

SERVICE = load_service(shipped("samples") / "agreements.toml")
STANDARD = load_template("standard", "en", service_folder=None)
EMBEDDED = engine("embedded")

# Latin with accents, Welsh, Polish, quotes and braces, ticks and arrows, Greek, Cyrillic, Arabic, Hebrew.
LETTERS = "abcdefgABC äöüßøłşŵŷŴé ąęźż ñç &<>\"'’“”{}%#|\\/[]()–—…£€ ✓☐→⇒ αβγ жшщ سلامور שלום 0123456789"
words = st.text(st.sampled_from(sorted(set(LETTERS) - {" "})), min_size=1, max_size=12)
sentences = st.lists(words, min_size=1, max_size=12).map(" ".join)
anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
texts = st.one_of(sentences, sentences, sentences, anything)

whens = st.one_of(
    st.fixed_dictionaries({"date": st.dates(min_value=__import__("datetime").date(2026, 11, 10)).map(str)}),
    st.fixed_dictionaries({"event": texts}, optional={"within": texts, "latest": st.just("2027-04-30")}),
    st.fixed_dictionaries({"ongoing": st.just(True)}, optional={"review_every": st.sampled_from(["week", "year"])}),
    st.fixed_dictionaries({"if": texts}, optional={"through": texts, "answer_within_days": st.integers(1, 60)}),
    st.just({"done_at_meeting": "2026-11-10"}),
    st.just({"none": True}),
)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    names = st.one_of(words, texts)
    people: list[dict[str, Any]] = [
        {"id": "harmed-1", "role": "harmed", "side": "harmed", "display_name": draw(names), "no_contact": {"applies": False}},
        {"id": "responsible-1", "role": "responsible", "side": "responsible", "display_name": draw(names), "no_contact": {"applies": False}},
        {"id": "facilitator-1", "role": "facilitator", "side": "neutral", "display_name": draw(names)},
    ]  # fmt: skip
    for person in people:
        person |= draw(st.just({"withheld": [], "nothing_to_withhold": True}) | st.just({"withheld": ["Qorvath-Lune"]}))
    items = []
    for letter in draw(st.sampled_from(["a", "ab", "abc", "abcdefgh"])):
        if draw(st.booleans()):
            items.append(
                {
                    "id": letter,
                    "kind": "statement",
                    "text": draw(texts),
                    "speaker": draw(st.sampled_from(["harmed-1", "responsible-1"])),
                }
            )
            continue
        item = {"id": letter, "kind": draw(st.sampled_from(["action", "letter", "information", "other"])), "text": draw(texts),
                "owners": ["responsible-1"], "checker": "facilitator-1", "how_checked": draw(texts), "when": draw(whens)}  # fmt: skip
        items.append(
            item
            | draw(
                st.fixed_dictionaries(
                    {}, optional={"if_not_possible": texts, "help": st.fixed_dictionaries({"text": texts})}
                )
            )
        )
    record = {
        "schema_version": 1, "ref": "NR-0999", "version": 1, "pathway": "community", "process": draw(st.sampled_from(["face_to_face", "shuttle", "letters"])),
        "meeting_dates": ["2026-11-10"], "agreed_language": "en", "outcome": "agreement", "participants": people, "items": items,
        "retention": {"basis": "service policy", "start": "completed", "years": 7},
    }  # fmt: skip
    optional = {
        "closing_words": texts,
        "incident_line": texts,
        "place_kind": texts,
        "review_date": st.just("2027-02-01"),
    }
    record |= draw(st.fixed_dictionaries({}, optional=optional))
    if draw(st.booleans()):
        record["read_back"] = {"on": "2026-11-10", "by": "facilitator-1", "language": "en"}
    return record


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record=records())
def test_a_record_is_published_with_all_its_words_or_refused_with_a_message(record):
    try:
        agreement = load_record_bytes(json.dumps(record).encode("utf-8"), extra_fields=None)
        copy = plan_copies(agreement, SERVICE)[0]
        made = make(copy, STANDARD, engine=EMBEDDED, logo=None, paper="A4")
    except RecordError as refused:
        event("refused")
        assert all(problem.what and problem.do for problem in refused.problems)
        return
    event("published")
    word_text = _docx_text(made.docx)
    pdf_words = " ".join(content_words(made.pdf))
    for item in record["items"]:
        text = unicodedata.normalize("NFC", item["text"])
        assert " ".join(text.split()) in word_text
        assert sorted(" ".join(text.split())) == sorted(" ".join(text.split())) and text.split()[0] in pdf_words


@pytest.mark.parametrize(
    "text",
    [
        "Fish & chips < 5 > 4 \"quoted\" 'single' ]]>",
        "Ŵyn a ŷd ar lan y dŵr",
        "Zażółć gęślą jaźń",
        "She said سلام to him",
        "{{ 7*7 }} {% raw %} {{p x }}",
        "Done ✓ next → end ⇒ box ☐ here",
        "Café Ångström naïve",
    ],
)
def test_accepted_text_arrives_letter_by_letter_in_both_files(text):
    record = json.loads((Path(__file__).parent / "copies" / "full-record.json").read_text(encoding="utf-8"))
    record["items"][2]["text"] = unicodedata.normalize("NFD", text)
    agreement = load_record_bytes(json.dumps(record).encode("utf-8"), extra_fields=None)
    made = make(plan_copies(agreement, SERVICE)[0], STANDARD, engine=EMBEDDED, logo=None, paper="A4")
    expected = " ".join(unicodedata.normalize("NFC", text).split())
    assert (expected in _docx_text(made.docx), expected in " ".join(content_words(made.pdf))) == (True, True)


def _docx_text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    paragraphs = (element.text for element in document.element.body.iter(docx.oxml.ns.qn("w:t")) if element.text)
    return " ".join("".join(paragraphs).split())
