"""Whatever record the schema accepts: published with all its words, or refused with a message.

AGREEMENTS_EXAMPLES=1000 looks at that many records, other ones each time; without it a fixed few are looked at.
"""

# ruff: noqa: RUF001, SIM905 -- letters that look like others are what this is about, and a list of them reads as text

from __future__ import annotations

import copy
import datetime as dt
import io
import json
import os
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree as ET

import pypdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from pipeline.copies.plan import plan_copies
from pipeline.documents.engines.engine import engine
from pipeline.documents.making import make
from pipeline.documents.reading.model import SOFT
from pipeline.documents.reading.pdf import read_pdf
from pipeline.documents.templates.template import load_template
from pipeline.errors import Problem, RecordError
from pipeline.records.load import load_record_bytes
from pipeline.service.load import load_service
from pipeline.shipped import shipped
from pipeline.wording.advice import advise, stops

SERVICE = load_service(shipped("samples") / "agreements.toml")
STANDARD = load_template("standard", "en", service_folder=None)
EMBEDDED = engine("embedded")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

EXAMPLES = int(os.environ.get("AGREEMENTS_EXAMPLES", "40"))
PROFILE = settings(
    deadline=None,
    database=None,
    derandomize="AGREEMENTS_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # to shrink a record takes minutes, and the first one says enough
)

Json = dict[str, Any]

# ----------------------------------------------------------------------------------------------------- words

# What the fonts of the engine have: Latin of many languages, Greek, Cyrillic, Arabic, Hebrew, braces, ticks, arrows.
WORDS = (
    "fence garden letter Friday 27 £68.00 50% 3½ (six) “quoted” 'single' it’s – … & && < > <b> </w:t> &amp; &#38; ]]> "
    "\\ / a/b #1 | _ * ` ~ ^ @home $x {{ }} {% %} {{7*7}} {%p {#c#} {{r {_{ }_} {%raw%} {{ref}} None undefined "
    "Ŵyn dŵr ŷd Zażółć gęślą jaźń łódź Ångström naïve ñandú ß Đặng ẹ́ αβγ Ωμέγα Мария щука ✓ → ☐ He✓llo wo→rld "
    "ab☐cd ✓✓ ←→ • cafe\u0301 A\u030a a\u00a0b ofﬁce x\u200dy"
).split(" ")
RIGHT_TO_LEFT = ["سلام", "مرحبا", "الخدمة", "שלום", "רות", "٥"]
LONG = ["Donaudampfschifffahrtsgesellschaftskapitänsmütze", "pneumono-ultra-microscopic-silico-coniosis", "W" * 50]
LONGEST = ["Wm" * 400, "fence " * 59 + "fence", "Ångström-" * 80, "✓→" * 400, "Ωμέγα" * 160]
NAMES = [
    *("Ruth", "Jamie", "Sam O’Neil", "Łucja", "Siôn", "Ŵyn", "Mr Osei's shop", "A & B <c>", "{{ ref }}", "{% endif %}"),
    *("the probation officer", "Danyal's mother", "Zoe\u0308 Q", "Bob #2", "100% Kim", "\\Lee/", "Will", "Κλειώ"),
]
LONG_NAMES = ["Marie-Thérèse Donaudampfschifffahrtsgesellschaftskapitän", "W" * 60, "Наталья"]
RIGHT_TO_LEFT_NAMES = ["سميرة", "נועה", "Ella رامي", "د. ليلى (Leila)"]
anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


class Texts:
    """Free text for the properties of one record.

    A `long` record has the longest words, another one right-to-left words: a long word in a line with
    right-to-left words is refused, because it would run off the page. Only a `wild` record may have both, and any
    character at all.
    """

    def __init__(self, kind: str) -> None:
        extra = {"plain": [], "long": LONG, "mixed": RIGHT_TO_LEFT, "wild": [*LONG, *RIGHT_TO_LEFT]}[kind]
        words = st.sampled_from([*WORDS, *extra])
        signs = sorted(set("".join([*WORDS, *(RIGHT_TO_LEFT if kind in {"mixed", "wild"} else [])])))
        letters = st.text(st.sampled_from(signs), min_size=1, max_size=14)
        usual = st.lists(words | words | letters, min_size=1, max_size=12).map(" ".join)
        drawn = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
        unusual = {"long": [st.sampled_from(LONGEST)], "wild": [drawn]}.get(kind, [])
        self._texts = st.one_of(*[usual] * 19, *unusual)
        named = [*NAMES, *(LONG_NAMES if kind == "long" else RIGHT_TO_LEFT_NAMES if kind in {"mixed", "wild"} else [])]
        self.names = st.sampled_from(named)

    def __call__(self, most: int) -> st.SearchStrategy[str]:
        """Return texts of at most so many characters, on one line."""
        return self._texts.map(lambda text: text[:most].strip() or "x")


