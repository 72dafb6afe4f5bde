from __future__ import annotations

import importlib.util
import io
import zipfile
from typing import Any

import docx
import page
import pypdfium2
import pytest
import rdocx
from docx.oxml.ns import qn
from lxml import etree

from pipeline.copies.model import SignaturePlace
from pipeline.documents.templates.drafting import fill
from pipeline.documents.templates.template import load_template
from pipeline.documents.word.parts import write_parts
from pipeline.languages.catalogue import catalogues
from pipeline.shipped import shipped

LABELS = {
    "harmed": "person harmed",
    "responsible": "person responsible",
    "supporter": "supporter",
    "facilitator": "facilitator",
    "checker": "checker",
    "interpreter": "interpreter",
}
PERSON_FIELDS = (
    *("id", "role", "side", "display_name", "signs", "receives_copy", "language", "format", "print_size_pt"),
    *("pronouns", "is_child", "age_band", "supports", "attended", "no_contact", "custody", "organisation", "position"),
)
ITEM_FIELDS = (
    *("id", "kind", "text", "owners", "speaker", "beneficiary", "checker", "how_checked", "evidence", "when"),
    *("first_step", "help", "if_not_possible", "scope", "category", "origin", "conflict_checked", "consents"),
    *("translations", "number"),
)
ROOT_FIELDS = (
    *("schema_version", "ref", "version", "supersedes", "change_reason", "change_consents", "pathway", "process"),
    *("meeting_dates", "place_kind", "agreed_language", "languages", "outcome", "read_back", "consent_to_outcome"),
    *("incident_line", "agreed_background", "admission", "review_date", "period_ends", "closing_words", "sheets"),
    *("participants", "items", "payments", "attachments", "sharing", "retention", "accepted", "extra"),
    *("translation", "changes"),
)
SIXTY_WORDS = " ".join(["Callum", "will", "finish", "what", "he", "began", "at", "the", "garden,", "and"] * 6)


def person(role: str, name: str | None, **more: Any) -> dict[str, Any]:
    known = {"role": role, "display_name": name, "label": LABELS[role], "is_reader": False, "attended": "in_person"}
    return {**dict.fromkeys(PERSON_FIELDS), **known, **more}


LEILA, CALLUM = person("harmed", "Leila"), person("responsible", "Callum")
JO = person("checker", "Jo", position="offender manager", attended="not_present")
AMIR, DEE = person("supporter", "Amir", attended="video"), person("facilitator", "Dee")


