from __future__ import annotations

import gettext
import itertools
from dataclasses import replace
from datetime import date

import pytest

from pipeline.copies.model import Reader
from pipeline.copies.plan import plan_copies
from pipeline.languages.catalogue import phrases
from pipeline.records.load import load_record
from pipeline.service.load import load_service
from pipeline.shipped import shipped
from pipeline.signing.model import ImageMark, SignatureImage, TextMark
from pipeline.signing.record import Signature
from pipeline.signing.who_sees import marks_for

SAMPLES = shipped("samples")
IMAGE = SignatureImage(1, 1, b"\x00\x00\x00\xff")
HELD = "The service holds the signed page."


@pytest.fixture(scope="module")
def service():
    return load_service(SAMPLES / "agreements.toml")


@pytest.fixture(scope="module")
def copies(service):
    """A function that gives the copies of a sample by reader; of several sheets the first."""

    def of(name):
        planned = plan_copies(load_record(SAMPLES / f"{name}.json", extra_fields=service.extra_fields), service)
        return {copy.reader_id: copy for copy in reversed(planned)}

    return of


def signature(copy, participant, method="drawn", **more):
    image = "it.png" if method == "drawn" else None
    on = None if method in {"declined", "unable", "not_asked"} else date(2026, 11, 12)
    plain = Signature(participant, "self", method, copy.code, on, image, "own", witness=None, reason=None)
    return replace(plain, **more)


def marks(copy, *signatures):
    return marks_for(copy, signatures, {"it.png": IMAGE})


def test_the_signer_sees_the_signature_with_name_and_day(copies):
    copy = copies("NR-0455")["harmed-38"]
    [mark] = marks(copy, signature(copy, "harmed-38"))
    assert mark == ImageMark(
        "Signature 1", IMAGE, "Ruth", "12 November 2026", alt="Signature of Ruth, 12 November 2026", language="en"
    )


def test_the_service_sees_the_signature(copies):
    copy = copies("NR-0455")["service"]
    [mark] = marks(copy, signature(copy, "harmed-38"))
    assert isinstance(mark, ImageMark)


def test_everybody_else_reads_that_it_is_signed_and_where_the_page_is(copies):
    copy = copies("NR-0455")["responsible-1"]
    [mark] = marks(copy, signature(copy, "harmed-38"))
    assert mark == TextMark("Signature 1", ("Signed by Ruth, 12 November 2026.", HELD), "en")


@pytest.mark.parametrize("method", ["pen", "drawn", "mark", "typed", "spoken_yes", "bsl_yes"])
def test_how_somebody_signed_is_not_told_to_others(copies, method):
    copy = copies("NR-0412")["harmed-1"]
    [mark] = marks(copy, signature(copy, "responsible-1", method, witness="facilitator-1"))
    assert mark.lines == ("Signed by Callum, 12 November 2026.", HELD)


@pytest.mark.parametrize("reader", ["harmed-1", "parent-1", "responsible-1", "supporter-1", "appropriate-adult-1"])
def test_a_shared_page_is_seen_by_everybody_who_was_there(copies, reader):
    copy = copies("SC-0097")[reader]
    [mark] = marks(copy, signature(copy, "facilitator-1", page="shared"))
    assert isinstance(mark, ImageMark)


def test_a_shared_page_is_not_seen_by_a_supporter_who_was_not_there(copies):
    copy = copies("SC-0097")["supporter-1"]
    absent = replace(copy, context={**copy.context, "reader": {**copy.context["reader"], "attended": "not_present"}})
    [mark] = marks(absent, signature(copy, "harmed-1", page="shared"))
    assert mark.lines == ("Signed by Kit, 12 November 2026.", HELD)


@pytest.mark.parametrize("reader", ["outside-1", "outside-2", "referrer-1"])
def test_outside_people_and_the_referrer_have_no_place_and_so_see_nothing(copies, reader):
    copy = copies("YC-0205")[reader]
    assert marks(copy, signature(copy, "harmed-1", page="shared")) == ()