# ---------------------------------------------------------------------------------------------------- records

TEXTS = {kind: Texts(kind) for kind in ("plain", "long", "mixed", "wild")}
MEETING = dt.date(2026, 11, 10)
days = st.dates(MEETING, dt.date(2031, 12, 31))
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
REVIEWS = st.sampled_from(["week", "month", "three_months", "six_months", "year"])
CLOCK = st.sampled_from(["00:00", "09:05", "12:00", "18:30"])


def some(most: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.just({}) | most


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({}, optional=fields)


@st.composite
def whens(draw: st.DrawFn, text: Texts, people: list[str]) -> Json:  # noqa: PLR0911 - one form, one return
    """Draw one of the seven forms of a deadline."""
    first, last = sorted((draw(days), draw(days)))
    weekday = draw(some(st.just({"weekday": WEEKDAYS[first.weekday()]})))
    clock = draw(optional(time=CLOCK))
    match draw(st.sampled_from(["date", "event", "recurring", "ongoing", "if", "done_at_meeting", "none"])):
        case "date":
            return {"date": str(first)} | weekday | clock
        case "event":
            bounds = optional(within=text(40), earliest=st.just(str(first)), latest=st.just(str(last)))
            return {"event": draw(text(120))} | draw(bounds)
        case "recurring":
            end = draw(st.just({"until": str(last)}) | st.fixed_dictionaries({"count": st.integers(1, 1000)}))
            step = {"every": draw(st.sampled_from(["day", "week", "month", "year"])), "from": str(first)}
            return {"recurring": step | end | weekday | clock | draw(optional(interval=st.integers(1, 52)))}
        case "ongoing":
            return {"ongoing": True} | draw(optional(review_every=REVIEWS, review_on=st.just(str(first))))
        case "if":
            more = {"through": text(80), "asked_by": st.sampled_from(people), "ends": st.just(str(last))}
            days_given = {"answer_within_days": st.integers(1, 366), "review_every": REVIEWS}
            return {"if": draw(text(160))} | draw(optional(**more, **days_given))
        case "done_at_meeting":
            return {"done_at_meeting": str(MEETING)}
        case _:
            return {"none": True}


ROLES = {
    "harmed-1": ("harmed", "harmed"),
    "harmed-2": ("harmed", "harmed"),
    "organisation-1": ("organisation_rep", "harmed"),
    "absent-1": ("absent_beneficiary", "harmed"),
    "supporter-1": ("supporter", "harmed"),
    "responsible-1": ("responsible", "responsible"),
    "responsible-2": ("responsible", "responsible"),
    "parent-1": ("parent_guardian", "responsible"),
    "adult-1": ("appropriate_adult", "responsible"),
    "outside-1": ("checker", "outside"),
    "referrer-1": ("referrer", "outside"),
    "observer-1": ("observer", "neutral"),
    "interpreter-1": ("interpreter", "neutral"),
    "signer-1": ("signer_bsl", "neutral"),
    "facilitator-1": ("facilitator", "neutral"),
}
ALWAYS = ("harmed-1", "responsible-1", "facilitator-1")


@st.composite
def participants(draw: st.DrawFn, text: Texts) -> list[Json]:
    """Draw who took part, in the order of ROLES."""
    others = sorted(set(ROLES) - set(ALWAYS))
    here = {*ALWAYS, *draw(st.lists(st.sampled_from(others), unique=True, max_size=6))}
    names = draw(st.lists(text.names, min_size=len(here), max_size=len(here), unique_by=str.casefold))
    guarded = draw(st.booleans())
    people = []
    for identity, name in zip([one for one in ROLES if one in here], names, strict=True):
        role, side = ROLES[identity]
        person = {"id": identity, "role": role, "side": side, "display_name": name}
        secret = st.just({"withheld": ["Qorvath-Lune", "קורבת"]})
        nothing = st.just({"withheld": [], "nothing_to_withhold": True})
        person |= draw(secret if guarded and side == "harmed" else secret | nothing)
        if role in {"harmed", "responsible"}:
            person["no_contact"] = {"applies": guarded}
        detail = optional(
            organisation=text(80),
            position=text(80),
            pronouns=text(30),
            attended=st.sampled_from(["in_person", "video", "phone", "sent_statement", "not_present"]),
            language=st.sampled_from(["en", "ar", "cy"]),
            format=st.sampled_from(["standard", "large_print", "easy_read"]),
            signs=st.booleans(),
            custody=st.fixed_dictionaries({"in_custody": st.booleans()}, optional={"delivery": text(120)}),
        )
        people.append(person | draw(some(detail)))
    return people


@st.composite
def payments(draw: st.DrawFn, text: Texts, item: str, payers: list[str]) -> Json:
    """Draw a schedule whose instalments and shares come to the same sum."""
    pence = draw(st.lists(st.integers(1, 250_000), min_size=len(payers), max_size=24))
    due = sorted(draw(st.lists(days, min_size=len(pence), max_size=len(pence), unique=True)))
    shares = [1] * (len(payers) - 1)
    shares.append(sum(pence) - len(shares))
    return {
        "item": item,
        "total": _pounds(sum(pence)),
        "currency": draw(st.sampled_from(["GBP", "EUR", "USD", "CAD", "AUD", "NZD"])),
        "payers": [{"person": one, "share": _pounds(share)} for one, share in zip(payers, shares, strict=True)],
        "schedule": [{"due": str(day), "amount": _pounds(each)} for day, each in zip(due, pence, strict=True)],
        "route": draw(st.sampled_from(["service", "court", "other_agency"])),
        "payee": "harmed-1",
    } | draw(optional(missed_payment_rule=text(240), source_of_funds=text(120), joint_liability=st.booleans()))


def _pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02d}"


