"""`agreements template`: for whoever makes the Word files that agreements are printed with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.errors import ExitCode, Problem, SetupError
from pipeline.service.load import find_config, load_service

if TYPE_CHECKING:
    from pipeline.authoring.checking import FileReport, Report
    from pipeline.authoring.finding import Finding
    from pipeline.service.model import Service

_CONFIG = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The agreements.toml to use. Without it: the one in the working folder, or none.",
)


@click.group(epilog="Example: agreements template check my-templates/standard")
def template() -> None:
    """Make templates of your own: check, preview, compare and start them."""


@template.command(epilog="Example: agreements template check my-templates/standard --comments marked.docx")
@click.argument("source", metavar="TEMPLATE")
@_CONFIG
@click.option(
    "--comments",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a copy of the template there (.docx), with a Word comment at each finding.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document (schemas/template-check.schema.json).")
def check(source: str, config: Path | None, comments: Path | None, *, as_json: bool) -> ExitCode:
    """Say everything that is wrong with a template, where, and what to write instead.

    TEMPLATE is a .docx, a folder with one Word file a language, or the name of a template. Each finding has its rule
    and its place: part, nearest heading, table, row, cell and paragraph. Where nothing stands against it, copies of
    the sample records are made and proven, and parts that none of them reached are named. Nothing is changed.

    Exit code 0: nothing found, or hints and repairs only. 1: faults. 4: there is no such template.
    """
    from pipeline.authoring.checking import check_template  # noqa: PLC0415 - the other commands do without it
    from pipeline.authoring.report import report_of  # noqa: PLC0415
    from pipeline.authoring.sources import source_of  # noqa: PLC0415
    from pipeline.documents.engines.engine import engine  # noqa: PLC0415

    service = _service(config)
    found = source_of(source, service_folder=service.templates if service else None)
    report = check_template(found, extra_fields=service.extra_fields if service else (), engine=engine("embedded"))
    if comments is not None:
        _write_comments(comments, [path for _, path in found.files], report)
    if as_json:
        click.echo(json.dumps(report_of(report), indent=2, ensure_ascii=False))
    else:
        _print_report(report)
    return ExitCode.OK if report.is_usable else ExitCode.SOME_FAILED


def _service(config: Path | None) -> Service | None:
    """Return the service whose folder this is; None where there is no agreements.toml to be found."""
    if config is None:
        try:
            config = find_config(None, None)
        except SetupError:
            return None
    return load_service(find_config(config, None))


def _print_report(report: Report) -> None:
    for finding in report.settings:
        _print_finding("template.toml", finding)
    for file in report.files:
        for finding in file.findings:
            _print_finding(file.file, finding)
        click.echo(f"{file.file}  {_summary(file)}")


def _print_finding(file: str, finding: Finding) -> None:
    click.echo(f"{file}, {finding.place.in_words()}  {finding.severity}: {finding.rule}")
    for line in (finding.text, finding.what):
        if line:
            click.echo(f"  {line}")
    click.echo(f"  -> {finding.do}")


def _summary(file: FileReport) -> str:
    counted = [
        (severity, sum(finding.severity == severity for finding in file.findings))
        for severity in dict.fromkeys(finding.severity for finding in file.findings)
    ]
    words = ", ".join(f"{number} {severity}" for severity, number in counted) or "nothing found"
    return words if file.tried else f"{words}; no trial copies while faults stand against it"


def _write_comments(target: Path, files: list[Path], report: Report) -> None:
    from pipeline.authoring.commented import commented  # noqa: PLC0415 - only with --comments

    if len(files) > 1:
        do = "Name one of its Word files instead of the folder."
        raise SetupError([Problem("Comments go into one Word file, and this template has several.", do, "--comments")])
    if target.exists() and target.samefile(files[0]):
        do = "Choose another name: the template itself is never changed."
        raise SetupError([Problem("This is the template itself.", do, "--comments")])
    data = commented(files[0].read_bytes(), report.files[0].findings)
    try:
        target.write_bytes(data)
    except OSError as error:
        what = f"The commented copy cannot be written: {error.strerror or 'no reason given'}."
        raise SetupError([Problem(what, "Choose another place.", "--comments")]) from error