def test_a_signature_on_another_sheet_does_not_count_here(copies):
    copy = copies("NR-0455")["harmed-71"]
    other = signature(copies("NR-0455")["harmed-38"], "responsible-1")
    assert marks(copy, other) == ()


def test_whoever_has_not_signed_yet_keeps_an_empty_place(copies):
    copy = copies("NR-0412")["service"]
    assert [mark.caption for mark in marks(copy, signature(copy, "responsible-1"))] == ["Signature 2"]


@pytest.mark.parametrize("method", ["declined", "unable", "not_asked"])
@pytest.mark.parametrize("reader", ["harmed-1", "responsible-1"])
def test_not_signed_never_gives_a_reason_to_anybody_not_even_to_the_person(copies, method, reader):
    copy = copies("NR-0412")[reader]
    [mark] = marks(copy, signature(copy, "responsible-1", method, reason="Wants to ask his mother."))
    assert mark.lines == ("Not signed",)


@pytest.mark.parametrize(
    ("method", "words"),
    [("declined", "did not wish to sign"), ("unable", "was not able to sign"), ("not_asked", "was not asked to sign")],
)
def test_the_service_reads_why_there_is_no_signature(copies, method, words):
    copy = copies("NR-0412")["service"]
    [mark] = marks(copy, signature(copy, "responsible-1", method, reason="Wants to ask his mother."))
    assert mark.lines == (f"Not signed ({words}): Wants to ask his mother.",)


@pytest.mark.parametrize(
    ("method", "lines"),
    [
        ("typed", ("Callum", "typed, 12 November 2026")),
        ("pen", ("Signed on paper by Callum, 12 November 2026.", HELD)),
        ("mark", ("Callum made a mark", "12 November 2026, witnessed by Priya")),
        ("spoken_yes", ("Callum said yes aloud", "12 November 2026, witnessed by Priya")),
        ("bsl_yes", ("Callum said yes in British Sign Language", "12 November 2026, witnessed by Priya")),
    ],
)
def test_what_has_no_picture_stands_in_words(copies, method, lines):
    copy = copies("NR-0412")["responsible-1"]
    witness = "facilitator-1" if method in {"mark", "spoken_yes", "bsl_yes"} else None
    [mark] = marks(copy, signature(copy, "responsible-1", method, witness=witness))
    assert mark == TextMark("Signature 2", lines, "en")


def test_a_drawn_mark_says_that_it_is_one_and_who_saw_it(copies):
    copy = copies("NR-0412")["responsible-1"]
    [mark] = marks(copy, signature(copy, "responsible-1", "mark", image="it.png", witness="facilitator-1"))
    assert (mark.printed_name, mark.alt) == ("Callum, a mark, witnessed by Priya", "Mark of Callum, 12 November 2026")


def test_a_witness_without_a_place_on_the_page_is_not_named(copies):
    copy = copies("NR-0460")["harmed-1"]
    [mark] = marks(copy, signature(copy, "harmed-1", "spoken_yes", witness="interpreter-1"))
    assert mark.lines == ("\u200eSamira\u200e: موافقة شفهية", "12 نوفمبر 2026، بحضور شاهد")


@pytest.mark.parametrize(
    ("participant", "capacity", "printed"),
    [
        ("parent-1", "parent_supporting", "Ana, in support"),
        ("appropriate-adult-1", "appropriate_adult", "Lin"),
        ("supporter-1", "witness", "Bea, witness"),
    ],
)
def test_the_capacity_is_printed_unless_the_row_says_it_already(copies, participant, capacity, printed):
    copy = copies("SC-0097")["service"]
    [mark] = marks(copy, signature(copy, participant, capacity=capacity))
    assert mark.printed_name == printed