@st.composite
def items(draw: st.DrawFn, text: Texts, record: Json) -> None:
    """Draw 1 to 8 rows, and the payments and attachments that belong to them, into the record."""
    here = [person["id"] for person in record["participants"]]
    sheets = [sheet["people"] for sheet in record.get("sheets", [])]
    common = [one for one in here if all(one in sheet for sheet in sheets) or one == "facilitator-1"]
    kinds = ["action", "payment", "statement", "letter", "no_contact", "information", "meeting_offer", "other"]
    record["items"] = []
    for letter in "abcdefgh"[: draw(st.integers(1, 8))]:
        kind = "statement" if record["outcome"] == "statement_only" else draw(st.sampled_from(kinds))
        item: Json = {"id": letter, "kind": kind, "text": draw(text(800)), "scope": "all"}
        item["text"] = " ".join(item["text"].split(" ")[:60])
        if draw(st.booleans()):
            item["text"] = item["text"].replace(" ", "\n", 1)
        people = common
        if sheets and letter != "a":
            people = draw(st.sampled_from(sheets))
            item["scope"] = draw(st.sampled_from([["responsible-1", *people[:1]], ["facilitator-1", *people[:1]]]))
        who = st.sampled_from([one for one in people if ROLES[one][0] not in {"interpreter", "signer_bsl", "observer"}])
        owners = draw(st.lists(who, min_size=1, max_size=3, unique=True))
        if kind == "statement":
            item["speaker"] = draw(who)
        else:
            item |= {"owners": owners, "when": draw(whens(text, people))}
        if kind == "payment":
            record.setdefault("payments", []).append(draw(payments(text, letter, owners)))
        record["items"].append(
            item
            | draw(
                optional(
                    checker=who,
                    beneficiary=who,
                    how_checked=text(240),
                    if_not_possible=text(240),
                    help=st.fixed_dictionaries({"text": text(200)}, optional={"who": who}),
                    first_step=st.fixed_dictionaries({"text": text(200)}, optional={"date": days.map(str)}),
                    consents=st.just([{"person": one, "answer": "yes"} for one in people]),
                )
            )
        )


@st.composite
def attachments(draw: st.DrawFn, text: Texts) -> Json:
    reviewed = {"reviewed_by": "facilitator-1", "reviewed_on": "2026-11-10"}
    return {
        "id": "letter-1",
        "kind": draw(st.sampled_from(["apology_letter", "picture", "recording", "map", "court_form", "other"])),
        "title": draw(text(120)),
        "author": "responsible-1",
        "intended_for": "harmed-1",
        "recipient_wants": draw(st.sampled_from(["yes", "no", "later", "not_asked"])),
    } | draw(some(st.just(reviewed)))


