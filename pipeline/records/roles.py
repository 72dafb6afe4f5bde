"""Groups of roles, and what a role means where a record does not say."""

from __future__ import annotations

FACILITATING = frozenset({"facilitator", "co_facilitator"})
LANGUAGE_HELP = frozenset({"interpreter", "signer_bsl"})

SIGNING = FACILITATING | {
    "harmed",
    "responsible",
    "supporter",
    "parent_guardian",
    "appropriate_adult",
    "representative_of_harmed",
    "surrogate",
    "organisation_rep",
}
"""Who signs unless the record says otherwise: parties, those beside them, and facilitators."""

WITHOUT_COPY = FACILITATING | LANGUAGE_HELP | {"observer", "absent_beneficiary"}
"""Who gets no copy unless the record says otherwise; facilitators use the service's copy."""
