"""The command line, one file a command. An error is one sentence on standard error that says what to do, never a
traceback."""

import sys

import asyncpg
import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.base.errors import Problem
from app.cli import demo, explain, export, import_list, serve, setup
from app.cli.command import CommandFailed, new_cli
from app.embedded_database import EmbeddedDatabaseError
from app.startup_checks import NotReadyToStart
from app.words.problems import problem_words

cli = new_cli()
for _command in (serve.serve, setup.migrate, setup.setup, explain.explain, export.export, demo.demo):
    cli.command()(_command)
cli.command("import")(import_list.import_list)


def main() -> None:
    """The console script."""
    carry_out(cli)


def carry_out(commands: typer.Typer) -> None:
    """Carry out the command that was typed. What goes wrong becomes one sentence and exit code 1."""
    try:
        commands()
    except Problem as problem:
        _fail(problem_words(problem))
    except (CommandFailed, NotReadyToStart, EmbeddedDatabaseError) as error:
        _fail(str(error))
    except ValidationError as error:
        _fail("; ".join(str(one["msg"]).removeprefix("Value error, ") for one in error.errors()))
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        _fail(f"The database refused: {str(error.__cause__ or error).splitlines()[0]}")
    except (ConnectionError, OSError) as error:
        _fail(f"{error.strerror or error}; is the address right and free?")


def _fail(sentence: str) -> None:
    typer.echo(sentence, err=True)
    sys.exit(1)


__all__ = ["carry_out", "main"]