def shared(record: Json) -> list[Json]:
    """Return every entry of sharing that this record may have."""
    duty = {"on": "2026-11-10", "duty": "a law"}
    entries = [{"what": "item", "id": item["id"], "with": "referrer"} for item in record.get("items", [])]
    entries += [{"what": "attachment", "id": each["id"], "with": reader} for each in record.get("attachments", [])
                for reader in ("harmed_support", "referrer")]  # fmt: skip
    entries += [{"what": "name", "id": person["id"], "with": "responsible"} for person in record["participants"]]
    entries += [{"what": "background", "with": "referrer"}] if "agreed_background" in record else []
    entries += [{"what": "admission", "with": "referrer"}] if "admission" in record else []
    return [entry | duty for entry in entries]


@st.composite
def records(draw: st.DrawFn) -> Json:
    """Draw a record that keeps the schema and every cross-check, unless its free text is against one."""
    text = TEXTS[draw(st.sampled_from(sorted(TEXTS)))]
    record: Json = {
        "schema_version": 1,
        "ref": draw(st.sampled_from(["NR-0999", "A1", "0-0", "Z" * 32])),
        "version": 1,
        "pathway": draw(st.sampled_from(["community", "post_sentence_custody", "school", "other"])),
        "process": draw(st.sampled_from(["face_to_face", "video", "shuttle", "letters", "circle", "surrogate"])),
        "meeting_dates": [str(MEETING), "2026-11-24"][: draw(st.integers(1, 2))],
        "agreed_language": "en",
        "outcome": draw(st.sampled_from(["agreement"] * 7 + ["statement_only"] * 2 + ["none_wanted", "adjourned"])),
        "participants": draw(participants(text)),
        "retention": {"basis": draw(text(160)), "start": "completed", "years": 7, "delete_after": "2034-01-01"},
    }
    if record["outcome"] in {"agreement", "statement_only"}:
        here = [person["id"] for person in record["participants"]]
        if "harmed-2" in here and draw(st.booleans()):
            alone = {one: [each for each in here if each not in {"harmed-1", "harmed-2"} - {one}] for one in here}
            record["sheets"] = [{"people": alone["harmed-1"]}, {"people": alone["harmed-2"]}]
        draw(items(text, record))
        record["attachments"] = draw(st.lists(attachments(text), max_size=1))
    record |= draw(
        optional(
            place_kind=text(80),
            incident_line=text(200).map(lambda line: " ".join(line.split()[:20])),
            agreed_background=st.fixed_dictionaries({"text": text(800), "meeting_agreed": st.sampled_from([True])}),
            admission=text(300),
            closing_words=text(400),
            review_date=days.map(str),
            period_ends=st.just("2099-12-31"),
            read_back=st.just({"on": "2026-11-10", "by": "facilitator-1", "language": "en"}),
            extra=optional(district=text(400) | st.just("20261127"), room_without_steps=st.booleans()),
        )
    )
    if draw(st.booleans()):
        consents = [{"person": "harmed-1", "answer": "yes"}]
        record |= {"version": 2, "supersedes": 1, "change_reason": draw(text(300)), "change_consents": consents}
    record["sharing"] = draw(st.lists(st.sampled_from(shared(record)), unique_by=str, max_size=6))
    return record


# --------------------------------------------------------------------------------------------- independent readers


def rows_of_sheet(record: Json, nth: int) -> list[Json]:
    """Return the rows that stand on a sheet: those for everybody, and those for people of this sheet only."""
    sheets = record.get("sheets")
    here = {"facilitator-1", *(sheets[nth]["people"] if sheets else [])}
    return [item for item in record["items"] if item["scope"] == "all" or here.issuperset(item["scope"])]


