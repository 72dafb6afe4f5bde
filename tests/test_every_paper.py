"""Every template in every language and format, made from the samples and proven like any copy."""

from __future__ import annotations

import ctypes
import io
import json
import os
import re
import zipfile
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from pipeline.copies.model import Copy
from pipeline.copies.plan import plan_copies
from pipeline.documents.engines.engine import Engine, engine
from pipeline.documents.making import Made, make
from pipeline.documents.reading.docx import body_words
from pipeline.documents.reading.pdf import read_pdf
from pipeline.documents.templates.template import load_template
from pipeline.follow_up.model import Journal, Line, Progress, Status
from pipeline.follow_up.notes import note_for
from pipeline.follow_up.views import Look
from pipeline.languages.catalogue import catalogues, phrases
from pipeline.records.load import load_record_bytes
from pipeline.service.load import load_service
from pipeline.shipped import shipped

pytestmark = pytest.mark.usefixtures("uncounted")

SAMPLES = shipped("samples")
LANGUAGES = ("en", *catalogues())
PATHWAYS = {"standard": "community", "youth": "youth_conference", "school": "school"}
AGREED = {
    "en": ("Bilal will mend the gate on Saturday 5 December 2026.", "Bilal will pay £90.00, through the service."),
    "cy": ("Bydd Bilal yn trwsio'r giât ddydd Sadwrn 5 Rhagfyr 2026.", "Bydd Bilal yn talu £90.00, drwy'r gwasanaeth."),
    "pl": ("Bilal naprawi furtkę w sobotę 5 grudnia 2026.", "Bilal zapłaci £90.00, przez służbę."),
    "ar": ("سيصلح بلال البوابة يوم السبت 5 ديسمبر 2026.", "سيدفع بلال £90.00 عن طريق الخدمة."),
    "ur": ("بلال ہفتہ 5 دسمبر 2026 کو گیٹ ٹھیک کریں گے", "بلال سروس کے ذریعے £90.00 ادا کریں گے"),
}
TEMPLATES = sorted(file.parent.name for file in shipped("templates").glob("*/*.ar.docx"))


