"""The report of a check as JSON (schemas/template-check.schema.json)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pipeline.authoring.finding import Severity

if TYPE_CHECKING:
    from pipeline.authoring.checking import FileReport, Report
    from pipeline.authoring.finding import Finding

FORMAT = "outcome-agreements/template-check/1"
_STEPS = ("heading", "table", "row", "cell", "paragraph")


def report_of(report: Report) -> dict[str, Any]:
    """Return the whole report as plain values."""
    counted = Counter(finding.severity for finding in report.findings)
    return {
        "format": FORMAT,
        "template": report.name,
        "usable": report.is_usable,
        "counts": {str(severity): counted[severity] for severity in Severity},
        "settings": [_finding(finding) for finding in report.settings],
        "files": [_file(file) for file in report.files],
    }


def _file(file: FileReport) -> dict[str, Any]:
    return {
        "file": file.file,
        "language": file.language,
        "tried": file.tried,
        "findings": [_finding(finding) for finding in file.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    steps = {name: value for name in _STEPS if (value := getattr(place, name)) is not None}
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "place": {"part": place.part, **steps},
        "text": finding.text,
        "what": finding.what,
        "do": finding.do,
    }