def printed_texts(record: Json, rows: list[Json]) -> Iterator[str]:
    """Yield every free text that the service's copy of a sheet shows, whose rows are `rows`."""
    statements = record["outcome"] == "statement_only"
    for name in ("place_kind", "incident_line", "admission", "closing_words", "change_reason"):
        yield record.get(name, "")
    yield record.get("agreed_background", {}).get("text", "")
    yield record.get("extra", {}).get("district", "")
    yield from (attachment["title"] for attachment in record.get("attachments", []))
    for item in rows:
        yield item["text"]
        yield item.get("help", {}).get("text", "")
        if not statements:
            yield from (item.get(name, "") for name in ("how_checked", "if_not_possible"))
            yield item.get("first_step", {}).get("text", "")
            yield from (item.get("when", {}).get(name, "") for name in ("event", "within", "if", "through"))
    known = {item["id"] for item in rows}
    yield from (each.get("missed_payment_rule", "") for each in record.get("payments", []) if each["item"] in known)


def as_agreed(text: str) -> str:
    """Return a text as a page shows it: composed letters, and white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


# A font draws these with the very glyph of the letters they stand for; a PDF cannot tell which was meant.
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}


def seen(text: str) -> str:
    """Return the characters that are seen: a page breaks lines at spaces, and joiners are not drawn."""
    text = unicodedata.normalize("NFC", text).replace(SOFT, "").translate(LIGATURES)
    return "".join(one for one in text if not one.isspace() and unicodedata.category(one) != "Cf")


def word_paragraphs(data: bytes) -> list[str]:
    """Read the body of a Word file with nothing but a ZIP and an XML reader."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = ET.fromstring(package.read("word/document.xml"))  # noqa: S314 - our own file
    shown = {f"{WORD}tab": " ", f"{WORD}br": " ", f"{WORD}noBreakHyphen": "\u2011"}
    return [
        " ".join("".join(part.text or "" if part.tag == f"{WORD}t" else shown.get(part.tag, "")
                         for part in paragraph.iter()).split())
        for paragraph in body.iter(f"{WORD}p")
    ]  # fmt: skip


def pdf_paragraphs(data: bytes) -> list[str]:
    return [seen(paragraph.text) for paragraph in read_pdf(data).body]