def record(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return value


def in_language(value: dict[str, Any], language: str, format_: str) -> dict[str, Any]:
    for person in value["participants"]:
        person.pop("print_size_pt", None)
        if person["role"] != "facilitator":
            person |= {"language": language, "format": format_}
    return value


def an_agreement(language: str, format_: str, layout: str) -> dict[str, Any]:
    """A record with everything that a paper can be about, its words translated into this language."""
    value = in_language(record("NR-0480"), language, format_)
    value |= {"pathway": PATHWAYS.get(layout, "community"), "process": "shuttle", "version": 2, "supersedes": 1}
    value |= {"change_reason": AGREED["en"][0], "changes": [{"item": "a", "was": AGREED["en"][1]}]}
    value["change_consents"] = [
        {"person": who, "answer": "yes", "on": "2026-11-24"} for who in ("harmed-1", "responsible-1")
    ]
    value["participants"].append(
        {"id": "outside-1", "role": "checker", "side": "outside", "display_name": "Dee", "withheld": ["Marchbanks"],
         "language": language, "format": format_, "attended": "not_present"}
    )  # fmt: skip
    for item, text in zip(value["items"], AGREED["en"], strict=True):
        item |= {"text": text, "how_checked": text, "checker": "outside-1", "translations": {}}
        item.pop("if_not_possible", None)
        item["consents"] = [{"person": "outside-1", "answer": "yes", "on": "2026-11-23"}]
    for person in value["participants"]:
        if person["role"] in {"harmed", "responsible"}:
            person["extras"] = ["keepsake", "counterpart", "payments", "change"]
            person["extras"] += ["own-tasks"] if person["role"] == "responsible" else []
    if language != "en":
        for item, text in zip(value["items"], AGREED[language], strict=True):
            item["translations"] = {language: {"text": text, "how_checked": text, "translator": "the language service"}}
        words = dict.fromkeys(("place_kind", "closing_words", "change_reason"), AGREED[language][0])
        value["translations"] = {language: words}
        value["changes"][0]["translations"] = {language: AGREED[language][1]}
    return value


@cache
def copies(language: str, format_: str, layout: str) -> tuple[Copy, ...]:
    if layout == "closing-note":
        value = in_language(record("NR-0425"), language, format_)
    elif layout == "statement-card":
        value = in_language(record("NR-0481"), language, format_)
    else:
        value = an_agreement(language, format_, layout)
    service = load_service(SAMPLES / "agreements.toml")
    return plan_copies(load_record_bytes(json.dumps(value).encode(), extra_fields=service.extra_fields), service)


NOTES = {"progress-note": "harmed-1", "own-progress": "responsible-1", "referrer-report": "referrer-1"}
NOW = Look(datetime(2026, 12, 1, 12, tzinfo=UTC), ZoneInfo("Europe/London"))


@cache
def note(template: str, language: str) -> Copy:
    """Return what the reader of a paper on progress is told, one part of it done."""
    value = an_agreement(language, "standard", "standard")
    value["participants"].append(
        {"id": "referrer-1", "role": "referrer", "side": "outside", "display_name": "The police", "withheld": [],
         "nothing_to_withhold": True, "signs": False, "language": language, "attended": "not_present"}
    )  # fmt: skip
    service = load_service(SAMPLES / "agreements.toml")
    agreement = load_record_bytes(json.dumps(value).encode(), extra_fields=service.extra_fields)
    done = Progress(Status.DONE_CHECKED, "a", date(2026, 11, 30), "facilitator-1")
    journal = Journal(agreement.ref, (Line(agreement.version, "2026-11-30T12:00:00Z", done),))
    duty = "a law" if template == "referrer-report" else None
    [copy] = note_for(agreement, journal, service, NOTES[template], look=NOW, duty=duty).copies
    return copy


def made(template: str, language: str, format_: str, *, used: Engine) -> tuple[Copy, Made]:
    """Make one copy from this template with this engine; `make` proves it, or raises."""
    if template in NOTES:
        copy = note(template, language)
    else:
        layout = template if template in {*PATHWAYS, "closing-note", "statement-card"} else "standard"
        candidates = copies(language, format_, layout)
        copy = next(each for each in candidates if (each.template, each.language) == (template, language))
    loaded = load_template(template, language, service_folder=None)
    return copy, make(copy, loaded, engine=used, logo=None, paper="A4")


@cache
def paper(template: str, language: str, format_: str = "standard") -> tuple[Copy, Made]:
    """Make one copy from this template with the embedded engine."""
    return made(template, language, format_, used=engine("embedded"))


@pytest.fixture(scope="module")
def by_libreoffice(libreoffice, outside_font):
    """Return a function that makes one copy with LibreOffice, once."""

    @cache
    def make_once(template: str, language: str, format_: str) -> tuple[Copy, Made]:
        if language == "ur":
            outside_font("FreeSerif")
        return made(template, language, format_, used=libreoffice)

    return make_once


def lines_as_seen(pdf: bytes) -> str:
    """Return the letters of each line in the order in which they stand on the page, from left to right."""
    seen = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            letters: dict[int, list[tuple[float, str]]] = {}
            for index in range(text.count_chars()):
                left, bottom, _, top = text.get_charbox(index, loose=True)
                letters.setdefault(round((bottom + top) / 8), []).append((left, text.get_text_range(index, 1)))
            seen += ["".join(letter for _, letter in sorted(line)) for line in letters.values()]
    return re.sub(r"\s+|\u200e", "", "\n".join(seen))


def smallest_letters(docx: bytes) -> float:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        found = re.findall(rb'<w:sz w:val="(\d+)"', package.read("word/styles.xml") + package.read("word/document.xml"))
    return min(map(int, found)) / 2


FORMATS = {
    "standard": [name for name in TEMPLATES if name not in {"large-print", "easy-read"}],
    "large_print": [
        name for name in TEMPLATES if name not in {"easy-read", "standard", "youth", "school", "slip", *NOTES}
    ],
    "easy_read": ["easy-read", "own-tasks"],
    "screen_reader": ["standard", "slip"],
}
EVERY = [(template, language, kind) for kind, names in FORMATS.items() for template in names for language in LANGUAGES]
A_FEW = [
    ("standard", "ar", "standard"), ("school", "ar", "standard"), ("keepsake", "ar", "large_print"),
    ("easy-read", "ar", "easy_read"), ("counterpart", "ar", "large_print"), ("large-print", "ar", "large_print"),
    ("standard", "ur", "screen_reader"), ("large-print", "ur", "large_print"), ("own-tasks", "ur", "easy_read"),
    ("change", "ur", "standard"), ("youth", "en", "standard"), ("statement-card", "pl", "standard"),
    ("payments", "cy", "large_print"), ("closing-note", "cy", "standard"), ("slip", "pl", "screen_reader"),
    ("progress-note", "ar", "standard"), ("referrer-report", "ur", "standard"),
]  # fmt: skip
# benchmarks/every_paper.py has LibreOffice make them all; here are some of every template, language and format.
BY_LIBREOFFICE = EVERY if os.environ.get("AGREEMENTS_EVERY_PAPER") == "1" else A_FEW


@pytest.mark.parametrize(("template", "language", "format_"), EVERY)
def test_every_template_in_every_language_and_format_is_proven(template: str, language: str, format_: str):
    copy, made = paper(template, language, format_)
    assert (copy.language, made.proof.profiles) == (language, ("2a", "ua1"))


@pytest.mark.parametrize(("template", "language", "format_"), BY_LIBREOFFICE)
def test_libreoffice_makes_papers_that_are_proven_like_the_others(by_libreoffice, template, language, format_):
    copy, made = by_libreoffice(template, language, format_)
    assert (copy.language, made.proof.profiles) == (language, ("2a", "ua1"))


@pytest.mark.timeout(1200)
def test_verapdf_passes_the_papers_of_libreoffice(by_libreoffice, verapdf, tmp_path):
    for each in BY_LIBREOFFICE:
        (tmp_path / f"{'.'.join(each)}.pdf").write_bytes(by_libreoffice(*each)[1].pdf)
    files = sorted(tmp_path.glob("*.pdf"))
    assert verapdf(*files).splitlines() == [f"PASS {profile} {file}" for file in files for profile in ("2a", "ua1")]


@pytest.mark.parametrize("language", catalogues())
def test_a_translated_copy_says_which_language_was_agreed_and_that_nobody_has_checked_the_form(language: str):
    said = paper("standard", language)[0].context["translation"]
    words = phrases(language).say("The printed words of this form are not yet checked by a speaker.")
    page = " ".join(body_words(paper("standard", language)[1].docx))
    assert [each in page for each in (said["agreed_in"], "the language service", words)] == [True, True, True]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ["large-print", "keepsake", "own-tasks"])
