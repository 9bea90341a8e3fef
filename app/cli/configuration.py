"""``antichambre configuration``: the company's set-up as one document."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.base import limits
from app.base.clock import system_clock
from app.base.database import create_engine, session_maker
from app.base.errors import Problem
from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.settings import Settings
from app.cli.command import COMMAND_LINE, CommandFailed
from app.cli.company import chosen_company
from app.cli.database import running_database
from app.company.configuration.edit_configuration import Outcome, apply_text, applying, configuration_now
from app.edits.edit import Edit, editing
from app.event_log.read_decision import read_decision
from app.event_log.stored_decision import StoredDecision
from app.plan.load_plan import load_all
from app.plan.number_builder import NumberBuilder
from app.plan.tenant_rows import TenantRows
from app.plan.workers_behind import living_workers, workers_behind
from app.rehearsals.rehearse import MOST_DAYS, Ground, of_company, rehearsals_ended, rehearse_on
from app.words.action_words import waits_apart
from app.words.configuration_words import act_words
from app.words.problems import problem_words
from app.words.told_decision import tell_decision
from models import RehearsalDifference

Company = Annotated[str | None, typer.Option(help="Its id or name, where there are several.")]
File = Annotated[str, typer.Argument(help="A document as `show` prints it; - for standard input.")]
Answer = TypeVar("Answer")
DIFFERENT: Final = 1
TROUBLE: Final = 2
_LISTED: Final = 100
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
        raise _trouble(_why_not(error)) from None
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


@configuration.command()
def rehearse(
    file: File, company: Company = None,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="The calls of how many days.")] = 30,
) -> None:  # fmt: skip
    """Decide the calls of the last days again with the document, and say which would have gone elsewhere. Nothing is
    changed. Exit code 0: none; 1: some; 2: it cannot be said."""
    try:
        content = _read(file)
        told = _carry_out(company, partial(_rehearse, content, days))
    except Problem as problem:
        raise _trouble(problem_words(problem)) from None
    except CommandFailed as error:
        raise _trouble(str(error)) from None
    except OSError as error:
        raise _trouble(_why_not(error)) from None
    for line in told.lines:
        typer.echo(line)
    if told.different:
        raise typer.Exit(DIFFERENT)


@dataclass(frozen=True, slots=True)
class _Rehearsed:
    """``different`` calls would have gone elsewhere; ``lines`` tell it."""

    different: int
    lines: list[str]


async def _rehearse(content: bytes, days: int, engine: AsyncEngine, tenant_id: str, settings: Settings) -> _Rehearsed:
    async def newest(of: str) -> tuple[int, TenantRows | None]:
        stands_for, tenants = await load_all(engine, NumberBuilder(settings.database_url or "", settings.data_dir))
        return stands_for.version, tenants.get(of)

    ground = Ground(settings, system_clock, session_maker(engine), newest)
    begun = await rehearse_on(ground, tenant_id, COMMAND_LINE, await applying(content), days)
    await rehearsals_ended()
    rehearsal = await of_company(ground, tenant_id, begun)
    if rehearsal is None or rehearsal.state != "done":
        raise CommandFailed(_("It has stopped before its end."))
    lines = [
        ngettext(
            "%(num)s of %(of)s calls would have gone elsewhere", "%(num)s of %(of)s calls would have gone elsewhere",
            rehearsal.different, of=rehearsal.calls,
        )
    ]  # fmt: skip
    of_it = RehearsalDifference.tenant_id == tenant_id, RehearsalDifference.rehearsal_id == begun
    async with ground.sessions() as session:
        listed = select(RehearsalDifference).where(*of_it).order_by(RehearsalDifference.place).limit(_LISTED)
        for one in await session.scalars(listed):
            sides = read_decision(one.before), read_decision(one.after)
            before, after = map(_told, sides, waits_apart(*sides, None))
            lines.append(f"{one.call_id}  {before} → {after}")
    if rehearsal.different > len(lines) - 1:
        left = rehearsal.different - (len(lines) - 1)
        lines.append(ngettext("and %(num)s more", "and %(num)s more", left))
    return _Rehearsed(rehearsal.different, lines)


def _told(decision: StoredDecision, waits: str) -> str:
    told = tell_decision(decision)
    return f"{told.action} ({told.reason.code})" + (f", {waits}" if waits else "")


def _why_not(error: OSError) -> str:
    why = error.strerror or str(error)
    return f"{error.filename}: {why}" if error.filename else why


def _trouble(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(TROUBLE)


def _apply(file: str, company: str | None, *, dry_run: bool) -> Outcome:
    content = _read(file)

    async def carry_out(engine: AsyncEngine, tenant_id: str, _settings: Settings) -> Outcome:
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


def _carry_out(company: str | None, what: Callable[[AsyncEngine, str, Settings], Awaitable[Answer]]) -> Answer:
    async def carry_out(settings: Settings) -> Answer:
        engine = create_engine(settings.database_url or "")
        try:
            async with AsyncSession(engine) as session:
                tenant_id = (await chosen_company(session, company)).id
            return await what(engine, tenant_id, settings)
        finally:
            await engine.dispose()

    with running_database(Settings()) as settings:
        return asyncio.run(carry_out(settings))


async def _show(engine: AsyncEngine, tenant_id: str, _settings: Settings) -> str:
    return await (await configuration_now(session_maker(engine), tenant_id)).document()
