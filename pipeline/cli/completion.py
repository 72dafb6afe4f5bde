"""`agreements completion`: what a shell needs to complete our commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from pipeline.errors import ExitCode

_SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_AGREEMENTS_COMPLETE"


@click.command(epilog="Example: agreements completion bash > ~/.local/share/bash-completion/completions/agreements")
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> ExitCode:
    """Print what makes a shell complete commands, options and files.

    Write it where the shell looks for it, and open a new terminal. bash (4.4 or newer):
    ~/.local/share/bash-completion/completions/agreements. zsh: a file _agreements in a folder of $fpath. fish:
    ~/.config/fish/completions/agreements.fish.
    """
    found = get_completion_class(shell)
    if found is None:
        raise click.BadParameter("the program cannot complete for this shell", param_hint="SHELL")
    click.echo(found(click.get_current_context().find_root().command, {}, "agreements", _VARIABLE).source())
    return ExitCode.OK
