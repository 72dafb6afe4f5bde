from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipeline.copies.context import context_for, instalment_shares
from pipeline.copies.model import Reader
from pipeline.copies.rows import View
from pipeline.records.model import Instalment, Payer, Payment
from pipeline.validation.schemas import load_schema


def payment(shares: list[str], amounts: list[str]) -> Payment:
    return Payment(
        item="a",
        total=sum((Decimal(share) for share in shares), Decimal(0)),
        currency="GBP",
        payers=tuple(Payer(f"responsible-{n}", Decimal(share), None) for n, share in enumerate(shares, start=1)),
        joint_liability=False,
        schedule=tuple(Instalment(date(2026, 12, 1), Decimal(amount)) for amount in amounts),
        route="service",
        payee="harmed-1",
    )


def test_two_payers_of_480_pounds_share_each_payment():
    shares = instalment_shares(payment(["300.00", "180.00"], ["68.00"] * 6 + ["72.00"]))
    assert shares == [(Decimal("42.50"), Decimal("25.50"))] * 6 + [(Decimal("45.00"), Decimal("27.00"))]


@given(
    st.lists(st.integers(1, 99_999), min_size=2, max_size=5),
    st.lists(st.integers(1, 999), min_size=1, max_size=12),
)
def test_parts_add_up_to_every_instalment_and_to_every_share(shares, weights):
    total = sum(shares)
    cuts = [total * sum(weights[: n + 1]) // sum(weights) for n in range(len(weights))]
    amounts = [after - before for before, after in zip([0, *cuts], cuts, strict=False)]
    pence = [f"{Decimal(share) / 100:.2f}" for share in shares]
    made = payment(pence, [f"{Decimal(amount) / 100:.2f}" for amount in amounts])
    parts = instalment_shares(made)
    assert [sum(line) for line in parts] == [line.amount for line in made.schedule]
    assert [sum(column) for column in zip(*parts, strict=True)] == [payer.share for payer in made.payers]


def test_every_name_of_the_schema_exists(record, load, service):
    agreement = load(record)
    context = context_for(View(agreement, agreement.sheets[0], Reader.OUTSIDE, "outside-1"), service, code="")
    assert set(load_schema("agreement")["properties"]) - {"$schema"} <= set(context)


def test_a_person_is_given_where_the_record_has_an_id(record, load, service):
    agreement = load(record)
    context = context_for(View(agreement, agreement.sheets[0], Reader.HARMED, "harmed-1"), service, code="")
    assert context["items"][0]["owners"][0]["display_name"] == "Callum"


def test_the_record_is_left_as_it_was(record, load, service):
    agreement = load(record)
    before = repr(agreement.record)
    context_for(View(agreement, agreement.sheets[0], Reader.SERVICE, "service"), service, code="")
    assert repr(agreement.record) == before