def letters_by_pypdf(data: bytes) -> str:
    """Read the page as it is drawn, with a reader that knows nothing of this program."""
    return seen("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages))


def cut_off(data: bytes) -> list[int]:
    """Return the pages on which a letter stands outside the page."""
    cut = []
    with pypdfium2.PdfDocument(data) as document:
        for number, page in enumerate(document, 1):
            (width, height), text = page.get_size(), page.get_textpage()
            boxes = [text.get_charbox(index) for index in range(text.count_chars())]
            if any(x < 0 or y < 0 or right > width or top > height for x, y, right, top in boxes):
                cut.append(number)
    return cut


def missing(wanted: list[str], shown: list[str]) -> list[str]:
    return [text for text in wanted if not any(text in paragraph for paragraph in shown)]


# ------------------------------------------------------------------------------------------------------- promises


def assert_kind(problems: tuple[Problem, ...]) -> None:
    """Check that these messages can be shown to anybody: what and what to do, and nothing that was withheld."""
    assert problems
    for problem in problems:
        assert problem.what
        assert problem.do
        assert "orvath" not in f"{problem.what}{problem.do}{problem.where}"


def carry_through(record: Json, nth: int, paper: str) -> str:
    """Take a record all the way and say how it ended: published, refused, stopped or no agreement."""
    try:
        agreement = load_record_bytes(json.dumps(record).encode("utf-8"), extra_fields=SERVICE.extra_fields)
        if stops(advise(agreement)):
            return "stopped"
        copies = plan_copies(agreement, SERVICE)
        if not copies:
            return "no agreement"
        of_service = [copy for copy in copies if copy.reader == "service"]
        of_others = [copy for copy in copies if copy.reader != "service"]
        chosen = [of_service, of_others or of_service][nth % 2]
        copy = chosen[nth % len(chosen)]
        made = make(copy, STANDARD, engine=EMBEDDED, logo=None, paper=paper)
    except RecordError as error:
        assert_kind(error.problems)
        return "refused"
    wanted = list(copy.agreed_texts)
    if copy.reader == "service":
        composed = json.loads(unicodedata.normalize("NFC", json.dumps(record, ensure_ascii=False)))
        rows = rows_of_sheet(composed, of_service.index(copy))
        assert wanted == [item["text"] for item in rows]
        wanted += printed_texts(composed, rows)
        wanted += [person["display_name"] for person in composed["participants"] if "sheets" not in composed]
    assert missing([as_agreed(text) for text in wanted], word_paragraphs(made.docx)) == []
    assert missing([seen(text) for text in wanted], pdf_paragraphs(made.pdf)) == []
    if record["outcome"] == "agreement":  # a row is never torn by the end of a page
        plain = [seen(text) for text in copy.agreed_texts if text.isascii()]
        assert missing(plain, [letters_by_pypdf(made.pdf)]) == []
    assert cut_off(made.pdf) == []
    return "published"


def test_a_record_is_published_with_all_its_words_or_refused_with_a_message():
    ended: Counter[str] = Counter()

    @settings(PROFILE, max_examples=EXAMPLES)
    @given(record=records(), nth=st.integers(0, 39), paper=st.sampled_from(["A4", "Letter"]))
    def carried_through(record: Json, nth: int, paper: str) -> None:
        how = carry_through(record, nth, paper)
        event(how)
        ended[how] += 1

    carried_through()
    assert ended["published"] >= ended.total() / 4, ended


# --------------------------------------------------------------------------------------- records against a rule

FULL = Path(__file__).parent / "copies" / "full-record.json"

# Each breaks a rule that the schema cannot say.
BREAKS: tuple[tuple[str, Any], ...] = (
    ("/ref", "COM1"),
    ("/supersedes", 2),
    ("/change_consents", []),
    ("/incident_line", "word " * 20 + "word"),
    ("/review_date", "2026-01-01"),
    ("/read_back/on", "2025-11-10"),
    ("/period_ends", "2026-11-10"),
    ("/outcome", "none_wanted"),
    ("/participants/0/withheld", []),
    ("/participants/1/withheld", ["ab"]),
    ("/participants/1/side", "harmed"),
    ("/participants/2/supports", "supporter-1"),
    ("/participants/3/id", "zoe-1"),
    ("/participants/4/id", "outside-2"),
    ("/participants/6/receives_copy", True),
    ("/items/0/owners", ["harmed-9"]),
    ("/items/0/scope", ["harmed-1"]),
    ("/items/0/when", {"date": "2026-11-11", "weekday": "Friday"}),
    ("/items/0/when", {"date": "2026-11-09"}),
    ("/items/0/when", {"done_at_meeting": "2026-11-11"}),
    ("/items/0/when", {"event": "release", "earliest": "2027-02-02", "latest": "2027-02-01"}),
    ("/items/0/when", {"recurring": {"every": "week", "from": "2026-11-19"}}),
    ("/items/0/when", {"recurring": {"every": "week", "from": "2026-11-19", "until": "2026-11-30", "count": 9}}),
    ("/items/1/id", "a"),
    ("/items/1/kind", "action"),
    ("/items/2/speaker", "outside-9"),
    ("/items/2/text", "word " * 60 + "word"),
    ("/payments/0/total", "31.00"),
    ("/payments/0/payers/0/share", "0.00"),
    ("/payments/0/schedule/1/due", "2027-01-04"),
    ("/attachments/0/intended_for", "responsible-1"),
    ("/attachments/0/reviewed_by", "harmed-1"),
    ("/sharing/0/id", "z"),
    ("/sharing/0/with", "harmed"),
    ("/sharing/1/agreed_by", ["harmed-1"]),
    ("/retention", {"basis": "policy", "start": "age"}),
    ("/accepted", [{"rule": "no-contact", "item": "z", "reason": "r", "by": "b", "on": "2026-11-10"}]),
    ("/extra", {"districts": "North"}),
)


def full_record() -> Json:
    """Return a record that says something in nearly every field."""
    record: Json = json.loads(FULL.read_text(encoding="utf-8"))
    return record


def put(record: Json, pointer: str, value: Any) -> None:
    *way, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    at: Any = record
    for step in way:
        at = at[step]
    at[last] = value


def places(value: Any, pointer: str = "") -> Iterator[str]:
    """Yield where every value of a record stands."""
    if pointer:
        yield pointer
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in pairs:
        yield from places(part, f"{pointer}/{key}")


@settings(PROFILE, max_examples=EXAMPLES)
@given(chosen=st.lists(st.sampled_from(BREAKS), min_size=1, max_size=5, unique_by=lambda pair: pair[0]))
def test_a_record_against_any_rules_is_refused_and_each_message_says_where(chosen: list[tuple[str, Any]]):
    record = full_record()
    for pointer, value in chosen:
        put(record, pointer, value)
    with pytest.raises(RecordError) as caught:
        load_record_bytes(json.dumps(record, indent=1).encode("utf-8"), extra_fields=SERVICE.extra_fields)
    assert_kind(caught.value.problems)
    assert all(problem.line and problem.column for problem in caught.value.problems)


@pytest.mark.parametrize(("pointer", "value"), BREAKS, ids=[f"{number}{pair[0]}" for number, pair in enumerate(BREAKS)])
def test_each_of_these_rules_refuses_alone(pointer: str, value: Any):
    record = full_record()
    load_record_bytes(json.dumps(record).encode("utf-8"), extra_fields=SERVICE.extra_fields)
    put(record, pointer, value)
    with pytest.raises(RecordError):
        load_record_bytes(json.dumps(record).encode("utf-8"), extra_fields=SERVICE.extra_fields)


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | anything | st.sampled_from(["harmed-1", "a", "0.01"]),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(anything | st.sampled_from(["id", "date"]), part),
    max_leaves=6,
)


