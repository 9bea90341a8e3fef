"""``antichambre configuration``: the company's set-up as one document."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.base import limits
from app.base.database import create_engine, session_maker
from app.base.errors import Problem
from app.base.language import gettext as _
from app.base.settings import Settings
from app.cli.command import COMMAND_LINE, CommandFailed
from app.cli.company import chosen_company
from app.cli.database import running_database
from app.company.configuration.edit_configuration import Outcome, apply_text, configuration_now
from app.edits.edit import Edit, editing
from app.plan.workers_behind import living_workers, workers_behind
from app.words.configuration_words import act_words
from app.words.problems import problem_words

Company = Annotated[str | None, typer.Option(help="Its id or name, where there are several.")]
File = Annotated[str, typer.Argument(help="A document as `show` prints it; - for standard input.")]
Answer = TypeVar("Answer")
DIFFERENT: Final = 1
TROUBLE: Final = 2
_CONFIRM_SECONDS: Final = 10.0

configuration = typer.Typer(
    help="The company's whole set-up as one YAML document, never a secret.", no_args_is_help=True,
    pretty_exceptions_enable=False,
)  # fmt: skip


@configuration.command()
def show(company: Company = None) -> None:
    """Print the document."""
    sys.stdout.write(_carry_out(company, _show))


@configuration.command()
def diff(file: File, company: Company = None) -> None:
    """Say what applying the document would change. Exit code 0: nothing; 1: something; 2: it cannot be applied."""
    try:
        outcome = _apply(file, company, dry_run=True)
    except Problem as problem:
        raise _trouble(problem_words(problem)) from None
    except CommandFailed as error:
        raise _trouble(str(error)) from None
    except OSError as error:
        raise _trouble(error.strerror or str(error)) from None
    if outcome.changes:
        typer.echo(outcome.difference)
        raise typer.Exit(DIFFERENT)


@configuration.command()
def apply(file: File, company: Company = None) -> None:
    """Make the company's set-up what the document says, all of it or nothing."""
    outcome = _apply(file, company, dry_run=False)
    for one in outcome.changes:
        typer.echo(act_words(one.act, one.path, ", ".join(one.fields)))
    if outcome.changes:
        typer.echo(_("Applied as version %(number)s. It applies from the next call.", number=outcome.number))
    else:
        typer.echo(_("The document says what is set up already; nothing was changed."))


def _trouble(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(TROUBLE)


def _apply(file: str, company: str | None, *, dry_run: bool) -> Outcome:
    content = _read(file)

    async def carry_out(engine: AsyncEngine, tenant_id: str) -> Outcome:
        made: list[Edit] = []

        @asynccontextmanager
        async def begun() -> AsyncIterator[Edit]:
            async with editing(session_maker(engine), tenant_id, COMMAND_LINE) as edit:
                made.append(edit)
                yield edit

        outcome = await apply_text(begun, content, dry_run=dry_run)
        if not dry_run and made[-1].version and await living_workers(engine):
            await workers_behind(engine, made[-1].version, _CONFIRM_SECONDS)
        return outcome

    return _carry_out(company, carry_out)


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(limits.BODY_BYTES + 1)
    with Path(file).open("rb") as source:
        return source.read(limits.BODY_BYTES + 1)


def _carry_out(company: str | None, what: Callable[[AsyncEngine, str], Awaitable[Answer]]) -> Answer:
    async def carry_out(settings: Settings) -> Answer:
        engine = create_engine(settings.database_url or "")
        try:
            async with AsyncSession(engine) as session:
                tenant_id = (await chosen_company(session, company)).id
            return await what(engine, tenant_id)
        finally:
            await engine.dispose()

    with running_database(Settings()) as settings:
        return asyncio.run(carry_out(settings))


async def _show(engine: AsyncEngine, tenant_id: str) -> str:
    return await (await configuration_now(session_maker(engine), tenant_id)).document()
