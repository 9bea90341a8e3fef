"""The command line, one file a command. An error is one sentence on standard error that says what to do, never a
traceback."""

import os
import sys

import asyncpg
import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import SQLAlchemyError

from app.base.errors import Problem
from app.base.language import gettext as _
from app.base.language import speak
from app.base.problems.settings import SettingRefused
from app.cli import backup, demo, doctor, explain, export, import_list, serve, setup, user
from app.cli.command import CommandFailed, new_cli
from app.cli.configuration import configuration
from app.embedded_database import EmbeddedDatabaseError
from app.words.problems import cause_words, problem_words

cli = new_cli()
for _command in (
    serve.serve,
    setup.migrate,
    setup.setup,
    explain.explain,
    export.export,
    backup.backup,
    backup.restore,
    doctor.doctor,
    demo.demo,
):
    cli.command()(_command)
cli.command("import")(import_list.import_list)
cli.add_typer(user.commands, name="user")
cli.add_typer(configuration, name="configuration")


def main() -> None:
    """The console script."""
    carry_out(cli)


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


__all__ = ["carry_out", "main"]