def test_a_name_the_reader_may_not_know_is_given_by_the_role(copies):
    copy = copies("SC-0097")["harmed-1"]
    hidden = [
        {**person, "display_name": None} if person["label"] == "supporter" else person
        for person in copy.context["signatories"]
    ]
    without = replace(copy, context={**copy.context, "signatories": hidden})
    [mark] = marks(without, signature(copy, "supporter-1"))
    assert mark.lines == ("Signed by a supporter, 12 November 2026.", HELD)


LANGUAGES = ("cy", "pl", "ar", "ur")
METHODS = ("drawn", "pen", "typed", "mark", "spoken_yes", "bsl_yes", "declined", "unable", "not_asked")
CAPACITIES = ("self", "parent_supporting", "appropriate_adult", "for_organisation", "police_or_referrer", "witness")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "cy",
            ("Llofnodwyd gan: Callum, 12 Tachwedd 2026.", "Mae\u2019r gwasanaeth yn cadw\u2019r dudalen a lofnodwyd."),
        ),
        ("pl", ("Podpis: Callum, 12 listopada 2026.", "Podpisaną stronę przechowuje służba.")),
        ("ar", ("توقيع: \u200eCallum\u200e، بتاريخ 12 نوفمبر 2026.", "تحتفظ الخدمة بالصفحة الموقّعة.")),
        ("ur", ("دستخط: \u200eCallum\u200e، بتاریخ 12 نومبر 2026\u06d4", "دستخط شدہ صفحہ سروس کے پاس ہے\u06d4")),
    ],
)
def test_the_words_are_in_the_language_of_the_copy(copies, language, words):
    copy = replace(copies("NR-0412")["harmed-1"], language=language)
    [mark] = marks(copy, signature(copy, "responsible-1"))
    assert mark == TextMark("Signature 2", words, language)


@pytest.mark.parametrize(
    ("language", "printed", "alt"),
    [
        ("cy", "Callum, marc, tyst: Priya", "Marc Callum, 12 Tachwedd 2026"),
        ("pl", "Callum, znak, świadek: Priya", "Znak: Callum, 12 listopada 2026"),
        ("ar", "Callum، علامة، بحضور شاهد: Priya", "علامة Callum، بتاريخ 12 نوفمبر 2026"),
        ("ur", "Callum، نشان، گواہ: Priya", "Callum کا نشان، بتاریخ 12 نومبر 2026"),
    ],
)
def test_a_picture_is_told_in_the_language_of_the_copy(copies, language, printed, alt):
    copy = replace(copies("NR-0412")["responsible-1"], language=language)
    [mark] = marks(copy, signature(copy, "responsible-1", "mark", image="it.png", witness="facilitator-1"))
    assert [mark.printed_name.replace("\u200e", ""), mark.alt.replace("\u200e", "")] == [printed, alt]


class Unknown(gettext.NullTranslations):
    def gettext(self, message):
        raise AssertionError(f"not in the catalogue: {message}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_mark_is_left_in_english(copies, language, monkeypatch):
    monkeypatch.setattr(phrases(language)._translations, "_fallback", Unknown())  # noqa: SLF001
    copy = replace(copies("NR-0412")["service"], language=language)
    for method, capacity, witness in itertools.product(METHODS, CAPACITIES, ("facilitator-1", "outside-1")):
        image = "it.png" if method == "drawn" or (method, witness) == ("mark", "facilitator-1") else None
        marks(copy, signature(copy, "responsible-1", method, capacity=capacity, image=image, witness=witness))
        marks(replace(copy, reader=Reader.HARMED), signature(copy, "responsible-1", method))


def test_a_language_without_a_catalogue_is_stamped_in_english_and_says_so(copies):
    copy = replace(copies("NR-0412")["harmed-1"], language="fr")
    [mark] = marks(copy, signature(copy, "responsible-1"))
    assert mark == TextMark("Signature 2", ("Signed by Callum, 12 November 2026.", HELD), "en")