@settings(PROFILE, max_examples=2 * EXAMPLES)
@given(changes=st.lists(st.tuples(st.sampled_from(sorted(places(full_record()))), any_json), min_size=1, max_size=3))
def test_any_values_anywhere_are_taken_or_refused_with_a_message(changes: list[tuple[str, Any]]):
    record = full_record()
    for pointer, value in sorted(changes, key=lambda change: -len(change[0])):
        put(record, pointer, copy.deepcopy(value))
    try:
        agreement = load_record_bytes(json.dumps(record).encode("utf-8"), extra_fields=SERVICE.extra_fields)
        advise(agreement)
        plan_copies(agreement, SERVICE)
    except RecordError as error:
        assert_kind(error.problems)


@settings(PROFILE, max_examples=4 * EXAMPLES)
@given(
    data=st.binary(max_size=60)
    | anything.map(lambda text: text.encode("utf-8"))
    | any_json.map(json.dumps).map(str.encode)
)
def test_any_bytes_are_no_record_and_are_refused_with_a_message(data: bytes):
    with pytest.raises(RecordError) as caught:
        load_record_bytes(data, extra_fields=None)
    assert_kind(caught.value.problems)


# ------------------------------------------------------------------------------------------------- exact texts


@pytest.mark.parametrize(
    "text",
    [
        "Fish & chips < 5 > 4 \"quoted\" 'single' ]]> &amp; </w:t>",
        "“Curly” ‘quotes’ – dash — long dash … dots",
        "Ŵyn a ŷd ar lan y dŵr",
        "Zażółć gęślą jaźń",
        "Café Ångström naïve, ẹ́ Đặng",
        "{{ 7*7 }} {% raw %} {{p x }} {#c#} {_{ }_}",
        "Done ✓ next → end ☐ here",
        "He✓llo wo→rld ab☐cd",
        "She said سلام to him, twice",
        "قال سلام عليكم 5 مرات",
        "Ruth שלום at 5 pm",
        "Καλημέρα, Мария",
        "one line\nand another",
        "the office ﬁnds ﬂowers",
        "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accepted_text_arrives_letter_by_letter_in_both_files(text: str, form: Literal["NFC", "NFD"]):
    record = full_record()
    put(record, "/items/2/text", unicodedata.normalize(form, text))
    agreement = load_record_bytes(json.dumps(record).encode("utf-8"), extra_fields=SERVICE.extra_fields)
    made = make(plan_copies(agreement, SERVICE)[0], STANDARD, engine=EMBEDDED, logo=None, paper="A4")
    assert as_agreed(text) in word_paragraphs(made.docx)
    assert seen(text) in pdf_paragraphs(made.pdf)
    if not any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text):  # drawn from right to left
        assert seen(text) in letters_by_pypdf(made.pdf)


def test_a_character_that_no_font_has_is_refused_by_its_name():
    record = full_record()
    put(record, "/items/2/text", "Callum tells Leila ⇒ Leila tells Noor.")
    agreement = load_record_bytes(json.dumps(record).encode("utf-8"), extra_fields=SERVICE.extra_fields)
    with pytest.raises(RecordError) as caught:
        make(plan_copies(agreement, SERVICE)[0], STANDARD, engine=EMBEDDED, logo=None, paper="A4")
    (problem,) = caught.value.problems
    assert "U+21D2 (RIGHTWARDS DOUBLE ARROW)" in problem.what
