"""What every command shares: the application that they are commands of, and how one fails."""

from typing import Final

import typer

cli: Final = typer.Typer(
    help="Call routing with caller filtering for cloud PBX numbers.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip

COMMAND_LINE: Final = "cli"
"""Who acts, in the audit trail."""


class CommandFailed(Exception):
    """Ends the command with one sentence on standard error."""
