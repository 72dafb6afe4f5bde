"""Divide a sum into payments that add up to it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal


def instalments(total: Decimal, number: int, *, first: str, every: str) -> list[tuple[str, str]]:
    """Return day and amount of each payment; the last takes what does not divide evenly.

    `first` is the first day; `every` is "week" or "month". A month without that day gives its last day.
    """
    each = (total / number).quantize(Decimal("0.01"), ROUND_DOWN)
    amounts = [each] * (number - 1) + [total - each * (number - 1)]
    start = date.fromisoformat(first)
    days = [start + timedelta(weeks=nth) if every == "week" else _months_after(start, nth) for nth in range(number)]
    return [(day.isoformat(), f"{amount:.2f}") for day, amount in zip(days, amounts, strict=True)]


def _months_after(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(start.day, (following - timedelta(days=1)).day))
