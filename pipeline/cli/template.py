"""`agreements template`: for whoever makes the Word files that agreements are printed with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.errors import ExitCode, Problem, RecordError, SetupError
from pipeline.service.load import find_config, load_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.authoring.checking import FileReport, Report
    from pipeline.authoring.finding import Finding
    from pipeline.authoring.rehearsal import Rehearsed
    from pipeline.copies.model import Copy
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


@template.command(epilog="Example: agreements template fields --docx fields.docx")
@click.option(
    "--docx",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the list into a Word document, to copy tags from.",
)
def fields(docx: Path | None) -> ExitCode:
    """Print what an author of templates may use: tags, meaning, type, example, who sees it."""
    from pipeline.authoring.fields import fields as every_field  # noqa: PLC0415

    if docx is not None:
        from pipeline.authoring.fields_document import fields_document  # noqa: PLC0415

        _write(docx, fields_document(), "--docx")
        return ExitCode.OK
    for title, group in every_field():
        click.echo(title)
        for field in group:
            facts = "; ".join(part for part in (field.type, field.example and f"such as {field.example}") if part)
            click.echo(f"  {field.tag}\n      {field.meaning}{f' ({facts})' if facts else ''}")
            if field.who:
                click.echo(f"      Who sees it: {field.who}")
    return ExitCode.OK


@template.command(name="list", epilog="Example: agreements template list")
@_CONFIG
def list_(config: Path | None) -> ExitCode:
    """Show every template, its languages, and which folder wins."""
    from pipeline.authoring.starting import templates  # noqa: PLC0415

    service = _service(config)
    for listed in templates(service.templates if service else None):
        home = "your own" if listed.own else "comes with the program"
        used = "" if listed.used else "; not used: yours wins"
        click.echo(f"{listed.name}  {', '.join(listed.languages)}  {home}{used}")
    return ExitCode.OK


@template.command(epilog="Example: agreements template new our-standard --from standard")
@click.argument("name", metavar="NAME")
@click.option("--from", "source", default="standard", show_default=True, metavar="TEMPLATE", help="What to start from.")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER", help="Your folder of "
              "templates. Without it: the one that agreements.toml names.")  # fmt: skip
@_CONFIG
def new(name: str, source: str, into: Path | None, config: Path | None) -> ExitCode:
    """Start a template of your own: a copy of another under a new name, to change in Word."""
    from pipeline.authoring.starting import start_template  # noqa: PLC0415

    service = None if into else _service(config)
    folder = into or (service.templates if service else None)
    for path in start_template(name, source=source, service_folder=folder):
        click.echo(str(path))
    return ExitCode.OK


_LANGUAGE = click.option("--language", metavar="CODE", help="Which Word file of a template. Without it: English.")
_READER = click.option("--reader", metavar="ID", help="Only the copy of this participant, such as harmed-1.")


@template.command(epilog="Example: agreements template preview my-templates/standard --out preview")
@click.argument("source", metavar="TEMPLATE")
@click.argument("records", metavar="[RECORD]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("preview"), show_default=True,
              metavar="FOLDER", help="Where the pages go.")  # fmt: skip
@_LANGUAGE
@_READER
@_CONFIG
def preview(  # noqa: PLR0913, PLR0917 (click gives each option by itself)
    source: str, records: tuple[Path, ...], out: Path, language: str | None, reader: str | None, config: Path | None
) -> ExitCode:
    """Render a template with records, or with a sample: a PDF, and a PNG of each page.

    Exit code 0: all pages are written. 1: a copy cannot be made. 4: the template cannot be used.
    """
    from pipeline.authoring.preview import copies_of, rendered, sample_service, template_from, write_preview  # noqa: PLC0415
    from pipeline.authoring.sources import source_of  # noqa: PLC0415
    from pipeline.cli.printing import print_problems  # noqa: PLC0415
    from pipeline.documents.engines.engine import engine  # noqa: PLC0415

    own = _service(config)
    chosen = template_from(source_of(source, service_folder=own.templates if own else None), language=language)
    service = own if own and records else sample_service()
    failed = False
    for copy in _copies(records, service, reader, copies_of):
        try:
            written = write_preview(copy, rendered(copy, chosen, engine("embedded"), service), out)
        except RecordError as error:
            failed = True
            print_problems(copy.stem, error.problems)
        else:
            click.echo("\n".join(str(path) for path in written.files))
    return ExitCode.SOME_FAILED if failed else ExitCode.OK


@template.command(
    epilog="Example: agreements template rehearse my-templates/standard --against standard records/*.json"
)
@click.argument("source", metavar="NEW")
@click.option("--against", required=True, metavar="OLD", help="The template to compare with.")
@click.argument("records", metavar="[RECORD]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("rehearsal"), show_default=True,
              metavar="FOLDER", help="Where pictures of pages that differ go.")  # fmt: skip
@_LANGUAGE
@_READER
@_CONFIG
def rehearse(  # noqa: PLR0913, PLR0917 (click gives each option by itself)
    source: str,
    against: str,
    records: tuple[Path, ...],
    out: Path,
    language: str | None,
    reader: str | None,
    config: Path | None,
) -> ExitCode:
    """Make records with a new template and with the old one, and say what differs.

    Words lost, words gained, page counts, and for each page that differs a picture with both side by side and the
    differences in red frames. The words are printed to the screen only; file names hold no name of a person.

    Exit code 0: nothing differs. 1: something does. 4: a template cannot be used.
    """
    from pipeline.authoring.preview import copies_of, sample_service, template_from  # noqa: PLC0415
    from pipeline.authoring.rehearsal import rehearse as compare  # noqa: PLC0415
    from pipeline.authoring.sources import source_of  # noqa: PLC0415
    from pipeline.documents.engines.engine import engine  # noqa: PLC0415

    own = _service(config)
    folder = own.templates if own else None
    chosen = template_from(source_of(source, service_folder=folder), language=language)
    other = template_from(source_of(against, service_folder=folder), language=language)
    service = own if own and records else sample_service()
    differs = False
    for copy in _copies(records, service, reader, copies_of):
        result = compare(copy, chosen, old=other, engine=engine("embedded"), service=service, folder=out)
        differs |= result.differs
        _print_rehearsed(result)
    return ExitCode.SOME_FAILED if differs else ExitCode.OK


def _copies(
    records: tuple[Path, ...], service: Service, reader: str | None, copies_of: Callable[..., Iterator[Copy]]
) -> list[Copy]:
    files = [file for path in records for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    try:
        copies = list(copies_of(files, service, reader=reader))
    except RecordError as error:
        raise SetupError(error.problems) from error
    if not copies or (records and not files):
        raise click.UsageError("No copy is made of these records for this reader.")
    return copies


def _print_rehearsed(result: Rehearsed) -> None:
    if result.problem is not None:
        click.echo(f"{result.stem}  {result.problem.where}\n  {result.problem.what}\n  -> {result.problem.do}")
        return
    if not result.differs:
        click.echo(f"{result.stem}  the same, {result.pages_new} pages")
        return
    click.echo(f"{result.stem}  {result.pages_old} pages before, {result.pages_new} now")
    for title, words in (("lost", result.lost), ("gained", result.gained)):
        if words:
            click.echo(f"  words {title}: {' '.join(words)}")
    for path in result.pictures:
        click.echo(f"  {path}")


def _write(target: Path, data: bytes, option: str) -> None:
    try:
        target.write_bytes(data)
    except OSError as error:
        what = f"The file cannot be written: {error.strerror or 'no reason given'}."
        raise SetupError([Problem(what, "Choose another place.", option)]) from error


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
    _write(target, commented(files[0].read_bytes(), report.files[0].findings), "--comments")
