"""Every rule by name: what the reference page is made from."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pipeline.wording import (
    achievable,
    consented,
    contact,
    free_of_talk,
    keeping,
    measurable,
    no_strings,
    plain_words,
    relevant,
    safe,
    specific,
    time_bound,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.wording.model import Rule

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            *specific.RULES,
            *measurable.RULES,
            *achievable.RULES,
            *relevant.RULES,
            *time_bound.RULES,
            *consented.RULES,
            *safe.RULES,
            *contact.RULES,
            *free_of_talk.RULES,
            *no_strings.RULES,
            *plain_words.RULES,
            *keeping.RULES,
        )
    }
)