def test_in_large_print_no_letter_is_smaller_than_16_points(template: str, language: str):
    assert smallest_letters(paper(template, language, "large_print")[1].docx) >= 16


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_easy_read_no_letter_is_smaller_than_14_points(language: str):
    assert smallest_letters(paper("easy-read", language, "easy_read")[1].docx) >= 14


@pytest.mark.parametrize("language", LANGUAGES)
def test_easy_read_is_always_marked_as_a_draft(language: str):
    page = " ".join(body_words(paper("easy-read", language, "easy_read")[1].docx))
    assert phrases(language).say("Easy Read draft: check with the reader.") in page


def test_the_keepsake_is_a6_and_says_nothing_of_what_happened():
    copy, made = paper("keepsake", "en")
    with pypdfium2.PdfDocument(made.pdf) as document:
        width, height = document[0].get_size()
    named = copy.context["service"]["name"] in " ".join(body_words(made.docx))
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4), named) == (105, 148, False)


@pytest.mark.parametrize("template", ["counterpart", "own-tasks", "payments", "change", "keepsake", "statement-card"])
def test_a_paper_beside_the_signed_copy_has_no_place_to_sign(template: str):
    copy, made = paper(template, "en")
    assert (copy.places, made.proof.places, copy.extra) == ((), (), template)


RIGHT_TO_LEFT = ("ar", "ur")


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
@pytest.mark.parametrize("template", ["standard", "own-tasks", "counterpart"])
def test_references_numbers_and_amounts_are_never_reversed(template: str, language: str):
    copy, made = paper(template, language)
    seen = lines_as_seen(made.pdf)
    wanted = [copy.ref, copy.code, "01632960001", "\u00a390.00", "2026"]
    assert [each for each in wanted if each not in seen] == []


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_right_to_left_words_are_read_aloud_in_their_own_order(language: str):
    shown = " ".join(paragraph.text for paragraph in read_pdf(paper("standard", language)[1].pdf).body)
    assert [text in " ".join(shown.replace("\x1f", "").split()) for text in AGREED[language]] == [True, True]


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_the_columns_of_signatures_are_mirrored(language: str):
    mirrored, usual = (paper("standard", each)[1].proof.places[0].left_mm for each in (language, "en"))
    assert (round(usual), round(mirrored)) == (76, 57)


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_every_table_of_a_right_to_left_page_is_mirrored(language: str):
    with zipfile.ZipFile(io.BytesIO(paper("standard", language)[1].docx)) as package:
        body = package.read("word/document.xml").decode()
    assert body.count("<w:bidiVisual/>") == body.count("<w:tblPr>") > 2


def test_an_arabic_heading_is_as_large_and_as_bold_as_an_english_one_with_libreoffice_too(by_libreoffice):
    with pypdfium2.PdfDocument(by_libreoffice("standard", "ar", "standard")[1].pdf) as document:
        text = document[0].get_textpage()
        arabic = [at for at in range(text.count_chars()) if "\u0620" <= text.get_text_range(at, 1) <= "\u064a"]
        sizes = {at: round(pypdfium2.raw.FPDFText_GetFontSize(text, at)) for at in arabic}
        title = max(sizes, key=sizes.__getitem__)
        name = ctypes.create_string_buffer(100)
        pypdfium2.raw.FPDFText_GetFontInfo(text, title, name, 100, None)
    assert (sizes[title], b"Bold" in name.value) == (26, True)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_web_page_has_language_direction_title_headings_and_table_heads_and_no_script(language: str):
    page = paper("standard", language, "screen_reader")[1].plain[1].decode()
    direction = "rtl" if language == "ar" else "ltr"
    wanted = (f'<html lang="{language}" dir="{direction}">', "<title>", "<h1>", "<h2>", '<th scope="col">')
    assert ([each for each in wanted if each not in page], "<script" in page, "src=" in page) == ([], False, False)


def test_the_gallery_shows_every_template_and_has_every_picture_it_names():
    docs = Path(__file__).resolve().parent.parent / "docs"
    gallery = (docs / "gallery.md").read_text(encoding="utf-8")
    pictures = re.findall(r"\((pictures/[^)]+)\)", gallery)
    shown = {name for name in TEMPLATES if f"## `{name}` (" in gallery}
    assert (shown, [name for name in pictures if not (docs / name).is_file()]) == (set(TEMPLATES), [])
