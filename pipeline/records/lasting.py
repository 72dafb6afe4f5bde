"""How long a promise lasts: its last day, or that it has none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pipeline.records.model import ByDate, ByEvent, Conditional, Deadline, Ongoing, Recurring

if TYPE_CHECKING:
    from collections.abc import Container

    from pipeline.records.model import Agreement

_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}  # never too few: what is kept too long can still be let go


def never_ends(when: Deadline | None) -> bool:
    """Say whether nothing in this deadline ends the promise: ongoing, or recurring or conditional without an end."""
    match when:
        case Ongoing() | Conditional(ends=None) | Recurring(until=None, count=None):
            return True
        case _:
            return False


def last_days(agreement: Agreement, kinds: Container[str]) -> tuple[date, ...]:
    """Return the last day of every item of these kinds that has one, and of every instalment, in no order.

    Of a recurring promise with a count the day is the latest that can be meant (31 days a month).
    """
    of_items = (_last_day(item.when) for item in agreement.items if item.kind in kinds)
    of_payments = (instalment.due for payment in agreement.payments for instalment in payment.schedule)
    return (*(day for day in of_items if day is not None), *of_payments)


def _last_day(when: Deadline | None) -> date | None:
    match when:
        case ByDate(day=day) | ByEvent(latest=date() as day) | Conditional(ends=date() as day):
            return day
        case Recurring(until=date() as day):
            return day
        case Recurring(every=every, first=first, interval=interval, count=int() as count):
            return first + timedelta(days=_DAYS[every] * interval * (count - 1))
        case _:
            return None
