"""What every command shares: how a command line is made, who acts, and how a command fails."""

from typing import Final

import typer


def new_cli() -> typer.Typer:
    """A command line without commands."""
    commands = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    commands.callback()(_antichambre)
    return commands


def _antichambre() -> None:
    """Call routing with caller filtering for cloud PBX numbers."""


COMMAND_LINE: Final = "cli"
"""Who acts, in the audit trail."""


class CommandFailed(Exception):
    """Ends the command with one sentence on standard error."""
