"""Numbers for those who ask how it goes: no reference, no name, no free text, raw statuses, and no small number.

Services that reported to different bodies counted differently (docs/field.md), so nothing is summed up into one
"success". A number below five could point at somebody, so it is not told; where that would be the only gap of a table,
the next smallest goes with it, since a gap can be worked out from the rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pipeline.follow_up.model import ENDED
from pipeline.follow_up.views import State, state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.follow_up.model import Followed, FollowUp
    from pipeline.follow_up.views import Look
    from pipeline.records.model import Agreement

LEAST: Final = 5
_BANDS: Final = ((Decimal(100), "under 100"), (Decimal(500), "100 to under 500"), (Decimal(2000), "500 to under 2000"))


@dataclass(frozen=True, slots=True)
class Count:
    """One number: of which table, for which value; None where it is too small to be told."""

    table: str
    value: str
    count: int | None


def statistics(followed: Iterable[tuple[Agreement, FollowUp]], look: Look) -> tuple[Count, ...]:
    """Return every table, each sorted by its values."""
    tables: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for agreement, standing in followed:
        for table, value in (*_of_agreement(agreement), *_of_items(standing, look)):
            tables[table][value] += 1
    return tuple(
        Count(table, value, count)
        for table, counts in sorted(tables.items())
        for value, count in sorted(_told(counts).items())
    )


def _told(counts: Counter[str]) -> dict[str, int | None]:
    small = {value for value, count in counts.items() if count < LEAST}
    others = sorted((count, value) for value, count in counts.items() if value not in small)
    if len(small) == 1 and others:
        small.add(others[0][1])
    return {value: None if value in small else count for value, count in counts.items()}


def _of_agreement(agreement: Agreement) -> Iterator[tuple[str, str]]:
    yield "agreements by pathway", agreement.pathway
    yield "agreements by process", agreement.process
    yield "agreements by outcome", agreement.outcome
    yield "agreements by month of the meeting", agreement.meeting_dates[-1].strftime("%Y-%m")
    yield "agreements by version", "changed" if agreement.version > 1 else "first version"
    yield "agreements with a child", "yes" if any(person.is_child for person in agreement.participants) else "no"


def _of_items(followed: FollowUp, look: Look) -> Iterator[tuple[str, str]]:
    for item in followed.items:
        yield "items by kind", item.kind
        yield "items by category", item.category or "not given"
        yield "items by status", item.status.value
        yield "items by status and category", f"{item.status.value}, {item.category or 'not given'}"
        yield "items without anybody to check", "yes" if item.checker is None else "no"
        yield "items overdue", "yes" if _is_overdue(item, look) else "no"
        if item.status in ENDED:
            yield "ended items of which the person harmed was told", "yes" if item.told_on else "not recorded"
        if item.money is not None:
            yield f"payments by total ({item.money.currency})", _band(item.money.total)


def _is_overdue(item: Followed, look: Look) -> bool:
    return item.status not in ENDED and any(state_of(each, look) is State.OVERDUE for each in item.actions)


def _band(total: Decimal) -> str:
    return next((words for bound, words in _BANDS if total < bound), "2000 and more")
