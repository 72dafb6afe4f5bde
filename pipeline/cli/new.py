"""`agreements new`: a record from a conversation in the terminal."""

from __future__ import annotations

import textwrap
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.batch.run import generate
from pipeline.batch.sources import Source
from pipeline.batch.workshop import Order
from pipeline.cli.printing import print_problems
from pipeline.errors import ExitCode, RecordError, SetupError
from pipeline.intake.interview import draft
from pipeline.intake.interview.asking import Conversation, StoppedError
from pipeline.intake.interview.checking import problems_of_answer
from pipeline.intake.interview.script import interview
from pipeline.intake.record_files import as_bytes, record_name, write_new
from pipeline.publication.disk import make_private_folder
from pipeline.service.load import find_config, load_service

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pipeline.service.model import Service

_WIDTH = 88


class _Terminal:
    """The terminal: whole lines, from top to bottom, so that a screen reader follows."""

    def say(self, text: str) -> None:
        """Show a paragraph."""
        indent = " " * (len(text) - len(text.lstrip()))
        click.echo("\n".join(textwrap.wrap(text, _WIDTH, subsequent_indent=indent)) or "")

    def read(self, prompt: str) -> str:
        """Return what is typed on one line."""
        typed: str = click.prompt(prompt, default="", show_default=False, prompt_suffix=" ")
        return typed


@click.command(epilog="Example: agreements new records")
@click.argument("folder", default=".", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The agreements.toml to use. Without it: beside the records, in the folder above them, then in the working "
    "folder.",
)
@click.option(
    "--preview",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where the preview goes. Without it: the folder preview in FOLDER.",
)
def new(folder: Path, config: Path | None, preview: Path | None) -> ExitCode:
    """Ask for an agreement in the terminal, one question at a time, and write its record.

    FOLDER is where the record goes, the working folder unless you name another. Each answer is checked at once, and
    what a practitioner would question is said as you word it. "back" goes back one question, "help" explains it, "stop"
    keeps your answers to go on another time; so do Ctrl-C and a window that is closed. Run the command again and type
    the same reference to go on. At the end the record is written, and a preview of every copy is made.

    Exit code 0: the record is written. 1: it is written, and the preview could not be made. 4: the set-up, or the
    file, cannot be used. 130: interrupted; the answers are kept.
    """
    make_private_folder(folder)
    service = _service(config, folder)
    terminal = _Terminal()
    try:
        ref = _reference(terminal, folder)
        kept = draft.draft_path(folder, ref)
        answers = draft.load(kept)
        if answers:
            terminal.say(f"Your answers for {ref} are here: {len(answers)}. We go on where you stopped.")
        conversation = Conversation(terminal, answers, partial(draft.save, kept))
        record = conversation.hold(lambda asking: interview(asking, ref=ref, service=service))
        path = folder / record_name(ref, 1)
        write_new(path, as_bytes(record))
        kept.unlink(missing_ok=True)
    except (StoppedError, click.Abort):
        click.echo("\nStopped. Your answers are kept. To go on: agreements new, with the same reference.", err=True)
        return ExitCode.INTERRUPTED
    except RecordError as error:
        print_problems("", error.problems)
        return ExitCode.SETUP
    terminal.say("")
    terminal.say(f"The record is written: {path}")
    return _preview(terminal, record, service, preview or folder / "preview")


def _service(config: Path | None, folder: Path) -> Service | None:
    """Return the service; None where there is no agreements.toml to be found."""
    if config is None:
        try:
            config = find_config(None, folder)
        except SetupError:
            return None
    return load_service(config)


def _reference(terminal: _Terminal, folder: Path) -> str:
    """Ask for the reference until it is one, and no record has it."""
    terminal.say('Answer each question and press Enter. Type "help", "back" or "stop" at any question.')
    unfinished = draft.drafts_in(folder)
    if unfinished:
        terminal.say(f"Begun and not finished: {', '.join(unfinished)}. Type one of these to go on with it.")
    while True:
        terminal.say("")
        terminal.say(
            "What is the reference of this agreement? Capital letters and digits, such as NR-0412. No initials."
        )
        typed = terminal.read(">").strip()
        if typed.casefold() == "stop":
            raise StoppedError
        problems = problems_of_answer({}, ("ref",), typed, extra_fields=None)
        for problem in problems:
            terminal.say(f"{problem.what} {problem.do}")
        if not problems and (folder / record_name(typed, 1)).exists():
            terminal.say("There is a record of this reference already. Type another one.")
        elif not problems:
            return typed


def _preview(terminal: _Terminal, record: Mapping[str, Any], service: Service | None, out: Path) -> ExitCode:
    """Make every copy, marked as a draft, in a folder of its own."""
    if service is None:
        terminal.say("There is no agreements.toml, so no preview is made. agreements init writes a first one.")
        return ExitCode.OK
    source = Source(f"{record['ref']}", None, as_bytes({key: record[key] for key in record if key != "read_back"}))
    result = next(iter(list(generate([source], Order(service, out)))))
    print_problems(str(record["ref"]), result.problems)
    for finding in result.advice:
        if finding.severity == "stop" and not finding.accepted:
            terminal.say(f"Before copies are made somebody must accept this: {finding.what} {finding.better or ''}")
    for copy in result.copies:
        terminal.say(f"Preview for {copy.reader}: {out / copy.files[-1]}")
    return ExitCode.OK if result.done else ExitCode.SOME_FAILED
