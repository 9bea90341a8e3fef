"""The command line, one file a command. An error is one sentence on standard error that says what to do, never a
traceback."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import asyncpg
import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import SQLAlchemyError

from app.base.errors import Problem
from app.base.language import gettext as _
from app.base.language import speak
from app.base.problems.settings import SettingRefused
from app.cli.command import CommandFailed, new_cli
from app.embedded_database import EmbeddedDatabaseError
from app.words.problems import cause_words, problem_words

_COMMANDS: Final = {
    "serve": ("serve", "serve"),
    "migrate": ("setup", "migrate"),
    "setup": ("setup", "setup"),
    "explain": ("explain", "explain"),
    "export": ("export", "export"),
    "erase": ("erase", "erase"),
    "backup": ("backup", "backup"),
    "restore": ("backup", "restore"),
    "doctor": ("doctor", "doctor"),
    "demo": ("demo", "demo"),
    "import": ("import_list", "import_list"),
    "user": ("user", "commands"),
    "subscriptions": ("subscriptions", "commands"),
    "configuration": ("configuration", "configuration"),
}
"""Each command: its file here, and what it is called there."""


def commands_for(typed: Sequence[str]) -> typer.Typer:
    """The command that was ``typed`` first, or all of them where that is none. Each brings its rooms with it, and whoever
    asks for one does not wait for the others to be read."""
    commands = new_cli()
    for name in [typed[0]] if typed and typed[0] in _COMMANDS else _COMMANDS:
        file, called = _COMMANDS[name]
        command = getattr(import_module(f"app.cli.{file}"), called)
        if isinstance(command, typer.Typer):
            commands.add_typer(command, name=name)
        else:
            commands.command(name)(command)
    return commands


def main() -> None:
    """The console script."""
    carry_out(commands_for(sys.argv[1:]))


def carry_out(commands: typer.Typer) -> None:
    """Carry out the command that was typed. What goes wrong becomes one sentence and exit code 1."""
    speak(None, _terminal_language())
    try:
        commands()
    except Problem as problem:
        _fail(problem_words(problem))
    except EmbeddedDatabaseError as error:
        _fail(cause_words(error.cause))
    except CommandFailed as error:
        _fail(str(error))
    except ValidationError as error:
        _fail(" ".join(map(_setting_words, error.errors())))
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        _fail(_("The database refused: %(why)s", why=str(error.__cause__ or error).splitlines()[0]))
    except (ConnectionError, OSError) as error:
        _fail(_("%(why)s; is the address right and free?", why=error.strerror or error))


def _terminal_language() -> str:
    """The language of the terminal as an Accept-Language header has it: POSIX looks at these variables in this order."""
    chosen = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return chosen.partition(".")[0].replace("_", "-")


def _setting_words(error: ErrorDetails) -> str:
    refused = error.get("ctx", {}).get("error")
    if isinstance(refused, SettingRefused):
        return cause_words(refused.cause)
    name = "ANTICHAMBRE_" + "_".join(map(str, error["loc"])).upper()
    return _("%(setting)s cannot be read: %(why)s.", setting=name, why=error["msg"])


def _fail(sentence: str) -> None:
    typer.echo(sentence, err=True)
    sys.exit(1)


__all__ = ["carry_out", "commands_for", "main"]