def item(number: int, kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {**dict.fromkeys(ITEM_FIELDS), "number": number, "kind": kind, "text": text, **more}


def four_items() -> list[dict[str, Any]]:
    return [
        item(
            *(1, "action"),
            "Callum will go to the prison counsellor on Wednesday 11 November 2026 and five more times before release.",
            owners=[CALLUM],
            checker=JO,
            how_checked="Jo tells the facilitator after the sixth visit.",
            when={"event": "release", "within": None, "earliest": None, "latest": "2027-04-30"},
            first_step={"text": "The first visit is booked.", "date": "2026-11-11"},
            help={"text": "The wing officer walks Callum there.", "who": AMIR},
        ),
        item(
            *(2, "action"),
            "Callum will take a driver course of at least 6 hours.",
            owners=[CALLUM],
            checker=JO,
            how_checked="Jo sees the certificate.",
            when={"event": "his driving ban ending", "within": "3 months"},
            if_not_possible="The facilitator asks both sides what would do instead.",
        ),
        item(
            *(3, "action"),
            "Leila will arrange one visit to the grave, through the service, after the licence is checked.",
            owners=[LEILA],
            checker=DEE,
            how_checked="Leila rings the service.",
            when={"date": "2027-06-04", "time": "12:30"},
        ),
        item(
            *(4, "meeting_offer"),
            "If Danyal's mother asks, Callum will meet her.",
            owners=[CALLUM],
            when={
                "if": "Danyal's mother asks for a meeting",
                "through": "the service",
                "answer_within_days": 14,
                "review_every": "year",
            },
        ),
    ]


def context(**changes: Any) -> dict[str, Any]:
    """Give the whole public context of an ordinary agreement, for Leila; `changes` replace root names."""
    values: dict[str, Any] = dict.fromkeys(ROOT_FIELDS)
    values |= {
        "ref": "NR-0412",
        "version": 1,
        "process": "face_to_face",
        "meeting_dates": ["2026-11-10"],
        "agreed_language": "en",
        "outcome": "agreement",
        "read_back": {"on": "2026-11-10", "by": None, "language": None},
        "review_date": "2027-05-03",
        "participants": [LEILA, CALLUM, AMIR, DEE],
        "items": four_items(),
        "payments": [],
        "attachments": [],
        "retention": {"delete_after": "2033-11-10"},
        "extra": {},
        "reader": {**LEILA, "kind": "harmed", "is_reader": True},
        "service": {
            "name": "Northside Restorative Service",
            "telephone": "01632 960140",
            "email": "hello@northside.example.org",
            "complaint_route": "If something went wrong, ring us and ask for the manager. You get an answer "
            "within ten working days.",
            "privacy_text": "We keep what you tell us private, unless somebody is in danger. You can ask to see what "
            "we hold about you.",
            "next_steps": "We ring everyone within four weeks, and tell you when each thing is done, or if it is not.",
            "legal_note": "This agreement is not a contract. It does not change any order of a court.",
            "has_logo": False,
            "paper": "A4",
            "labels": LABELS,
        },
        "code": "K7QM-4TXW-9HDR",
        "draft": False,
        "notice": "Some details are held by the service and are not printed on any copy.",
        "signatories": [LEILA, CALLUM, DEE],
        "certificates": [],
    }
    return values | changes


def payment() -> dict[str, Any]:
    tom, lewis = person("responsible", "Tom"), person("responsible", "Lewis")
    days = ["2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01", "2027-05-01", "2027-06-01"]
    parts = [("42.50", "25.50", "68.00")] * 6 + [("45.00", "27.00", "72.00")]
    return {
        "item": None,
        "number": 5,
        "total": "480.00",
        "currency": "GBP",
        "payers": [
            {"person": tom, "share": "300.00", "paid_by": None},
            {"person": lewis, "share": "180.00", "paid_by": person("supporter", None)},
        ],
        "joint_liability": False,
        "schedule": [
            {
                "due": due,
                "weekday": None,
                "amount": amount,
                "shares": [{"person": tom, "amount": first}, {"person": lewis, "amount": second}],
            }
            for due, (first, second, amount) in zip(days, parts, strict=True)
        ],
        "route": "service",
        "payee": None,
        "source_of_funds": None,
        "missed_payment_rule": "The service rings Tom within a week.",
    }


def statement_context(**changes: Any) -> dict[str, Any]:
    alana, pete = person("harmed", "Alana"), person("responsible", "Pete")
    said = [
        item(1, "statement", "Pete said he is sorry for what he did. Alana heard it.", speaker=pete),
        item(2, "statement", "I may think about accepting it in my own time.", speaker=alana),
    ]
    return context(
        ref="NR-0420",
        outcome="statement_only",
        process="shuttle",
        meeting_dates=["2026-11-12"],
        review_date=None,
        participants=[alana, pete, DEE],
        items=said,
        reader={**alana, "kind": "harmed"},
        signatories=[alana, pete, DEE],
        **changes,
    )


def many_items(count: int) -> list[dict[str, Any]]:
    return [
        item(
            *(number, "action"),
            f"{SIXTY_WORDS if number % 4 == 0 else 'Callum will help in the garden on the day named here.'}",
            owners=[CALLUM],
            checker=JO,
            how_checked="Jo asks the gardener and tells the facilitator.",
            when={"recurring": {"every": "week", "weekday": "Thursday", "time": "18:00", "from": "2026-11-19"}},
        )
        for number in range(1, count + 1)
    ]


def crowd(count: int) -> list[dict[str, Any]]:
    names = [
        "Ruth",
        "W" * 60,
        "Mohammed-Abdirahman Warsame",
        "Wilhelmina Featherstonehaugh-Llanfairpwllgwyngyll the Elder",
        "Bo",
    ]
    return [person("supporter", f"{names[index % len(names)]}") for index in range(count)]


SCENES: dict[str, dict[str, Any]] = {
    "agreement": context(),
    "statement": statement_context(),
    "draft": context(
        draft=True,
        read_back=None,
        version=2,
        supersedes=1,
        change_reason="Niall broke his wrist; the hours are fewer.",
        incident_line="An incident in a car park in March 2026.",
        closing_words="We wish each other well.",
        agreed_background={"text": "Both remember Danyal.", "meeting_agreed": None},
        attachments=[{"title": "A letter from Callum", "author": CALLUM, "intended_for": LEILA, "kind": "other"}],
        extra={"district": {"title": "District", "value": "North"}, "met": {"title": "Met before", "value": False}},
    ),
    "payments": context(
        items=[
            *four_items()[:2],
            item(3, "statement", "Tom said he is sorry. Grace heard it.", speaker=CALLUM),
            item(5, "payment", "Tom and Lewis will pay £480.00 in 7 payments.", owners=[CALLUM, AMIR], checker=DEE),
        ],
        payments=[payment()],
    ),
    "service": context(
        reader={**dict.fromkeys(PERSON_FIELDS), "display_name": "Northside Restorative Service", "kind": "service"},
        certificates=[person("interpreter", "Nadia")],
    ),
    "outside": context(
        reader={**JO, "kind": "outside"},
        participants=[JO],
        items=four_items()[:1],
        meeting_dates=None,
        read_back=None,
        process=None,
        review_date=None,
        retention=None,
        signatories=[],
    ),
    "referrer": context(
        reader={**person("checker", "the court"), "kind": "referrer"}, items=None, signatories=[], retention=None
    ),
    "long": context(items=[*many_items(11), item(12, "action", "Donau" * 20, owners=[person("supporter", "W" * 60)])]),
    "crowd": context(participants=crowd(20), signatories=crowd(20)),
}


def made(scene: dict[str, Any], *, paper: str = "A4", logo: bytes | None = None) -> bytes:
    places = [
        SignaturePlace(f"Signature {number}", f"person-{number}")
        for number, _ in enumerate(scene["signatories"], start=1)
    ]
    template = load_template("standard", "en", service_folder=None)
    return write_parts(fill(template, scene, places=places, language="en", logo=logo, paper=paper))


def words(docx_bytes: bytes) -> str:
    document = docx.Document(io.BytesIO(docx_bytes))
    return "\n".join(element.text or "" for element in document.element.body.iter() if element.tag.endswith("}t"))


def converted(docx_bytes: bytes) -> bytes:
    return bytes(rdocx.Document.from_bytes(docx_bytes).to_pdfa_deterministic())


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [document[index].get_textpage().get_text_bounded() for index in range(len(document))]
    finally:
        document.close()


@pytest.fixture(name="build")
def _build(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give templates/build.py as it is when it is run: with its own folder first on the path."""
    monkeypatch.syspath_prepend(str(shipped("templates")))
    spec = importlib.util.spec_from_file_location("build", shipped("templates") / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parts_of(docx_bytes: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx_bytes)) as package:
        return {name: package.read(name) for name in package.namelist()}


SHIPPED = sorted(file.parent.name for file in shipped("templates").glob("*/*.ar.docx"))


@pytest.mark.parametrize("language", ["en", *catalogues()])
@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_word_file_is_what_the_script_writes(name: str, language: str, build: Any):
    kept = (shipped("templates") / name / f"{name}.{language}.docx").read_bytes()
    assert parts_of(build.built(name, language)[0]) == parts_of(kept)


@pytest.mark.parametrize("name", SHIPPED)
def test_arabic_letters_have_the_size_and_weight_of_the_others(name: str):
    parts = parts_of((shipped("templates") / name / f"{name}.ar.docx").read_bytes())
    for part in (each for each in parts if each in {"word/document.xml", "word/styles.xml"}):
        for properties in etree.fromstring(parts[part]).iter(qn("w:rPr")):
            for plain, twin in (("w:b", "w:bCs"), ("w:sz", "w:szCs")):
                own, other = properties.find(qn(plain)), properties.find(qn(twin))
                assert (own is None) == (other is None)
                assert own is None or dict(own.attrib) == dict(other.attrib)


@pytest.mark.parametrize("language", catalogues())
@pytest.mark.parametrize("name", SHIPPED)
def test_no_sentence_of_a_shipped_template_is_left_in_english(name: str, language: str, build: Any):
    assert build.built(name, language)[1] == []


def test_the_shipped_placeholder_is_what_the_script_draws(build: Any):
    assert build.placeholder_logo() == (shipped("templates") / "standard" / "logo.png").read_bytes()


@pytest.mark.usefixtures("build")
def test_the_room_that_is_promised_is_the_room_that_is_built():
    template = load_template("standard", "en", service_folder=None)
    signing = importlib.import_module("building.signing")
    assert (template.signature_width_mm, template.signature_height_mm) == (signing.ROOM_WIDTH, signing.ROOM_HEIGHT)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_every_scene_makes_an_accessible_pdf(scene: str, paper: str):
    pdf = converted(made(SCENES[scene], paper=paper))
    verdict = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in verdict.failures] == []


@pytest.mark.parametrize(
    ("scene", "count"),
    [("agreement", 2), ("statement", 1), ("payments", 2), ("outside", 1), ("referrer", 1), ("service", 3)],
)
def test_a_scene_takes_no_more_pages_than_it_needs(scene: str, count: int):
    assert len(pages_of(converted(made(SCENES[scene])))) == count


@pytest.mark.parametrize("scene", SCENES)
def test_every_agreed_word_stands_on_the_page(scene: str):
    document = docx.Document(io.BytesIO(made(SCENES[scene])))
    paragraphs = ["".join(t.text or "" for t in p.iter() if t.tag.endswith("}t")) for p in document.element.body.iter()]
    assert [each["text"] for each in SCENES[scene]["items"] or [] if each["text"] not in paragraphs] == []


@pytest.mark.parametrize("scene", SCENES)
def test_no_tag_and_no_python_word_is_left_on_the_page(scene: str):
    text = words(made(SCENES[scene]))
    assert [left for left in ("{{", "{%", "None", "True", "False", "[", "Undefined") if left in text] == []


@pytest.mark.parametrize("scene", SCENES)
def test_every_table_but_the_signatures_has_rows_beside_its_marked_header_row(scene: str):
    document = docx.Document(io.BytesIO(made(SCENES[scene])))
    rows = [
        (len(table.rows), table.rows[0]._tr.xml.count("w:tblHeader"))  # noqa: SLF001
        for table in document.tables
        if "Signature 1" not in table.rows[0].cells[1].text
    ]
    assert [row for row in rows if row[0] < 2 or row[1] != 1] == []


@pytest.mark.parametrize("length", range(1, 40, 2))
def test_the_heading_of_the_signatures_stands_on_the_page_of_the_first_one(length: int):
    closing = " ".join(["We wish each other well."] * length * 3)
    sheets = pages_of(converted(made(context(items=four_items()[1:3], closing_words=closing))))
    page_of_heading = next(text for text in sheets if "Signatures" in text)
    assert [part for part in ("We sign that", "Signature 1") if part not in page_of_heading] == []


@pytest.mark.parametrize("length", range(1, 40, 2))
def test_no_paragraph_of_prose_is_torn_in_two(length: int):
    closing = " ".join(["We wish each other well."] * length * 3)
    sheets = pages_of(converted(made(context(items=four_items()[1:3], closing_words=closing))))
    prose = ("If something went wrong", "within ten working days", "change any order of a court")
    assert max(sum(part in " ".join(text.split()) for part in prose) for text in sheets) == len(prose)


def test_headings_start_with_the_title_and_skip_no_level():
    document = docx.Document(io.BytesIO(made(SCENES["payments"])))
    levels = [p.style.name for p in document.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    assert levels[0] == "Heading 1"
    assert set(levels[1:]) == {"Heading 2"}


def test_a_statement_has_no_deadline_column_and_no_agreed_table():
    document = docx.Document(io.BytesIO(made(SCENES["statement"])))
    heads = [cell.text for table in document.tables for cell in table.rows[0].cells]
    assert heads == ["Alana\nperson harmed\nK7QM-4TXW-9HDR", "Signature 1", "Day"]


def test_a_statement_says_whose_words_it_holds():
    assert "Said by Pete" in words(made(SCENES["statement"]))


def test_a_position_that_the_name_tells_is_not_said_twice():
    scene = context(participants=[LEILA, person("checker", "The caretaker", position="caretaker")])
    document = docx.Document(io.BytesIO(made(scene)))
    assert "The caretaker\tchecker" in [p.text for p in document.paragraphs]


def test_somebody_who_pays_anothers_part_is_said_plainly():
    assert "A supporter pays Lewis's part." in words(made(SCENES["payments"]))


@pytest.mark.parametrize(
    ("scene", "kind"), [("agreement", "agreement"), ("statement", "statement_only"), ("outside", "outside")]
)
def test_the_page_is_headed_by_the_title_of_its_kind(scene: str, kind: str):
    document = docx.Document(io.BytesIO(made(SCENES[scene])))
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert headings == [load_template("standard", "en", service_folder=None).titles[kind]]


def test_a_page_for_somebody_outside_has_no_place_to_sign():
    assert "Signature" not in words(made(SCENES["outside"]))


def test_a_draft_says_so_on_every_page():
    texts = pages_of(converted(made(SCENES["draft"])))
    assert [text for text in texts if "draft" not in text.casefold()] == []


def test_an_interpreter_certifies_on_a_page_of_its_own():
    texts = pages_of(converted(made(SCENES["service"])))
    assert ["Nadia" in text for text in texts] == [False, False, True]


@pytest.mark.parametrize("name", [name for name in SCENES if SCENES[name]["signatories"]])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_each_signature_has_its_room_free_of_words_inside_the_page(name: str, paper: str):
    points = 72 / 25.4
    template = load_template("standard", "en", service_folder=None)
    document = pypdfium2.PdfDocument(converted(made(SCENES[name], paper=paper)))
    rooms = 0
    for index in range(len(document)):
        sheet = document[index]
        text = sheet.get_textpage()
        for number in range(1, len(SCENES[name]["signatories"]) + 1):
            finder = text.search(f"Signature {number}", match_whole_word=True)
            while (found := finder.get_next()) is not None:
                left, _, _, top = text.get_charbox(found[0])
                box = {
                    "left": left,
                    "bottom": top + 0.5,
                    "right": left + template.signature_width_mm * points,
                    "top": top + 0.5 + template.signature_height_mm * points,
                }
                assert text.get_text_bounded(**box).strip() == ""
                assert box["right"] < sheet.get_width()
                assert box["top"] < sheet.get_height()
                rooms += 1
    document.close()
    assert rooms == len(SCENES[name]["signatories"])


def test_the_logo_has_words_for_those_who_cannot_see_it():
    logo = (shipped("templates") / "standard" / "logo.png").read_bytes()
    scene = context()
    scene["service"] = {**scene["service"], "has_logo": True}
    document = docx.Document(io.BytesIO(made(scene, logo=logo)))
    frame = document.inline_shapes[0]._inline  # noqa: SLF001
    assert frame.docPr.get("descr") == "Logo of Northside Restorative Service"


def test_without_a_logo_no_picture_is_in_the_file():
    assert [name for name in parts_of(made(SCENES["agreement"])) if name.startswith("word/media/")] == []


@pytest.mark.parametrize("field", sorted(set(ROOT_FIELDS) - {"ref", "version", "outcome"}))
def test_the_page_can_do_without_any_field_that_may_be_hidden(field: str):
    empty = [] if field == "participants" else None
    assert made(context(**{field: empty}))


def test_the_page_can_do_without_everything_that_may_be_hidden():
    bare = {field: None for field in ROOT_FIELDS if field not in {"ref", "version", "outcome"}}
    scene = context(**bare, notice=None, signatories=[], certificates=[])
    optional = ("complaint_route", "privacy_text", "next_steps", "legal_note")
    scene["service"] = {**scene["service"], **dict.fromkeys(optional)}
    assert "NR-0412" in words(made(scene))
