"""What counts as a contact detail, and what does not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.wording.contact_details import find

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
ARABIC_INDIC = {ord("0") + digit: 0x0660 + digit for digit in range(10)}
PERSIAN = {ord("0") + digit: 0x06F0 + digit for digit in range(10)}


def kinds(text: str, region: str = "GB") -> list[tuple[str, str]]:
    return [(found.kind, text[found.start : found.end]) for found in find(text, region=region)]


@pytest.mark.parametrize(
    "number",
    [
        "01632 960123",
        "01632960123",
        "07700 900123",
        "07700 900 123",
        "0770 0900123",
        "+44 7700 900123",
        "+447700900123",
        "+44 (0)7700 900123",
        "0044 7700 900 123",
        "(01632) 960123",
        "01632-960-123",
        "07700.900.123",
        "07700/900123",
        "07700\N{NON-BREAKING HYPHEN}900\N{NON-BREAKING HYPHEN}123",
        "07700\N{EN DASH}900123",
        "07700\N{NO-BREAK SPACE}900123",
        "07700\n900123",
        "07700\N{SOFT HYPHEN}900\N{ZERO WIDTH SPACE}123",
        "\N{FULLWIDTH DIGIT ZERO}\N{FULLWIDTH DIGIT SEVEN}700 900123",
        "07700 900123".translate(ARABIC_INDIC),
        "07700 900123".translate(PERSIAN),
        "+353 1 234 5678",
    ],
)
def test_a_telephone_number_is_found_however_it_is_written(number):
    assert kinds(f"Ring {number} now.") == [("telephone", number)]


def test_a_number_at_the_end_of_a_sentence_is_found():
    assert kinds("Ring 07700 900123.") == [("telephone", "07700 900123")]


def test_two_numbers_side_by_side_are_two():
    assert kinds("01632 960123 07700 900123") == [("telephone", "01632 960123"), ("telephone", "07700 900123")]


def test_a_number_beside_a_price_is_found():
    assert kinds("£35 07700 900123") == [("telephone", "07700 900123")]


def test_a_number_of_another_country_is_found_with_its_region():
    assert kinds("Ring (202) 555-0143 now.", region="US") == [("telephone", "(202) 555-0143")]


@pytest.mark.parametrize(
    "text",
    [
        "Friday 27 November 2026",
        "27 November 2026, 12.30 pm",
        "2026-11-27",
        "2026-12-01 2027-01-01 2027-02-01",
        "2026-11-27T12:30:00",
        "27/11/2026",
        "01.12.2026",
        "12:30",
        "NR-0412",
        "SC-0097 page 1 of 2",
        "YC-0205-v2-harmed-1.pdf",
        "£1,234.00",
        "£68.00 £68.00 £68.00 £72.00",
        "10 payments of £35",
        "K7QM-4TXW-9HDR",
        "3467-9346-7934",
        "Page 2 of 10",
        "Signature 2",
        "1 2 3 4 5 6 7 8 9 10",
        "0.123456789",
        "2026 2027 2028",
        "uuid:0f4c2d9e-0123-4567-89ab-0123456789ab",
        "www.example.org/complaints",
        "at 6 pm at Mill Lane",
        "Mill Lane",
        "Friday 27 November 2026 Mill Lane Hall",
        "Section 9 Youth Court",
        "the 2 young men drive there",
        "5 sessions close to home",
        "12 people in the park",
        "2 of the Park Lane group",
        "on 4 December Park Road",
        "Mae hynny'n ffordd o fyw",
        "Ffordd o fyw",
        "27 Tachwedd 2026",
        "E4 2nd November",
        "A4 1ST",
        "PDF/A-2a",
        "30 hours at the food bank",
        "4 to paint the green",
        "at 14 the green was quiet",
        "in 2026 Broadway reopened",
        "12/13 November",
        "E4, 2nd November",
    ],
)
def test_dates_sums_references_codes_and_pages_are_left_alone(text):
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to tom@example.org.", ("email", "tom@example.org")),
        ("Write to tom.b+x@mail.example.com, please", ("email", "tom.b+x@mail.example.com")),
        ("Write to tom (at) example.org", ("email", "tom (at) example.org")),
        ("Write to tom\N{ZERO WIDTH SPACE}@example.org", ("email", "tom\N{ZERO WIDTH SPACE}@example.org")),
        ("She is @ruth_b there", ("handle", "@ruth_b")),
        ("instagram.com/ruth.b", ("handle", "instagram.com/ruth.b")),
        ("https://www.facebook.com/ruth.b", ("handle", "www.facebook.com/ruth.b")),
        ("near SW1A 1AA", ("postcode", "SW1A 1AA")),
        ("near sw1a1aa", ("postcode", "sw1a1aa")),
        ("near M1\N{NO-BREAK SPACE}1AE", ("postcode", "M1\N{NO-BREAK SPACE}1AE")),
        ("at 14 Mill Lane", ("street address", "14 Mill Lane")),
        ("at 14 MILL LANE", ("street address", "14 MILL LANE")),
        ("at 14 mill lane", ("street address", "14 mill lane")),
        ("at 14-16 Mill Lane", ("street address", "14-16 Mill Lane")),
        ("at 14 & 16 Mill Lane", ("street address", "14 & 16 Mill Lane")),
        ("at 14/16 Mill Lane", ("street address", "14/16 Mill Lane")),
        ("at 3a-5 Mill Lane", ("street address", "3a-5 Mill Lane")),
        ("at 14 Broadway", ("street address", "14 Broadway")),
        ("at 14, The Green", ("street address", "14, The Green")),
        ("at Flat 2, Broadway", ("street address", "Flat 2, Broadway")),
        ("near NW1, 6XE", ("postcode", "NW1, 6XE")),
        ("at 14a St Mary's Road", ("street address", "14a St Mary's Road")),
        ("at Flat 2, 14 Mill Lane", ("street address", "Flat 2, 14 Mill Lane")),
        ("at Flat 2, Mill Lane", ("street address", "Flat 2, Mill Lane")),
        ("at 14\nMill Lane", ("street address", "14\nMill Lane")),
        ("ar Heol y Bont", ("street address", "Heol y Bont")),
        ("ar HEOL Y BONT", ("street address", "HEOL Y BONT")),
        ("yn 12 Ffordd yr Orsaf", ("street address", "12 Ffordd yr Orsaf")),
        (f"at 14 St Mary{APOSTROPHE}s Road", ("street address", f"14 St Mary{APOSTROPHE}s Road")),
        ("27 Tachwedd 2026 Heol y Bont", ("street address", "Heol y Bont")),
        ("yn 12 Maes y Coed", ("street address", "12 Maes y Coed")),
    ],
)
def test_addresses_and_account_names_are_found_where_they_stand(text, found):
    assert kinds(text) == [found]


@given(st.text(alphabet=string.printable + "٠٩é\N{ZERO WIDTH SPACE}\N{FULLWIDTH DIGIT ONE}"))
def test_places_lie_inside_the_text_in_order_and_apart(text):
    end = 0
    for found in find(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@given(st.text(alphabet="CDFGHJKMNPQRTVWXY34679", min_size=12, max_size=12))
def test_no_agreement_code_is_taken_for_a_contact_detail(signs):
    assert find(f"{signs[:4]}-{signs[4:8]}-{signs[8:]}") == []


@given(st.dates())
def test_no_date_is_taken_for_a_contact_detail(day):
    assert find(f"{day:%d %B %Y}, {day.isoformat()}, {day:%d/%m/%Y}, {day:%d.%m.%y}") == []


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "piece",
    ["a", "1", "1 ", "1 a ", "a@", "@a", "Flat ", "1 Mill ", "01 ", "heol ", "(", "0.", "£1 ", "SW1", "x/"],
)
def test_a_long_text_without_a_seam_costs_no_more_than_its_length(piece):
    find(piece * (40_000 // len(piece)))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ring 07700*900*123.", "telephone"),
        ("Ring [07700] 900123.", "telephone"),
        ("Ring 07700 \u2022 900 \u2022 123.", "telephone"),
        ("Come to 14 Mill Ln.", "street address"),
        ("RUTH (AT) EXAMPLE.ORG", "email"),
    ],
)
def test_a_detail_in_other_dress_is_found(text, kind):
    assert [one.kind for one in find(text)] == [kind]
