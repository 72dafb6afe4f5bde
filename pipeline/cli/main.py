"""The command `agreements`; each of its commands is imported when it is asked for, so that help is quick."""

from __future__ import annotations

import os
import signal
import sys
import threading
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.shell_completion import CompletionItem

from pipeline import __version__
from pipeline.errors import ExitCode, SetupError
from pipeline.importing import import_for_good

if TYPE_CHECKING:
    from types import TracebackType

COMMANDS = {
    "init": "Write a first agreements.toml, a first record and the folders.",
    "new": "Ask for an agreement in the terminal, one question at a time, and write its record.",
    "import": "Make records of the rows of a workbook.",
    "export": "Write records into a workbook.",
    "check": "Read records and say what is wrong, and what a practitioner would question.",
    "generate": "Make a Word and a PDF copy for every reader of every record.",
    "watch": "Make copies of each record that is put into a folder, until it is stopped.",
    "sign": "Put the signatures of a meeting on every copy.",
    "seal": "Put the electronic seal of the service on every signed copy.",
    "verify": "Say whether a file is ours and unchanged, which version it is, and whose copy.",
    "template": "Make templates of your own: check, preview, compare and start them.",
    "actions": "List what was promised and what is due, and write down what happened.",
    "report": "Tell somebody in writing how the agreement is going.",
    "amend": "Begin a new version of an agreement, or show what a new version changes.",
    "archive": "Keep signed agreements, find and check them, and dispose of them in time.",
    "doctor": "Say which engines, fonts, validators and optional parts work, and how to get the rest.",
    "completion": "Print what makes a shell complete commands, options and files.",
}
"""The commands in the order of the work, each with the first line of its help."""


class Commands(click.Group):
    """A group whose commands lie in modules of their own: pipeline/cli/NAME.py holds the command NAME.

    Where Python keeps the word for itself, as `import`, module and command have an underscore at their end.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click gives it
        """Return the commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click gives it
        """Return a command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        word = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(import_for_good(f"pipeline.cli.{word}"), word)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin so, without importing any of them: a shell waits for the answer."""
        found = [CompletionItem(name, help=about) for name, about in COMMANDS.items() if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: agreements generate records --out output",
)
@click.version_option(__version__, prog_name="agreements", message="%(prog)s %(version)s")
def agreements() -> None:
    """Turn agreement records into a safe copy for every participant.

    Results go to standard output, everything else to standard error. Exit codes: 0 all done, 1 some records
    failed or there are findings, 2 usage, 3 every record failed, 4 set-up, 130 interrupted.
    """


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code; a mistake of the program is told in one line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a console that lacks a letter must not stop a run
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupted)
    words = sys.argv[1:] if arguments is None else arguments
    if "--debug" not in words:
        sys.excepthook = _one_line
    try:
        return int(agreements.main(words, prog_name="agreements", standalone_mode=False) or ExitCode.OK)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Stopped. What was published stands; nothing is half-published.", err=True)
        return ExitCode.INTERRUPTED
    except SetupError as error:
        from pipeline.cli.printing import print_problems  # noqa: PLC0415 - help does without it

        print_problems("", error.problems)
        return ExitCode.SETUP
    except BrokenPipeError:
        # whoever read our output has gone; Python would complain once more when it closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.SOME_FAILED


def _interrupted(*_: object) -> NoReturn:
    """End as by Ctrl-C when the system asks the program to end."""
    raise KeyboardInterrupt


def _one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> Any:
    """Tell a mistake of the program by its type and line alone: its message might hold personal data."""
    from pipeline.batch.mistakes import unexpected  # noqa: PLC0415 - needed only here

    del kind, trace
    problem = unexpected(error)
    click.echo(f"{problem.what}\n{problem.do}", err=True)


if __name__ == "__main__":
    sys.exit(main())
