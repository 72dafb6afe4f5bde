"""The agreement code: a short fingerprint over the terms of a sheet, the same on every copy of it.

Two people can compare their pages by telephone. The alphabet has no look-alikes (no 0/O, 1/I/L, 2/Z, 5/S, 8/B)
and no vowels, so that a code never spells a word.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

ALPHABET = "34679CDFGHJKMNPQRTVWXY"
_GROUPS, _GROUP = 3, 4


def agreement_code(terms: Mapping[str, Any]) -> str:
    """Return the code of these terms, for example "K7QM-4TXW-9HDR".

    The terms are written as JSON with sorted names and hashed with SHA-256. Twelve signs of 22 are 53 bits: two
    different texts share a code by chance once in about ten thousand million million.
    """
    text = json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest(), "big")
    signs = []
    for _ in range(_GROUPS * _GROUP):
        number, index = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[index])
    return "-".join("".join(signs[start : start + _GROUP]) for start in range(0, len(signs), _GROUP))
